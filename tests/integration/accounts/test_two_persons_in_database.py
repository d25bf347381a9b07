"""The database holds two persons to their own names, whatever the web would write."""

import datetime
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction
from django.utils import timezone

from accounts.access import viewer_of
from accounts.actions import compartments
from accounts.exceptions import InvalidMembership
from accounts.models import (
    LargeExport,
    MembershipProposal,
    Subject,
    Tag,
    TagHolder,
    User,
)
from accounts.roles import Role
from accounts.visibility import Viewer
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.cast import As, MakeUser
from tests.integration.accounts.test_compartments import apply, cell, proposed

__all__ = ["cell"]
pytestmark = pytest.mark.django_db

Find = Callable[[str], Viewer]


@contextmanager
def refused() -> Iterator[None]:
    """The database refuses what the block does."""
    with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
        yield


def decided(pk: int, by: User | Viewer) -> None:
    """Write as the web can that someone approved a proposal."""
    user_id = by.pk if isinstance(by, User) else by.user_id
    MembershipProposal.objects.filter(pk=pk).update(
        state="approved", decided_at=timezone.now(), decided_by_id=user_id
    )


def test_no_proposal_is_written_in_anothers_name_or_decided_at_once(
    cell: Tag, acting: As, make_user: MakeUser
) -> None:
    boss, second = make_user("owner_supervisor"), make_user("second_supervisor")
    given: dict[str, Any] = {
        "tag": cell,
        "step": "add",
        "user": make_user("nca_officer"),
        "until_on": timezone.localdate() + datetime.timedelta(days=9),
        "reason": "x",
    }
    done = {
        "state": "approved",
        "decided_by": boss,
        "decided_at": timezone.now(),
        "proposed_by": second,
    }
    with acting("owner_supervisor"):
        for more in (done, {"proposed_by": second}):
            with refused():
                MembershipProposal(**given, **more).save(force_insert=True)
        MembershipProposal(**given, proposed_by=boss).save(force_insert=True)


def test_nobody_decides_in_anothers_name(
    cell: Tag, acting: As, viewer: Find, make_user: MakeUser
) -> None:
    boss, officer = viewer("owner_supervisor"), make_user("nca_officer")
    with acting("owner_supervisor"):
        proposal = proposed(boss, cell, officer)
        with refused():
            decided(proposal.pk, make_user("second_supervisor"))
    assert cell.pk not in viewer("nca_officer").tags


def test_what_was_approved_is_applied_once(
    cell: Tag, acting: As, viewer: Find, make_user: MakeUser
) -> None:
    boss, second = viewer("owner_supervisor"), viewer("second_supervisor")
    officer = make_user("nca_officer")
    with acting("owner_supervisor"):
        into = proposed(boss, cell, officer)
    with acting("second_supervisor"):
        compartments.approve(by=second, proposal=into)
        out = proposed(second, cell, officer, "remove")
    with acting("owner_supervisor"):
        compartments.approve(by=boss, proposal=out)
    assert cell.pk not in viewer("nca_officer").tags
    with acting("second_supervisor"):
        with refused():
            apply(into.pk)
        decided(into.pk, second)  # there is no such row to decide on any more
        with refused():
            apply(into.pk)
    assert cell.pk not in viewer("nca_officer").tags


@pytest.mark.parametrize("who", ["analyst of the owner", "supervisor elsewhere"])
def test_the_function_asks_for_the_right_and_the_owner(
    cell: Tag, acting: As, viewer: Find, make_user: MakeUser, who: str
) -> None:
    name, place, role = {
        "analyst of the owner": ("owner_analyst", "durham", Role.FORCE_ANALYST),
        "supervisor elsewhere": ("north_boss", "northumbria", Role.FORCE_SUPERVISOR),
    }[who]
    holder = make_user(name, place, role)
    with acting_as(system("test")):
        TagHolder.objects.create(tag=cell, user=holder)
    boss, officer = viewer("owner_supervisor"), make_user("nca_officer")
    with acting("owner_supervisor"):
        proposal = proposed(boss, cell, officer)
    with acting(name):
        decided(proposal.pk, holder)
        with refused():
            apply(proposal.pk)
    assert cell.pk not in viewer("nca_officer").tags


def test_a_proposal_whose_day_has_come_takes_nobody_out(
    cell: Tag, acting: As, viewer: Find, make_user: MakeUser
) -> None:
    officer = make_user("nca_officer")
    boss, second = viewer("owner_supervisor"), viewer("second_supervisor")
    with acting_as(system("test")):
        TagHolder.objects.create(tag=cell, user=officer)
    with acting("owner_supervisor"):
        stale = proposed(boss, cell, officer)
    with acting_as(system("test")):
        MembershipProposal.objects.filter(pk=stale.pk).update(
            until_on=timezone.localdate()
        )
        stale.refresh_from_db()
    with acting("second_supervisor"):
        with pytest.raises(InvalidMembership, match="has come"):
            compartments.approve(by=second, proposal=stale)
        decided(stale.pk, second)
        with refused():
            apply(stale.pk)
    assert cell.pk in viewer("nca_officer").tags


def test_whom_it_is_about_is_registered_in_ones_own_name(
    cell: Tag, acting: As, make_user: MakeUser
) -> None:
    boss, second = make_user("owner_supervisor"), make_user("second_supervisor")
    subject = make_user("nca_officer")
    with acting("owner_supervisor"):
        made = Subject(tag=cell, user=subject, reason="x", registered_by=second)
        with refused():
            made.save(force_insert=True)
        made.registered_by = boss
        made.save(force_insert=True)


def test_a_long_list_is_asked_for_and_let_out_in_ones_own_name(
    acting: As, make_user: MakeUser
) -> None:
    make_user("second_supervisor", role=Role.FORCE_SUPERVISOR)
    boss, second = make_user("owner_supervisor"), make_user("second_supervisor")
    given = {
        "organisation_id": boss.organisation_id,
        "list_id": uuid.UUID(int=7),
        "lines": 900,
        "reason": "x",
    }
    approved = {"state": "approved", "decided_at": timezone.now()}
    with acting("owner_supervisor"):
        for more in (
            {"user": second},
            {"user": second, "decided_by": boss, **approved},
            {"user": boss, "decided_by": second, **approved},
        ):
            with refused():
                LargeExport(**given, **more).save(force_insert=True)
        own = LargeExport(**given, user=boss)
        own.save(force_insert=True)
        rows = LargeExport.objects.filter(pk=own.pk)
        with refused():
            rows.update(**approved, decided_by=second)
    with acting("second_supervisor"):
        assert rows.update(**approved, decided_by=second) == 1


def test_whom_a_compartment_is_about_is_told_to_its_holders_alone(
    cell: Tag, acting: As, viewer: Find, make_user: MakeUser
) -> None:
    subject = make_user("nca_officer")
    with acting_as(system("test")):
        TagHolder.objects.create(tag=cell, user=subject)
    boss = viewer("owner_supervisor")
    with acting("owner_supervisor"):
        compartments.register_subject(by=boss, tag=cell, user=subject, reason="It is")
        assert barred(subject) == [(subject.pk, cell.pk)]
    with acting("owner_analyst"):
        assert barred(subject) == []
    # Before anyone is known, and for oneself, it counts.
    assert cell.pk not in viewer("nca_officer").tags
    with acting("nca_officer"):
        assert cell.pk not in viewer_of(subject).tags


def barred(user: User) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute("select * from accounts_barred(%s::bigint[])", [[user.pk]])
        return cursor.fetchall()


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        pytest.param("2026-07-01 22:59:59+00", "2026-07-01", id="before midnight"),
        pytest.param("2026-07-01 23:00:00+00", "2026-07-02", id="after midnight"),
        pytest.param("2026-12-01 23:30:00+00", "2026-12-01", id="winter"),
    ],
)
def test_a_day_is_a_day_in_london(as_system: Any, moment: str, day: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select ocgmap_day(%s::timestamptz)::text", [moment])
        assert cursor.fetchone() == (day,)


def test_no_function_reckons_in_days_of_utc(as_system: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select proname from pg_proc where pronamespace = 'public'::regnamespace "
            "and prosrc ~* 'current_date'"
        )
        assert cursor.fetchall() == []
        cursor.execute("select count(*) from pg_proc where prosrc ~ 'ocgmap_day\\(\\)'")
        assert cursor.fetchone()[0] >= 3
