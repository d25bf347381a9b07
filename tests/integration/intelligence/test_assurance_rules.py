"""Where reports are assured: whose rule covers whom, since when, and who sets it."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.actions import body_rules
from accounts.exceptions import InvalidRule, NotOwner
from intelligence.models import AssuranceRule
from intelligence.models.report import ReportState
from ocgmap.common.errors import AppError, PermissionDenied
from tests.audited import Audited
from tests.cast import As
from tests.integration.intelligence.test_assurance import body, rule, submitted, today

pytestmark = pytest.mark.django_db


def test_nobody_wants_assurance_by_default(acting: As) -> None:
    assert submitted(acting, "owner_analyst").state == ReportState.SUBMITTED


def test_a_regions_rule_covers_its_forces_and_itself_alone(acting: As) -> None:
    rule("nerocu")
    states = {
        who: submitted(acting, who).state
        for who in ("owner_analyst", "region_analyst", "rocu_lead", "other_analyst")
    }
    assert states == {
        "owner_analyst": "awaiting",
        "region_analyst": "awaiting",
        "rocu_lead": "awaiting",
        "other_analyst": "submitted",
    }


def test_an_owner_without_a_region_decides_for_itself(acting: As) -> None:
    rule("nca")
    of_nca = submitted(acting, "nca_officer", sharing="all_forces")
    assert of_nca.state == ReportState.AWAITING
    assert submitted(acting, "owner_analyst").state == ReportState.SUBMITTED


def test_a_forces_own_rule_is_nothing_where_its_region_decides(acting: As) -> None:
    rule("durham")
    assert submitted(acting, "owner_analyst").state == ReportState.SUBMITTED


@pytest.mark.parametrize(
    ("rules", "wanted"),
    [
        pytest.param([(True, 1)], False, id="from tomorrow"),
        pytest.param([(True, -5)], True, id="since days"),
        pytest.param([(True, -5), (False, -2)], False, id="ended"),
        pytest.param([(False, -2), (True, -5)], False, id="entered in other order"),
        pytest.param([(True, 0), (False, 0)], False, id="of one day the last"),
        pytest.param([(False, -1), (True, 0), (False, 3)], True, id="ends later"),
    ],
)
def test_the_rule_of_the_latest_day_holds(
    as_system: Any, rules: list[tuple[bool, int]], *, wanted: bool
) -> None:
    for wants, days in rules:
        rule(wants=wants, days=days)
    assert body_rules.is_required(AssuranceRule, body("durham")) is wanted
    assert body_rules.is_required(AssuranceRule, body("nerocu")) is wanted
    assert body_rules.is_required(AssuranceRule, body("cheshire")) is False


@pytest.mark.parametrize(
    ("who", "code", "refusal"),
    [
        pytest.param("rocu_lead", "nerocu", None, id="lead for the region"),
        pytest.param("owner_supervisor", "durham", NotOwner, id="force in a region"),
        pytest.param("rocu_lead", "durham", NotOwner, id="lead for a force"),
        pytest.param("rocu_lead", "yhrocu", NotOwner, id="lead of another region"),
        pytest.param("rocu_assurer", "nerocu", PermissionDenied, id="assurer"),
        pytest.param("rocu_analyst", "nerocu", PermissionDenied, id="analyst"),
        pytest.param("nca_officer", "nca", PermissionDenied, id="no approver"),
        pytest.param("records_manager", "durham", PermissionDenied, id="records"),
        pytest.param("administrator", "nca", PermissionDenied, id="administrator"),
    ],
)
def test_who_may_set_a_rule(
    acting: As, who: str, code: str, refusal: type[AppError] | None
) -> None:
    with acting(who) as by:
        if refusal is None:
            body_rules.check_can_rule(by, body(code))
            return
        with pytest.raises(refusal):
            body_rules.set_rule(
                kind=AssuranceRule,
                by=by,
                body=body(code),
                is_required=True,
                from_on=today(),
                reason="Trial",
            )
        assert not AssuranceRule.objects.exists()


def test_setting_a_rule_is_audited_with_its_reason(
    acting: As, audited: Audited
) -> None:
    with acting("rocu_lead") as by:
        made = body_rules.set_rule(
            kind=AssuranceRule,
            by=by,
            body=body("nerocu"),
            is_required=True,
            from_on=today(),
            reason="Two reports showed their source.",
        )
    assert made.set_by_id == by.user_id
    [row] = audited(object_type="intelligence.AssuranceRule")
    assert row.reason == "Two reports showed their source."
    assert row.detail == {
        "body": "nerocu",
        "is_required": True,
        "from_on": str(today()),
    }


@pytest.mark.parametrize(
    ("change", "field"),
    [({"reason": " "}, "reason"), ({"from_on": "yesterday"}, "from_on")],
)
def test_a_rule_that_cannot_stand(
    acting: As, change: dict[str, Any], field: str
) -> None:
    given: dict[str, Any] = {"from_on": today(), "reason": "Trial", **change}
    if given["from_on"] == "yesterday":
        given["from_on"] = today() - timedelta(days=1)
    with acting("rocu_lead") as by:
        with pytest.raises(InvalidRule) as caught:
            body_rules.set_rule(
                kind=AssuranceRule,
                by=by,
                body=body("nerocu"),
                is_required=True,
                **given,
            )
        assert caught.value.field == field
        assert not AssuranceRule.objects.exists()
