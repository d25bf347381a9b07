"""The map of a list: the same groups as the list, by owner, with the same filters."""

import re

import pytest

from tests.integration.scoring_pages.conftest import ClientAs, Nation, seen

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "query",
    [
        "scope=national",
        "scope=region:nerocu",
        "scope=national&state=any&status=any",
        "scope=national&band=1b",
        "scope=national&at=2020-01-01",
    ],
)
@pytest.mark.parametrize("who", ["owner_analyst", "nca_officer"])
def test_each_number_opens_as_many_groups(
    nation: Nation, client_as: ClientAs, who: str, query: str
) -> None:
    client = client_as(who)
    listed = seen(client, f"/groups/?{query}")
    drawn = seen(client, f"/groups/map/?{query}")
    assert drawn.count == listed.count
    assert sum(number for number, _ in drawn.figures.values()) == listed.count
    for number, url in drawn.figures.values():
        assert number
        assert seen(client, url).count == number


def test_filters_and_search_are_kept_between_list_and_map(
    nation: Nation, client_as: ClientAs
) -> None:
    client = client_as("nca_officer")
    found = client.post("/groups/search/", {"q": "harbour"})["Location"]
    listed = client.get(f"{found}&tier=regional&columns=owner").content.decode()
    map_url = re.search(r'href="(/groups/map/[^"]*)"', listed)
    assert map_url
    address = map_url[1].replace("&amp;", "&")
    assert "tier=regional" in address
    assert "harbour" not in address
    page = client.get(address).content.decode()
    assert re.search(r'href="/groups/\?[^"]*tier=regional[^"]*"', page)


def test_an_unknown_filter_is_refused(nation: Nation, client_as: ClientAs) -> None:
    client = client_as("nca_officer")
    assert client.get("/groups/map/?no=1").status_code == 400
    assert client.get("/groups/map/?tier=none-such").status_code == 400
