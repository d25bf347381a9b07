"""What is refused when a report is submitted: nothing of it is written."""

from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from intelligence.actions import reports
from intelligence.actions.drafts import ClaimDraft
from intelligence.grading import parse_condition
from intelligence.models import Report
from ocgmap.common.acting import acting_as
from ocgmap.common.errors import AppError
from ocgmap.common.scope import system
from tests.cast import As, MakeUser
from tests.factories.intelligence import a_draft, a_group


def seen_by_system() -> AbstractContextManager[Any]:
    return acting_as(system("test"))


def today() -> date:
    return timezone.localdate()


UNGRADED = {"source_grade": None, "assessment_grade": None, "handling": None}


def event(first: date, last: date, precision: str) -> dict[str, Any]:
    return {"event_from": first, "event_to": last, "event_precision": precision}


def year_end() -> date:
    return today().replace(month=12, day=31)


IMPOSSIBLE = {
    "circa-in-2999": (date(2025, 3, 1), date(2999, 12, 31), "circa"),
    "circa-to-tomorrow": (date(2025, 3, 1), date.today() + timedelta(days=1), "circa"),  # noqa: DTZ011
    "day-of-two-days": (date(2025, 3, 1), date(2025, 3, 2), "day"),
    "month-of-two-days": (date(2025, 3, 1), date(2025, 3, 2), "month"),
    "month-over-years": (date(2023, 3, 1), date(2025, 3, 31), "month"),
    "month-from-its-second": (date(2025, 3, 2), date(2025, 3, 31), "month"),
    "year-of-a-month": (date(2025, 1, 1), date(2025, 1, 31), "year"),
    "year-of-two": (date(2024, 1, 1), date(2025, 12, 31), "year"),
}


@pytest.mark.parametrize("what", IMPOSSIBLE)
def test_submit_refuses_an_event_that_cannot_be(acting: As, what: str) -> None:
    with acting("owner_analyst") as by:
        with pytest.raises(AppError) as caught:
            reports.submit(by=by, draft=a_draft(**event(*IMPOSSIBLE[what])))
        assert caught.value.field == "event_to"
        assert not Report.objects.exists()


def test_submit_takes_the_month_and_the_year_that_run(acting: As) -> None:
    month = today().replace(day=1)
    month_end = (month + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    year = today().replace(month=1, day=1)
    with acting("owner_analyst") as by:
        for precision, first, last in (
            ("month", month, month_end),
            ("year", year, year_end()),
            ("circa", month, month_end),
            ("circa", year, year_end()),
            ("circa", date(2024, 5, 3), date(2024, 9, 9)),
        ):
            draft = a_draft(**event(first, last, precision))
            report, _ = reports.submit(by=by, draft=draft)
            assert report.event_to == last


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
            "sharing",
            {
                **UNGRADED,
                "legacy_grade": "B22",
                "handling": "C",
                "condition": parse_condition("originator_only", "mine"),
                "sharing": "all_forces",
            },
            id="wider-than-condition-beside-legacy",
        ),
        pytest.param(
            "handling_condition",
            {
                **UNGRADED,
                "legacy_grade": "B11",
                "condition": parse_condition("originator_only", "mine"),
            },
            id="condition-beside-open-legacy",
        ),
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


def test_submit_names_the_group_that_stands_for_a_merged_one(acting: As) -> None:
    with seen_by_system():
        merged, survivor = a_group("durham"), a_group("durham")
        hidden, secret = a_group("durham"), a_group("durham", "organisation")
        for one, into in ((merged, survivor), (hidden, secret)):
            type(one).objects.filter(pk=one.pk).update(merged_into=into)
    for who, group, cure in (
        ("owner_analyst", merged, f"Name group {survivor.reference}"),
        ("rocu_lead", hidden, "Leave it out"),
    ):
        with acting(who) as by, pytest.raises(AppError, match="was merged") as caught:
            reports.submit(by=by, draft=a_draft(groups=[group]))
        assert caught.value.field == "groups"
        assert caught.value.details["cure"].startswith(cure)
