"""Saved searches that a reader chose for dashboards: tiles, narrowed to the place."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models.audit_event import AuditKind
from groups.models import SavedSearch
from groups.models.saved_search import SavedSearchQuerySet
from ocgmap.common.db.base import DatabaseWrapper
from ocgmap.common.ranking import COUNTED_UP_TO
from scoring.models import SearchPin
from scoring.models.pin import MOST_PINNED
from scoring.views import saved_rows
from tests.audited import Audited, audited
from tests.factories.intelligence import a_group
from tests.integration.scoring_pages.conftest import ClientAs, Nation, as_worker, seen

__all__ = ["audited"]  # the fixture


def saved(
    client: Client, query: str = "", audience: str = "team", kind: str = "groups"
) -> SavedSearch:
    data = {"kind": kind, "query": query, "name": "Mine", "audience": audience}
    assert client.post("/searches/new/", data).status_code == 302
    return SavedSearch.objects.latest("pk")


def pinned(client: Client, query: str = "", audience: str = "team") -> SavedSearch:
    search = saved(client, query, audience)
    answer = client.post(f"/searches/{search.public_id}/pin/", follow=True)
    assert "Your dashboards show this search now." in answer.content.decode()
    return search


def told(client: Client, scope: str, at: str = "") -> dict[str, tuple[int, str]]:
    """Return the tiles of a dashboard that are of searches: number and address."""
    figures = seen(client, f"/dashboard/{scope}/{at}").figures
    return {key: one for key, one in figures.items() if key.startswith("search.")}


def number(client: Client, scope: str) -> int | None:
    """Return what the only tile of a search says; None without one, checked to open."""
    for value, url in told(client, scope).values():
        answer = client.get(url, follow=True)
        assert f'data-count="{value}"' in answer.content.decode()
        return value
    return None


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [6, 4, 1, 3, 1]),
        ("scope=national", [6, 4, 1, 3, 1]),
        ("scope=region:nerocu", [4, 4, None, 3, None]),
        ("scope=force:durham", [3, 3, None, 3, None]),
        ("scope=force:durham&tier=regional", [1, 1, None, 1, None]),
        ("state=draft", [1, 1, 0, 1, 0]),
    ],
)
def test_tiles_are_narrowed_to_the_place_and_open_their_list(
    query: str, expected: list[int | None], nation: Nation, client_as: ClientAs
) -> None:
    client = client_as("owner_analyst")
    pinned(client, query)
    places = ("national", "region:nerocu", "region:none", "force:durham", "force:nca")
    assert [number(client, place) for place in places] == expected


def test_text_is_looked_for_in_the_place(nation: Nation, client_as: ClientAs) -> None:
    client = client_as("owner_analyst")
    a_group("durham", name="Qestrel yard")
    a_group("northumbria", "region", name="Qestrel quay")
    term = client.post("/search/", {"q": "qestrel"})["Location"].partition("q=")[2]
    pinned(client, f"q={term}")
    assert number(client, "region:nerocu") == 2
    assert number(client, "force:durham") == 1
    [(_, url)] = told(client, "force:durham").values()
    address = client.get(url, follow=True).redirect_chain[-1][0]
    assert "qestrel" not in address
    assert "scope=force%3Adurham" in address


def test_pins_are_made_once_and_taken_off(
    nation: Nation, client_as: ClientAs, audited: Audited
) -> None:
    client = client_as("owner_analyst")
    search = pinned(client)
    step = f"/searches/{search.public_id}/"
    assert client.post(f"{step}pin/").status_code == 302
    assert SearchPin.objects.count() == 1
    assert "from dashboards" in client.get("/searches/").content.decode()
    for _ in range(2):
        assert client.post(f"{step}unpin/").status_code == 302
    assert not SearchPin.objects.exists()
    assert told(client, "national") == {}
    for kind in (AuditKind.COLLECTION, AuditKind.ERASURE):
        rows = audited(kind=kind, object_type="groups.SavedSearch")
        assert len([one for one in rows if "pin" in one.detail]) == 1


@pytest.mark.parametrize(
    ("query", "kind"), [("at=2026-01-31", "groups"), ("", "people"), ("", "reports")]
)
def test_search_of_the_past_or_of_no_groups_is_not_offered(
    query: str, kind: str, nation: Nation, client_as: ClientAs
) -> None:
    client = client_as("owner_analyst")
    search = saved(client, query, kind=kind)
    assert "/pin/" not in client.get("/searches/").content.decode()
    answer = client.post(f"/searches/{search.public_id}/pin/", follow=True)
    assert "Dashboards show searches of groups" in answer.content.decode()
    assert not SearchPin.objects.exists()


def test_no_more_than_fit_are_pinned(nation: Nation, client_as: ClientAs) -> None:
    client = client_as("owner_analyst")
    for _ in range(MOST_PINNED):
        pinned(client)
    one_more = saved(client)
    answer = client.post(f"/searches/{one_more.public_id}/pin/", follow=True)
    assert "Take one of them off first" in answer.content.decode()
    assert len(told(client, "national")) == MOST_PINNED


def test_dashboard_of_a_past_day_leaves_them_out(
    nation: Nation, client_as: ClientAs
) -> None:
    client = client_as("owner_analyst")
    pinned(client)
    assert len(told(client, "national")) == 1
    assert told(client, "national", "?at=2026-01-31") == {}


def test_one_query_counts_every_tile(
    nation: Nation, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_as("owner_analyst")
    for tier in ("force", "regional", "national"):
        pinned(client, f"tier={tier}")
    with CaptureQueriesContext(connection) as captured:
        assert len(told(client, "force:durham")) == 3
    counting = [q for q in captured if q["sql"].startswith("select (select count(*)")]
    assert len(counting) == 1
    monkeypatch.setattr(
        saved_rows, "counts", lambda all_: [COUNTED_UP_TO + 1] * len(all_)
    )
    page = client.get("/dashboard/force:durham/").content.decode()
    assert page.count("10,000+") == 3


def test_search_whose_filters_can_no_longer_be_meant_shows_no_number(
    nation: Nation, client_as: ClientAs
) -> None:
    client = client_as("owner_analyst")
    search = pinned(client)
    for query in ({"tier": ["gone"]}, {"scope": ["force:gone"]}):
        SavedSearch.objects.filter(pk=search.pk).update(query=query)
        page = client.get("/dashboard/force:durham/").content.decode()
        assert f'data-figure="search.{search.public_id}">–<' in page


@pytest.mark.parametrize(
    ("query", "scope", "status"),
    [
        ("", "force:durham", 302),
        ("scope=force:nca", "force:durham", 400),
        ("", "force:nowhere", 400),
        ("", "", 400),
    ],
)
def test_a_search_is_opened_within_a_place(
    query: str, scope: str, status: int, nation: Nation, client_as: ClientAs
) -> None:
    client = client_as("owner_analyst")
    search = saved(client, query)
    answer = client.get(f"/searches/{search.public_id}/", {"scope": scope})
    assert answer.status_code == status


def test_only_a_search_of_groups_has_a_place(
    nation: Nation, client_as: ClientAs
) -> None:
    client = client_as("owner_analyst")
    search = saved(client, kind="people")
    answer = client.get(f"/searches/{search.public_id}/", {"scope": "national"})
    assert answer.status_code == 400


@pytest.mark.leak
def test_tile_counts_what_its_reader_may_see(
    nation: Nation, client_as: ClientAs
) -> None:
    client = client_as("owner_analyst")
    search = pinned(client, audience="region")
    lead = client_as("rocu_lead")
    assert told(lead, "national") == {}, "each reader chooses for themselves"
    assert lead.post(f"/searches/{search.public_id}/pin/").status_code == 302
    before = number(lead, "national")
    hidden = a_group("durham", "organisation", name="Of Durham alone")
    hidden.tier = "force"
    hidden.save()
    assert number(lead, "national") == before


@pytest.mark.leak
@pytest.mark.parametrize("lock", ["both", "first", "second"])
def test_search_that_is_hidden_afterwards_is_on_no_dashboard(
    lock: str, nation: Nation, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    if lock == "first":
        monkeypatch.setattr(DatabaseWrapper, "apply_scope", as_worker)
    if lock == "second":
        monkeypatch.setattr(SavedSearchQuerySet, "visible_to", lambda rows, _: rows)
    client = client_as("owner_analyst")
    search = SavedSearch.objects.get(pk=pinned(client, audience="force").pk)
    hidden_from = client_as("owner_supervisor")
    SearchPin.objects.create(user_id=_user_id(hidden_from), search=search)
    assert len(told(hidden_from, "national")) == 1
    SavedSearch.objects.filter(pk=search.pk).update(audience="private")
    assert told(hidden_from, "national") == {}
    assert len(told(client, "national")) == 1
    client.post(f"/searches/{search.public_id}/remove/")
    assert not SearchPin.objects.exists(), "the database takes every pin along"


@pytest.mark.leak
def test_hidden_and_absent_searches_are_one_answer(
    nation: Nation, client_as: ClientAs
) -> None:
    search = saved(client_as("owner_analyst"), audience="private")
    other = client_as("owner_supervisor")
    absent = "0a0a0a0a-0b0b-4c0c-8d0d-0e0e0e0e0e0e"
    for step in ("pin", "unpin"):
        for public_id in (search.public_id, absent):
            assert other.post(f"/searches/{public_id}/{step}/").status_code == 404
    assert not SearchPin.objects.exists()


def _user_id(client: Client) -> int:
    return int(client.session["_auth_user_id"])
