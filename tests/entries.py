"""What is typed into the entry of a group, and what became of it, for its tests."""

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from accounts.models import Organisation
from accounts.visibility import Viewer
from groups.actions import people
from groups.models import Nominal
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.typed import Typed, day, member_row, rows, yesterday

WHO = "owner_analyst"
SignIn = Callable[[str], Client]


def all_of(model: Any) -> list[Any]:
    with acting_as(system("test")), transaction.atomic():
        return list(model.objects.order_by("pk"))


def member(surname: str = "Marlowe", **more: Any) -> Typed:
    return member_row(surname=surname, **more)


def entry(*members: Typed, **changes: Any) -> Typed:
    """Return the long page as a browser sends it, with a first report."""
    return {
        "tab": str(uuid.UUID(int=7)),
        "version": "1",
        "name": "Zebra wharf crew",
        "kind": "crime_group",
        "tier": "none",
        "s45_test": "yes",
        "soc_test": "unknown",
        "sharing": "force",
        "rationale": "Reports of the last month agree.",
        "report-text": "Seen unloading at the yard on three nights.",
        "report-source_grade": "1",
        "report-assessment_grade": "A",
        "report-handling": "P",
        **day("report-received_on", yesterday()),
        **rows("things"),
        **rows("members", *members),
        **rows("activities"),
        **rows("places"),
        **rows("harm"),
        **rows("claims"),
        **changes,
    }


@pytest.fixture
def desk(client_as: SignIn) -> Client:
    return client_as(WHO)


@pytest.fixture
def draft(desk: Client) -> str:
    return str(desk.post("/entry/group/")["Location"])


def hidden_of(desk: Client, address: str) -> Typed:
    text = desk.get(address).content.decode()
    found = dict(re.findall(r'name="(entry|version)" value="([^"]*)"', text))
    assert set(found) == {"entry", "version"}, found
    return found


def faults_of(answer: Any) -> list[str]:
    """Return the lines of the error summary."""
    page = answer.content.decode()
    summary = re.findall(r"There is a problem</h2>(.*?)</ul>", page, re.DOTALL)
    lines = re.findall(r"<li>(.*?)</li>", "".join(summary), re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", line).split()) for line in lines]


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def known_person(acting: Any, by: Viewer, **said: Any) -> Nominal:
    with acting(WHO):
        return people.create_nominal(
            by=by,
            owner=said.pop("owner"),
            sharing="force",
            **{"is_identified": True, "given_names": "Alex", **said},
        )


@pytest.fixture
def by(viewer: Callable[[str], Viewer]) -> Viewer:
    return viewer(WHO)


@pytest.fixture
def durham() -> Organisation:
    with acting_as(system("test")), transaction.atomic():
        return Organisation.objects.get(code="durham")
