"""Who may see a record is changed by reasoned acts: narrower at once, wider by two."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.actions.labels import labels_of
from accounts.models import AuditEvent, Tag, TagHolder
from accounts.models.access_class import TagKind
from accounts.roles import Role
from accounts.visibility import Viewer
from groups.actions import aliases
from groups.exceptions import AlreadyRecorded, ApprovalNeeded, InvalidRecord
from groups.models import CrimeGroup, GroupAlias
from intelligence.actions import own_only, sharing
from intelligence.models import SharingChange
from ocgmap.common.acting import acting_as
from ocgmap.common.errors import InvalidTransition, NotFound, StaleVersion
from ocgmap.common.scope import system
from tests.cast import As, MakeUser
from tests.factories.groups import CrimeGroupFactory, NominalFactory

pytestmark = pytest.mark.django_db

Find = Callable[[str], Viewer]
SignIn = Callable[[str], Client]


@pytest.fixture
def group(acting: As, by: Viewer) -> CrimeGroup:
    """A group of Durham's that its region's unit and the NCA see, with another name."""
    with acting("owner_analyst"):
        made = CrimeGroupFactory(by=by, name="Fictional group")
        aliases.add(by=by, group=made, name="Elms")
        return made


def changed(by: Viewer, record: Any, to: str, **more: Any) -> SharingChange | None:
    record.refresh_from_db()
    return sharing.change(
        by=by,
        record=record,
        version=record.version,
        sharing=to,
        **{"reason": "A source is at risk", **more},
    )


def sees(acting: As, viewer: Find, who: str, record: Any) -> bool:
    with acting(who):
        rows = type(record).objects.visible_to(viewer(who))
        return rows.filter(pk=record.pk).exists()


def test_narrower_sharing_stands_at_once_with_all_that_hangs_on_it(
    acting: As, viewer: Find, by: Viewer, group: CrimeGroup
) -> None:
    assert sees(acting, viewer, "nca_officer", group)
    with acting("owner_analyst"):
        noted = changed(by, group, "organisation")
        alias = GroupAlias.objects.visible_to(by).get()
        group.refresh_from_db()
        label = labels_of([alias.access_class_id])[alias.access_class_id]
        assert label.at_least(labels_of([group.access_class_id])[group.access_class_id])
    assert noted is not None
    assert noted.until_on == timezone.localdate() + own_only.UNAPPROVED
    for who in ("nca_officer", "rocu_lead"):
        assert not sees(acting, viewer, who, group)
        assert not sees(acting, viewer, who, alias)
        assert not sees(acting, viewer, who, noted)
    with acting_as(system("test")):
        row = AuditEvent.objects.filter(
            object_type="groups.CrimeGroup", kind="alteration"
        ).latest("id")
        assert (row.object_ids, row.reason) == ([group.pk], "A source is at risk")
        assert row.detail["class"] == group.access_class_id
        assert row.detail["from_class"] != group.access_class_id


def test_wider_sharing_takes_two(
    acting: As, viewer: Find, by: Viewer, group: CrimeGroup
) -> None:
    assert not sees(acting, viewer, "region_analyst", group)
    with acting("owner_analyst"):
        change = changed(by, group, "region")
        assert change is not None
        with pytest.raises(AlreadyRecorded):
            changed(by, group, "all_forces")
        with pytest.raises(ApprovalNeeded):
            sharing.approve(by=by, change=change, version=1, reason="Mine")
    assert not sees(acting, viewer, "region_analyst", group)
    boss = viewer("owner_supervisor")
    with acting("owner_supervisor"):
        with pytest.raises(InvalidRecord):
            sharing.approve(by=boss, change=change, version=1, reason=" ")
        with pytest.raises(StaleVersion):
            sharing.approve(by=boss, change=change, version=9, reason="Agreed")
        done = sharing.approve(by=boss, change=change, version=1, reason="Agreed")
        assert (done.state, done.decided_by_id) == ("approved", boss.user_id)
        with pytest.raises(InvalidTransition):
            sharing.decline(by=boss, change=done, version=done.version, reason="No")
    assert sees(acting, viewer, "region_analyst", group)
    with acting("region_analyst"):
        assert not GroupAlias.objects.visible_to(viewer("region_analyst")).exists()
        assert not SharingChange.objects.visible_to(viewer("region_analyst")).exists()


def test_a_supervisor_who_proposed_does_not_approve(
    acting: As, viewer: Find, group: CrimeGroup
) -> None:
    boss = viewer("owner_supervisor")
    with acting("owner_supervisor"):
        change = changed(boss, group, "region")
        assert change is not None
        with pytest.raises(ApprovalNeeded):
            sharing.approve(by=boss, change=change, version=1, reason="Agreed")


def test_what_changed_since_is_not_approved(
    acting: As, viewer: Find, by: Viewer, group: CrimeGroup
) -> None:
    with acting("owner_analyst"):
        change = changed(by, group, "all_forces")
        assert change is not None
        changed(by, group, "organisation")
    boss = viewer("owner_supervisor")
    with acting("owner_supervisor"):
        change.refresh_from_db()
        with pytest.raises(InvalidTransition):
            sharing.approve(
                by=boss, change=change, version=change.version, reason="Agreed"
            )
    assert not sees(acting, viewer, "nca_officer", group)


def test_a_proposal_with_a_compartment_is_for_those_who_hold_it(
    acting: As, viewer: Find, make_user: MakeUser, group: CrimeGroup
) -> None:
    with acting_as(system("test")):
        cell = Tag.objects.create(
            code="compartment:cell", name="Zqcell", kind=TagKind.COMPARTMENT
        )
        for who in ("owner_analyst", "owner_supervisor"):
            TagHolder.objects.create(tag=cell, user=make_user(who))
    by = viewer("owner_analyst")
    with acting("owner_analyst"):
        change = changed(by, group, "region", compartments=[cell.pk])
        assert change is not None
    make_user("second_supervisor", role=Role.FORCE_SUPERVISOR)
    for who in ("rocu_lead", "nca_officer", "second_supervisor"):
        assert sees(acting, viewer, who, group)
        assert not sees(acting, viewer, who, change)
    boss = viewer("owner_supervisor")
    with acting("owner_supervisor"):
        sharing.approve(by=boss, change=change, version=1, reason="Agreed")
    assert not sees(acting, viewer, "region_analyst", group)


def test_sending_up_takes_the_sight_from_the_author(
    acting: As, viewer: Find, by: Viewer, make_user: MakeUser, group: CrimeGroup
) -> None:
    make_user("other_analyst")
    with acting_as(system("test")):
        desk = Tag.objects.create(
            code="compartment:desk",
            name="Referral desk",
            kind=TagKind.COMPARTMENT,
            takes_referrals=True,
        )
        closed = Tag.objects.create(
            code="compartment:closed", name="Closed", kind=TagKind.COMPARTMENT
        )
        TagHolder.objects.create(tag=desk, user=make_user("owner_supervisor"))
    with acting("owner_analyst"):
        group.refresh_from_db()
        now = group.version
        with pytest.raises(InvalidRecord):
            sharing.send_up(
                by=by, record=group, version=now, desk=closed, reason="Officer named"
            )
        sharing.send_up(
            by=by, record=group, version=now, desk=desk, reason="Officer named"
        )
    assert not sees(acting, viewer, "owner_analyst", group)
    assert sees(acting, viewer, "owner_supervisor", group)
    other = viewer("other_analyst")
    with acting("other_analyst"), pytest.raises(NotFound):
        sharing.send_up(by=other, record=group, version=1, desk=desk, reason="Mine")
    with acting_as(system("test")):
        row = AuditEvent.objects.filter(object_type="groups.CrimeGroup").latest("id")
        assert row.detail == {"sent_up_to": desk.pk}


def test_a_person_is_shared_by_the_same_acts(
    acting: As, viewer: Find, by: Viewer
) -> None:
    with acting("owner_analyst"):
        person = NominalFactory(by=by)
        assert changed(by, person, "organisation") is None
    assert not sees(acting, viewer, "nca_officer", person)
    with acting("owner_analyst"):
        change = changed(by, person, "force")
    assert change is not None
    boss = viewer("owner_supervisor")
    with acting("owner_supervisor"):
        sharing.approve(by=boss, change=change, version=1, reason="Agreed")
    assert sees(acting, viewer, "nca_officer", person)
