"""Watching, and the notices of what happened: pages, counts, reading."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models.audit_event import AuditKind
from groups.models import CrimeGroup, Nominal, SavedSearch
from scoring import outbox
from scoring.models import Watch
from scoring.models.watch import MOST_SEARCHES
from tests.audited import Audited, audited
from tests.cast import MakeUser
from tests.factories.scoring import ATTRIBUTES
from tests.factories.watches import (
    OPEN,
    a_member,
    a_report,
    ago,
    old_group,
    watched,
)
from tests.integration.scoring_pages.conftest import ClientAs, Nation, seen

__all__ = ["audited"]  # the fixture
UNTIL = re.compile(r'name="until" value="([^"]+)"')


def notices_of(client: Client) -> list[str]:
    """Return what the page tells, a line a notice, in the page's order."""
    page = client.get("/notices/").content.decode()
    rows = re.findall(r"<li data-notice>(.*?)</li>", page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]


def badge_of(client: Client) -> int:
    badge = client.get("/notices/count/").content.decode()
    shown = re.search(r'aria-hidden="true">(\d+)', badge)
    return int(shown[1]) if shown else 0


def until_of(client: Client) -> str:
    found = UNTIL.search(client.get("/notices/").content.decode())
    assert found
    return found[1]


def test_group_is_watched_from_its_page_and_let_go(
    nation: Nation, client_as: ClientAs, audited: Audited
) -> None:
    client = client_as("owner_analyst")
    own = f"/groups/{nation.durham.public_id}/"
    page = client.get(own).content.decode()
    step = f"/watching/groups/{nation.durham.public_id}/add/"
    assert f'action="{step}"' in page
    answer = client.post(step, follow=True)
    assert answer.redirect_chain[-1][0] == own
    page = answer.content.decode()
    assert "You watch this group now." in page
    assert "Stop watching" in page
    assert client.post(step).status_code == 302, "a second click is no fault"
    assert Watch.objects.count() == 1
    assert "Harbour crew" in client.get("/watching/").content.decode()
    gone = f"/watching/groups/{nation.durham.public_id}/remove/"
    answer = client.post(gone, {"from": "watching"})
    assert answer["Location"] == "/watching/"
    assert not Watch.objects.exists()
    assert client.post(gone).status_code == 302, "nor is a second one here"
    kinds = [
        row.kind
        for row in audited(object_type="groups.CrimeGroup")
        if "watch" in row.detail
    ]
    assert kinds == [AuditKind.COLLECTION, AuditKind.ERASURE]


def test_what_happened_to_a_group_is_told_and_leads_there(
    nation: Nation, client_as: ClientAs, make_user: MakeUser
) -> None:
    world = nation.world
    group = old_group(world, name="Pier crew")
    old = a_member(world, group, hours=20)
    a_member(world, group, hours=20)
    a_report(world, group=group, hours=20)
    watched(make_user("owner_analyst"), group=group)
    client = client_as("owner_analyst")
    assert notices_of(client) == []
    assert badge_of(client) == 0
    a_report(world, group=group, hours=2)
    a_report(world, group=group, hours=1)
    a_member(world, group, hours=3)
    old.to_on = timezone.localdate()
    old.save()
    group.activity_status = "dormant"
    group.save()
    told = notices_of(client)
    assert set(told) == {
        "2 new reports",
        "1 membership added",
        "1 membership ended or withdrawn",
        "Activity: Active → Dormant",
    }
    assert badge_of(client) == 4
    links = seen(client, "/notices/").links
    for page in ("intelligence", "people", "history"):
        assert f"/groups/{group.public_id}/{page}/" in links


def test_a_band_that_moved_leads_to_the_score_and_to_the_former_one(
    nation: Nation, client_as: ClientAs, make_user: MakeUser
) -> None:
    world, group = nation.world, nation.poor
    watch = watched(make_user("owner_analyst"), group=group)
    Watch.objects.filter(pk=watch.pk).update(read_until=timezone.now())
    report = world.report(OPEN)
    for attribute in ATTRIBUTES:
        world.claim(group, OPEN, attribute=attribute, report=report)
    outbox.drain_until_empty(seconds=60)
    client = client_as("owner_analyst")
    [told] = [one for one in notices_of(client) if one.startswith("Computed band")]
    assert re.fullmatch(r"Computed band: insufficient information → \d[abc]", told)
    links = seen(client, "/notices/").links
    assert f"/groups/{group.public_id}/score/" in links
    assert any(
        link.startswith(f"/groups/{group.public_id}/score/then/?at=") for link in links
    )


def test_what_happened_to_a_person_is_told(
    nation: Nation, client_as: ClientAs, make_user: MakeUser
) -> None:
    world = nation.world
    group = old_group(world)
    person = a_member(world, group, hours=20).nominal
    watched(make_user("owner_analyst"), nominal=person)
    client = client_as("owner_analyst")
    assert notices_of(client) == []
    a_report(world, nominal=person)
    person.surname = "Other"
    person.save()
    assert set(notices_of(client)) == {
        "1 new report",
        "Name, birth or identity changed",
    }
    assert f"/people/{person.public_id}/history/" in seen(client, "/notices/").links


def test_what_a_reader_did_themselves_is_no_news(
    nation: Nation, client_as: ClientAs, make_user: MakeUser
) -> None:
    user = make_user("owner_analyst")
    group = old_group(nation.world)
    watched(user, group=group)
    a_member(nation.world, group, created_by=user)
    assert notices_of(client_as("owner_analyst")) == []
    assert Watch.objects.filter(user=user).exists()


def test_what_was_read_is_told_no_more_and_what_came_after_is(
    nation: Nation, client_as: ClientAs, make_user: MakeUser
) -> None:
    world = nation.world
    group, other = old_group(world, name="One"), old_group(world, name="Two")
    for one in (group, other):
        watched(make_user("owner_analyst"), group=one)
        a_report(world, group=one, hours=2)
    client = client_as("owner_analyst")
    assert badge_of(client) == 2
    of_one = {"until": until_of(client), "kind": "groups", "id": str(group.public_id)}
    answer = client.post("/notices/read/", of_one, follow=True)
    assert "Marked as read." in answer.content.decode()
    page = client.get("/notices/").content.decode()
    assert "Two" in page
    assert "One</a>" not in page
    # A page of two hours ago does not cover what came since.
    client.post("/notices/read/", {"until": ago(3).isoformat()})
    assert badge_of(client) == 1
    client.post("/notices/read/", {"until": until_of(client)})
    assert badge_of(client) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"until": ""},
        {"until": "2026-13-45T99:00"},
        {"until": "2026-01-01T10:00"},
        {"until": "2026-01-01T10:00Z", "kind": "groups", "id": "no"},
    ],
)
def test_reading_what_cannot_be_meant_is_refused(
    wrong: dict[str, str], nation: Nation, client_as: ClientAs
) -> None:
    assert client_as("owner_analyst").post("/notices/read/", wrong).status_code == 400


def test_nobody_reads_beyond_now(
    nation: Nation, client_as: ClientAs, make_user: MakeUser
) -> None:
    group = old_group(nation.world)
    watch = watched(make_user("owner_analyst"), group=group)
    client = client_as("owner_analyst")
    client.post("/notices/read/", {"until": "2999-01-01T00:00:00Z"})
    watch.refresh_from_db()
    assert watch.read_until <= timezone.now()


def a_search(client: Client, kind: str = "groups", query: str = "") -> SavedSearch:
    data = {"kind": kind, "query": query, "name": "Mine", "audience": "private"}
    assert client.post("/searches/new/", data).status_code == 302
    found = SavedSearch.objects.order_by("-pk").first()
    assert found
    return found


def test_saved_search_tells_what_newly_matches(
    nation: Nation, client_as: ClientAs
) -> None:
    client = client_as("owner_analyst")
    saved = a_search(client, query="scope=force:durham&state=draft")
    page = client.get("/searches/").content.decode()
    step = f"/watching/searches/{saved.public_id}/add/"
    assert f'action="{step}"' in page
    assert client.post(step)["Location"] == "/searches/"
    assert badge_of(client) == 0, "what it found before is no news"
    old_group(nation.world, record_state="draft")
    was_mapped = old_group(nation.world)
    assert notices_of(client) == ["1 more match"]
    was_mapped.record_state = "draft"
    was_mapped.save()
    assert notices_of(client) == ["2 more matches"]
    assert f"/searches/{saved.public_id}/" in seen(client, "/notices/").links
    CrimeGroup.objects.filter(pk=was_mapped.pk).update(record_state="mapped")
    assert notices_of(client) == ["1 more match"], "it matches no more"


def test_search_that_was_read_starts_anew(nation: Nation, client_as: ClientAs) -> None:
    client = client_as("owner_analyst")
    saved = a_search(client, "people")
    client.post(f"/watching/searches/{saved.public_id}/add/")
    Nominal.objects.create(
        surname="New",
        owner=nation.durham.owner,
        access_class=nation.durham.access_class,
        created_at=ago(1),
    )
    assert notices_of(client) == ["1 more match"]
    client.post("/notices/read/", {"until": ago(2).isoformat()})
    assert badge_of(client) == 1, "it came after the page that was read"
    client.post("/notices/read/", {"until": until_of(client)})
    assert badge_of(client) == 0


def test_search_over_everything_or_of_too_many_is_not_watched(
    nation: Nation, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_as("owner_analyst")
    term = client.post("/search/", {"q": "crew"})["Location"].partition("q=")[2]
    whole = a_search(client, "everything", f"q={term}")
    step = f"/watching/searches/{whole.public_id}/add/"
    assert f'action="{step}"' not in client.get("/searches/").content.decode()
    answer = client.post(step, follow=True)
    assert "cannot be watched" in answer.content.decode()
    monkeypatch.setattr("scoring.notices.searches.MOST_FOUND", 1)
    many = a_search(client, query="scope=national")
    answer = client.post(f"/watching/searches/{many.public_id}/add/", follow=True)
    assert "Narrow it" in answer.content.decode()
    assert not Watch.objects.exists()


def test_search_that_came_to_find_too_many_says_so_once(
    nation: Nation, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_as("owner_analyst")
    saved = a_search(client, query="scope=national")
    client.post(f"/watching/searches/{saved.public_id}/add/")
    for place in ("searches", "reading"):
        monkeypatch.setattr(f"scoring.notices.{place}.MOST_FOUND", 1)
    Watch.objects.update(found=[])
    assert notices_of(client) == ["Finds too many to follow: narrow the search"]
    client.post("/notices/read/", {"until": until_of(client)})
    assert notices_of(client) == []


def test_the_number_of_watches_is_bounded(
    nation: Nation, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_as("owner_analyst")
    monkeypatch.setattr("scoring.actions.watches.MOST_WATCHED", 1)
    for group, refuses in ((nation.durham, False), (nation.poor, True)):
        step = f"/watching/groups/{group.public_id}/add/"
        page = client.post(step, follow=True).content.decode()
        assert ("You can watch 1 things" in page) is refuses
    monkeypatch.setattr("scoring.actions.watches.MOST_WATCHED", 100)
    for number in range(MOST_SEARCHES + 1):
        saved = a_search(client, query="state=draft")
        step = f"/watching/searches/{saved.public_id}/add/"
        page = client.post(step, follow=True).content.decode()
        assert ("You can watch 10 searches" in page) is (number == MOST_SEARCHES)


def test_removing_a_search_takes_the_watches_of_others_too(
    nation: Nation, client_as: ClientAs
) -> None:
    owner, other = client_as("owner_analyst"), client_as("owner_supervisor")
    data = {"kind": "groups", "query": "", "name": "Ours", "audience": "team"}
    owner.post("/searches/new/", data)
    saved = SavedSearch.objects.get()
    other.post(f"/watching/searches/{saved.public_id}/add/")
    assert Watch.objects.count() == 1
    assert owner.post(f"/searches/{saved.public_id}/remove/").status_code == 302
    assert not Watch.objects.exists()


def test_nothing_watched_and_nothing_new_are_told_apart(
    nation: Nation, client_as: ClientAs
) -> None:
    client = client_as("owner_analyst")
    assert "You watch nothing yet" in client.get("/notices/").content.decode()
    assert "You watch nothing" in client.get("/watching/").content.decode()
    client.post(f"/watching/groups/{nation.durham.public_id}/add/")
    assert "Nothing happened" in client.get("/notices/").content.decode()


def test_a_page_of_notices_takes_as_many_queries_for_a_hundred_watches(
    nation: Nation,
    client_as: ClientAs,
    make_user: MakeUser,
    django_assert_max_num_queries: Any,
) -> None:
    client = client_as("owner_analyst")
    for number in range(100):
        group = old_group(nation.world, name=f"Group {number}")
        watched(make_user("owner_analyst"), group=group)
        a_report(nation.world, group=group)
    with django_assert_max_num_queries(20):
        page = client.get("/notices/").content.decode()
    assert "100 notices" in page
