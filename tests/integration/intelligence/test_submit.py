"""Submitting a report: what is written, what is refused, and what a retry does."""

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
from intelligence.actions import attempts, mentions, reports
from intelligence.actions.drafts import ClaimDraft
from intelligence.grading import parse_condition
from intelligence.models import AttributeClaim, Mention, Report, ReportOriginal
from ocgmap.common.acting import acting_as
from ocgmap.common.errors import AppError, PermissionDenied, Unprocessable
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


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        pytest.param("source_grade", {"source_grade": None}, id="ungraded"),
        pytest.param("assessment_grade", {"assessment_grade": ""}, id="half-graded"),
        pytest.param("handling", {"handling": None}, id="no-handling"),
        pytest.param("source_grade", {"source_grade": 4}, id="source-off-scale"),
        pytest.param("assessment_grade", {"assessment_grade": "F"}, id="off-scale"),
        pytest.param("handling", {"handling": "X"}, id="handling-off-scale"),
        pytest.param("handling_condition", {"handling": "C"}, id="no-condition"),
        pytest.param(
            "handling_condition",
            {"condition": parse_condition("region")},
            id="condition-with-P",
        ),
        pytest.param("text", {"text": "  "}, id="empty-text"),
        pytest.param("text", {"text": "x" * 10_001}, id="long-text"),
        pytest.param("text", {"text": "caf\ufffd"}, id="wrong-encoding"),
        pytest.param("text", {"text": "a\x00b"}, id="null-byte"),
        pytest.param("original_text", {"original_text": "y" * 100_001}, id="long"),
        pytest.param("received_on", {"received_on": None}, id="no-date"),
        pytest.param(
            "received_on",
            {"received_on": today() + timedelta(days=1)},
            id="future",
        ),
        pytest.param("received_on", {"received_on": date(1899, 1, 1)}, id="ancient"),
        pytest.param(
            "event_from",
            {
                "event_from": today() + timedelta(days=1),
                "event_to": today() + timedelta(days=1),
                "event_precision": "day",
            },
            id="future-event",
        ),
        pytest.param(
            "event_to",
            {
                "event_from": date(2026, 2, 2),
                "event_to": date(2026, 2, 1),
                "event_precision": "day",
            },
            id="event-out-of-order",
        ),
        pytest.param(
            "event_precision",
            {"event_from": date(2026, 2, 2), "event_to": date(2026, 2, 2)},
            id="dated-but-unknown",
        ),
        pytest.param("event_precision", {"event_precision": "day"}, id="undated-day"),
        pytest.param(
            "event_from", {"event_to": date(2026, 2, 2)}, id="half-an-interval"
        ),
        pytest.param(
            "event_from",
            {
                "event_from": date(2026, 2, 3),
                "event_to": date(2026, 2, 3),
                "event_precision": "day",
                "received_on": date(2026, 2, 1),
            },
            id="event-after-receipt",
        ),
        pytest.param("owner_reference", {"owner_reference": "r" * 41}, id="long-ref"),
        pytest.param("sharing", {"sharing": "everyone"}, id="unknown-sharing"),
        pytest.param("compartments", {"compartments": [999_999]}, id="not-held"),
        pytest.param(
            "sharing",
            {
                "handling": "C",
                "condition": parse_condition("force_rocu_nca"),
                "sharing": "all_forces",
            },
            id="wider-than-condition",
        ),
        pytest.param("legacy_grade", {"legacy_grade": "Z99"}, id="legacy-off-scale"),
        pytest.param(
            "legacy_source_choice", {"legacy_source_choice": 1}, id="choice-alone"
        ),
        pytest.param(
            "source_grade",
            {"legacy_grade": "E31", "source_grade": 1},
            id="not-what-it-converts-to",
        ),
        pytest.param(
            "legacy_source_choice",
            {
                "legacy_grade": "A11",
                "legacy_source_choice": 2,
            },
            id="needless-choice",
        ),
    ],
)
def test_submit_refuses(acting: As, field: str, changes: dict[str, Any]) -> None:
    with acting("owner_analyst") as by:
        with pytest.raises(AppError) as caught:
            reports.submit(by=by, draft=a_draft(**changes))
        assert caught.value.field == field
        assert not Report.objects.exists()


@pytest.mark.parametrize(
    ("attribute", "level"),
    [("charisma", "high"), ("violence", "extreme"), ("violence", "unknown")],
)
def test_submit_refuses_claims_off_the_catalogue(
    acting: As, attribute: str, level: str
) -> None:
    with seen_by_system():
        group = a_group()
    claim = ClaimDraft(group=group, attribute=attribute, level=level)
    with acting("owner_analyst") as by, pytest.raises(AppError) as caught:
        reports.submit(by=by, draft=a_draft(claims=[claim]))
    assert caught.value.field == "claims"


def test_submit_refuses_two_claims_about_one_attribute(acting: As) -> None:
    with seen_by_system():
        group = a_group()
    claims = [
        ClaimDraft(group=group, attribute="violence", level=level)
        for level in ("high", "low")
    ]
    with acting("owner_analyst") as by, pytest.raises(AppError, match="Two claims"):
        reports.submit(by=by, draft=a_draft(claims=claims))


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


class TestOwnerReference:
    def test_duplicate_is_refused_and_names_the_other(self, acting: As) -> None:
        with acting("owner_analyst") as by:
            first, _ = reports.submit(by=by, draft=a_draft(owner_reference="D/1"))
            with pytest.raises(AppError, match=first.reference) as caught:
                reports.submit(by=by, draft=a_draft(owner_reference="D/1"))
        assert caught.value.field == "owner_reference"

    def test_hidden_duplicate_is_not_told(
        self, acting: As, make_user: MakeUser
    ) -> None:
        """The clash is with a report above this person's clearance."""
        junior = make_user("junior", "durham")
        with seen_by_system():
            type(junior).objects.filter(pk=junior.pk).update(clearance=1)
        with acting("owner_analyst") as by:
            reports.submit(by=by, draft=a_draft(owner_reference="D/1"))
        with acting("junior") as low:
            twin = reports.checks.owner_reference(
                a_draft(owner_reference="D/1"), by=low
            )
        assert twin == "D/1"


class TestIdempotency:
    def test_same_key_and_body_is_one_report(
        self, acting: As, audited: Audited
    ) -> None:
        with acting("owner_analyst") as by:
            first, made = reports.submit(by=by, draft=a_draft(), idempotency_key="k1")
            again, remade = reports.submit(by=by, draft=a_draft(), idempotency_key="k1")
            assert (made, remade) == (True, False)
            assert first == again
            assert Report.objects.visible_to(by).count() == 1
        assert len(audited(kind="collection")) == 1

    def test_same_key_and_other_body_is_unprocessable(self, acting: As) -> None:
        with acting("owner_analyst") as by:
            reports.submit(by=by, draft=a_draft(), idempotency_key="k1")
            with pytest.raises(Unprocessable):
                reports.submit(
                    by=by, draft=a_draft(text="Other."), idempotency_key="k1"
                )

    def test_another_credential_may_use_the_same_key(self, acting: As) -> None:
        with acting("owner_analyst") as by:
            reports.submit(by=by, draft=a_draft(), idempotency_key="k1")
            _, made = reports.submit(
                by=by, draft=a_draft(), idempotency_key="k1", credential="token:a"
            )
            assert made
        with acting("owner_supervisor") as other:
            assert reports.submit(
                by=other, draft=a_draft(text="Another."), idempotency_key="k1"
            )[1]

    def test_no_key_is_a_new_report_each_time(self, acting: As) -> None:
        with acting("owner_analyst") as by:
            first, _ = reports.submit(by=by, draft=a_draft())
            second, made = reports.submit(by=by, draft=a_draft())
        assert made
        assert first != second

    def test_the_loser_of_a_race_gets_the_winners_report(
        self, acting: As, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Both looked before either wrote; the unique constraint decides."""
        with acting("owner_analyst") as by:
            winner, _ = reports.submit(by=by, draft=a_draft(), idempotency_key="k1")
            looks = iter([None])
            real = attempts.submitted_before
            monkeypatch.setattr(
                attempts,
                "submitted_before",
                lambda attempt, viewer: next(looks, real(attempt, viewer)),
            )
            found, made = reports.submit(by=by, draft=a_draft(), idempotency_key="k1")
            assert (found, made) == (winner, False)
            assert Report.objects.visible_to(by).count() == 1


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
