"""Lists and counts hold what one may see; keys and searches of others tell nothing."""

import pytest
from django.db import transaction

from ocgmap.common.scope import Scope
from tests.leak.answers import masked
from tests.leak.askers import ABSENT, Asker, Askers
from tests.leak.test_side_doors import without_new_ids
from tests.typed import group_form, report_body, report_form

pytestmark = pytest.mark.leak
VIEWERS = (
    *("owner_analyst", "owner_supervisor", "cell", "region_analyst", "other_analyst"),
    *("rocu_lead", "nca_officer", "nca_supervisor"),
)
LISTS = {
    "groups": "groups.CrimeGroup",
    "nominals": "groups.Nominal",
    "memberships": "groups.Membership",
    "involvements": "groups.Involvement",
    "reports": "intelligence.Report",
    "transfers": "groups.Transfer",
    "searches": "groups.SavedSearch",
}
SEARCHES = {
    "/groups/search/": "/groups/?q={}",
    "/people/search/": "/people/?q={}",
    "/reports/search/": "/reports/?q={}",
    "/search/": "/search/?q={}",
}


def everything(asker: Asker, resource: str) -> list[str]:
    """Return the ids of all pages of a list of the API."""
    address: str | None = f"/api/v1/{resource}/?page_size=20"
    found: list[str] = []
    while address:
        body = asker.ask("get", address).json()
        found += [row["id"] for row in body["results"]]
        address = (body["next"] or "").partition("testserver")[2]
    return found


@pytest.mark.parametrize("who", VIEWERS)
def test_lists_hold_just_what_one_may_see(who: str, askers: Askers) -> None:
    for resource, label in LISTS.items():
        found = everything(askers[who], resource)
        assert len(found) == len(set(found))
        seen = askers.knowledge.seen_ids(who, label)
        assert seen, f"{who} sees no {resource}: extend the world"
        assert set(found) == seen, resource


@pytest.mark.parametrize("resource", LISTS)
def test_counts_are_of_what_one_may_see(resource: str, askers: Askers) -> None:
    for who in VIEWERS:
        body = askers[who].ask("get", f"/api/v1/{resource}/?count=true").json()
        assert body["count"]["value"] == len(
            askers.knowledge.seen_ids(who, LISTS[resource])
        )


@pytest.mark.parametrize("post", SEARCHES)
def test_search_of_someone_else_is_absent(post: str, askers: Askers) -> None:
    theirs = askers["owner_analyst"].ask("post", post, {"q": "Group"})["Location"]
    search_id = theirs.partition("q=")[2]
    for who in ("owner_supervisor", "other_analyst", "nca_officer"):
        answers = [
            askers[who].ask("get", SEARCHES[post].format(one))
            for one in (search_id, ABSENT)
        ]
        assert masked(answers[0], search_id) == masked(answers[1], ABSENT)


def statuses(asker: Asker, reference: str) -> list[int]:
    """Return what is answered to a new report and a new group under a reference."""
    found = []
    for path, typed in (
        ("/api/v1/reports/", report_body(owner="durham", owner_reference=reference)),
        ("/reports/new/", report_form("durham", owner_reference=reference)),
        ("/groups/new/", group_form("durham", owner_reference=reference)),
    ):
        with transaction.atomic():
            found.append(asker.ask("post", path, typed).status_code)
            transaction.set_rollback(True)
    return found


def test_reference_that_a_hidden_record_bears_may_be_used(askers: Askers) -> None:
    """The lead may record for Durham, and does not see what Durham keeps to itself."""
    lead = askers["rocu_lead"]
    for name in ("r_own/owner_reference", "d_own/owner_reference"):
        taken = askers.manifest.texts[name]
        assert taken.lower() in askers.knowledge.hidden_from("rocu_lead")
        assert statuses(lead, taken) == statuses(lead, "DUR-1") == [201, 302, 302]


def test_reference_that_a_seen_record_bears_is_refused(askers: Askers) -> None:
    taken = askers.manifest.texts["r_force/owner_reference"]
    body = report_body(owner_reference=taken)
    answer = askers["owner_analyst"].ask("post", "/api/v1/reports/", body)
    assert answer.status_code == 400
    assert answer.json()["code"] == "duplicate_reference"


def test_compartments_are_known_to_their_holders_only(askers: Askers) -> None:
    """Neither the choice in a form nor its refusal tells that there is one."""
    answers = []
    for code in ("compartment:zq-cell", "compartment:zq-none"):
        body = report_body(compartments=[code])
        answer = askers["owner_supervisor"].ask("post", "/api/v1/reports/", body)
        answers.append(without_new_ids(askers, masked(answer, code)[2]))
        assert answer.status_code == 400
    assert answers[0] == answers[1]
    allowed = report_body(compartments=["compartment:zq-cell"])
    assert askers["cell"].ask("post", "/api/v1/reports/", allowed).status_code == 201


def test_no_answer_tells_when_something_changed(askers: Askers) -> None:
    """A tag or date of change would move with rows that one may not see."""
    group = askers.manifest.groups["d_force"]
    for path in (
        f"/groups/{group}/",
        f"/groups/{group}/score/",
        "/dashboard/national/",
        f"/api/v1/groups/{group}/",
        "/api/v1/picture/",
    ):
        answer = askers["rocu_lead"].ask("get", path)
        assert answer.status_code == 200, path
        assert "Last-Modified" not in answer, path
        assert "ETag" not in answer, path
        assert "no-store" in answer["Cache-Control"], path


def test_scope_sees_nothing_by_default() -> None:
    assert Scope(role="web").can_view is False
    assert Scope(role="web").tags == frozenset()
