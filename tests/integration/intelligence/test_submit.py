"""Submitting a report: what is written, by whom, and who sees it."""

from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any
from unittest import mock

import pytest
from django.utils import timezone

from accounts import audit
from accounts.models import Organisation
from accounts.roles import Role
from groups.models import Nominal
from groups.models.nominal import IdentityCluster
from intelligence.actions import mentions, reports
from intelligence.actions.drafts import ClaimDraft
from intelligence.grading import parse_condition
from intelligence.models import AttributeClaim, Mention, Report, ReportOriginal
from ocgmap.common.acting import acting_as
from ocgmap.common.errors import AppError, PermissionDenied
from ocgmap.common.scope import system
from scoring.models import Receipt
from tests.audited import Audited
from tests.cast import As, MakeUser
from tests.factories.intelligence import ReturnFactory, a_draft, a_group, class_of


def seen_by_system() -> AbstractContextManager[Any]:
    return acting_as(system("test"))


def make_nominal(owner: str = "durham") -> Nominal:
    organisation = Organisation.objects.get(code=owner)
    nominal = Nominal(
        owner=organisation,
        access_class_id=class_of(organisation),
        cluster=IdentityCluster.objects.create(),
        surname="Marlow",
    )
    nominal.save()
    return nominal


def test_submit_writes_report_parts_and_audit(acting: As, audited: Audited) -> None:
    with seen_by_system():
        group, nominal = a_group(), make_nominal()
    with acting("owner_analyst") as by:
        report, created = reports.submit(
            by=by,
            draft=a_draft(
                groups=[group],
                nominals=[nominal],
                claims=[ClaimDraft(group=group, attribute="violence", level="high")],
                original_text="He told me himself.",
            ),
        )
        assert created
        assert Report.objects.visible_to(by).about([group.pk], by).get() == report
    with seen_by_system():
        assert Mention.objects.filter(report=report, group=group).count() == 1
        assert Mention.objects.filter(report=report, nominal=nominal).count() == 1
        assert AttributeClaim.objects.get(report=report).level == "high"
        assert report.original.text == "He told me himself."
        assert Receipt.objects.get(report=report).state == "queued"
        (row,) = audited(kind="collection", object_type="intelligence.Report")
        assert row.object_ids == [report.pk]
        assert row.actor_id == by.user_id
        assert row.detail["grade"] == "1AP"


def test_submit_claimed_group_is_mentioned_too(acting: As) -> None:
    with seen_by_system():
        group = a_group()
    claim = ClaimDraft(group=group, attribute="violence", level="low")
    with acting("owner_analyst") as by:
        report, _ = reports.submit(by=by, draft=a_draft(claims=[claim]))
        assert Mention.objects.visible_to(by).get(report=report).group == group


def test_submit_original_is_only_for_its_own_organisation(acting: As) -> None:
    with acting("owner_analyst") as by:
        report, _ = reports.submit(by=by, draft=a_draft(original_text="As it came."))
    for name, sees_report, sees_original in (
        ("owner_supervisor", True, True),
        ("rocu_lead", True, False),
        ("nca_officer", True, False),
        ("other_analyst", False, False),
        ("administrator", False, False),
    ):
        with acting(name) as reader:
            found = Report.objects.visible_to(reader).filter(pk=report.pk)
            originals = ReportOriginal.objects.visible_to(reader)
            assert found.exists() is sees_report, name
            assert originals.filter(report=report).exists() is sees_original, name


def test_submit_mention_carries_the_join_of_report_and_group(acting: As) -> None:
    with seen_by_system():
        narrow = a_group(sharing="organisation")
    with acting("owner_analyst") as by:
        report, _ = reports.submit(by=by, draft=a_draft(groups=[narrow]))
    with acting("rocu_lead") as lead:
        assert Report.objects.visible_to(lead).filter(pk=report.pk).exists()
        assert not Mention.objects.visible_to(lead).filter(report=report).exists()


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("owner_analyst", True),
        ("owner_supervisor", True),
        ("rocu_lead", True),
        ("region_analyst", False),
        ("other_analyst", False),
        ("nca_officer", False),
        ("auditor", False),
        ("administrator", False),
    ],
)
def test_submit_for_durham_by_the_cast(acting: As, name: str, allowed: bool) -> None:
    with acting(name) as by:
        if allowed:
            assert reports.submit(by=by, draft=a_draft())[1]
        else:
            with pytest.raises(PermissionDenied):
                reports.submit(by=by, draft=a_draft())
            assert not Report.objects.exists()


def test_submit_by_a_reader_is_refused(make_user: MakeUser, acting: As) -> None:
    make_user("partner", "durham", Role.PARTNER_READER)
    with acting("partner") as by, pytest.raises(PermissionDenied, match="contribute"):
        reports.submit(by=by, draft=a_draft())


def test_submit_original_by_the_region_is_refused(acting: As) -> None:
    with acting("rocu_lead") as by:
        with pytest.raises(AppError) as caught:
            reports.submit(by=by, draft=a_draft(original_text="As it came."))
        assert caught.value.field == "original_text"
        assert not Report.objects.exists()


def test_submit_nothing_stands_when_the_audit_fails(acting: As) -> None:
    with seen_by_system():
        group = a_group()
    with (
        acting("owner_analyst") as by,
        mock.patch.object(audit, "record", side_effect=RuntimeError),
        pytest.raises(RuntimeError),
    ):
        reports.submit(by=by, draft=a_draft(groups=[group], original_text="x"))
    with seen_by_system():
        assert not Report.objects.exists()
        assert not ReportOriginal.objects.exists()
        assert not Mention.objects.exists()


def test_submit_hidden_and_absent_group_are_the_same_answer(acting: As) -> None:
    with seen_by_system():
        hidden = a_group("west-yorkshire")
        absent = a_group()
        reference = absent.reference
        absent.delete()
    answers = []
    with acting("owner_analyst") as by:
        for one in (hidden, absent):
            with pytest.raises(AppError) as caught:
                mentions.find(
                    type(one),
                    [one.reference if one is hidden else reference],
                    by=by,
                    field="groups",
                )
            answers.append(
                caught.value.message.replace(hidden.reference, "?").replace(
                    reference, "?"
                )
            )
            with pytest.raises(AppError) as caught:
                reports.submit(by=by, draft=a_draft(groups=[hidden]))
            assert caught.value.field == "groups"
        assert answers[0] == answers[1]
        assert not Report.objects.exists()


def test_submit_claim_about_a_hidden_group_is_refused(acting: As) -> None:
    with seen_by_system():
        hidden = a_group("west-yorkshire")
    claim = ClaimDraft(group=hidden, attribute="violence", level="high")
    with acting("owner_analyst") as by, pytest.raises(AppError) as caught:
        reports.submit(by=by, draft=a_draft(claims=[claim]))
    assert caught.value.code == "unknown_reference"


def today() -> date:
    return timezone.localdate()


def test_submit_month_that_is_not_over_is_taken(acting: As) -> None:
    first = today().replace(day=1)
    last = (first + timedelta(days=40)).replace(day=1) - timedelta(days=1)
    with acting("owner_analyst") as by:
        report, _ = reports.submit(
            by=by,
            draft=a_draft(event_from=first, event_to=last, event_precision="month"),
        )
    assert report.event_to == last


def test_submit_condition_is_kept_and_caps_the_sharing(acting: As) -> None:
    condition = parse_condition("region", "Tell the desk first.")
    with acting("owner_analyst") as by:
        report, _ = reports.submit(
            by=by,
            draft=a_draft(handling="C", condition=condition, sharing="region"),
        )
    assert report.handling_condition == {
        "recipients": "region",
        "note": "Tell the desk first.",
    }


def only_us() -> dict[str, str]:
    return {"sharing": "organisation", "sharing_reason": "A live operation."}


def test_submit_for_the_own_organisation_only_keeps_the_reason(
    acting: As, audited: Audited
) -> None:
    with acting("owner_analyst") as by:
        with pytest.raises(AppError) as caught:
            reports.submit(by=by, draft=a_draft(sharing="organisation"))
        assert caught.value.field == "sharing_reason"
        reports.submit(by=by, draft=a_draft(**only_us()))
    assert [row.reason for row in audited(kind="collection")] == ["A live operation."]


class TestLegacy:
    def test_source_c_demands_a_choice(self, acting: As) -> None:
        bare = {"source_grade": None, "assessment_grade": None, "handling": None}
        with acting("owner_analyst") as by:
            with pytest.raises(AppError) as caught:
                reports.submit(by=by, draft=a_draft(legacy_grade="C31", **bare))
            assert caught.value.field == "legacy_source_choice"
            report, _ = reports.submit(
                by=by,
                draft=a_draft(legacy_grade="C31", legacy_source_choice="2", **bare),
            )
        assert (report.source_grade, report.assessment_grade, report.handling) == (
            2,
            "B",
            "P",
        )
        assert report.legacy_grade == "C31"
        assert report.converted_by_id == by.user_id

    def test_handling_becomes_a_condition(self, acting: As) -> None:
        bare = {"source_grade": "", "assessment_grade": "", "handling": ""}
        with acting("owner_analyst") as by:
            report, _ = reports.submit(
                by=by,
                draft=a_draft(legacy_grade="B25", **only_us(), **bare),
            )
        assert report.handling == "C"
        assert report.handling_condition is not None
        assert report.handling_condition["recipients"] == "originator_only"

    @pytest.mark.parametrize(
        ("legacy", "given", "kept"),
        [
            ("B22", "originator_only", "originator_only"),
            ("B25", "region", "originator_only"),
            ("B23", "region", "region"),
        ],
    )
    def test_condition_given_beside_is_kept_and_the_stricter_holds(
        self, acting: As, legacy: str, given: str, kept: str
    ) -> None:
        with acting("owner_analyst") as by:
            draft = a_draft(
                legacy_grade=legacy,
                source_grade=None,
                assessment_grade=None,
                handling="C",
                condition=parse_condition(given, "Mine."),
                **only_us(),
            )
            report, _ = reports.submit(by=by, draft=draft)
        assert report.handling_condition is not None
        assert report.handling_condition["recipients"] == kept
        assert f"code {legacy[2]}" in report.handling_condition["note"]
        assert report.handling_condition["note"].endswith("Mine.")


def test_submit_belongs_to_a_return_of_the_same_owner(acting: As) -> None:
    with seen_by_system():
        own = ReturnFactory()
        other = ReturnFactory(owner=Organisation.objects.get(code="northumbria"))
    with acting("owner_analyst") as by:
        report, _ = reports.submit(by=by, draft=a_draft(returned_in=own))
        assert report.returned_in == own
        with pytest.raises(AppError) as caught:
            reports.submit(by=by, draft=a_draft(returned_in=other))
    assert caught.value.field == "returned_in"


def test_submit_needs_a_viewer_in_scope(viewer: Any, db: None) -> None:
    by = viewer("owner_analyst")
    with seen_by_system():
        draft = a_draft(owner_reference="D/9")
        with pytest.raises(Exception, match="scope"):
            reports.submit(by=by, draft=draft)
