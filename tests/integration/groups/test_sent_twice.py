"""A form sent twice does one thing; sent again with other words, it says so."""

import re
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.forms import FIELD, new_ticket
from accounts.models import SentForm
from accounts.visibility import Viewer
from groups.models import (
    Activity,
    CrimeGroup,
    GroupAlias,
    Involvement,
    Membership,
    Nominal,
)
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from scoring.models import Judgement
from tests.factories.intelligence import a_group
from tests.typed import Typed, group_form, member_form, member_row

SignIn = Callable[[str], Client]
WHO = "owner_analyst"
TELLING: Typed = {"basis": "reported", "rationale": "Seen there."}


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("groups.views.form_page.hint", lambda *_: None)
    monkeypatch.setattr("scoring.views.judging.hint", lambda *_: None)


def count(model: Any) -> int:
    with acting_as(system("test")), transaction.atomic():
        return int(model.objects.count())


def ticket_on(client: Client, path: str) -> Typed:
    [ticket] = re.findall(
        rf'name="{FIELD}" value="([^"]+)"', client.get(path).content.decode()
    )
    return {FIELD: ticket}


FORMS: dict[str, tuple[str, type[Any], Typed]] = {
    "person": (
        "/people/new/",
        Nominal,
        {
            "is_identified": "yes",
            "surname": "Marlowe",
            "gender": "unknown",
            "identifier_kind": "phone",
            "value": "07700 900123",
            "rationale": "Seen.",
            "sharing": "force",
            "sure": "yes",
        },
    ),
    "group": ("/groups/new/", CrimeGroup, group_form("durham", member_row())),
    "member": ("{group}members/add/", Membership, member_form()),
    "involvement": (
        "{group}involvements/add/",
        Involvement,
        {"kind": "associate", "surname": "Able", "dpa_category": "suspect", **TELLING},
    ),
    "alias": (
        "{group}aliases/add/",
        GroupAlias,
        {"name": "The yard", "kind": "alias", **TELLING},
    ),
    "activity": (
        "{group}activities/add/",
        Activity,
        {
            "threat_type": "illegal-drugs",
            "modus": "By van.",
            **TELLING,
            "places-TOTAL_FORMS": 0,
            "places-INITIAL_FORMS": 0,
            "quantities-TOTAL_FORMS": 0,
            "quantities-INITIAL_FORMS": 0,
        },
    ),
    "judgement": (
        "{group}score/violence/judge/",
        Judgement,
        {"level": "high", "rationale": "Three assaults."},
    ),
}


@pytest.mark.parametrize("what", FORMS)
def test_form_sent_twice_does_one_thing(client_as: SignIn, what: str) -> None:
    path, model, typed = FORMS[what]
    with acting_as(system("test")):
        group = a_group(owner="durham")
    path = path.format(group=f"/groups/{group.public_id}/")
    if what == "judgement":
        path = reverse("scoring:judge", args=[group.public_id, "violence"])
    client, before = client_as(WHO), count(model)
    typed = {**typed, **ticket_on(client, path)}
    first, second = client.post(path, typed), client.post(path, typed)
    assert first.status_code == second.status_code == 302, first.content.decode()[
        -4000:
    ]
    assert first["Location"] == second["Location"]
    assert count(model) == before + 1
    [name] = [one for one in typed if one in {"name", "surname", "modus", "rationale"}][
        :1
    ]
    changed = client.post(path, {**typed, name: "Other words"})
    told = changed.content.decode()
    assert changed.status_code == 200
    assert "This form was sent before, with other words" in told
    assert "Other words" in told
    assert count(model) == before + 1
    [again] = re.findall(rf'name="{FIELD}" value="([^"]+)"', told)
    assert again != typed[FIELD]
    sent = client.post(path, {**typed, name: "Other words", FIELD: again})
    assert sent.status_code == 302
    assert count(model) == before + 2


def test_change_sent_twice_is_one_change_and_no_conflict(client_as: SignIn) -> None:
    with acting_as(system("test")):
        group = a_group(owner="durham")
    client, path = client_as(WHO), f"/groups/{group.public_id}/edit/"
    typed = {**group_form("durham", name="New name"), "version": 1}
    typed |= ticket_on(client, path)
    first, second = client.post(path, typed), client.post(path, typed)
    assert first.status_code == second.status_code == 302, first.content.decode()[
        -3000:
    ]
    back = client.post(path, {**typed, "name": "Newer name"})
    assert "Someone else changed this record" in back.content.decode()
    with acting_as(system("test")):
        group.refresh_from_db()
    assert (group.name, group.version) == ("New name", 2)


def test_ticket_that_is_not_ones_own_is_not_taken(
    client_as: SignIn, viewer: Callable[[str], Viewer]
) -> None:
    """Such a form is taken as any without a ticket, and tells nothing of another's."""
    others = new_ticket(viewer("owner_supervisor"))
    client = client_as(WHO)
    for ticket in (others, "x", ""):
        answer = client.post("/groups/new/", {**group_form("durham"), FIELD: ticket})
        assert answer.status_code == 302
    assert count(CrimeGroup) == 3
    assert count(SentForm) == 0


def test_refused_form_keeps_its_ticket(client_as: SignIn) -> None:
    client = client_as(WHO)
    typed = {**group_form("durham"), **ticket_on(client, "/groups/new/")}
    refused = client.post("/groups/new/", {**typed, "name": ""})
    assert typed[FIELD] in refused.content.decode()
    assert client.post("/groups/new/", typed).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_make_one_group(client_as: SignIn) -> None:
    client = client_as(WHO)
    typed = {**group_form("durham"), **ticket_on(client, "/groups/new/")}
    start, places = threading.Barrier(2), []

    def click() -> None:
        other = Client()
        other.cookies = client.cookies
        start.wait()
        places.append(other.post("/groups/new/", typed)["Location"])
        connection.close()

    clicks = [threading.Thread(target=click) for _ in range(2)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()
    assert len(places) == 2
    assert len(set(places)) == 1
    assert count(CrimeGroup) == 1
