"""A report that is not assured counts nowhere, and every part of scoring agrees."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Organisation
from groups.models import CrimeGroup
from intelligence.actions import assurance, reports
from intelligence.actions.drafts import ClaimDraft
from intelligence.models import AssuranceRule, Report
from ocgmap.common.errors import AppError
from scoring.actions import judgements
from scoring.engine import PRIMARY
from scoring.models import PictureLine, Receipt
from scoring.outbox import DrainResult
from scoring.reconciling import reconcile
from scoring.scores import score_of
from tests.cast import As, MakeUser
from tests.factories.intelligence import a_draft, a_group
from tests.factories.scoring import DRUGS

pytestmark = pytest.mark.django_db

Drain = Callable[[], DrainResult]


@pytest.fixture
def group(as_system: Any, make_user: MakeUser) -> CrimeGroup:
    """A group of Durham, whose region wants reports assured."""
    make_user("owner_analyst")
    AssuranceRule.objects.create(
        body=Organisation.objects.get(code="nerocu"),
        is_required=True,
        from_on=timezone.localdate(),
        reason="Trial",
    )
    return a_group()


@pytest.fixture
def report(group: CrimeGroup, acting: As) -> Report:
    claim = ClaimDraft(group=group, attribute=DRUGS, level="high")
    with acting("owner_analyst") as by:
        draft = a_draft(groups=[group], claims=[claim])
        made, _ = reports.submit(by=by, draft=draft)
    return made


def level(group: CrimeGroup, acting: As) -> str:
    with acting("owner_analyst") as by:
        score = score_of(by, group, PRIMARY)
    assert score is not None
    levels = {one.factor.attribute: str(one.factor.level) for one in score.factors}
    return levels[DRUGS]


def receipt() -> str:
    return str(Receipt.objects.get().state)


def agree() -> None:
    assert reconcile().differences == []


def decide(acting: As, report: Report, outcome: str, **more: Any) -> None:
    with acting("rocu_assurer") as by:
        fresh = Report.objects.visible_to(by).get(pk=report.pk)
        assurance.decide(
            **{"reason": "", **more},
            by=by,
            report=fresh,
            version=fresh.version,
            outcome=outcome,
        )


def test_it_counts_once_it_is_passed_and_not_before(
    group: CrimeGroup, report: Report, acting: As, drain: Drain
) -> None:
    assert receipt() == "awaiting"
    agree_after = drain()
    assert agree_after.marks
    assert (receipt(), level(group, acting)) == ("awaiting", "unknown")
    agree()
    decide(acting, report, "passed")
    assert receipt() == "queued"
    drain()
    assert (receipt(), level(group, acting)) == ("included", "high")
    agree()


def test_it_counts_with_the_grade_that_it_was_given(
    group: CrimeGroup, report: Report, acting: As, drain: Drain
) -> None:
    drain()
    decide(
        acting,
        report,
        "regraded",
        reason="Hearsay",
        source_grade="3",
        assessment_grade="E",
    )
    drain()
    assert (receipt(), level(group, acting)) == ("included", "unknown")
    agree()


def test_returned_it_never_counts(
    group: CrimeGroup, report: Report, acting: As, drain: Drain
) -> None:
    drain()
    decide(acting, report, "returned", reason="Shows its source")
    assert receipt() == "returned"
    drain()
    assert (receipt(), level(group, acting)) == ("returned", "unknown")
    agree()


def test_its_correction_counts_once_that_is_passed(
    group: CrimeGroup, report: Report, acting: As, drain: Drain
) -> None:
    decide(acting, report, "returned", reason="Shows its source")
    claim = ClaimDraft(group=group, attribute=DRUGS, level="medium")
    with acting("owner_analyst") as by:
        fresh = Report.objects.visible_to(by).get(pk=report.pk)
        draft = a_draft(text="Once more.", groups=[group], claims=[claim])
        new = reports.supersede(by=by, report=fresh, draft=draft, reason="Put right")
    drain()
    assert level(group, acting) == "unknown"
    states = dict(Receipt.objects.values_list("report_id", "state"))
    assert states == {report.pk: "included", new.pk: "awaiting"}
    agree()
    decide(acting, new, "passed")
    drain()
    assert level(group, acting) == "medium"
    agree()


def test_a_drain_between_leaves_the_lines_as_if_it_were_not_there(
    group: CrimeGroup, acting: As, drain: Drain, request: pytest.FixtureRequest
) -> None:
    drain()
    before = _lines()
    assert before
    request.getfixturevalue("report")
    drain()
    assert _lines() == before


def _lines() -> list[Any]:
    return list(PictureLine.objects.order_by("id").values())


def test_no_judgement_rests_on_it(
    group: CrimeGroup, report: Report, acting: As, drain: Drain
) -> None:
    with acting("owner_analyst") as by:
        given = {"group": group, "attribute": DRUGS, "level": "high"}
        with pytest.raises(AppError, match="not assured"):
            judgements.judge(by=by, **given, rationale="As reported", reports=[report])
    decide(acting, report, "passed")
    with acting("owner_analyst") as by:
        judgements.judge(by=by, **given, rationale="As reported", reports=[report])


@pytest.mark.parametrize(("says", "expected"), [("queued", 2), ("included", 1)])
def test_reconcile_names_a_receipt_that_promises_too_much(
    group: CrimeGroup, report: Report, drain: Drain, says: str, expected: int
) -> None:
    drain()
    now = timezone.now() if says == "included" else None
    Receipt.objects.update(state=says, included_at=now)
    found = reconcile().differences
    assert len(found) == expected
    assert (found[-1].expected, found[-1].found) == ("awaiting", says)


def test_reconcile_names_a_receipt_that_waits_for_nothing(
    group: CrimeGroup, report: Report, acting: As, drain: Drain
) -> None:
    decide(acting, report, "passed")
    drain()
    Receipt.objects.update(state="awaiting", included_at=None)
    [one] = reconcile().differences
    assert (one.expected, one.found) == ("submitted", "awaiting")
