"""Two groups become one by a pointer, and two again; every refusal names its rule."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.exceptions import NotOwner
from accounts.models import Tag
from accounts.visibility import Viewer
from groups.actions import aliases, facts, groups, links, merging, transfers
from groups.actions.states import change_state
from groups.exceptions import InvalidRecord, MergedAway
from groups.models import CrimeGroup, GroupAlias, GroupLink
from ocgmap.common.acting import acting_as
from ocgmap.common.errors import InvalidTransition, NotFound, StaleVersion
from ocgmap.common.scope import system
from tests.cast import As
from tests.factories.groups import CrimeGroupFactory, organisation

pytestmark = pytest.mark.django_db

Audited = Callable[[str], list[tuple[str, list[int], str]]]
Find = Callable[[str], Viewer]
SignIn = Callable[[str], Client]
WHY = "Surveillance shows one group"


@pytest.fixture
def survivor(acting: As, by: Viewer) -> CrimeGroup:
    with acting("owner_analyst"):
        return CrimeGroupFactory(by=by, name="Harbour crew")


@pytest.fixture
def alias(acting: As, by: Viewer, group: CrimeGroup) -> GroupAlias:
    with acting("owner_analyst"):
        return aliases.add(by=by, group=group, name="Quay lads")


def merged(by: Viewer, group: CrimeGroup, into: CrimeGroup, **more: Any) -> CrimeGroup:
    given = {"version": group.version, "reason": WHY, **more}
    return merging.merge(by=by, group=group, into=into, **given)


def test_a_merge_is_one_pointer_and_a_split_takes_it_back(
    acting: As,
    by: Viewer,
    group: CrimeGroup,
    survivor: CrimeGroup,
    alias: GroupAlias,
    audited: Audited,
) -> None:
    with acting("owner_analyst"):
        now = merged(by, group, survivor)
        assert (now.merged_into_id, now.version) == (survivor.pk, group.version + 1)
        assert now.access_class_id == group.access_class_id
        kept = GroupAlias.objects.visible_to(by).get()
        assert (kept.group_id, kept.version) == (group.pk, alias.version)
        untouched = CrimeGroup.objects.visible_to(by).get(pk=survivor.pk)
        assert untouched.version == survivor.version
        alone = merging.split(by=by, group=now, version=now.version, reason="A slip")
        assert alone.merged_into_id is None
        assert aliases.add(by=by, group=alone, name="Once more")
    ids = sorted([group.pk, survivor.pk])
    assert audited("groups.CrimeGroup") == [
        ("combination", ids, WHY),
        ("combination", ids, "A slip"),
    ]


def test_refusals_of_a_merge(
    acting: As,
    viewer: Find,
    by: Viewer,
    group: CrimeGroup,
    survivor: CrimeGroup,
    hidden: CrimeGroup,
) -> None:
    lead = viewer("rocu_lead")
    with acting("rocu_lead"):
        regional = CrimeGroupFactory(
            by=lead, owner=organisation("nerocu"), sharing="region"
        )
    with acting("owner_analyst"):
        for about, into, more, error, field in [
            (group, group, {}, InvalidRecord, "into"),
            (group, regional, {}, InvalidRecord, "into"),
            (group, survivor, {"reason": " "}, InvalidRecord, "reason"),
            (group, survivor, {"version": 9}, StaleVersion, None),
            (group, hidden, {}, NotFound, None),
            (hidden, group, {}, NotFound, None),
            (regional, group, {}, NotOwner, None),
        ]:
            with pytest.raises(error) as caught:
                merged(by, about, into, **more)
            assert caught.value.field == field
        with pytest.raises(InvalidTransition, match="merged into no other"):
            merging.split(by=by, group=group, version=1, reason="Why not")
        transfers.propose(
            by=by, group=group, receiver=organisation("nerocu"), reason="Theirs"
        )
        with pytest.raises(InvalidTransition, match="transfer"):
            merged(by, group, survivor)
    with acting_as(system("test")):
        CrimeGroup.objects.filter(pk=survivor.pk).update(record_state="mapped")
    with acting("owner_analyst"):
        survivor = CrimeGroup.objects.visible_to(by).get(pk=survivor.pk)
        with pytest.raises(InvalidTransition, match="mapped and active"):
            merged(by, survivor, group)


def test_a_merged_group_is_read_only(
    acting: As,
    by: Viewer,
    group: CrimeGroup,
    survivor: CrimeGroup,
    alias: GroupAlias,
) -> None:
    with acting("owner_analyst"):
        third = CrimeGroupFactory(by=by)
        now = merged(by, group, survivor)
        version = now.version
        fact = GroupAlias.objects.visible_to(by).get()
        steps: list[Callable[[], Any]] = [
            lambda: groups.edit(by=by, group=now, version=version, name="Other"),
            lambda: aliases.add(by=by, group=now, name="Other"),
            lambda: facts.withdraw(by=by, fact=fact, version=1, reason="Slip"),
            lambda: links.link_groups(by=by, a=third, b=now, kind="supply"),
            lambda: merged(by, now, third),
            lambda: merged(by, third, now),
            lambda: change_state(
                by=by,
                group=now,
                version=version,
                record_state="submitted",
                reason="Ready",
            ),
        ]
        for step in steps:
            with pytest.raises(MergedAway, match="split it off again"):
                step()
        assert not GroupLink.objects.visible_to(by).exists()


def test_what_was_merged_before_goes_on_unseen(
    acting: As,
    viewer: Find,
    by: Viewer,
    group: CrimeGroup,
    survivor: CrimeGroup,
    grant: Callable[[str, str], None],
) -> None:
    grant("owner_supervisor", "corruption")
    boss = viewer("owner_supervisor")
    with acting_as(system("test")):
        tag = Tag.objects.get(code="compartment:corruption")
    with acting("owner_supervisor"):
        secret = CrimeGroupFactory(by=boss, compartments=[tag.pk])
        merged(boss, secret, group)
    with acting("owner_analyst"):
        page_before = CrimeGroup.objects.visible_to(by).get(pk=survivor.pk)
        merged(by, group, survivor)
    with acting("owner_supervisor"):
        moved = CrimeGroup.objects.visible_to(boss).get(pk=secret.pk)
        assert moved.merged_into_id == survivor.pk
    assert page_before.version == survivor.version


def test_the_database_keeps_one_level(
    acting: As, by: Viewer, group: CrimeGroup, survivor: CrimeGroup
) -> None:
    with acting("owner_analyst"):
        third = CrimeGroupFactory(by=by)
        merged(by, group, survivor)
    with acting_as(system("test")):
        for into in (group, third):
            with pytest.raises(IntegrityError), transaction.atomic():
                CrimeGroup.objects.filter(pk=third.pk).update(merged_into=into)


def url(name: str, *groups_of: CrimeGroup) -> str:
    return reverse(f"groups:{name}", args=[one.public_id for one in groups_of])


def test_pages_choose_preview_merge_and_split(
    client_as: SignIn, group: CrimeGroup, survivor: CrimeGroup, alias: GroupAlias
) -> None:
    client = client_as("owner_analyst")
    assert url("merge", group) in client.get(url("detail", group)).text
    assert "Reference of the group" in client.get(url("merge", group)).text
    wrong = client.get(url("merge", group), {"into": "G-0000"})
    assert wrong.status_code == 400
    chosen = client.get(url("merge", group), {"into": survivor.reference})
    assert chosen["Location"] == url("merge_into", group, survivor)
    page = client.get(chosen["Location"]).text
    assert "Harbour crew afterwards" in page
    assert "stays there" in page
    sent = {"version": 1, "reason": WHY}
    assert client.post(chosen["Location"], sent).status_code == 302
    kept = client.get(url("detail", survivor)).text
    for text in (
        "Merged into this group",
        WHY,
        "Quay lads",
        "recorded under Fictional",
    ):
        assert text in kept
    away = client.get(url("detail", group)).text
    assert f'Merged into <a class="govuk-link" href="{url("detail", survivor)}"' in away
    assert WHY in away
    assert url("edit", group) not in away
    refused = client.get(url("edit", group))
    assert refused.status_code == 403
    assert "merged into another record" in refused.text
    split = url("split_off", group)
    assert split in away
    assert "Fictional group afterwards" in client.get(split).text
    assert client.post(split, {"version": 2, "reason": "A slip"}).status_code == 302
    assert "Merged into this group" not in client.get(url("detail", survivor)).text
    assert client.get(split).status_code == 409


@pytest.mark.leak
def test_who_may_not_see_the_merged_group_sees_no_trace(
    acting: As,
    viewer: Find,
    by: Viewer,
    client_as: SignIn,
) -> None:
    with acting("owner_analyst"):
        shared = CrimeGroupFactory(by=by, name="Harbour crew", sharing="region")
        own = CrimeGroupFactory(by=by, name="Unseen yard", sharing="organisation")
        aliases.add(by=by, group=own, name="Quay lads")
    lead = client_as("rocu_lead")
    pages = ["detail", "people", "activity", "group_network", "history"]
    before = [lead.get(url(name, shared)).text for name in pages]
    with acting("owner_analyst"):
        merged(by, own, shared)
    for name, text in zip(pages, before, strict=True):
        now = lead.get(url(name, shared)).text
        assert len(now) == len(text), name
        assert "Unseen yard" not in now
    assert lead.get(url("merge_into", shared, own)).status_code == 404
    assert lead.get(url("split_off", own)).status_code == 404
