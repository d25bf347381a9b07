"""One search over everything, from the head of every page."""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from accounts.visibility import Label
from groups.models import Identifier, IdentifierUse
from groups.models.identifier import IdentifierKind
from groups.normalise import normalise
from tests.factories.intelligence import a_group
from tests.integration.scoring_pages.conftest import ClientAs, Nation

SECTION = re.compile(r'<h2 class="govuk-heading-m" id="(\w+)">([^<]+)</h2>')


def searched(client: Client, text: str) -> Any:
    answer = client.post("/search/", {"q": text}, follow=True)
    assert answer.status_code == 200
    [(address, _)] = answer.redirect_chain
    assert text not in address
    assert urlsplit(address).path == "/search/"
    return answer


def sections(answer: Any) -> dict[str, str]:
    return dict(SECTION.findall(answer.content.decode()))


def test_field_is_in_the_head_of_every_page(
    nation: Nation, client_as: ClientAs
) -> None:
    client = client_as("owner_analyst")
    for path in ("/", "/groups/", "/people/", "/dashboard/national/"):
        page = client.get(path).content.decode()
        assert page.count('id="search-everything"') == 1, path


def test_group_is_found_by_name_and_by_reference(
    nation: Nation, client_as: ClientAs
) -> None:
    client = client_as("owner_analyst")
    group = nation.durham
    for text in (group.name, group.reference.lower()):
        answer = searched(client, text)
        assert "groups" in sections(answer)
        assert f"/groups/{group.public_id}/" in answer.content.decode()
    assert group.reference in searched(client, group.reference).content.decode()


def test_best_comes_first_and_the_list_behind_holds_all(
    nation: Nation, client_as: ClientAs
) -> None:
    for number in range(12):
        a_group("durham", name=f"Kestrel yard {number}")
    best = a_group("durham", name="Yard kestrel")
    client = client_as("owner_analyst")
    page = searched(client, "yard k").content.decode()
    assert page.index(str(best.public_id)) < page.index("Kestrel yard")
    behind = re.search(r'href="(/groups/\?q=[0-9a-f-]+)"', page)
    assert behind
    listed = client.get(behind[1]).content.decode()
    assert 'data-count="13"' in listed
    assert sections(searched(client, "yard k"))["groups"] == "13 groups"


def test_number_shows_who_uses_it_and_words_of_reports_are_marked(
    nation: Nation, client_as: ClientAs
) -> None:
    world = nation.world
    nominal = world.member(nation.durham, Label()).nominal
    number = Identifier.objects.create(
        kind="phone",
        value="07700 900123",
        normalised=normalise(IdentifierKind.PHONE, "07700 900123"),
        owner=nation.durham.owner,
        access_class_id=nation.durham.access_class_id,
    )
    IdentifierUse.objects.create(
        identifier=number,
        nominal=nominal,
        owner=number.owner,
        asserted_by=number.owner,
        access_class_id=number.access_class_id,
        rationale="Seen",
    )
    report = world.report(Label(), text="A white van left the KESTREL yard.")
    client = client_as("owner_analyst")
    page = searched(client, "+44 7700 900123").content.decode()
    assert f"/people/{nominal.public_id}/" in page
    page = searched(client, "kestrel van").content.decode()
    assert f"/reports/{report.public_id}/" in page
    assert "<mark>van</mark>" in page
    assert "<mark>KESTREL</mark>" in page


def test_nothing_found_says_so_and_what_may_be(
    nation: Nation, client_as: ClientAs
) -> None:
    page = searched(client_as("owner_analyst"), "zzqqxy").content.decode()
    assert "Nothing found" in page
    assert "Others may hold records" in page


@pytest.mark.leak
def test_hidden_group_is_not_found(nation: Nation, client_as: ClientAs) -> None:
    hidden = nation.hidden
    other = client_as("owner_analyst")
    for text in (hidden.name, hidden.reference):
        page = searched(other, text).content.decode()
        assert str(hidden.public_id) not in page


def test_empty_search_is_refused_beside_the_field(
    nation: Nation, client_as: ClientAs
) -> None:
    answer = client_as("owner_analyst").post("/search/", {"q": " "})
    assert answer.status_code == 200
    assert "error-summary" in answer.content.decode()


def test_search_of_another_is_none(nation: Nation, client_as: ClientAs) -> None:
    theirs = client_as("owner_analyst").post("/search/", {"q": "yard"})["Location"]
    answer = client_as("nca_officer").get(theirs)
    assert answer.status_code == 400
