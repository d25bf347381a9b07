"""Groups, people and what joins them: what is shown of them, filters and searches."""

import datetime
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from accounts.actions import labels
from accounts.models import Tag, TagHolder
from groups.actions import aliases, identifiers, people, threats
from groups.models import CrimeGroup, GroupAlias, ThreatType
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.cast import As, MakeUser
from tests.factories.groups import (
    CrimeGroupFactory,
    NominalFactory,
    organisation,
)
from tests.factories.intelligence import class_of
from tests.integration.api.conftest import Caller, Shelf

pytestmark = pytest.mark.django_db

Shelves = Callable[..., Shelf]
Calls = Callable[..., Caller]


@pytest.fixture
def shelf(shelf_of: Shelves) -> Shelf:
    return shelf_of("owner_analyst", "durham")


@pytest.fixture
def caller(call_as: Calls) -> Caller:
    return call_as("owner_analyst")


def test_a_group_is_shown_with_its_codes_in_pairs(shelf: Shelf, caller: Caller) -> None:
    group = caller.json(f"/groups/{shelf.group.public_id}/")
    assert group["id"] == str(shelf.group.public_id)
    assert group["owner"] == {"code": "durham", "name": "Durham Constabulary"}
    assert group["tier"] == {"value": "none", "label": "Not tiered"}
    assert group["marking"] == {"value": 2, "label": "OFFICIAL-SENSITIVE"}
    assert group["merged_into"] is None
    assert "access_class" not in group
    [listed] = caller.json("/groups/")["results"]
    assert listed["name"] == group["name"] == "Yard crew"


def test_parts_of_a_group_that_are_hidden_are_absent(
    shelf_of: Shelves, acting: As, call_as: Calls
) -> None:
    """The group is shared with the region; one alias and one threat are not."""
    group = shelf_of("owner_analyst", "durham", "region").group
    with acting("owner_analyst") as by:
        aliases.add(by=by, group=group, name="Open name", rationale="Said so")
        one, other = ThreatType.objects.order_by("code")[:2]
        threats.add(by=by, group=group, threat_type=one, rationale="Seen")
    with acting_as(system("test")):
        closed = labels.join_of([class_of(organisation()), group.access_class_id])
        GroupAlias.objects.create(
            group=group,
            name="Closed name",
            owner=organisation(),
            asserted_by=organisation(),
            access_class_id=closed,
        )
        group.threats.create(
            threat_type=other,
            owner=organisation(),
            asserted_by=organisation(),
            access_class_id=closed,
        )
    for who, sees in (("owner_analyst", 2), ("region_analyst", 1)):
        shown = call_as(who).json(f"/groups/{group.public_id}/")
        assert len(shown["aliases"]) == sees
        assert len(shown["threats"]) == sees


def test_a_group_merged_into_a_hidden_one_does_not_say_so(
    shelf_of: Shelves, call_as: Calls
) -> None:
    shown = shelf_of("owner_analyst", "durham", "region").group
    hidden = shelf_of("owner_analyst", "durham").group
    with acting_as(system("test")):
        CrimeGroup.objects.filter(pk=shown.pk).update(merged_into=hidden)
    named = {
        who: call_as(who).json(f"/groups/{shown.public_id}/")["merged_into"]
        for who in ("owner_analyst", "region_analyst")
    }
    assert named["owner_analyst"]["id"] == str(hidden.public_id)
    assert named["region_analyst"] is None


def test_facets_narrow_the_list(shelf_of: Shelves, acting: As, call_as: Calls) -> None:
    theirs = shelf_of("other_analyst", "west-yorkshire", "all_forces").group
    with acting("owner_analyst") as by:
        threat = ThreatType.objects.order_by("code").first()
        ours = CrimeGroupFactory(
            by=by,
            tier="regional",
            kind="county_line",
            review_on=timezone.localdate() + datetime.timedelta(days=9),
            predominant_threat=threat,
            rationale="Seen",
        )
    caller = call_as("owner_analyst")
    both, mine = {str(theirs.public_id), str(ours.public_id)}, {str(ours.public_id)}
    due = timezone.localdate() + datetime.timedelta(days=9)
    now = (timezone.now() + datetime.timedelta(hours=1)).isoformat()
    for query, found in (
        ("", both),
        ("owner=durham", mine),
        ("region=nerocu", mine),
        ("region=nerocu&region=yhrocu", both),
        ("region=none", set()),
        ("region=none&region=nerocu", mine),
        ("tier=regional", mine),
        ("kind=county_line", mine),
        ("kind=county_line&tier=none", set()),
        ("state=draft", both),
        ("state=mapped", set()),
        ("status=active&status=dormant", both),
        (f"review_to={due}", mine),
        (f"review_to={due - datetime.timedelta(days=1)}", set()),
        ("updated_since=2026-01-01T00:00:00Z", both),
        ("updated_since=2026-01-01T00:00:00-17:17", both),
        (f"updated_since={now.replace('+', '%2B')}", set()),
    ):
        assert caller.ids(f"/groups/?{query}") == found, query


def test_people_are_found_by_group_and_groups_by_person(
    shelf: Shelf, caller: Caller
) -> None:
    group, member = shelf.group.public_id, shelf.nominal.public_id
    assert caller.ids(f"/nominals/?group={group}") == {str(member)}
    assert caller.ids(f"/groups/?nominal={member}") == {str(group)}
    assert caller.ids(f"/groups/?nominal={uuid.uuid4()}") == set()
    for resource in ("memberships", "involvements"):
        [row] = caller.json(f"/{resource}/?group={group}&open=true")["results"]
        assert row["group"]["id"] == str(group)
        assert caller.ids(f"/{resource}/?open=false") == set()


def test_victims_stand_apart_and_lead(
    shelf: Shelf, acting: As, call_as: Calls, make_user: MakeUser
) -> None:
    """A member known as a victim elsewhere is marked, to those who may know it."""
    with acting_as(system("test")):
        tag = Tag.objects.get(code="compartment:safeguarding")
        TagHolder.objects.create(tag=tag, user=make_user("owner_analyst"))
    with acting("owner_analyst") as by:
        victim = people.add_involvement(
            by=by,
            group=shelf.group,
            nominal=shelf.nominal,
            kind="victim",
            dpa_category="victim",
            rationale="Disclosed",
        )
    knows, knows_not = call_as("owner_analyst"), call_as("owner_supervisor")
    assert knows.ids("/involvements/?safeguarded=true") == {str(victim.public_id)}
    assert knows.ids("/involvements/?safeguarded=false") == {
        str(shelf.involvement.public_id)
    }
    assert knows_not.ids("/involvements/?safeguarded=true") == set()
    assert knows.ids("/memberships/") == {str(shelf.membership.public_id)}
    for caller, is_known in ((knows, True), (knows_not, False)):
        [row] = caller.json("/memberships/")["results"]
        person = caller.json(f"/nominals/{shelf.nominal.public_id}/")
        assert row["is_safeguarded"] is person["is_safeguarded"] is is_known


@pytest.mark.parametrize(
    ("resource", "kind", "text"),
    [
        pytest.param("groups", "group", "yard CREW", id="group by words"),
        pytest.param("nominals", "nominal", "yardmember alex", id="person by words"),
    ],
)
def test_names_are_searched_by_post_and_never_stand_in_an_address(
    resource: str, kind: str, text: str, shelf: Shelf, caller: Caller
) -> None:
    response = caller.post(f"/{resource}/search/", {"text": text})
    assert response.status_code == 200
    page = response.json()
    row = getattr(shelf, kind)
    assert [one["id"] for one in page["results"]] == [str(row.public_id)]
    again = caller.ids(f"/{resource}/?q={page['search']}")
    assert again == {str(row.public_id)}
    assert caller.ids(f"/{resource}/?q={page['search']}&owner=cleveland") == set()
    by_reference = caller.post(f"/{resource}/search/", {"text": row.reference.lower()})
    assert len(by_reference.json()["results"]) == 1
    assert caller.post(f"/{resource}/search/", {"text": "100%"}).json()["results"] == []


@pytest.mark.parametrize("query", ["", "&ordering=reference", "&ordering=-changed_at"])
@pytest.mark.parametrize("resource", ["groups", "nominals"])
def test_pages_of_a_search_lead_on_by_get(
    resource: str, query: str, acting: As, caller: Caller
) -> None:
    """In the size and the order of the first one."""
    with acting("owner_analyst") as by:
        for name in "abcde":
            if resource == "groups":
                CrimeGroupFactory(by=by, name=f"Needle {name}")
            else:
                NominalFactory(by=by, surname=f"Needle{name}")
        CrimeGroupFactory(by=by, name="Haystack")
    address = f"/{resource}/search/?page_size=2{query}"
    page = caller.post(address, {"text": "needle"}).json()
    pages = [page["results"]]
    while page["next"]:
        assert "eedle" not in page["next"]
        page = caller.json(page["next"])
        pages.append(page["results"])
    assert [len(rows) for rows in pages] == [2, 2, 1]
    found = [row["reference"] for rows in pages for row in rows]
    assert len(set(found)) == 5
    if query == "&ordering=reference":
        assert found == sorted(found)
    back = caller.json(page["previous"])["results"]
    assert back == pages[1]


def test_a_search_of_someone_else_is_refused(
    shelf: Shelf, caller: Caller, call_as: Calls
) -> None:
    term = caller.post("/groups/search/", {"text": "yard"}).json()["search"]
    other = call_as("owner_supervisor")
    hidden, absent = (other.get(f"/groups/?q={one}") for one in (term, uuid.uuid4()))
    assert (hidden.status_code, hidden.content) == (400, absent.content)


@pytest.mark.parametrize(
    "body",
    [{}, {"text": "x"}, {"text": "x" * 201}, {"name": "Yard"}, {"text": ["Yard"]}, []],
)
def test_a_search_needs_its_text(body: Any, caller: Caller) -> None:
    assert caller.post("/groups/search/", body).status_code == 400
    assert caller.post("/nominals/search/", body).status_code == 400


def test_search_finds_nothing_hidden(shelf_of: Shelves, caller: Caller) -> None:
    shelf_of("other_analyst", "west-yorkshire", name="Hidden")
    for resource in ("groups", "nominals"):
        found = caller.post(
            f"/{resource}/search/?count=true", {"text": "hidden"}
        ).json()
        assert found["results"] == []
        assert found["count"]["value"] == 0


def test_who_is_this_number(shelf: Shelf, acting: As, call_as: Calls) -> None:
    with acting("owner_analyst") as by:
        identifiers.record(
            by=by,
            owner=organisation(),
            kind="phone",
            value="07700 900123",
            sharing="force",
            nominal=shelf.nominal,
            rationale="On his bail form",
        )
    what = {"value": "+44 7700 900123", "kind": "phone"}
    caller = call_as("owner_analyst")
    [found] = caller.post("/identifiers/search/", what).json()["results"]
    assert found["kind"] == {"value": "phone", "label": "Telephone"}
    assert found["uses"][0]["nominal"]["id"] == str(shelf.nominal.public_id)
    assert found["uses"][0]["group"] is None
    hidden = call_as("other_analyst").post("/identifiers/search/", what)
    assert hidden.json() == {"results": []}
    for wrong in ({"value": ""}, {"value": "1", "kind": "star"}, {"number": "1"}):
        assert caller.post("/identifiers/search/", wrong).status_code == 400
    assert caller.get("/identifiers/search/").status_code == 405


def test_organisations_say_where_they_belong(caller: Caller) -> None:
    durham = caller.json("/organisations/durham/")
    assert durham["kind"]["value"] == "force"
    assert durham["region"]["code"] == "nerocu"
    listed = caller.json("/organisations/?region=nerocu&kind=force")["results"]
    assert [one["code"] for one in listed] == ["cleveland", "durham", "northumbria"]
    outside = caller.json("/organisations/?region=none&page_size=500")["results"]
    assert "nca" in {one["code"] for one in outside}
    assert not any(one["region"] for one in outside)
    assert caller.get("/organisations/atlantis/").status_code == 404
