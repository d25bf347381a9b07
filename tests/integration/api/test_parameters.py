"""Query parameters are never ignored, and repeated ones mean or."""

from collections.abc import Callable

import pytest

from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.factories.intelligence import a_group
from tests.integration.api.conftest import Caller, Shelf

pytestmark = pytest.mark.django_db

LISTS = (
    "organisations",
    "groups",
    "nominals",
    "memberships",
    "involvements",
    "reports",
    "receipts",
    "assessments",
)
SINGLE = ("picture", "codes", "schemes")


@pytest.fixture
def caller(call_as: Callable[..., Caller]) -> Caller:
    return call_as("owner_analyst")


@pytest.mark.parametrize("resource", [*LISTS, *SINGLE])
def test_unknown_parameter_is_refused_with_the_valid_ones(
    resource: str, caller: Caller
) -> None:
    response = caller.get(f"/{resource}/?bogus=1")
    assert response.status_code == 400
    problem = response.json()
    assert problem["code"] == "unknown_parameter"
    assert "bogus" in problem["details"]["fields"]
    assert "bogus" not in problem["details"]["parameters"]
    if resource in LISTS:
        assert "page_size" in problem["message"]


@pytest.mark.parametrize("resource", LISTS)
@pytest.mark.parametrize(
    "query", ["cursor=", "page_size=1&page_size=2", "ordering=&count=true"]
)
def test_empty_and_doubled_parameters_are_refused(
    resource: str, query: str, caller: Caller
) -> None:
    response = caller.get(f"/{resource}/?{query}")
    assert response.status_code == 400
    assert response.json()["code"] == "invalid_parameter"


@pytest.mark.parametrize(
    ("address", "field"),
    [
        ("/groups/?owner=atlantis", "owner"),
        ("/groups/?region=durham", "region"),
        ("/groups/?state=lost", "state"),
        ("/groups/?state=mapped&state=lost", "state"),
        ("/groups/?tier=9", "tier"),
        ("/groups/?threat=witchcraft", "threat"),
        ("/groups/?band=9z", "band"),
        ("/groups/?awaiting=perhaps", "awaiting"),
        ("/groups/?updated_since=yesterday", "updated_since"),
        ("/groups/?updated_since=2026-02-30", "updated_since"),
        ("/groups/?updated_since=0001-01-01T00:00:00%2B01:00", "updated_since"),
        ("/groups/?nominal=1", "nominal"),
        ("/groups/?owner=%00", "owner"),
        ("/groups/?kind=%ff%fe", "kind"),
        ("/memberships/?group=not-an-id", "group"),
        ("/memberships/?standing=boss", "standing"),
        ("/involvements/?safeguarded=maybe", "safeguarded"),
        ("/reports/?received_from=2026-02-30", "received_from"),
        ("/receipts/?state=lost", "state"),
        ("/assessments/?scheme=tarot", "scheme"),
        ("/picture/?scope=moon", "scope"),
        ("/picture/?as_at=31/01/2026", "as_at"),
        ("/picture/?as_at=2999-01-01", "as_at"),
        ("/picture/?as_at=20261120", "as_at"),
        ("/picture/?as_at=2026-W47-5", "as_at"),
        ("/picture/?as_at=2026-02-30", "as_at"),
        ("/schema/?format=xml", "format"),
        ("/picture/?as_at=0001-01-01", "as_at"),
        ("/organisations/?kind=guild", "kind"),
    ],
)
def test_a_value_that_cannot_be_meant_names_its_parameter(
    address: str, field: str, caller: Caller
) -> None:
    response = caller.get(address)
    assert response.status_code == 400, response.content
    assert response["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert set(problem) == {"code", "message", "details"}
    assert list(problem["details"]["fields"]) == [field]


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("/groups/?tier=9", "tier: 9 is not one of: force, regional, national, none."),
        ("/groups/?band=9z&band=1a", "band: 9z is not one of: 1a, 1b, 1c, 2a, "),
        ("/groups/?awaiting=perhaps", "awaiting: perhaps is not one of: true, false."),
        ("/assessments/?scheme=tarot", "scheme: tarot is not one of: "),
        (
            "/groups/?owner=nowhere",
            "owner: There is no nowhere in this code list. /api/v1/organisations/ lists",
        ),
        (
            "/groups/?threat=witchcraft",
            "threat: There is no witchcraft in this code list. /api/v1/codes/ lists the",
        ),
        (
            "/reports/?received_from=2026-02-30",
            "received_from: Give a day as year-month-day, such as 2026-01-31.",
        ),
        (
            "/groups/?updated_since=yesterday",
            "updated_since: Give a moment in ISO 8601, such as 2026-01-31T09:30:00Z.",
        ),
        ("/memberships/?group=9", "group: Give the id of a record: a UUID."),
        (
            "/organisations/?region=9",
            "region: There is no 9 in this code list. /api/v1/o",
        ),
    ],
)
def test_a_refusal_names_the_parameter_and_what_it_takes(
    address: str, message: str, caller: Caller
) -> None:
    [[said]] = caller.get(address).json()["details"]["fields"].values()
    assert said.startswith(message)


def test_details_take_no_parameter(
    caller: Caller, shelf_of: Callable[..., Shelf]
) -> None:
    group = shelf_of("owner_analyst", "durham").group
    response = caller.get(f"/groups/{group.public_id}/?owner=durham")
    assert response.status_code == 400
    assert "takes no query parameters" in response.json()["message"]


def test_repeating_a_parameter_means_or(call_as: Callable[..., Caller]) -> None:
    with acting_as(system("test")):
        wanted = {
            str(a_group(owner=owner, sharing="all_forces", tier=tier).public_id)
            for owner, tier in (("durham", "force"), ("northumbria", "regional"))
        }
        a_group(owner="cleveland", sharing="all_forces", tier="force")
    caller = call_as("nca_officer")
    both = "owner=durham&owner=northumbria"
    assert caller.ids(f"/groups/?{both}") == wanted
    assert len(caller.ids(f"/groups/?{both}&tier=force")) == 1
    assert caller.ids(f"/groups/?{both}&tier=force&tier=regional") == wanted
    assert len(caller.ids("/groups/?region=nerocu")) == 3
