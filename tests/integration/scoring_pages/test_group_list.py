"""The list of groups: strict filters, searches without names in addresses, pages."""

import pytest
from django.test import Client

from accounts.models import AuditEvent, SearchTerm
from groups.models import CrimeGroup, GroupAlias
from tests.factories.intelligence import a_group
from tests.integration.scoring_pages.conftest import ClientAs, Nation, seen


def search(client: Client, text: str) -> str:
    response = client.post("/groups/search/", {"q": text})
    assert response.status_code == 302
    return str(response["Location"])


def test_the_readers_own_headline_groups_come_first(
    nation: Nation, client_as: ClientAs
) -> None:
    page = seen(client_as("owner_analyst"), "/groups/")
    assert page.count == 3
    assert page.sum == 2
    assert "3 groups with 2 memberships" in page.text
    assert "Harbour crew" in page.text
    assert "New yard" not in page.text
    assert "Sleeping yard" not in page.text


@pytest.mark.parametrize(
    ("query", "names"),
    [
        pytest.param("state=draft", ["New yard"], id="draft"),
        pytest.param("status=dormant", ["Sleeping yard"], id="dormant"),
        pytest.param("overdue=true", ["Harbour crew"], id="overdue"),
        pytest.param("threat=illegal-drugs", ["Harbour crew"], id="threat"),
        pytest.param("threat=none", ["Quiet street", "Old mill"], id="no threat"),
        pytest.param("tier=regional", ["Old mill"], id="tier"),
        pytest.param("awaiting=false", ["Old mill"], id="confirmed"),
        pytest.param("confirmed=none", ["Harbour crew", "Quiet street"], id="not yet"),
        pytest.param("unjudged=true", ["Harbour crew"], id="unjudged"),
        pytest.param("owner=west-yorkshire&scope=national", ["Canal side"], id="owner"),
        pytest.param("scope=region:none", ["Airport line"], id="no region"),
        pytest.param("band=insufficient+information", ["Quiet street"], id="band"),
        pytest.param(
            "state=any&status=any&sort=members",
            ["Harbour crew", "Quiet street", "Old mill", "New yard", "Sleeping yard"],
            id="any",
        ),
    ],
)
def test_a_filter_keeps_what_it_says(
    nation: Nation, client_as: ClientAs, query: str, names: list[str]
) -> None:
    page = seen(client_as("owner_analyst"), f"/groups/?{query}")
    rows = CrimeGroup.objects.values_list("name", flat=True)
    assert sorted(name for name in rows if name in page.text) == sorted(names)
    assert page.count == len(names)


def test_every_order_shows_the_same_groups(nation: Nation, client_as: ClientAs) -> None:
    client = client_as("nca_officer")
    for sort in ("", "review", "members", "unknown"):
        assert seen(client, f"/groups/?scope=national&sort={sort}").count == 6


@pytest.mark.parametrize(
    ("query", "said"),
    [
        pytest.param(
            "colour=red", "Use: across, at, awaiting, band", id="unknown name"
        ),
        pytest.param("band=9z", "Computed band has no option", id="unknown band"),
        pytest.param("scope=region:atlantis", "Choose national", id="unknown place"),
        pytest.param("owner=atlantis", "Owner has no option", id="unknown owner"),
        pytest.param("at=2999-01-01", "still to come", id="future"),
        pytest.param("band=1a&band=1b", "Give this parameter once", id="twice"),
        pytest.param("cursor=abc", "This cursor is not of this address", id="cursor"),
        pytest.param("q=x", "not the id of a search", id="no uuid"),
    ],
)
def test_a_parameter_that_cannot_be_meant_is_refused(
    nation: Nation, client_as: ClientAs, query: str, said: str
) -> None:
    page = seen(client_as("owner_analyst"), f"/groups/?{query}", 400)
    assert said in page.text
    assert page.count is None


def test_a_search_finds_by_name_alias_and_reference_everywhere_one_may_see(
    nation: Nation, client_as: ClientAs
) -> None:
    client = client_as("owner_analyst")
    group = nation.leeds
    GroupAlias.objects.create(
        group=group,
        name="Towpath boys",
        owner=group.owner,
        asserted_by=group.owner,
        access_class_id=group.access_class_id,
        rationale="Test",
    )
    for text in ("canal", "towpath BOYS", group.reference.lower()):
        url = search(client, text)
        assert text not in url
        page = seen(client, url)
        assert page.count == 1
        assert group.reference in page.text
    assert seen(client, search(client, "yard")).count == 2  # a draft and a dormant one


@pytest.mark.leak
def test_a_search_does_not_find_what_is_hidden(
    nation: Nation, client_as: ClientAs
) -> None:
    client = client_as("nca_officer")
    page = seen(client, search(client, "Nobody knows"))
    assert page.count == 0
    assert seen(client, search(client, nation.hidden.reference)).count == 0


@pytest.mark.leak
def test_a_search_is_its_users_own(nation: Nation, client_as: ClientAs) -> None:
    url = search(client_as("owner_analyst"), "Harbour")
    page = seen(client_as("owner_supervisor"), url, 400)
    assert "not one of yours" in page.text


def test_what_is_searched_for_is_not_in_the_audit(
    nation: Nation, client_as: ClientAs
) -> None:
    client = client_as("owner_analyst")
    search(client, "Harbour")
    term = SearchTerm.objects.get()
    row = AuditEvent.objects.filter(object_type="accounts.SearchTerm").latest("id")
    assert row.detail == {"term": str(term.pk)}
    assert "Harbour" not in row.route


def test_an_empty_search_says_what_to_do(nation: Nation, client_as: ClientAs) -> None:
    client = client_as("owner_analyst")
    response = client.post("/groups/search/", {"q": " "}, follow=True)
    assert "must be filled in" in response.content.decode()


def test_pages_hold_every_group_once(
    nation: Nation, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scoring.views.group_list.PAGE_SIZE", 2)
    client = client_as("nca_officer")
    url, found = "/groups/?scope=national", []
    references = set(CrimeGroup.objects.values_list("reference", flat=True))
    while url:
        page = seen(client, url)
        assert page.count == 6
        found += [one for one in references if one in page.text]
        following = [link for link in page.links if "cursor=" in link]
        response = client.get(url).content.decode()
        url = (
            f"/groups/{following[-1]}" if 'rel="next"' in response and following else ""
        )
    assert len(found) == len(set(found)) == 6


def test_a_record_of_a_moment_ago_is_listed_before_it_is_scored(
    nation: Nation, client_as: ClientAs
) -> None:
    group = a_group("durham", name="Just now")
    CrimeGroup.objects.filter(pk=group.pk).update(record_state="draft")
    page = seen(client_as("owner_analyst"), "/groups/?state=draft")
    assert page.count == 2
    assert "Not scored yet" in page.text


def test_the_groups_shown_are_recorded(nation: Nation, client_as: ClientAs) -> None:
    seen(client_as("owner_analyst"), "/groups/")
    row = AuditEvent.objects.filter(object_type="groups.CrimeGroup").latest("id")
    wanted = {nation.durham.pk, nation.poor.pk, nation.confirmed.pk}
    assert set(row.object_ids) == wanted
