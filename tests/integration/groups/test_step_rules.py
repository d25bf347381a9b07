"""What a region asks for before a step: it holds for its own, is named, and can end."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.exceptions import InvalidRule, NotOwner
from accounts.models import AuditEvent, Organisation
from groups.actions import bulk, groups, people, step_rules, threats
from groups.exceptions import ApprovalNeeded, InvalidRecord, StepNotOpen
from groups.guards import Guard, Who
from groups.models import CrimeGroup, StepRule, ThreatType
from ocgmap.common.acting import acting_as
from ocgmap.common.date_fields import date_text
from ocgmap.common.scope import system
from tests.cast import As
from tests.factories.groups import CrimeGroupFactory, NominalFactory
from tests.markup import filled_in

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
WHY = "Agreed at the regional meeting"


def today() -> datetime.date:
    return timezone.localdate()


def ask(acting: As, step: str, demand: str, who: str = "rocu_lead", **more: Any) -> Any:
    given = {"is_required": True, "from_on": today(), "reason": WHY, **more}
    with acting(who) as by:
        body = Organisation.objects.get(pk=by.organisation_id)
        return step_rules.set_rule(by=by, body=body, step=step, demand=demand, **given)


def a_draft(acting: As, who: str = "owner_analyst", **more: Any) -> CrimeGroup:
    with acting(who) as by:
        own = Organisation.objects.get(pk=by.organisation_id)
        group: CrimeGroup = CrimeGroupFactory(by=by, owner=own, **more)
        group.refresh_from_db()
    return group


def take(acting: As, who: str, group: CrimeGroup, **step: Any) -> CrimeGroup:
    with acting(who) as by:
        fresh = CrimeGroup.objects.visible_to(by).get(pk=group.pk)
        return groups.change_state(
            by=by,
            group=fresh,
            version=fresh.version,
            **{"reason": "As planned", **step},
        )


def add_members(acting: As, group: CrimeGroup, number: int, sharing: str) -> None:
    with acting("owner_analyst") as by:
        for _ in range(number):
            people.add_member(
                by=by,
                group=group,
                nominal=NominalFactory(by=by, sharing=sharing),
                standing="peripheral",
                rationale="Seen together",
                dpa_category="suspect",
            )


def complete(acting: As, group: CrimeGroup, demand: Guard) -> None:
    """Give the group what the demand asks for."""
    if demand is Guard.THREE_MEMBERS:
        add_members(acting, group, 3, "force")
        return
    values: dict[Guard, dict[str, Any]] = {
        Guard.LEAD_OFFICER: {"lead_officer": "DI Ash"},
        Guard.S45_ANSWER: {"s45_test": "no"},
        Guard.SUMMARY: {"summary": "Deals at the yard."},
        Guard.REVIEW_AHEAD: {"review_on": today()},
    }
    with acting("owner_analyst") as by:
        if demand is Guard.THREAT:
            threats.add(
                by=by,
                group=group,
                threat_type=ThreatType.objects.get(code="illegal-drugs"),
                is_predominant=True,
                rationale="Two reports",
            )
        else:
            groups.edit(by=by, group=group, version=group.version, **values[demand])


@pytest.mark.parametrize(
    "demand",
    [
        Guard.LEAD_OFFICER,
        Guard.THREAT,
        Guard.S45_ANSWER,
        Guard.SUMMARY,
        Guard.THREE_MEMBERS,
        Guard.REVIEW_AHEAD,
    ],
)
def test_what_the_region_asks_of_a_group_is_refused_then_enough(
    acting: As, demand: Guard
) -> None:
    group = a_draft(acting)
    ask(acting, "submit", demand)
    with pytest.raises(StepNotOpen) as caught:
        take(acting, "owner_analyst", group, record_state="submitted")
    said = f"rule of NEROCU since {date_text(today())}"
    assert said in caught.value.message
    assert caught.value.details == {
        "needs": demand.value,
        "rule_of": "NEROCU",
        "since": str(today()),
    }
    complete(acting, group, demand)
    done = take(acting, "owner_analyst", group, record_state="submitted")
    assert done.record_state == "submitted"


def test_members_that_one_may_not_see_do_not_count(acting: As) -> None:
    group = a_draft(acting)
    add_members(acting, group, 2, "force")
    add_members(acting, group, 1, "organisation")
    ask(acting, "submit", Guard.THREE_MEMBERS)
    with pytest.raises(StepNotOpen):
        take(acting, "rocu_lead", group, record_state="submitted")
    assert take(acting, "owner_analyst", group, record_state="submitted").version == 2


def test_a_step_can_be_left_to_the_lead_of_the_region(acting: As) -> None:
    group = a_draft(acting)
    ask(acting, "archive", Who.LEAD)
    with pytest.raises(ApprovalNeeded, match="Needs the lead of the region: rule of"):
        take(acting, "owner_supervisor", group, activity_status="archived")
    done = take(acting, "rocu_lead", group, activity_status="archived")
    assert done.activity_status == "archived"


def test_what_holds_for_all_holds_beside_the_rule(acting: As) -> None:
    group = a_draft(acting)
    ask(acting, "archive", Guard.REVIEW_AHEAD)
    with pytest.raises(ApprovalNeeded, match="Needs a supervisor of the owner"):
        take(acting, "owner_analyst", group, activity_status="archived")
    with pytest.raises(InvalidRecord, match="Enter the reason"):
        take(acting, "rocu_lead", group, activity_status="archived", reason=" ")
    with pytest.raises(StepNotOpen, match="a review date that has not passed"):
        take(acting, "rocu_lead", group, activity_status="archived")
    with pytest.raises(InvalidRecord, match="Choose a step"):
        take(acting, "rocu_lead", group)


def test_a_rule_holds_for_its_own_from_its_day_until_it_ends(acting: As) -> None:
    group, other = a_draft(acting), a_draft(acting, "other_analyst")
    ask(acting, "submit", Guard.SUMMARY, from_on=today() + DAY)
    take(acting, "owner_analyst", group, record_state="submitted")
    ask(acting, "submit", Guard.SUMMARY)
    take(acting, "other_analyst", other, record_state="submitted")
    second = a_draft(acting)
    with pytest.raises(StepNotOpen):
        take(acting, "owner_analyst", second, record_state="submitted")
    ask(acting, "submit", Guard.SUMMARY, is_required=False)
    take(acting, "owner_analyst", second, record_state="submitted")
    with acting_as(system("test")):
        assert StepRule.objects.count() == 3


def test_no_group_begins_beyond_a_step_that_it_could_not_take(acting: As) -> None:
    ask(acting, "map", Guard.LEAD_OFFICER)
    with pytest.raises(StepNotOpen, match="Needs a lead officer"):
        a_draft(acting, "owner_supervisor", record_state="mapped")
    made = a_draft(
        acting, "owner_supervisor", record_state="mapped", lead_officer="DI Ash"
    )
    assert made.record_state == "mapped"
    ask(acting, "submit", Guard.THREE_MEMBERS)
    for state in ("submitted", "mapped"):
        with pytest.raises(StepNotOpen, match="at least three members"):
            a_draft(
                acting, "owner_supervisor", record_state=state, lead_officer="DI Ash"
            )


def test_several_at_once_are_refused_one_by_one(acting: As) -> None:
    bare, led = a_draft(acting), a_draft(acting, lead_officer="DI Ash")
    ask(acting, "let rest", Guard.LEAD_OFFICER)
    wanted = bulk.BulkChanges(activity_status="dormant", review_on=today())
    with acting("owner_analyst") as by:
        rows = CrimeGroup.objects.visible_to(by).select_related("owner").order_by("pk")
        first, second = bulk.foresee(by, rows, wanted)
    assert (first.group.pk, second.group.pk) == (bare.pk, led.pk)
    assert "Needs a lead officer: rule of NEROCU" in first.refusal
    assert second.changes["activity_status"] == ("active", "dormant")


def test_coming_back_can_be_left_to_the_lead_of_the_region(acting: As) -> None:
    group = a_draft(acting)
    take(acting, "owner_supervisor", group, activity_status="archived")
    ask(acting, "re-activate", Who.LEAD)
    with pytest.raises(ApprovalNeeded, match="rule of NEROCU"):
        take(acting, "owner_supervisor", group, activity_status="active")
    assert take(acting, "rocu_lead", group, activity_status="active").pk == group.pk


@pytest.mark.parametrize(
    ("who", "step", "demand", "more", "error"),
    [
        ("rocu_lead", "return", "summary", {}, InvalidRule),
        ("rocu_lead", "archive", "summary", {}, InvalidRule),
        ("rocu_lead", "map", "lead", {}, InvalidRule),
        ("rocu_lead", "archive", "nonsense", {}, InvalidRule),
        ("rocu_lead", "archive", "lead", {"from_on": today() - DAY}, InvalidRule),
        ("rocu_lead", "archive", "lead", {"reason": " "}, InvalidRule),
        ("owner_supervisor", "archive", "review_ahead", {}, NotOwner),
    ],
)
def test_a_rule_that_cannot_stand_is_refused(
    acting: As,
    who: str,
    step: str,
    demand: str,
    more: dict[str, Any],
    error: type[Exception],
) -> None:
    with pytest.raises(error):
        ask(acting, step, demand, who, **more)
    with acting_as(system("test")):
        assert not StepRule.objects.exists()


def test_setting_a_rule_is_audited(acting: As) -> None:
    rule = ask(acting, "archive", Who.LEAD)
    with acting_as(system("test")):
        told = AuditEvent.objects.get(
            object_type="groups.StepRule", object_ids=[rule.pk]
        )
    assert told.reason == WHY
    assert told.detail["step"] == "archive"
    assert told.detail["demand"] == "lead"
    assert told.detail["body"] == "nerocu"


def set_on_the_page(client: Client, what: str) -> Any:
    day = today()
    return client.post(
        reverse("groups:new_step_rule"),
        {
            "what": what,
            "is_required": "true",
            "from_on_day": str(day.day),
            "from_on_month": str(day.month),
            "from_on_year": str(day.year),
            "reason": WHY,
        },
    )


def test_a_rule_that_is_sent_twice_is_set_once(
    client_as: Callable[[str], Client],
) -> None:
    client, address = client_as("rocu_lead"), reverse("groups:new_step_rule")
    form = filled_in(client.get(address).text)
    sent = {**form, "what": "submit:lead_officer", "is_required": "true", "reason": WHY}
    for _ in range(2):
        assert client.post(address, sent)["Location"] == reverse("groups:step_rules")
    with acting_as(system("test")):
        assert StepRule.objects.count() == 1


def test_the_pages_of_rules_and_of_a_group_name_the_rule(
    acting: As, client_as: Callable[[str], Client]
) -> None:
    group = a_draft(acting)
    analyst, lead = client_as("owner_analyst"), client_as("rocu_lead")
    assert set_on_the_page(analyst, "submit:lead_officer").status_code == 403
    assert set_on_the_page(lead, "archive:summary").status_code == 200
    answer = set_on_the_page(lead, "submit:lead_officer")
    assert answer["Location"] == reverse("groups:step_rules")
    listed = analyst.get(reverse("groups:step_rules")).text
    assert "submit: a lead officer" in listed
    assert WHY in listed
    assert "Set a rule" not in listed

    needs = f"Needs a lead officer: rule of NEROCU since {date_text(today())}"
    page = analyst.get(reverse("groups:detail", args=[group.public_id]))
    steps = {one["key"]: one["value"] for one in page.context["steps"]}
    assert steps["Submit"] == {"lines": [needs]}
    assert steps["Archive"] == {
        "lines": ["Needs a supervisor of the owner or the lead of its region"]
    }
    assert steps["Let rest"] == {"text": "Open to you"}
    assert needs in page.text
    form = analyst.get(reverse("groups:change_state", args=[group.public_id]))
    assert needs in form.text
    refused = analyst.post(
        reverse("groups:change_state", args=[group.public_id]),
        {"step": "record_state:submitted", "reason": "Complete", "version": "1"},
    )
    assert f"{needs}. Change the group and enter who it is." in refused.text
    # Who may not change the group is told of no step.
    reader = client_as("rocu_analyst").get(
        reverse("groups:detail", args=[group.public_id])
    )
    assert reader.context["steps"] == []


def test_a_submission_says_what_triggered_it_once(
    acting: As, client_as: Callable[[str], Client]
) -> None:
    group = a_draft(acting)
    ask(acting, "submit", Guard.TRIGGER)
    with pytest.raises(InvalidRecord, match="Choose what triggered it") as caught:
        take(acting, "owner_analyst", group, record_state="submitted")
    assert caught.value.field == "trigger"
    with pytest.raises(InvalidRecord, match="is no trigger"):
        take(acting, "owner_analyst", group, record_state="submitted", trigger="moon")
    with pytest.raises(InvalidRecord, match="Choose what triggered it"):
        a_draft(acting, record_state="submitted")
    assert a_draft(acting, record_state="submitted", trigger="crime").trigger == "crime"
    client = client_as("owner_analyst")
    address = reverse("groups:change_state", args=[group.public_id])
    client.post(
        address,
        {
            "step": "record_state:submitted",
            "trigger": "partner",
            "reason": "Referred by the port authority",
            "version": "1",
        },
    )
    take(acting, "rocu_lead", group, record_state="returned")
    assert "What made you put it forward" not in client.get(address).text
    # The first stands, and is enough for the submissions that follow.
    take(acting, "owner_analyst", group, record_state="submitted", trigger="crime")
    page = client.get(reverse("groups:detail", args=[group.public_id]))
    facts = {one["key"]: one["value"] for one in page.context["facts"]}
    assert facts["Put forward because of"] == {
        "text": "A referral from a partner agency"
    }
    history = client.get(reverse("groups:history", args=[group.public_id])).text
    assert "Referred by the port authority" in history


def test_what_lacks_something_is_not_mapped_but_returned(
    acting: As, client_as: Callable[[str], Client]
) -> None:
    group = a_draft(acting)
    take(acting, "owner_analyst", group, record_state="submitted")
    ask(acting, "map", Guard.THREE_MEMBERS)
    lead = client_as("rocu_lead")
    address = reverse("groups:moderate", args=[group.public_id])
    page = lead.get(address).text
    assert "Needs at least three members on record: rule of NEROCU" in page
    typed = filled_in(page) | {"reason": "Who else?"}
    refused = lead.post(address, {**typed, "decision": "mapped"})
    assert "Record them on its page of people" in refused.text
    done = lead.post(address, {**typed, "decision": "returned"})
    assert done["Location"] == reverse("groups:moderation")
    with acting_as(system("test")):
        assert CrimeGroup.objects.get(pk=group.pk).record_state == "returned"
