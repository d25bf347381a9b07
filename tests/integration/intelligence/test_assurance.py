"""Where reports are assured, who assures them, and what each decision does."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.utils import timezone

from accounts import audit
from accounts.actions import body_rules
from accounts.exceptions import NotOwner
from accounts.models import Organisation
from intelligence.actions import assurance, reports
from intelligence.exceptions import OwnReport, Refused
from intelligence.grading import GradeError
from intelligence.models import Assurance, AssuranceRule, Report
from intelligence.models.report import ReportState
from intelligence.permissions import check_can_assure
from ocgmap.common.acting import acting_as
from ocgmap.common.errors import (
    AppError,
    InvalidTransition,
    NotFound,
    PermissionDenied,
    StaleVersion,
)
from ocgmap.common.scope import system
from tests.audited import Audited
from tests.cast import As
from tests.factories.intelligence import ReportFactory, a_draft

pytestmark = pytest.mark.django_db


def today() -> Any:
    return timezone.localdate()


def everything() -> Any:
    return acting_as(system("test"))


def body(code: str) -> Organisation:
    return Organisation.objects.get(code=code)


def rule(code: str = "nerocu", *, wants: bool = True, days: int = 0) -> None:
    """Set a rule as reference data would stand, whoever set it."""
    with everything():
        AssuranceRule.objects.create(
            body=body(code),
            is_required=wants,
            from_on=today() + timedelta(days=days),
            reason="Trial",
        )


def submitted(acting: As, who: str, **changes: Any) -> Report:
    with acting(who) as by:
        owner = Organisation.objects.get(pk=by.organisation_id)
        draft = a_draft(owner=owner, **changes)
        return reports.submit(by=by, draft=draft)[0]


def decide(
    acting: As, who: str, report: Report, outcome: str = "passed", **more: Any
) -> Report:
    with acting(who) as by:
        assurance.decide(
            **{"version": report.version, "reason": "", **more},
            by=by,
            report=report,
            outcome=outcome,
        )
        return Report.objects.visible_to(by).get(pk=report.pk)


@pytest.fixture
def waiting(acting: As) -> Report:
    """A report of Durham that awaits assurance."""
    rule()
    made = submitted(acting, "owner_analyst", source_grade=2, assessment_grade="C")
    with everything():
        return Report.objects.get(pk=made.pk)


def test_a_rule_that_ends_lets_nothing_through_that_waits(
    waiting: Report, acting: As
) -> None:
    rule(wants=False)
    assert submitted(acting, "owner_analyst").state == ReportState.SUBMITTED
    with everything():
        assert Report.objects.get(pk=waiting.pk).state == ReportState.AWAITING


# Who


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        pytest.param("owner_assurer", None, id="of the owner"),
        pytest.param("rocu_assurer", None, id="of its region"),
        pytest.param("other_assurer", NotFound, id="of another region"),
        pytest.param("owner_analyst", PermissionDenied, id="submitter"),
        pytest.param("owner_supervisor", PermissionDenied, id="supervisor"),
        pytest.param("rocu_lead", PermissionDenied, id="lead"),
        pytest.param("rocu_analyst", PermissionDenied, id="rocu analyst"),
        pytest.param("nca_officer", PermissionDenied, id="nca"),
        pytest.param("records_manager", PermissionDenied, id="records manager"),
        pytest.param("auditor", NotFound, id="auditor"),
        pytest.param("administrator", NotFound, id="administrator"),
    ],
)
def test_who_may_assure(
    waiting: Report, acting: As, who: str, refusal: type[AppError] | None
) -> None:
    if refusal is None:
        assert decide(acting, who, waiting).state == ReportState.SUBMITTED
        return
    with pytest.raises(refusal):
        decide(acting, who, waiting)
    with everything():
        assert Report.objects.get(pk=waiting.pk).state == ReportState.AWAITING
        assert not Assurance.objects.exists()


def test_an_assurer_of_another_region_who_sees_it_may_not(acting: As) -> None:
    rule()
    report = submitted(acting, "owner_analyst", sharing="all_forces")
    with pytest.raises(NotOwner):
        decide(acting, "other_assurer", report)


def test_nobody_assures_their_own(acting: As) -> None:
    rule()
    report = submitted(acting, "owner_assurer")
    with pytest.raises(OwnReport):
        decide(acting, "owner_assurer", report)
    assert decide(acting, "rocu_assurer", report).state == ReportState.SUBMITTED


# What


def test_passed_as_it_is(waiting: Report, acting: As, audited: Audited) -> None:
    after = decide(acting, "rocu_assurer", waiting)
    assert (after.state, after.source_grade, after.assessment_grade) == (
        "submitted",
        2,
        "C",
    )
    with everything():
        [made] = Assurance.objects.all()
    assert (made.outcome, made.source_after, made.assessment_after) == (
        "passed",
        2,
        "C",
    )
    assert made.access_class_id == waiting.access_class_id
    assert len(audited(object_type="intelligence.Report", kind="alteration")) == 1


def test_passed_with_another_grade_keeps_both(waiting: Report, acting: As) -> None:
    after = decide(
        acting,
        "rocu_assurer",
        waiting,
        "regraded",
        reason="The source is known and was right before.",
        source_grade="1",
        assessment_grade="B",
    )
    assert (after.state, after.source_grade, after.assessment_grade) == (
        "submitted",
        1,
        "B",
    )
    with everything():
        [made] = Assurance.objects.all()
        assert (made.source_before, made.assessment_before) == (2, "C")
        assert (made.source_after, made.assessment_after) == (1, "B")
        events = Report.pgh_event_model.objects.filter(pgh_obj=waiting.pk)
        assert {(one.source_grade, one.assessment_grade) for one in events} == {
            (2, "C")
        }


def test_returned_and_corrected(waiting: Report, acting: As) -> None:
    after = decide(acting, "owner_assurer", waiting, "returned", reason="Names him.")
    assert (after.state, after.state_reason) == ("returned", "Names him.")
    with acting("owner_analyst") as by:
        draft = a_draft(text="Seen at the yard.")
        new = reports.supersede(by=by, report=after, draft=draft, reason="As asked")
        assert new.state == ReportState.AWAITING
        assert new.supersedes_id == waiting.pk
        old = Report.objects.visible_to(by).get(pk=waiting.pk)
        assert old.state == ReportState.SUPERSEDED
    assert decide(acting, "owner_assurer", new).state == ReportState.SUBMITTED


@pytest.mark.parametrize("state", ["awaiting", "returned"])
def test_what_is_not_assured_can_be_withdrawn(acting: As, state: str) -> None:
    with everything():
        report = ReportFactory(state=state)
    with acting("owner_analyst") as by:
        after = reports.withdraw(by=by, report=report, version=1, reason="Wrong yard")
    assert after.state == ReportState.WITHDRAWN


@pytest.mark.parametrize("state", ["awaiting", "returned"])
def test_its_own_reference_is_taken(acting: As, state: str) -> None:
    with everything():
        ReportFactory(state=state, owner_reference="D/1")
    with pytest.raises(Refused):
        submitted(acting, "owner_analyst", owner_reference="d/1")


@pytest.mark.parametrize(
    ("outcome", "more", "error"),
    [
        ("returned", {"reason": "  "}, Refused),
        ("returned", {"reason": "x" * 2001}, Refused),
        ("regraded", {"source_grade": "1", "assessment_grade": "A"}, Refused),
        (
            "regraded",
            {"reason": "Same", "source_grade": "2", "assessment_grade": "C"},
            Refused,
        ),
        ("regraded", {"reason": "No grade"}, GradeError),
        (
            "regraded",
            {"reason": "Off", "source_grade": "4", "assessment_grade": "A"},
            GradeError,
        ),
        ("perhaps", {"reason": "Who knows"}, Refused),
    ],
)
def test_a_decision_that_cannot_stand(
    waiting: Report, acting: As, outcome: str, more: dict[str, Any], error: Any
) -> None:
    with pytest.raises(error):
        decide(acting, "rocu_assurer", waiting, outcome, **more)
    with everything():
        assert Report.objects.get(pk=waiting.pk).version == waiting.version
        assert not Assurance.objects.exists()


def test_the_second_of_two_assurers_is_told(waiting: Report, acting: As) -> None:
    decide(acting, "owner_assurer", waiting)
    with pytest.raises(InvalidTransition, match="submitted"):
        decide(acting, "rocu_assurer", waiting)


def test_a_stale_version_changes_nothing(waiting: Report, acting: As) -> None:
    with pytest.raises(StaleVersion):
        decide(acting, "rocu_assurer", waiting, version=waiting.version + 3)


def _decide_returned(by: Any, report: Report) -> None:
    assurance.decide(
        by=by, report=report, version=report.version, outcome="returned", reason="No"
    )


def _rule(by: Any, report: Report) -> None:
    body_rules.set_rule(
        kind=AssuranceRule,
        by=by,
        body=body("nerocu"),
        is_required=False,
        from_on=today(),
        reason="Over",
    )


@pytest.mark.parametrize(
    ("who", "step"), [("rocu_assurer", _decide_returned), ("rocu_lead", _rule)]
)
def test_without_its_audit_row_nothing_happens(
    waiting: Report, acting: As, who: str, step: Callable[..., None]
) -> None:
    with (
        acting(who) as by,
        pytest.raises(RuntimeError),
        mock.patch.object(audit, "record", side_effect=RuntimeError),
    ):
        step(by, waiting)
    with everything():
        assert Report.objects.get(pk=waiting.pk).state == ReportState.AWAITING
        assert not Assurance.objects.exists()
        assert AssuranceRule.objects.count() == 1


def test_fresh_report_knows_its_submitter(acting: As) -> None:
    """What comes straight from the action is refused too, not only what was read."""
    rule()
    with acting("owner_assurer") as by:
        owner = Organisation.objects.get(pk=by.organisation_id)
        fresh, _ = reports.submit(by=by, draft=a_draft(owner=owner))
        assert fresh.created_by_id == by.user_id
        with pytest.raises(OwnReport):
            check_can_assure(by, fresh)
