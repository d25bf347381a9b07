"""The list of shortcuts, and the switch that turns single keys off for an account."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.markup import Markup

pytestmark = pytest.mark.django_db

ClientAs = Callable[[str], Client]


def links_of(page: str) -> dict[str, str]:
    return {
        one["data-shortcut"]: one["href"]
        for one in Markup(page).all("a")
        if "data-shortcut" in one
    }


def test_every_key_of_the_page_is_in_the_list(client_as: ClientAs) -> None:
    page = client_as("owner_analyst").get("/shortcuts/").text
    links = links_of(page)
    assert links["n"] == "/groups/new/"
    assert links["g h"] == "/"
    assert len(links) == len(set(links.values()))
    markup = Markup(page)
    keys = page.count('<kbd class="app-key">')
    single = sum(1 for one in links if " " not in one)
    assert keys == 4 + single + 2 * (len(links) - single)
    assert markup.faults() == []


def test_who_may_record_nothing_has_no_key_for_it(client_as: ClientAs) -> None:
    assert "n" not in links_of(client_as("auditor").get("/shortcuts/").text)


def test_switch_holds_for_the_account(client_as: ClientAs) -> None:
    client = client_as("owner_analyst")
    assert not Markup(client.get("/").text).all("body", data_shortcuts="off")
    refused = client.post("/shortcuts/", {})
    assert "govuk-error-summary" in refused.text
    assert client.post("/shortcuts/", {"single_keys": "off"}).status_code == 302
    assert Markup(client.get("/").text).all("body", data_shortcuts="off")
    assert not Markup(client_as("owner_supervisor").get("/").text).all(
        "body", data_shortcuts="off"
    )
    with acting_as(system("test")):
        assert User.objects.get(email="owner_analyst@test.example").shortcuts_off
    assert client.post("/shortcuts/", {"single_keys": "on"}).status_code == 302
    assert not Markup(client.get("/").text).all("body", data_shortcuts="off")
