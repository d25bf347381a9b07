"""A group that is its owner's alone: noted at once, kept so by two, open again by itself."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.actions import labels
from accounts.models import AuditEvent, Tag, TagHolder
from accounts.models.access_class import TagKind
from accounts.roles import Role
from accounts.visibility import Label, Viewer
from groups.exceptions import ApprovalNeeded
from groups.models import CrimeGroup
from intelligence.actions import own_only, sharing
from intelligence.exceptions import SweepFailed
from intelligence.models import SharingChange
from intelligence.models.sharing_change import SharingState, SharingStep
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.cast import As, MakeUser
from tests.factories.groups import CrimeGroupFactory

pytestmark = pytest.mark.django_db

Find = Callable[[str], Viewer]
SignIn = Callable[[str], Client]
DAY = datetime.timedelta(days=1)
WHY = "A source is at risk"


@pytest.fixture
def group(acting: As, by: Viewer) -> CrimeGroup:
    """A group of Durham's that its region's unit and the NCA see."""
    with acting("owner_analyst"):
        return CrimeGroupFactory(by=by, name="Fictional group")


@pytest.fixture
def boss(viewer: Find) -> Viewer:
    return viewer("owner_supervisor")


@pytest.fixture
def second(make_user: MakeUser, viewer: Find) -> Viewer:
    """Another supervisor of Durham's."""
    make_user("second_supervisor", role=Role.FORCE_SUPERVISOR)
    return viewer("second_supervisor")


def changed(
    by: Viewer, record: CrimeGroup, to: str = "organisation", **more: Any
) -> SharingChange:
    record.refresh_from_db()
    found = sharing.change(
        by=by,
        record=record,
        version=record.version,
        sharing=to,
        **{"reason": WHY, **more},
    )
    assert found is not None
    return found


def approved(by: Viewer, change: SharingChange, why: str = "Agreed") -> SharingChange:
    change.refresh_from_db()
    return sharing.approve(by=by, change=change, version=change.version, reason=why)


def swept(on: datetime.date) -> int:
    with acting_as(system("test")):
        return own_only.sweep(on)


def nca_sees(acting: As, viewer: Find, group: CrimeGroup) -> bool:
    officer = viewer("nca_officer")
    with acting("nca_officer"):
        return CrimeGroup.objects.visible_to(officer).filter(pk=group.pk).exists()


def noted_of(group: CrimeGroup) -> SharingChange:
    with acting_as(system("test")):
        return SharingChange.objects.own_only().get(group=group)


def audited_of(change: SharingChange) -> AuditEvent:
    with acting_as(system("test")):
        rows = AuditEvent.objects.filter(object_type="intelligence.SharingChange")
        return rows.filter(object_ids=[change.pk]).latest("id")


def test_who_recorded_it_so_never_approves_that_it_stays_so(
    acting: As, boss: Viewer, second: Viewer
) -> None:
    with acting("owner_supervisor"):
        made = CrimeGroupFactory(by=boss, sharing="organisation", sharing_reason=WHY)
        noted = SharingChange.objects.visible_to(boss).get()
        assert (noted.created_by_id, noted.reason) == (boss.user_id, WHY)
        assert noted.until_on == timezone.localdate() + own_only.UNAPPROVED
        assert noted.access_class_id == made.access_class_id
        with pytest.raises(ApprovalNeeded):
            approved(boss, noted)
    row = audited_of(noted)
    assert (row.kind, row.actor_id, row.reason) == ("collection", boss.user_id, WHY)
    assert row.detail == {"group": made.pk, "until": str(noted.until_on)}
    assert swept(timezone.localdate()) == 0
    with acting("second_supervisor"):
        kept = approved(second, noted)
        assert kept.until_on == timezone.localdate() + own_only.APPROVED
    with acting("owner_supervisor"), pytest.raises(ApprovalNeeded):
        approved(boss, kept)


@pytest.mark.parametrize("way", ["recorded", "narrowed"])
def test_the_sweep_notes_who_made_it_so(
    way: str, acting: As, boss: Viewer, second: Viewer, group: CrimeGroup
) -> None:
    """As for groups from before the database noted them."""
    with acting("owner_supervisor"):
        if way == "narrowed":
            changed(boss, group)
        else:
            group = CrimeGroupFactory(by=boss, sharing="organisation")
    with acting_as(system("test")):
        SharingChange.objects.all().delete()
    assert swept(timezone.localdate()) == 0
    assert swept(timezone.localdate()) == 0
    noted = noted_of(group)
    assert noted.created_by_id == boss.user_id
    assert noted.reason == (WHY if way == "narrowed" else "Recorded so.")
    with acting("owner_supervisor"), pytest.raises(ApprovalNeeded):
        approved(boss, noted)


def test_where_nobody_knows_who_made_it_so_nobody_keeps_it_so(
    acting: As, viewer: Find, boss: Viewer, client_as: SignIn, group: CrimeGroup
) -> None:
    with acting_as(system("test")):
        own = Tag.objects.get(code="org:durham")
        usual = group.access_class_id
        label = labels.labels_of([usual])[usual]
        hidden = labels.intern(Label(frozenset({own.pk}), label.marking))
        group.access_class_id = hidden
        group.save(update_fields=["access_class"])
    noted = noted_of(group)
    assert (noted.created_by_id, noted.reason) == (None, "Recorded so.")
    assert noted.to_class_id == usual
    page = reverse("intelligence:sharing", args=["groups", group.public_id])
    shown = client_as("owner_supervisor").get(page).text
    assert "/decline/" in shown
    assert "/approve/" not in shown
    with acting("owner_supervisor"):
        with pytest.raises(ApprovalNeeded):
            approved(boss, noted)
        sharing.decline(by=boss, change=noted, version=1, reason="No need")
    assert nca_sees(acting, viewer, group)


def test_it_opens_on_its_day(
    acting: As, viewer: Find, by: Viewer, boss: Viewer, group: CrimeGroup
) -> None:
    with acting("owner_analyst"):
        noted = changed(by, group)
    assert noted.until_on is not None
    assert swept(noted.until_on - DAY) == 0
    assert not nca_sees(acting, viewer, group)
    with acting("owner_supervisor"):
        kept = approved(boss, noted, "Still at risk")
        assert kept.until_on == timezone.localdate() + own_only.APPROVED
        again = approved(boss, kept, "Still")
    assert again.until_on is not None
    assert swept(noted.until_on) == 0
    assert swept(again.until_on) == 1
    assert swept(again.until_on) == 0
    assert nca_sees(acting, viewer, group)
    with acting_as(system("test")):
        again.refresh_from_db()
    assert again.state == SharingState.ENDED
    assert audited_of(again).reason == own_only.OVER


def test_what_opened_by_itself_is_not_hidden_again_by_one_person(
    acting: As, viewer: Find, by: Viewer, boss: Viewer, group: CrimeGroup
) -> None:
    with acting("owner_analyst"):
        noted = changed(by, group)
    assert noted.until_on is not None
    assert swept(noted.until_on) == 1
    with acting("owner_analyst"):
        proposal = changed(by, group)
        assert (proposal.step, proposal.state) == (SharingStep.AGAIN, "proposed")
        with pytest.raises(ApprovalNeeded):
            approved(by, proposal)
    assert nca_sees(acting, viewer, group)
    with acting("owner_supervisor"):
        done = approved(boss, proposal, "It is")
        assert (done.step, done.state) == (SharingStep.OWN_ONLY, "approved")
        assert done.until_on == timezone.localdate() + own_only.APPROVED
    assert not nca_sees(acting, viewer, group)
    assert noted_of(group) == done
    assert swept(done.until_on - DAY) == 0
    assert swept(done.until_on) == 1
    assert nca_sees(acting, viewer, group)


def test_what_was_declined_is_not_hidden_again_by_one_person(
    acting: As, viewer: Find, by: Viewer, boss: Viewer, group: CrimeGroup
) -> None:
    with acting("owner_analyst"):
        noted = changed(by, group)
    with acting("owner_supervisor"):
        kept = approved(boss, noted)
        done = sharing.decline(
            by=boss, change=kept, version=kept.version, reason="No need"
        )
        assert done.until_on == timezone.localdate()
    with acting("owner_analyst"):
        proposal = changed(by, group)
        assert proposal.step == SharingStep.AGAIN
        sharing.take_back(by=by, change=proposal, version=1, reason="Not needed")
    assert nca_sees(acting, viewer, group)
    with acting_as(system("test")):
        long_ago = timezone.localdate() - own_only.LATELY
        SharingChange.objects.filter(pk=done.pk).update(until_on=long_ago)
    with acting("owner_analyst"):
        assert changed(by, group).step == SharingStep.OWN_ONLY
    assert not nca_sees(acting, viewer, group)


def test_an_approval_meanwhile_stands(
    acting: As,
    viewer: Find,
    by: Viewer,
    boss: Viewer,
    group: CrimeGroup,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with acting("owner_analyst"):
        noted = changed(by, group)
    real = own_only._end

    def end(*args: Any) -> bool:
        with acting("owner_supervisor"):
            approved(boss, noted)
        return real(*args)

    monkeypatch.setattr(own_only, "_end", end)
    assert noted.until_on is not None
    assert swept(noted.until_on) == 0
    assert not nca_sees(acting, viewer, group)


def test_the_group_is_locked_before_its_change(
    acting: As, by: Viewer, group: CrimeGroup
) -> None:
    with acting("owner_analyst"):
        noted = changed(by, group)
    assert noted.until_on is not None
    with CaptureQueriesContext(connection) as done:
        assert swept(noted.until_on) == 1
    locks = [one["sql"] for one in done.captured_queries if "FOR NO KEY" in one["sql"]]
    tables = [sql.partition(" FROM ")[2].split(" ")[0] for sql in locks]
    assert tables == ['"groups_crimegroup"', '"intelligence_sharingchange"']


def test_one_bad_group_does_not_keep_the_others_hidden(
    acting: As,
    viewer: Find,
    by: Viewer,
    group: CrimeGroup,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with acting("owner_analyst"):
        other = CrimeGroupFactory(by=by)
        noted = changed(by, group)
        changed(by, other)
    real = own_only.usual_class

    def usual(record: CrimeGroup) -> int | None:
        if record.pk == group.pk:
            raise ZeroDivisionError
        return real(record)

    monkeypatch.setattr(own_only, "usual_class", usual)
    assert noted.until_on is not None
    with pytest.raises(SweepFailed) as failed:
        swept(noted.until_on)
    assert failed.value.groups == [group.pk]
    assert nca_sees(acting, viewer, other)
    assert not nca_sees(acting, viewer, group)
    assert noted_of(group).state == SharingState.PROPOSED


def test_opening_ends_what_who_opens_does_not_see(
    acting: As,
    viewer: Find,
    make_user: MakeUser,
    boss: Viewer,
    second: Viewer,
    group: CrimeGroup,
) -> None:
    with acting_as(system("test")):
        cell = Tag.objects.create(
            code="compartment:cell", name="Cell", kind=TagKind.COMPARTMENT
        )
        for who in ("owner_analyst", "second_supervisor"):
            TagHolder.objects.create(tag=cell, user=make_user(who))
    by, holder = viewer("owner_analyst"), viewer("second_supervisor")
    with acting("owner_analyst"):
        noted = changed(by, group, compartments=[cell.pk])
        out_of_cell = changed(by, group, compartments=[])
    with acting("second_supervisor"):
        approved(holder, out_of_cell)
    assert noted_of(group) == noted
    with acting("owner_analyst"):
        opening = changed(by, group, "force")
    with acting("owner_supervisor"):
        assert not SharingChange.objects.visible_to(boss).own_only().exists()
        approved(boss, opening, "No risk now")
    with acting_as(system("test")):
        assert not SharingChange.objects.own_only().exists()
        noted.refresh_from_db()
    assert noted.state == SharingState.ENDED
    assert noted.until_on == timezone.localdate()
    row = audited_of(noted)
    assert (row.kind, row.reason, row.actor_id) == (
        "alteration",
        "No risk now",
        boss.user_id,
    )
    assert row.detail == {"group": group.pk, "state": "ended"}


def test_a_former_time_does_not_end_a_later_one(
    acting: As, viewer: Find, by: Viewer, group: CrimeGroup
) -> None:
    """As where an older version left a time running that was over."""
    with acting("owner_analyst"):
        noted = changed(by, group)
    today = timezone.localdate()
    with acting_as(system("test")):
        stale = SharingChange.objects.get(pk=noted.pk)
        stale.pk = None
        stale._state.adding = True
        stale.public_id = SharingChange._meta.get_field("public_id").get_default()
        stale.until_on = today
        stale.save()
    assert swept(today) == 0
    assert not nca_sees(acting, viewer, group)
    assert noted_of(group) == noted


def test_who_could_not_see_it_afterwards_is_told_before_they_type(
    acting: As, client_as: SignIn, by: Viewer, group: CrimeGroup
) -> None:
    with acting("owner_analyst"):
        noted = changed(by, group)
    assert noted.until_on is not None
    assert swept(noted.until_on) == 1
    with acting("owner_analyst"):
        proposal = changed(by, group)
    here = ["groups", group.public_id, proposal.public_id]
    page = reverse("intelligence:approve_sharing", args=here)
    lead = client_as("rocu_lead")
    assert "You could not see the record afterwards" in lead.get(page, follow=True).text
    answer = lead.post(page, {"version": 1, "reason": "Typed with care"})
    assert answer.status_code == 200
    assert "You could not see the record afterwards" in answer.text
    assert "Typed with care" in answer.text
    shown = client_as("owner_supervisor").get(page)
    assert shown.status_code == 200
    assert "My organisation only, again" in shown.text
