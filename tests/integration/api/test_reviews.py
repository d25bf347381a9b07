"""The records manager reviews records and sets legal holds by a program."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditEvent
from accounts.models.api_token import TokenScope
from groups.models import CrimeGroup
from intelligence.models import Report
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.integration.api.conftest import Caller, Shelf

pytestmark = pytest.mark.django_db

Shelves = Callable[..., Shelf]
CallAs = Callable[..., Caller]


@pytest.fixture
def manager(call_as: CallAs) -> Caller:
    return call_as("records_manager")


@pytest.fixture
def shelf(shelf_of: Shelves) -> Shelf:
    return shelf_of("owner_analyst", "durham")


def due(shelf: Shelf, days: int) -> None:
    day = timezone.localdate() + timedelta(days=days)
    with acting_as(system("test")):
        CrimeGroup.objects.filter(pk=shelf.group.pk).update(review_on=day)


def test_lists_show_what_the_page_shows(
    manager: Caller, shelf: Shelf, shelf_of: Shelves
) -> None:
    theirs = shelf_of("other_analyst", "west-yorkshire", sharing="all_forces")
    group = str(shelf.group.public_id)
    for days, shown in ((-1, "due"), (0, "soon"), (89, "soon"), (90, "")):
        due(shelf, days)
        due(theirs, days)
        for show in ("due", "soon", "held"):
            found = manager.ids(f"/group-reviews/?show={show}")
            assert found == ({group} if show == shown else set()), (days, show)
    assert manager.ids("/group-reviews/") == {group}
    assert manager.get("/group-reviews/?show=all").status_code == 400


@pytest.mark.parametrize(
    ("resource", "name"),
    [
        ("group-reviews", "group"),
        ("nominal-reviews", "nominal"),
        ("report-reviews", "report"),
    ],
)
def test_hold_is_set_and_taken_off(
    resource: str, name: str, manager: Caller, shelf: Shelf
) -> None:
    record = getattr(shelf, name)
    address = f"/{resource}/{record.public_id}/"
    row = manager.json(address)
    assert row["legal_hold"] is False
    body = {"version": row["version"], "reason": "R v Marlow", "is_held": True}
    done = manager.post(f"{address}hold/", body)
    assert (done.status_code, done.json()["legal_hold"]) == (200, True)
    assert str(record.public_id) in manager.ids(f"/{resource}/?show=held")
    stale = manager.post(f"{address}hold/", {**body, "is_held": False})
    assert stale.status_code == 412
    body["version"] = done.json()["version"]
    assert manager.post(f"{address}hold/", body).status_code == 409
    off = manager.post(f"{address}hold/", {**body, "is_held": False})
    assert (off.status_code, off.json()["legal_hold"]) == (200, False)
    with acting_as(system("test")):
        rows = AuditEvent.objects.filter(reason="R v Marlow", kind="alteration")
        told = [one.detail for one in rows.order_by("id")]
    assert told == [{"legal_hold": True}, {"legal_hold": False}]


def test_only_the_owners_records_manager(call_as: CallAs, shelf_of: Shelves) -> None:
    shelf = shelf_of("owner_analyst", "durham", sharing="all_forces")
    address = f"/report-reviews/{shelf.report.public_id}/"
    body = {"version": 1, "reason": "Mine", "is_held": True}
    for who in ("owner_supervisor", "other_records_manager"):
        caller = call_as(who)
        assert caller.get(address).status_code in {403, 404}
        assert caller.post(f"{address}hold/", body).status_code in {403, 404}
    assert call_as("owner_supervisor").get("/report-reviews/").status_code == 403
    other = [scope for scope in TokenScope if scope != TokenScope.RECORDS_REVIEW]
    unscoped = call_as("records_manager", other)
    assert unscoped.get("/report-reviews/").status_code == 403
    assert unscoped.post(f"{address}hold/", body).status_code == 403
    with acting_as(system("test")):
        assert not Report.objects.get(pk=shelf.report.pk).legal_hold
