"""Moderation: who decides on a submitted record, by rule, and never on their own."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actions import body_rules
from accounts.models import Organisation
from accounts.permissions import can
from groups.actions import groups, people
from groups.actions.stepping import check_can_map
from groups.exceptions import ApprovalNeeded, OwnSubmission
from groups.models import CrimeGroup, ModerationRule
from groups.permissions import owners_to_moderate
from ocgmap.common.acting import acting_as
from ocgmap.common.errors import AppError
from ocgmap.common.scope import system
from tests.cast import As, MakeUser
from tests.factories.groups import CrimeGroupFactory, NominalFactory
from tests.markup import filled_in

pytestmark = pytest.mark.django_db
ClientAs = Callable[[str], Client]
WHY = "Three people, two reports."


def everything() -> Any:
    return acting_as(system("test"))


def require(code: str = "nerocu", *, wanted: bool = True) -> None:
    with everything():
        ModerationRule.objects.create(
            body=Organisation.objects.get(code=code),
            is_required=wanted,
            from_on=timezone.localdate(),
            reason="Trial",
        )


def now(group: CrimeGroup) -> CrimeGroup:
    with everything():
        return CrimeGroup.objects.select_related("owner").get(pk=group.pk)


def take(acting: As, who: str, group: CrimeGroup, state: str, why: str = WHY) -> None:
    with acting(who) as by:
        fresh = CrimeGroup.objects.visible_to(by).get(pk=group.pk)
        groups.change_state(
            by=by, group=fresh, version=fresh.version, record_state=state, reason=why
        )


def sent(acting: As, who: str = "owner_analyst", **more: Any) -> CrimeGroup:
    with acting(who) as by:
        group: CrimeGroup = CrimeGroupFactory(
            by=by, owner=Organisation.objects.get(pk=by.organisation_id), **more
        )
    take(acting, who, group, "submitted")
    return now(group)


def test_a_submission_notes_who_and_when(acting: As, make_user: MakeUser) -> None:
    before = timezone.now()
    group = sent(acting)
    assert group.submitted_by_id == make_user("owner_analyst").pk
    assert group.submitted_at is not None
    assert before <= group.submitted_at <= timezone.now()


@pytest.mark.parametrize(
    ("author", "who", "by_region", "refusal"),
    [
        ("owner_analyst", "owner_supervisor", False, None),
        ("owner_analyst", "rocu_lead", False, None),
        ("owner_supervisor", "owner_supervisor", False, OwnSubmission),
        ("owner_supervisor", "rocu_lead", False, None),
        ("owner_analyst", "owner_analyst", False, ApprovalNeeded),
        ("owner_analyst", "owner_supervisor", True, ApprovalNeeded),
        ("owner_analyst", "rocu_lead", True, None),
        ("rocu_lead", "rocu_lead", True, OwnSubmission),
        ("owner_analyst", "rocu_analyst", True, AppError),
    ],
)
def test_who_decides(
    acting: As,
    author: str,
    who: str,
    *,
    by_region: bool,
    refusal: type[AppError] | None,
) -> None:
    if by_region:
        require()
    group = sent(acting, author)
    for state in ("mapped", "returned"):
        with acting(who) as by:
            if refusal is None:
                check_can_map(by, group)
            else:
                with pytest.raises(refusal):
                    groups.change_state(
                        by=by,
                        group=group,
                        version=group.version,
                        record_state=state,
                        reason=WHY,
                    )
    assert now(group).record_state == "submitted"


def test_a_regions_rule_holds_for_no_other_region_and_can_end(acting: As) -> None:
    require("yhrocu")
    group = sent(acting)
    with acting("owner_supervisor") as by:
        assert can(check_can_map, by, group)
    require("nerocu")
    with acting("owner_supervisor") as by:
        assert not can(check_can_map, by, group)
    require("nerocu", wanted=False)
    with acting("owner_supervisor") as by:
        assert can(check_can_map, by, group)


@pytest.mark.parametrize("by_region", [False, True])
def test_the_queue_holds_just_what_one_may_decide_on(
    acting: As, client_as: ClientAs, *, by_region: bool
) -> None:
    if by_region:
        require()
    every = [
        sent(acting, who)
        for who in ("owner_analyst", "region_analyst", "other_analyst", "rocu_lead")
    ]
    every.append(sent(acting, "owner_analyst", sharing="organisation"))
    for who in ("owner_supervisor", "rocu_lead"):
        with acting(who) as by:
            seen = list(
                CrimeGroup.objects.visible_to(by).filter(record_state="submitted")
            )
            own = {one.pk for one in seen if one.submitted_by_id == by.user_id}
            may = {one.pk for one in seen if can(check_can_map, by, now(one))}
            owners = owners_to_moderate(by)
        page = client_as(who).get("/moderation/")
        shown = {one["text"] for [one, *_] in page.context["rows"]}
        expected = {
            f"{one.name} ({one.reference})"
            for one in every
            if one.pk in may | own and one.owner_id in owners
        }
        assert shown == expected
        assert page.context["count"] == len(expected)
        assert may <= {one.pk for one in every if one.owner_id in owners}
    assert client_as("owner_analyst").get("/moderation/").status_code == 403


def test_the_longest_wait_comes_first(acting: As, client_as: ClientAs) -> None:
    late, early = sent(acting, name="Late"), sent(acting, name="Early")
    with everything():
        CrimeGroup.objects.filter(pk=early.pk).update(
            submitted_at=timezone.now() - timedelta(days=9)
        )
    rows = client_as("rocu_lead").get("/moderation/").context["rows"]
    assert [row[0]["text"][:5] for row in rows] == ["Early", "Late "]
    assert rows[0][1]["text"] == "1\xa0week"
    assert late.submitted_at is not None


def decide(client: Client, group: CrimeGroup, **typed: Any) -> Any:
    address = reverse("groups:moderate", args=[group.public_id])
    return client.post(address, {**filled_in(client.get(address).text), **typed})


def test_returned_corrected_and_mapped_with_what_changed(
    acting: As, client_as: ClientAs
) -> None:
    group = sent(acting, name="Alder", summary="Deals at the yard.")
    lead = client_as("rocu_lead")
    first = lead.get(reverse("groups:moderate", args=[group.public_id]))
    assert "Submitted for the first time" in first.text
    answer = decide(lead, group, decision="returned", reason="Who leads it?")
    assert answer.status_code == 302
    assert now(group).record_state == "returned"

    with acting("owner_analyst") as by:
        fresh = CrimeGroup.objects.visible_to(by).get()
        groups.edit(
            by=by, group=fresh, version=fresh.version, summary="Deals in the market."
        )
        nominal = NominalFactory(by=by, surname="Oakenby")
        people.add_member(
            by=by,
            group=fresh,
            nominal=nominal,
            standing="principal",
            rationale="Seen to give orders",
            dpa_category="suspect",
        )
    take(acting, "owner_analyst", group, "submitted", "Leader added.")

    page = lead.get(reverse("groups:moderate", args=[group.public_id]))
    differences = [
        [cell["text"] for cell in row] for row in page.context["differences"]
    ]
    assert differences == [["Summary", "Deals at the yard.", "Deals in the market."]]
    steps = [step.what for step, *_ in page.context["steps"]]
    assert len(steps) == 1
    assert "Oakenby" in steps[0].title()
    said = [[cell.get("text") for cell in row][1:] for row in page.context["said"]]
    assert [(state, why) for state, _, why in said] == [
        ("Submitted", "Leader added."),
        ("Returned", "Who leads it?"),
        ("Submitted", WHY),
    ]
    answer = decide(lead, group, decision="mapped", reason="Complete now.")
    assert answer["Location"] == reverse("groups:moderation")
    assert now(group).record_state == "mapped"
    gone = lead.get(reverse("groups:moderate", args=[group.public_id]))
    assert gone["Location"] == reverse("groups:detail", args=[group.public_id])


def test_what_is_hidden_is_no_difference(acting: As, client_as: ClientAs) -> None:
    group = sent(acting)
    lead = client_as("rocu_lead")
    decide(lead, group, decision="returned", reason="Who leads it?")
    with acting("owner_analyst") as by:
        fresh = CrimeGroup.objects.visible_to(by).get(pk=group.pk)
        hidden = NominalFactory(by=by, surname="Hidden", sharing="organisation")
        people.add_member(
            by=by,
            group=fresh,
            nominal=hidden,
            standing="principal",
            rationale="Seen",
            dpa_category="suspect",
        )
    take(acting, "owner_analyst", group, "submitted")
    page = lead.get(reverse("groups:moderate", args=[group.public_id]))
    assert page.context["steps"] == []
    assert "Nothing that you may see: no person" in page.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"decision": "", "reason": "Yes"}, "Select an option for “Decision”"),
        ({"decision": "mapped", "reason": " "}, "Reason must be filled in"),
        ({"decision": "draft", "reason": "Yes"}, "has no option"),
    ],
)
def test_a_decision_that_cannot_stand_says_why(
    acting: As, client_as: ClientAs, typed: dict[str, str], said: str
) -> None:
    group = sent(acting)
    answer = decide(client_as("rocu_lead"), group, **typed)
    assert said in answer.text
    assert now(group).record_state == "submitted"


def test_a_decision_from_an_old_page_is_shown_what_changed(
    acting: As, client_as: ClientAs
) -> None:
    group = sent(acting)
    lead = client_as("rocu_lead")
    address = reverse("groups:moderate", args=[group.public_id])
    typed = filled_in(lead.get(address).text)
    typed |= {"decision": "mapped", "reason": "Complete."}
    with acting("owner_analyst") as by:
        groups.edit(by=by, group=group, version=group.version, name="Another name")
    answer = lead.post(address, typed)
    assert "Another name" in answer.text
    assert now(group).record_state == "submitted"


def test_own_submission_is_refused_on_the_page_and_by_api(
    acting: As, client_as: ClientAs
) -> None:
    group = sent(acting, "owner_supervisor")
    client = client_as("owner_supervisor")
    address = reverse("groups:moderate", args=[group.public_id])
    assert client.get(address).status_code == 403
    assert "someone else must moderate it" in client.get(address).text
    [row] = client.get("/moderation/").context["rows"]
    assert row[3]["text"] == "You: someone else decides"


@pytest.mark.parametrize(
    ("who", "status"), [("rocu_lead", 302), ("owner_supervisor", 403)]
)
def test_who_sets_the_rule_on_its_page(
    client_as: ClientAs, who: str, status: int
) -> None:
    client = client_as(who)
    today = timezone.localdate()
    answer = client.post(
        "/moderation/rules/new/",
        {
            "is_required": "true",
            "from_on_day": str(today.day),
            "from_on_month": str(today.month),
            "from_on_year": str(today.year),
            "reason": "As HMIC asked",
        },
    )
    assert answer.status_code == status
    page = client.get("/moderation/rules/")
    assert ("As HMIC asked" in page.text) is (status == 302)
    with everything():
        durham = Organisation.objects.get(code="durham")
        assert body_rules.is_required(ModerationRule, durham) is (status == 302)
