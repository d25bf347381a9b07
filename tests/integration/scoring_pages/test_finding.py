"""Pasted lists, saved searches and columns."""

import datetime
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.actions import tokens
from accounts.models import PastedList, User
from accounts.models.api_token import TokenScope
from accounts.models.audit_event import AuditKind
from accounts.visibility import Label
from groups.actions import pasted_lists
from groups.models import SavedSearch
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.audited import Audited, audited
from tests.factories.intelligence import a_group
from tests.integration.scoring_pages.conftest import ClientAs, Nation
from tests.integration.scoring_pages.test_search import a_person, a_phone

__all__ = ["audited"]  # the fixture
ROW = re.compile(r'<tr class="govuk-table__row">(.*?)</tr>', re.DOTALL)


def pasted(client: Client, text: str, kind: str = "any") -> Any:
    answer = client.post("/search/paste/", {"lines": text, "kind": kind}, follow=True)
    assert answer.status_code == 200
    return answer


def rows_of(page: str) -> list[str]:
    rows = ROW.findall(page)[1:]
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]


def test_list_is_told_apart_in_two_pages(nation: Nation, client_as: ClientAs) -> None:
    ann = a_person(nation, "Ann", "Qexample")
    a_person(nation, "Bob", "Qtwice")
    a_person(nation, "Bob", "Qtwice")
    a_phone(nation, ann, "07700 900123")
    a_group("durham", name="Yard", owner_reference="URN/55")
    report = nation.world.report(Label(), owner_reference="LOG 12/26")
    client = client_as("owner_analyst")
    text = "\n".join(
        (
            "• qexample, ANN",
            "Bob Qtwice",
            "+44 7700 900123",
            "07700 900999",
            "urn/55",
            "log 12/26",
            nation.durham.reference.lower(),
            "😀",
        )
    )
    answer = pasted(client, text)
    [(address, _)] = answer.redirect_chain
    assert "Qexample" not in address
    rows = rows_of(answer.content.decode())
    assert [row.split()[0] for row in rows] == list("12345678")
    expected = (
        ("Known", ann.reference),
        ("Ambiguous", "Bob Qtwice"),
        ("Known", ann.reference),
        ("Unknown", "Nothing that you may see"),
        ("Known", "Yard"),
        ("Known", report.reference),
        ("Known", nation.durham.reference),
        ("Invalid", "No shape"),
    )
    for row, (outcome, who) in zip(rows, expected, strict=True):
        assert outcome in row, row
        assert who in row, row
    page = client.get(f"{address}&outcome=unknown").content.decode()
    assert len(rows_of(page)) == 1


def test_two_hundred_numbers_stand_on_one_page(
    nation: Nation, client_as: ClientAs
) -> None:
    text = "\n".join(f"07700 9{number:05}" for number in range(201))
    page = pasted(client_as("owner_analyst"), text, "phones").content.decode()
    assert len(rows_of(page)) == 200
    assert "Unknown (201)" in page
    after = re.search(r'href="(/search/paste/[^"]+)" rel="next"', page)
    assert after


def test_ten_thousand_lines_are_taken_in_few_queries(
    nation: Nation, client_as: ClientAs, django_assert_max_num_queries: Any
) -> None:
    client = client_as("owner_analyst")
    text = "\n".join(f"Zz Person{chr(97 + n % 26)}, Q{n % 10}" for n in range(10_000))
    kept = client.post("/search/paste/", {"lines": text, "kind": "people"})
    with django_assert_max_num_queries(40):
        page = client.get(kept["Location"]).content.decode()
    assert "Unknown (10,000)" in page


@pytest.mark.parametrize("text", ["", " \n\u200f\n", "Ann Qexample\n" * 10_001])
def test_list_that_cannot_be_looked_up_is_refused_beside_the_field(
    text: str, nation: Nation, client_as: ClientAs
) -> None:
    client = client_as("owner_analyst")
    page = client.post("/search/paste/", {"lines": text, "kind": "any"})
    assert page.status_code == 200
    assert "error-summary" in page.content.decode()
    if text.strip():
        assert text[:12] in page.content.decode()


@pytest.mark.leak
def test_hidden_person_is_unknown_and_another_cannot_open_the_list(
    nation: Nation, client_as: ClientAs
) -> None:
    hidden = nation.hidden
    a_person(nation, "Hid", "Denone", access_class_id=hidden.access_class_id)
    answer = pasted(client_as("owner_analyst"), f"Hid Denone\n{hidden.reference}")
    assert "Unknown (2)" in answer.content.decode()
    [(address, _)] = answer.redirect_chain
    assert client_as("nca_officer").get(address).status_code == 400


def test_file_needs_the_right_and_is_a_disclosure(
    nation: Nation, client_as: ClientAs, audited: Audited
) -> None:
    ann = a_person(nation, "Ann", "Qexample")
    analyst = client_as("owner_analyst")
    [(address, _)] = pasted(analyst, "Ann Qexample").redirect_chain
    file = address.replace("/paste/", "/paste/file/")
    assert "Download" not in analyst.get(address).content.decode()
    assert analyst.get(file).status_code == 403
    supervisor = client_as("owner_supervisor")
    [(address, _)] = pasted(supervisor, "Ann Qexample\n=1+1").redirect_chain
    answer = supervisor.get(address.replace("/paste/", "/paste/file/"))
    content = answer.content.decode("utf-8-sig")
    assert f"1,Ann Qexample,known,Ann Qexample ({ann.reference})" in content
    assert "2,'=1+1," in content
    [row] = audited(kind=AuditKind.DISCLOSURE, object_type="groups.Nominal")
    assert row.object_ids == [ann.pk]


def save(client: Client, audience: str = "private", **more: str) -> Any:
    data = {"kind": "groups", "query": "", "name": "Mine", "audience": audience, **more}
    answer = client.post("/searches/new/", data)
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    return answer


def token_of(who: str) -> dict[str, str]:
    with acting_as(system("test")):
        user = User.objects.get(email__startswith=f"{who}@")
        _, secret = tokens.create(user=user, scopes=list(TokenScope))
    return {"authorization": f"Bearer {secret}"}


def run_first(client: Client) -> tuple[int, str, str]:
    """Run the first saved search; return how many it finds, its address and page."""
    listed = client.get("/searches/").content.decode()
    address = re.search(r'href="(/searches/[0-9a-f-]{36}/)"', listed)
    assert address
    ran = client.get(address[1], follow=True)
    assert ran.status_code == 200
    page = ran.content.decode()
    count = re.search(r'data-count="(\d+)"', page)
    assert count
    return int(count[1]), ran.redirect_chain[-1][0], page


def tiles(client: Client) -> list[str]:
    page = client.get("/").content.decode()
    return re.findall(r'data-figure="saved\.[^"]+">([^<]+)<', page)


def test_filters_are_saved_run_and_removed(nation: Nation, client_as: ClientAs) -> None:
    client = client_as("owner_analyst")
    page = client.get("/groups/?scope=national&tier=regional").content.decode()
    address = re.search(r'href="(/searches/new/[^"]+)"', page)
    assert address
    form = client.get(address[1].replace("&amp;", "&")).content.decode()
    query = re.search(r'name="query" value="([^"]+)"', form)
    assert query
    save(client, query=query[1].replace("&amp;", "&"))
    page = client.get("/groups/").content.decode()
    chosen = re.search(r'<option value="([0-9a-f-]{36})">Mine', page)
    assert chosen
    ran = client.get("/searches/open/", {"search": chosen[1]}, follow=True)
    assert ran.redirect_chain[-1][0] == "/groups/?tier=regional&scope=national"
    assert f'data-figure="saved.{chosen[1]}"' in client.get("/").content.decode()
    assert client.post(f"/searches/{chosen[1]}/remove/").status_code == 302
    assert "Mine" not in client.get("/searches/").content.decode()


@pytest.mark.parametrize("kind", ["groups", "people", "reports", "everything"])
def test_text_is_saved_and_stands_in_no_address(
    kind: str, nation: Nation, client_as: ClientAs
) -> None:
    client = client_as("owner_analyst")
    a_group("durham", name="Qestrel yard")
    a_person(nation, "Ann", "Qestrel")
    nation.world.report(Label(), text="The qestrel came.")
    term = client.post("/search/", {"q": "qestrel"})["Location"].partition("q=")[2]
    save(client, kind=kind, query=f"q={term}")
    is_of_all = kind == "everything"
    count, address, page = run_first(client)
    assert count == (3 if is_of_all else 1)
    assert tiles(client) == ["Search" if is_of_all else "1"]
    assert "qestrel" not in address
    assert "estrel" in page


@pytest.mark.leak
def test_shared_search_runs_with_the_rights_of_the_reader(
    nation: Nation, client_as: ClientAs
) -> None:
    a_group("durham", "organisation", name="Qosprey own")
    a_group("durham", "all_forces", name="Qosprey shared")
    owner = client_as("owner_analyst")
    term = owner.post("/search/", {"q": "qosprey"})["Location"].partition("q=")[2]
    save(owner, "force", query=f"q={term}")
    assert run_first(owner)[0] == 2
    assert tiles(owner) == ["2"]
    nca = client_as("nca_officer")
    count, _, page = run_first(nca)
    assert count == 1
    assert "Qosprey shared" in page
    assert "Qosprey own" not in page
    listed = nca.get("/searches/").content.decode()
    address = re.search(r'href="(/searches/[0-9a-f-]{36}/)"', listed)
    assert address
    assert nca.post(f"{address[1]}remove/").status_code == 403


@pytest.mark.leak
@pytest.mark.parametrize(
    ("audience", "who", "finds"),
    [
        ("private", "owner_supervisor", False),
        ("team", "owner_supervisor", True),
        ("team", "nca_officer", False),
        ("force", "nca_officer", True),
        ("force", "other_analyst", False),
        ("region", "region_analyst", True),
        ("region", "other_analyst", False),
    ],
)
def test_who_finds_a_saved_search(
    audience: str, who: str, finds: bool, nation: Nation, client_as: ClientAs
) -> None:
    save(client_as("owner_analyst"), audience)
    saved = SavedSearch.objects.get()
    other = client_as(who)
    assert ("Mine" in other.get("/searches/").content.decode()) is finds
    assert ("Mine" in other.get("/groups/").content.decode()) is finds
    expected = 302 if finds else 404
    assert other.get(f"/searches/{saved.public_id}/").status_code == expected
    expected = 403 if finds else 404
    gone = other.post(f"/searches/{saved.public_id}/remove/")
    assert gone.status_code == expected


@pytest.mark.parametrize(
    "wrong",
    [{"name": " "}, {"audience": "all"}, {"kind": "cars"}, {"kind": "everything"}],
)
def test_search_that_cannot_be_saved(
    wrong: dict[str, str], nation: Nation, client_as: ClientAs
) -> None:
    data = {"kind": "groups", "query": "", "name": "Mine", "audience": "team", **wrong}
    answer = client_as("owner_analyst").post("/searches/new/", data)
    assert answer.status_code == 200
    assert "error-summary" in answer.content.decode()
    assert not SavedSearch.objects.exists()


def test_columns_are_chosen_remembered_and_keep_the_filters(
    nation: Nation, client_as: ClientAs
) -> None:
    client = client_as("owner_analyst")
    answer = client.post(
        "/lists/groups/columns/",
        {"columns": ["owner", "review", "cars"], "query": "scope=national"},
    )
    assert answer["Location"] == "/groups/?scope=national&columns=owner,review"
    for address in (answer["Location"], "/groups/?scope=national"):
        page = client.get(address).content.decode()
        heads = re.findall(r'scope="col"[^>]*>\s*([^<]+?)\s*<', page)
        assert heads == ["Reference", "Select", "Owner", "Review due"]
    page = client.get("/groups/?scope=national&columns=name").content.decode()
    assert "Review due</th>" not in page.replace("\n", "")
    other = User.objects.get(email__startswith="owner_supervisor")
    assert other.list_columns == {}


@pytest.mark.parametrize("path", ["/groups/", "/people/", "/reports/"])
def test_unknown_column_is_refused(
    path: str, nation: Nation, client_as: ClientAs
) -> None:
    client = client_as("owner_analyst")
    assert client.get(f"{path}?columns=cars").status_code == 400


def test_people_are_filtered_without_a_name_and_counted(
    nation: Nation, client_as: ClientAs
) -> None:
    a_person(nation, "Ann", "Qexample")
    client = client_as("owner_analyst")
    page = client.get("/people/?owner=durham&identified=true").content.decode()
    assert re.search(r">\d+ (person|people)</strong>", page)
    assert 'href="/people/?owner=durham"' in page
    assert 'href="/people/?identified=true"' in page


@pytest.mark.parametrize(
    ("kind", "path"),
    [("groups", "groups"), ("people", "nominals"), ("reports", "reports")],
)
def test_saved_search_narrows_the_list_of_the_api(
    kind: str, path: str, nation: Nation, client_as: ClientAs
) -> None:
    client = client_as("owner_analyst")
    a_group("durham", name="Qestrel yard")
    a_person(nation, "Ann", "Qestrel")
    nation.world.report(Label(), text="The qestrel came.")
    term = client.post("/search/", {"q": "qestrel"})["Location"].partition("q=")[2]
    save(client, kind=kind, query=f"q={term}")
    own, other = (token_of(who) for who in ("owner_analyst", "owner_supervisor"))
    [saved] = client.get("/api/v1/searches/", headers=own).json()["results"]
    assert (saved["name"], saved["text"]) == ("Mine", "qestrel")
    assert f"/api/v1/{path}/?saved_search={saved['id']}" in saved["results"]
    found = client.get(saved["results"], headers=own).json()["results"]
    assert len(found) == 1
    listed = client.get("/api/v1/searches/", headers=other).json()["results"]
    assert listed == []
    assert client.get(saved["results"], headers=other).status_code == 400


def test_a_list_is_kept_for_a_week_and_then_forgotten(
    nation: Nation, client_as: ClientAs
) -> None:
    client = client_as("owner_analyst")
    [(address, _)] = pasted(client, "Ann Qexample").redirect_chain
    assert client.get(address).status_code == 200
    assert pasted_lists.forget_old() == 0
    with acting_as(system("test")):
        old = timezone.now() - datetime.timedelta(days=8)
        PastedList.objects.update(created_at=old)
    assert client.get(address).status_code == 400
    assert pasted_lists.forget_old() == 1
    assert pasted_lists.forget_old() == 0
