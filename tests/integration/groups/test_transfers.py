"""A group goes to another owner when both agree, and not otherwise."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.actions.labels import intern, labels_of
from accounts.exceptions import NotOwner
from accounts.models import Tag, TagHolder
from accounts.roles import Role
from accounts.visibility import Label, Viewer
from groups.actions import aliases, groups, transfers
from groups.exceptions import AlreadyRecorded, ApprovalNeeded, InvalidRecord
from groups.models import CrimeGroup, GroupAlias, Transfer
from ocgmap.common.acting import acting_as
from ocgmap.common.errors import InvalidTransition, NotFound, StaleVersion
from ocgmap.common.scope import system
from tests.cast import As, MakeUser
from tests.factories.groups import CrimeGroupFactory, organisation

pytestmark = pytest.mark.django_db

Audited = Callable[[str], list[tuple[str, list[int], str]]]
Find = Callable[[str], Viewer]
SignIn = Callable[[str], Client]


@pytest.fixture(autouse=True)
def receiver(make_user: MakeUser) -> Any:
    make_user("rocu_lead")
    return make_user("north", "northumbria", Role.FORCE_SUPERVISOR)


@pytest.fixture
def shared(acting: As, by: Viewer) -> CrimeGroup:
    """A group of Durham's that its region sees, with a name that only Durham sees."""
    with acting("owner_analyst"):
        made = CrimeGroupFactory(
            by=by, sharing="region", owner_reference="D1", lead_officer="DI Ash"
        )
        aliases.add(by=by, group=made, name="Elms")
        return made


def proposed(by: Viewer, group: CrimeGroup, **more: Any) -> Transfer:
    return transfers.propose(
        by=by,
        group=group,
        **{"receiver": organisation("northumbria"), "reason": "They moved", **more},
    )


def test_both_agree_and_the_group_has_another_owner(
    acting: As, viewer: Find, by: Viewer, shared: CrimeGroup, audited: Audited
) -> None:
    with acting("owner_analyst"):
        transfer = proposed(by, shared)
    north = viewer("north")
    with acting("north"):
        done = transfers.accept(by=north, transfer=transfer, version=1, reason="Agreed")
        now = CrimeGroup.objects.visible_to(north).get()
        assert now.owner == organisation("northumbria")
        assert (now.owner_reference, now.lead_officer) == ("", "")
        assert now.access_class_id == shared.access_class_id
        alias = GroupAlias.objects.visible_to(north).get()
        assert alias.owner == organisation("durham")
        assert (done.state, done.decided_by_id) == ("accepted", north.user_id)
        assert groups.edit(by=north, group=now, version=now.version, name="Ours")
        with pytest.raises(InvalidTransition):
            transfers.accept(by=north, transfer=done, version=2, reason="Again")
    with acting("owner_analyst"):
        now = CrimeGroup.objects.visible_to(by).get()
        with pytest.raises(NotOwner):
            groups.edit(by=by, group=now, version=now.version, name="Still ours")
    assert [kind for kind, _, _ in audited("groups.Transfer")] == [
        "collection",
        "alteration",
    ]
    assert audited("groups.CrimeGroup")[0] == ("alteration", [shared.pk], "Agreed")


def test_nothing_becomes_wider_than_chosen(
    acting: As, viewer: Find, by: Viewer, grant: Callable[[str, str], None]
) -> None:
    for name in ("owner_analyst", "north"):
        grant(name, "corruption")
    by = viewer("owner_analyst")
    with acting_as(system("test")):
        tag = Tag.objects.get(code="compartment:corruption")
    with acting("owner_analyst"):
        group = CrimeGroupFactory(by=by, sharing="region", compartments=[tag.pk])
        alias = aliases.add(by=by, group=group, name="Elms")
        transfer = proposed(by, group, sharing="force")
    north = viewer("north")
    with acting("north"):
        transfers.accept(by=north, transfer=transfer, version=1, reason="Agreed")
        now = CrimeGroup.objects.visible_to(north).get()
        fact = GroupAlias.objects.visible_to(north).get(pk=alias.pk)
        labels = labels_of([now.access_class_id, fact.access_class_id])
        force = Tag.objects.get(code="force:northumbria")
        region = Tag.objects.get(code="region:nerocu")
        assert labels[now.access_class_id].requires == {force.pk, tag.pk}
        assert labels[fact.access_class_id].requires == {force.pk, region.pk, tag.pk}
    with acting("owner_analyst"):
        assert not CrimeGroup.objects.visible_to(by).exists()


def test_refusals(
    acting: As, viewer: Find, by: Viewer, shared: CrimeGroup, group: CrimeGroup
) -> None:
    nca = viewer("nca_officer")
    with acting("nca_officer"), pytest.raises(NotOwner):
        proposed(nca, group)
    with acting("owner_analyst"):
        for values, about, field in [
            ({}, group, "receiver"),  # shared with the own force only
            ({"receiver": organisation("nca")}, shared, "receiver"),
            ({"receiver": organisation("durham")}, shared, "receiver"),
            ({"receiver": organisation("west-yorkshire")}, shared, "receiver"),
            ({"reason": " "}, shared, "reason"),
            ({"sharing": "everyone"}, shared, "sharing"),
        ]:
            with pytest.raises(InvalidRecord) as caught:
                proposed(by, about, **values)
            assert caught.value.field == field, values
        proposed(by, shared)
        with pytest.raises(AlreadyRecorded):
            proposed(by, shared, receiver=organisation("nerocu"))
    with acting_as(system("test")):
        CrimeGroup.objects.filter(pk=group.pk).update(merged_into=shared)
    with acting("owner_analyst"), pytest.raises(InvalidTransition):
        proposed(by, group)


def test_two_persons_decide_and_only_a_supervisor_of_the_receiver(
    acting: As, viewer: Find, by: Viewer, shared: CrimeGroup
) -> None:
    lead = viewer("rocu_lead")
    with acting("rocu_lead"):
        own = transfers.propose(
            by=lead, group=shared, receiver=organisation("nerocu"), reason="Regional"
        )
        with pytest.raises(ApprovalNeeded):
            transfers.accept(by=lead, transfer=own, version=1, reason="Mine")
        transfers.take_back(by=lead, transfer=own, version=1, reason="Slip")
    with acting("owner_analyst"):
        transfer = proposed(by, shared)
        with pytest.raises(ApprovalNeeded):
            transfers.accept(by=by, transfer=transfer, version=1, reason="Mine")
    analyst = viewer("region_analyst")
    with acting("region_analyst"), pytest.raises(ApprovalNeeded):
        transfers.accept(by=analyst, transfer=transfer, version=1, reason="Ours")
    stranger = viewer("other_analyst")
    with acting("other_analyst"), pytest.raises(NotFound):
        transfers.decline(by=stranger, transfer=transfer, version=1, reason="No")
    north = viewer("north")
    with acting("north"):
        with pytest.raises(StaleVersion):
            transfers.decline(by=north, transfer=transfer, version=7, reason="No")
        with pytest.raises(InvalidRecord):
            transfers.decline(by=north, transfer=transfer, version=1, reason=" ")
        with pytest.raises(NotOwner):
            transfers.take_back(by=north, transfer=transfer, version=1, reason="No")
        transfers.decline(by=north, transfer=transfer, version=1, reason="No capacity")
        assert CrimeGroup.objects.visible_to(north).get(pk=shared.pk).owner_id == (
            shared.owner_id
        )
    with acting("owner_analyst"):
        assert proposed(by, shared).pk != transfer.pk


def test_the_table_itself_wants_two_persons(
    acting: As, by: Viewer, shared: CrimeGroup
) -> None:
    with acting("owner_analyst"):
        transfer = proposed(by, shared)
    with acting_as(system("test")), transaction.atomic():
        row = Transfer.objects.get(pk=transfer.pk)
        row.state, row.decided_at = "accepted", row.created_at
        row.decided_by_id = row.created_by_id
        with pytest.raises(IntegrityError, match="two_persons"), transaction.atomic():
            row.save()


@pytest.mark.parametrize("step", ["propose", "accept"])
def test_without_the_audit_nothing_changes(
    acting: As,
    viewer: Find,
    by: Viewer,
    shared: CrimeGroup,
    broken_audit: Callable[[], None],
    step: str,
) -> None:
    take: Any = partial(proposed, group=shared)
    if step == "accept":
        with acting("owner_analyst"):
            transfer = proposed(by, shared)
        take = partial(transfers.accept, transfer=transfer, version=1, reason="Yes")
    who = "north" if step == "accept" else "owner_analyst"
    asker = viewer(who)
    broken_audit()
    with acting(who):
        with pytest.raises(RuntimeError), transaction.atomic():
            take(by=asker)
        assert CrimeGroup.objects.visible_to(asker).get().owner_id == shared.owner_id
        pending = Transfer.objects.visible_to(asker).pending()
        assert pending.count() == (1 if step == "accept" else 0)


def test_pages_lead_from_the_proposal_to_the_new_owner(
    client_as: SignIn, shared: CrimeGroup, monkeypatch: pytest.MonkeyPatch
) -> None:
    def url(name: str, *args: Any) -> str:
        return reverse(f"groups:{name}", args=[shared.public_id, *args])

    owner = client_as("owner_analyst")
    assert url("transfer") in owner.get(url("detail")).text
    wrong = owner.post(
        url("transfer"), {"receiver": "northumbria", "sharing": "as_now"}
    )
    assert wrong.status_code == 200
    assert "Why it is handed over must be filled in" in wrong.text
    typed = {"receiver": "northumbria", "sharing": "as_now", "reason": "They moved"}
    assert owner.post(url("transfer"), typed).status_code == 302
    told = owner.get(url("detail")).text
    assert "They moved" in told
    assert url("transfer") + '"' not in told
    assert "Transfers that wait" in owner.get("/").text
    waiting = owner.get("/transfers/?way=out")
    assert waiting.context["count"] == 1
    assert "</strong> group proposed by your organisation" in waiting.text
    assert "Take back" in waiting.text
    north = client_as("north")
    incoming = north.get("/transfers/")
    [row] = incoming.context["rows"]
    accept = row[-1]["links"][0]["url"]
    assert north.get(accept).status_code == 200
    assert owner.get(accept).status_code == 403
    with monkeypatch.context() as later:
        later.setattr("accounts.step_up.FRESH_SECONDS", -1)
        assert north.get(accept)["Location"].startswith("/accounts/confirm/?next=")
        assert north.post(accept, {"reason": "x", "version": "1"}).status_code == 401
    done = north.post(accept, {"reason": "Agreed", "version": "1"})
    assert done.status_code == 302
    assert "Northumbria" in north.get(done["Location"]).text
    assert "Agreed" in north.get(url("history")).text
    none = north.get("/transfers/")
    assert none.context["count"] == 0
    assert "</strong> groups handed to your organisation" in none.text
    again = north.post(accept, {"reason": "Agreed", "version": "2"})
    assert again.status_code == 200
    assert "accepted already" in again.text
    assert north.get("/transfers/?way=sideways").status_code == 400


def test_take_back_page(
    client_as: SignIn, acting: As, by: Viewer, shared: CrimeGroup
) -> None:
    with acting("owner_analyst"):
        transfer = proposed(by, shared)
    owner = client_as("owner_analyst")
    address = reverse(
        "groups:take_back_transfer", args=[shared.public_id, transfer.public_id]
    )
    assert owner.post(address, {"reason": "Slip", "version": "1"}).status_code == 302
    assert owner.get("/transfers/?way=out").context["count"] == 0


def test_compartment_that_no_supervisor_of_the_receiver_holds(
    acting: As, viewer: Find, grant: Callable[[str, str], None]
) -> None:
    grant("owner_analyst", "corruption")
    by = viewer("owner_analyst")
    with acting_as(system("test")):
        tag = Tag.objects.get(code="compartment:corruption")
        assert not TagHolder.objects.filter(tag=tag, user__isnull=True).exists()
    with acting("owner_analyst"):
        group = CrimeGroupFactory(by=by, sharing="region", compartments=[tag.pk])
        with pytest.raises(InvalidRecord) as caught:
            proposed(by, group)
    assert "No supervisor of" in caught.value.message


def test_a_second_proposal_under_another_label_finds_another_owner(
    acting: As, viewer: Find, by: Viewer, shared: CrimeGroup
) -> None:
    """Whoever cannot see a transfer that waits is not told of it, and may propose."""
    with acting("owner_analyst"):
        first = proposed(by, shared)
    with acting_as(system("test")), transaction.atomic():
        organisation_only = Tag.objects.get(code="org:northumbria")
        first = Transfer.objects.get(pk=first.pk)
        first.access_class_id = intern(
            Label(first.access_class.label.requires | {organisation_only.pk}, 2)
        )
        first.save()
    with acting("owner_analyst"):
        assert not Transfer.objects.visible_to(by).exists()
        second = proposed(by, shared)
    north = viewer("north")
    with acting("north"):
        transfers.accept(by=north, transfer=first, version=2, reason="Agreed")
        with pytest.raises(InvalidTransition, match="another owner"):
            transfers.accept(by=north, transfer=second, version=1, reason="Again")
        transfers.decline(by=north, transfer=second, version=1, reason="Ours already")
