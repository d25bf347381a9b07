"""Cast by resource: which rows each reader gets, and that hidden is absent."""

import uuid
from collections.abc import Callable

import pytest

from ocgmap.common.records import ProtectedQuerySet
from tests.integration.api.conftest import Caller, Shelf

pytestmark = [pytest.mark.django_db, pytest.mark.leak]

RESOURCES = {
    "groups": "group",
    "nominals": "nominal",
    "memberships": "membership",
    "involvements": "involvement",
    "reports": "report",
}
# Who sees the shelves `own` (Durham: force, its ROCU and the NCA), `shared` (Durham:
# the region) and `closed` (West Yorkshire: itself only).
SEES = {
    "owner_analyst": {"own", "shared"},
    "owner_supervisor": {"own", "shared"},
    "region_analyst": {"shared"},
    "other_analyst": {"closed"},
    "rocu_lead": {"own", "shared"},
    "nca_officer": {"own", "shared"},
}
CANNOT_VIEW = ("auditor", "administrator")


@pytest.fixture
def shelves(shelf_of: Callable[..., Shelf]) -> dict[str, Shelf]:
    return {
        "own": shelf_of("owner_analyst", "durham"),
        "shared": shelf_of("owner_analyst", "durham", "region"),
        "closed": shelf_of("other_analyst", "west-yorkshire", "organisation"),
    }


@pytest.mark.parametrize("lock", ["both", "second"])
@pytest.mark.parametrize("who", SEES)
def test_lists_and_details_hold_what_the_reader_may_see(
    who: str,
    lock: str,
    shelves: dict[str, Shelf],
    call_as: Callable[..., Caller],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if lock == "second":  # the database's policies must hold alone
        monkeypatch.setattr(ProtectedQuerySet, "visible_to", lambda self, viewer: self)
    caller = call_as(who)
    for resource, kind in RESOURCES.items():
        rows = {name: getattr(shelf, kind) for name, shelf in shelves.items()}
        listed = caller.ids(f"/{resource}/")
        for name, row in rows.items():
            sees = name in SEES[who]
            response = caller.get(f"/{resource}/{row.public_id}/")
            assert (str(row.public_id) in listed) is sees, (resource, name)
            assert response.status_code == (200 if sees else 404), (resource, name)


@pytest.mark.parametrize("who", CANNOT_VIEW)
def test_roles_without_the_right_to_view_are_refused(
    who: str, shelves: dict[str, Shelf], call_as: Callable[..., Caller]
) -> None:
    caller = call_as(who)
    for resource in RESOURCES:
        response = caller.get(f"/{resource}/")
        assert response.status_code == 403
        assert response.json()["code"] == "permission_denied"


def test_hidden_absent_and_misspelt_answer_alike_to_the_byte(
    shelves: dict[str, Shelf], call_as: Callable[..., Caller]
) -> None:
    caller = call_as("region_analyst")
    for resource, kind in RESOURCES.items():
        hidden = getattr(shelves["closed"], kind).public_id
        answers = {
            (response.status_code, response.content, response["Content-Type"])
            for response in (
                caller.get(f"/{resource}/{name}/")
                for name in (hidden, uuid.uuid4(), "no-uuid", 17)
            )
        }
        assert len(answers) == 1, resource
        [(status, body, kind_of)] = answers
        assert status == 404
        assert kind_of == "application/problem+json"
        assert b"There is no such record." in body


def test_rows_name_nothing_hidden(
    shelves: dict[str, Shelf], call_as: Callable[..., Caller]
) -> None:
    """A filter by a hidden record's id answers as one by an absent id."""
    caller = call_as("region_analyst")
    hidden, absent = shelves["closed"].group.public_id, uuid.uuid4()
    for resource in ("nominals", "memberships", "involvements", "reports"):
        one = caller.json(f"/{resource}/?group={hidden}")
        other = caller.json(f"/{resource}/?group={absent}")
        assert one["results"] == other["results"] == []


def test_anonymous_callers_get_401_everywhere(
    nobody: Caller, shelves: dict[str, Shelf]
) -> None:
    for resource, kind in RESOURCES.items():
        row = getattr(shelves["own"], kind)
        for address in (f"/{resource}/", f"/{resource}/{row.public_id}/"):
            response = nobody.get(address)
            assert response.status_code == 401
            assert response["WWW-Authenticate"] == "Bearer"
            assert response.json()["code"] == "token_missing"
