"""An open list of groups is told of a change of what its reader sees, and of no other."""

from collections.abc import Callable

import pytest
from django.test import Client

from groups.models import CrimeGroup
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from scoring import outbox
from tests.integration.scoring_pages.conftest import OPEN, Nation

pytestmark = pytest.mark.django_db

ClientAs = Callable[[str], Client]


def asks(client: Client, address: str) -> str:
    """Return what the open page asks again and again."""
    page = client.get(address).content.decode()
    return (
        page.split('id="newer" role="status" hx-get="')[1]
        .split('"')[0]
        .replace("&amp;", "&")
    )


def test_only_what_the_reader_sees_moves_it(
    nation: Nation, client_as: ClientAs
) -> None:
    client = client_as("owner_analyst")
    url = asks(client, "/groups/?scope=national")
    assert client.get(url).status_code == 204
    nation.world.member(nation.hidden, OPEN)
    outbox.drain_until_empty(seconds=60)
    assert client.get(url).status_code == 204
    nation.world.member(nation.durham, OPEN)
    outbox.drain_until_empty(seconds=60)
    answer = client.get(url)
    assert "A newer picture is available" in answer.text
    assert 'href="/groups/?scope=national"' in answer.text
    assert "hx-get" not in answer.text


def test_a_list_of_records_too(nation: Nation, client_as: ClientAs) -> None:
    client = client_as("owner_analyst")
    url = asks(client, "/groups/?scope=national&state=any")
    assert client.get(url).status_code == 204
    with acting_as(system("test")):
        CrimeGroup.objects.filter(pk=nation.hidden.pk).update(name="Nothing to see")
    assert client.get(url).status_code == 204
    with acting_as(system("test")):
        CrimeGroup.objects.filter(pk=nation.durham.pk).update(name="Renamed")
    assert client.get(url).status_code == 200


def test_a_former_day_does_not_ask(nation: Nation, client_as: ClientAs) -> None:
    page = client_as("owner_analyst").get("/groups/?scope=national&at=2026-01-01")
    assert 'id="newer"' not in page.text


def test_an_address_that_cannot_be_meant_is_refused(
    nation: Nation, client_as: ClientAs
) -> None:
    client = client_as("owner_analyst")
    assert client.get("/groups/newer/?tier=none-such").status_code == 400
    assert client.get("/groups/newer/?colour=red").status_code == 400
