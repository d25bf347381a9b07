"""Withdrawing and superseding a report."""

from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest

from accounts import audit
from accounts.models import Organisation
from intelligence.actions import reports
from intelligence.models import Report
from ocgmap.common.acting import acting_as
from ocgmap.common.errors import (
    AppError,
    InvalidTransition,
    NotFound,
    PermissionDenied,
    StaleVersion,
)
from ocgmap.common.scope import system
from scoring.models import Receipt
from tests.audited import Audited
from tests.cast import As
from tests.factories.intelligence import (
    ClaimFactory,
    ReportFactory,
    a_draft,
    a_group,
)

Step = Callable[..., Report]


def withdraw(by: Any, report: Report, version: int) -> Report:
    return reports.withdraw(by=by, report=report, version=version, reason="Wrong yard.")


def supersede(by: Any, report: Report, version: int) -> Report:
    return reports.supersede(
        by=by,
        report=report,
        draft=a_draft(text="Corrected."),
        version=version,
        reason="Wrong yard.",
    )


@pytest.fixture
def report(db: None) -> Report:
    with acting_as(system("test")):
        return ReportFactory(owner_reference="D/1")


def test_withdraw_leaves_it_readable_and_not_counting(
    acting: As, report: Report, audited: Audited
) -> None:
    with acting("owner_analyst") as by:
        changed = withdraw(by, report, 1)
        assert (changed.state, changed.version) == ("withdrawn", 2)
        assert changed.state_reason == "Wrong yard."
        assert not Report.objects.visible_to(by).counting().exists()
    (row,) = audited(kind="alteration", object_ids=[report.pk])
    assert row.reason == "Wrong yard."


def test_withdraw_queues_the_group_again(acting: As, report: Report) -> None:
    with acting_as(system("test")):
        ClaimFactory(report=report, group=a_group())
        Receipt.objects.update(state="set_aside")
    with acting("owner_analyst") as by:
        withdraw(by, report, 1)
    with acting_as(system("test")):
        assert Receipt.objects.get(report=report).state == "queued"


def test_supersede_puts_the_new_one_in_its_place(
    acting: As, report: Report, audited: Audited
) -> None:
    with acting("owner_analyst") as by:
        new = reports.supersede(
            by=by,
            report=report,
            draft=a_draft(text="Corrected.", owner_reference="D/1"),
            reason="Wrong yard.",
            version=1,
        )
        assert new.supersedes == report
        assert list(Report.objects.visible_to(by).counting()) == [new]
        report.refresh_from_db()
        assert report.state == "superseded"
    rows = audited(object_type="intelligence.Report")
    assert sorted(row.kind for row in rows) == ["alteration", "collection"]


def test_supersede_twice_with_one_key_is_one_report(acting: As, report: Report) -> None:
    given: dict[str, Any] = {
        "report": report,
        "reason": "Wrong yard.",
        "idempotency_key": "k",
    }
    with acting("owner_analyst") as by:
        first = reports.supersede(by=by, draft=a_draft(text="New."), **given)
        again = reports.supersede(by=by, draft=a_draft(text="New."), **given)
        assert first == again
        assert Report.objects.visible_to(by).count() == 2


def test_supersede_with_a_broken_draft_changes_nothing(
    acting: As, report: Report
) -> None:
    with acting("owner_analyst") as by:
        with pytest.raises(AppError):
            reports.supersede(
                by=by,
                report=report,
                draft=a_draft(source_grade=9),
                reason="Wrong yard.",
                version=1,
            )
        report.refresh_from_db()
        assert report.state == "submitted"


def test_supersede_by_another_owner_is_refused(acting: As, report: Report) -> None:
    with acting("rocu_lead") as by, pytest.raises(AppError, match="same organisation"):
        reports.supersede(
            by=by,
            report=report,
            draft=a_draft(owner=Organisation.objects.get(code="northumbria")),
            reason="Wrong yard.",
            version=1,
        )


@pytest.mark.parametrize("step", [withdraw, supersede])
class TestBoth:
    def test_stale_version(self, acting: As, report: Report, step: Step) -> None:
        with acting("owner_analyst") as by, pytest.raises(StaleVersion):
            step(by, report, 7)

    def test_a_second_time(self, acting: As, report: Report, step: Step) -> None:
        with acting("owner_analyst") as by:
            step(by, report, 1)
            with pytest.raises(InvalidTransition):
                step(by, report, 1)

    @pytest.mark.parametrize("reason", ["", "  ", "x" * 2001])
    def test_reason(self, acting: As, report: Report, step: Step, reason: str) -> None:
        with acting("owner_analyst") as by:
            with pytest.raises(AppError) as caught:
                reports.withdraw(by=by, report=report, version=1, reason=reason)
            assert caught.value.field == "reason"

    def test_the_audit_fails(self, acting: As, report: Report, step: Step) -> None:
        with acting("owner_analyst") as by:
            with (
                mock.patch.object(audit, "record", side_effect=RuntimeError),
                pytest.raises(RuntimeError),
            ):
                step(by, report, 1)
            report.refresh_from_db()
            assert (report.state, report.version) == ("submitted", 1)
            assert Report.objects.visible_to(by).count() == 1

    @pytest.mark.parametrize(
        "name",
        ["region_analyst", "other_analyst", "nca_officer", "auditor", "administrator"],
    )
    def test_by_others(self, acting: As, report: Report, step: Step, name: str) -> None:
        with acting(name) as by, pytest.raises((PermissionDenied, NotFound)):
            step(by, report, 1)

    @pytest.mark.parametrize("name", ["owner_analyst", "owner_supervisor", "rocu_lead"])
    def test_by_those_who_may(
        self, acting: As, report: Report, step: Step, name: str
    ) -> None:
        with acting(name) as by:
            step(by, report, 1)

    def test_hidden_from_the_lead(self, acting: As, step: Step) -> None:
        with acting_as(system("test")):
            hidden = ReportFactory(sharing="organisation")
        with acting("rocu_lead") as by, pytest.raises(NotFound):
            step(by, hidden, 1)
