"""One search over everything, from the head of every page."""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from accounts.actions import labels
from accounts.models import AuditEvent
from accounts.visibility import Label
from groups.models import (
    CrimeGroup,
    GroupAlias,
    Identifier,
    IdentifierUse,
    Nominal,
    NominalAlias,
)
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


def page_of(client: Client, text: str) -> str:
    return str(searched(client, text).content.decode())


def sections(page: str) -> dict[str, str]:
    return dict(SECTION.findall(page))


def kind_url(page: str, kind: str) -> str:
    found = re.search(rf'href="(/search/\?q=[0-9a-f-]+&amp;kind={kind})"', page)
    assert found
    return found[1].replace("&amp;", "&")


def a_phone(nation: Nation, nominal: Nominal, value: str) -> Identifier:
    number = Identifier.objects.create(
        kind="phone",
        value=value,
        normalised=normalise(IdentifierKind.PHONE, value),
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
    return number


def a_person(nation: Nation, given: str, surname: str, **more: Any) -> Nominal:
    return Nominal.objects.create(
        given_names=given,
        surname=surname,
        owner=nation.durham.owner,
        access_class_id=more.pop("access_class_id", nation.durham.access_class_id),
        **more,
    )


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
        page = page_of(client, text)
        assert "groups" in sections(page)
        assert f"/groups/{group.public_id}/" in page


def test_merged_name_leads_to_the_survivor_that_its_reader_sees(
    nation: Nation, client_as: ClientAs
) -> None:
    for name, into in (("Wharf lads", nation.durham), ("Weir lads", nation.hidden)):
        merged = a_group("durham", name=name)
        CrimeGroup.objects.filter(pk=merged.pk).update(merged_into=into)
    page = page_of(client_as("owner_analyst"), "Wharf lads")
    assert f"Merged into Harbour crew ({nation.durham.reference})" in page
    assert f'href="/groups/{nation.durham.public_id}/"' in page
    shown = AuditEvent.objects.filter(object_type="groups.CrimeGroup").latest("id")
    assert nation.durham.pk in shown.object_ids
    page = page_of(client_as("owner_analyst"), "Weir lads")
    assert "Weir" in page
    assert "Merged into" not in page
    assert nation.hidden.reference not in page


def test_exact_reference_leads_whatever_its_kind(
    nation: Nation, client_as: ClientAs
) -> None:
    a_group("durham", name="URN/77 yard", owner_reference="X1")
    report = nation.world.report(Label(), owner_reference="URN/77")
    page = page_of(client_as("owner_analyst"), "urn/77")
    assert list(sections(page)) == ["reports", "groups"]
    assert f"/reports/{report.public_id}/" in page


def test_best_comes_first_and_every_page_follows(
    nation: Nation, client_as: ClientAs
) -> None:
    for number in range(60):
        a_group("durham", name=f"Kestrel yard {number}")
    best = a_group("durham", name="Kestrel yard")
    client = client_as("owner_analyst")
    page = page_of(client, "kestrel yard")
    assert page.index(str(best.public_id)) < page.index("</mark> 9")
    assert sections(page)["groups"] == "61 groups"
    address, seen = kind_url(page, "groups"), []
    for _ in range(3):
        page = client.get(address).content.decode()
        seen += re.findall(r'<a class="govuk-link" href="/groups/([0-9a-f-]+)/"', page)
        after = re.search(r'href="(/search/[^"]+)" rel="next"', page)
        address = after[1].replace("&amp;", "&") if after else ""
    assert not address
    assert len(seen) == len(set(seen)) == 61
    assert seen[0] == str(best.public_id)


def test_who_is_this_number_takes_two_pages(
    nation: Nation, client_as: ClientAs
) -> None:
    nominal = nation.world.member(nation.durham, Label()).nominal
    a_phone(nation, nominal, "07700 900123")
    client = client_as("owner_analyst")
    for typed in ("+44 7700 900123", "07700900123", "900123", "07700 900 124"):
        page = page_of(client, typed)
        assert f"/people/{nominal.public_id}/" in page, typed


def test_people_are_found_by_alias_likeness_and_sound(
    nation: Nation, client_as: ClientAs
) -> None:
    person = a_person(nation, "José", "Smythe-Qarrow")
    NominalAlias.objects.create(
        nominal=person,
        surname="Wolfhound",
        owner=person.owner,
        asserted_by=person.owner,
        access_class_id=person.access_class_id,
    )
    client = client_as("owner_analyst")
    for typed, why in (
        ("jose qarrow", "Name"),
        ("wolfhound", "Alias"),
        ("Jose Smythe Qarow", "Similar spelling"),
        ("Smith Karow", "Sounds alike"),
    ):
        page = page_of(client, typed)
        assert f"/people/{person.public_id}/" in page, typed
        assert why in page, typed


def test_what_most_names_are_like_is_found_as_what_few_are(
    nation: Nation, client_as: ClientAs
) -> None:
    client = client_as("owner_analyst")
    few = [a_group("durham", name=f"Pelican quay {n}") for n in range(2)]
    page = page_of(client, "Pelicn quay")
    assert sections(page)["groups"] == "2 groups"
    many = [a_group("durham", name=f"Pelican quay {n}") for n in range(2, 60)]
    for number in range(20):
        a_group("west-yorkshire", "organisation", name=f"Pelican quay {number}")
    page = page_of(client, "Pelicn quay")
    assert sections(page)["groups"] == "60 groups"
    assert "Similar spelling" in page
    shown = re.findall(r'<a class="govuk-link" href="/groups/([0-9a-f-]+)/"', page)
    assert set(shown) <= {str(group.public_id) for group in (*few, *many)}


def test_words_of_reports_are_found_by_stem_and_marked(
    nation: Nation, client_as: ClientAs
) -> None:
    report = nation.world.report(
        Label(), text="A white van left. <b>They</b> were ROBBING the kestrel yard."
    )
    page = page_of(client_as("owner_analyst"), "robbed kestrel")
    assert f"/reports/{report.public_id}/" in page
    assert "<mark>ROBBING</mark>" in page
    assert "<mark>kestrel</mark>" in page
    assert "<b>They</b>" not in page


def test_nothing_found_says_so_and_what_may_be(
    nation: Nation, client_as: ClientAs
) -> None:
    page = page_of(client_as("owner_analyst"), "zzqqxy")
    assert "Nothing found" in page
    assert "Others may hold records" in page


@pytest.mark.parametrize(
    "typed", ["%", "_", "\\", "' or 1=1 --", "a & !", '"', "😀", "\u202eabc", "x" * 200]
)
def test_odd_words_are_only_words(
    typed: str, nation: Nation, client_as: ClientAs
) -> None:
    assert searched(client_as("owner_analyst"), typed).status_code == 200


@pytest.mark.leak
def test_hidden_rows_change_neither_counts_nor_order_nor_marks(
    nation: Nation, client_as: ClientAs
) -> None:
    client = client_as("owner_analyst")
    seen = [a_group("durham", name=f"Osprey quay {n}") for n in range(3)]
    person = a_person(nation, "Osprey", "Quay")
    nation.world.report(Label(), text="At the osprey quay.")

    def told() -> str:
        page = page_of(client, "osprey quay")
        return re.sub(r"q(=|%3D)[0-9a-f-]+|csrf[^>]+|nonce-\S+", "", page)

    before = told()
    assert "<mark>osprey</mark>" in before
    hidden = nation.hidden
    for number in range(4):
        a_group("west-yorkshire", "organisation", name=f"Osprey quay {number}")
        a_person(nation, "Osprey", "Quay", access_class_id=hidden.access_class_id)
    stricter = labels.join_of([hidden.access_class_id, seen[0].access_class_id])
    GroupAlias.objects.create(
        group=seen[0],
        name="osprey quay",
        owner=seen[0].owner,
        asserted_by=seen[0].owner,
        access_class_id=stricter,
    )
    NominalAlias.objects.create(
        nominal=person,
        surname="Osprey quay osprey quay",
        owner=person.owner,
        asserted_by=person.owner,
        access_class_id=stricter,
    )
    report = nation.world.report(Label(), text="Osprey quay, osprey quay, osprey.")
    type(report).objects.filter(pk=report.pk).update(
        access_class_id=hidden.access_class_id
    )
    assert told() == before


@pytest.mark.leak
def test_hidden_group_is_not_found(nation: Nation, client_as: ClientAs) -> None:
    hidden = nation.hidden
    client = client_as("owner_analyst")
    for text in (hidden.name, hidden.reference):
        assert str(hidden.public_id) not in page_of(client, text)


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


@pytest.mark.parametrize(
    "asked",
    ["q=none", "q={id}&kind=cars", "q={id}&cursor=x", "q={id}&kind=people&cursor=x"],
)
def test_addresses_that_cannot_be_meant(
    asked: str, nation: Nation, client_as: ClientAs
) -> None:
    client = client_as("owner_analyst")
    location = client.post("/search/", {"q": "yard"})["Location"]
    term = location.partition("q=")[2]
    assert client.get("/search/?" + asked.format(id=term)).status_code == 400
