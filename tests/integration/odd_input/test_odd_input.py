"""Input that no person types: it is refused as any other, and is no fault of ours."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from accounts.actions import tokens
from groups.models import CrimeGroup
from ocgmap.common import queues
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.audited import Audited
from tests.cast import MakeUser
from tests.factories.intelligence import a_group
from tests.typed import Typed, group_form, member_form, member_row, report_form

ClientAs = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queues, "hint", lambda *_: None)
    monkeypatch.setattr("groups.views.form_page.hint", lambda *_: None)


@pytest.mark.parametrize(
    "path",
    ["/accounts/login/%00", "/accounts/%1b/", "/accounts/%ED%A0%80/"],
)
def test_odd_path_of_a_stranger_is_absent_and_audited(
    db: None, path: str, audited: Audited
) -> None:
    assert Client().get(path).status_code == 404
    [row] = audited(kind="refusal")
    assert row.route.isprintable()
    assert row.route.startswith("GET /a")


@pytest.mark.parametrize("path", ["/api/v1/%00", "/api/v1/%ED%A0%80/"])
def test_odd_path_of_a_program(
    db: None, make_user: MakeUser, audited: Audited, path: str
) -> None:
    """Without a token it is asked for one, as anywhere under this address."""
    assert Client().get(path).status_code == 401
    with acting_as(system("test")):
        _, token = tokens.create(
            user=make_user("owner_analyst"), scopes=["groups:read"]
        )
    headers = {"Authorization": f"Bearer {token}"}
    assert Client().get(path, headers=headers).status_code == 404
    rows = audited(kind="refusal")
    assert rows[-1].actor_id is not None
    assert all(row.route.isprintable() for row in rows)


def test_odd_scope_of_a_dashboard_is_an_unknown_one(
    client_as: ClientAs, audited: Audited
) -> None:
    client = client_as("owner_analyst")
    for path in ("/dashboard/force:%00/", "/dashboard/force:atlantis/"):
        assert client.get(path).status_code == 400
    assert [row.route for row in audited(kind="refusal")] == [
        "GET /dashboard/force:%00/",
        "GET /dashboard/force:atlantis/",
    ]


@pytest.mark.parametrize(
    "path",
    ["/groups/%00/", "/groups/%ff/", "/people/%ed%a0%80/"],
)
def test_odd_path_of_a_reader_is_absent_and_audited(
    client_as: ClientAs, path: str, audited: Audited
) -> None:
    client = client_as("owner_analyst")
    assert client.get(path).status_code == 404
    [row] = audited(kind="refusal")
    assert row.actor_id is not None
    assert row.route.isprintable()


@pytest.mark.parametrize("at", ["0001-01-01", "1899-12-31", "9999-12-31"])
def test_day_beyond_all_records_is_refused(client_as: ClientAs, at: str) -> None:
    page = client_as("owner_analyst").get(f"/dashboard/national/?at={at}")
    assert page.status_code == 400
    assert "The date" in page.content.decode()


def nul(typed: Typed) -> Iterator[tuple[str, Typed]]:
    """Yield the form once for each field, with a null character in it."""
    for name, value in typed.items():
        yield name, {**typed, name: f"{value}\0"}


def test_null_character_in_any_field_of_any_form(client_as: ClientAs) -> None:
    with acting_as(system("test")):
        group = a_group(owner="durham")
    client = client_as("owner_analyst")
    more = {"groups": "", "nominals": "", "owner_reference": "", "legacy_grade": ""}
    forms = {
        "/reports/new/": report_form(
            "durham", {"attribute": "", "level": "", "group": ""}, **more
        ),
        "/groups/new/": group_form("durham", member_row(person="")),
        f"/groups/{group.public_id}/members/add/": member_form(person=""),
    }
    with acting_as(system("test")):
        before = CrimeGroup.objects.count()
    for path, right in forms.items():
        for name, typed in nul(right):
            # The form of an analyst asks for no owner, nor where its rows began.
            if name.endswith(("-INITIAL_FORMS", "_key", "owner")):
                continue
            answer = client.post(path, typed)
            assert answer.status_code == 200, (path, name)
            told = answer.content.decode()
            assert "There is a problem" in told, (path, name)
            assert "Null characters are not allowed" not in told, (path, name)
    with acting_as(system("test")):
        assert CrimeGroup.objects.count() == before


@pytest.mark.parametrize("part", ["day", "month", "year"])
def test_number_beyond_reading_in_a_date(client_as: ClientAs, part: str) -> None:
    typed = {**report_form("durham"), f"received_on_{part}": "1" * 5000}
    answer = client_as("owner_analyst").post("/reports/new/", typed)
    assert answer.status_code == 200
    assert "Date received must" in answer.content.decode()


@pytest.mark.parametrize("path", ["/reports/new/", "/groups/new/"])
def test_number_beyond_reading_of_rows(client_as: ClientAs, path: str) -> None:
    prefix = "claims" if "reports" in path else "members"
    typed = {
        **(report_form("durham") if "reports" in path else group_form("durham")),
        f"{prefix}-TOTAL_FORMS": "9" * 5000,
    }
    client = client_as("owner_analyst")
    for more in ({}, {"add_row": prefix}):
        assert client.post(path, {**typed, **more}).status_code == 200


@pytest.mark.parametrize("name", ["Yard\u202ecrew", "Yard\x1bcrew", "Yard\ufffdcrew"])
def test_name_that_misleads_is_refused(client_as: ClientAs, name: str) -> None:
    client = client_as("owner_analyst")
    answer = client.post("/groups/new/", group_form("durham", name=name))
    assert answer.status_code == 200
    assert "Name holds characters that are not text" in answer.content.decode()
