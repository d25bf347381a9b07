"""The entry of a group: typed into a draft, checked, and recorded as a whole."""

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from groups.models import (
    CrimeGroup,
    EntryDraft,
    GroupAlias,
    IdentifierUse,
    Membership,
)
from intelligence.models import AttributeClaim, Mention, Report
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.typed import Typed, day, member_row, rows, yesterday

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]
WHO = "owner_analyst"


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("intelligence.views.entry_check.hint", lambda *_: None)


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


def test_group_members_and_report_in_three_pages(desk: Client, draft: str) -> None:
    typed = entry(
        *(
            member(f"Zed{letter}")
            for letter in ("able", "baker", "char", "dog", "easy")
        ),
        aliases="The wharf\nQuay lot",
        **rows("things", {"kind": "vehicle", "value": "AB12 CDE"}),
        **rows("activities", {"threat_type": "illegal-drugs", "modus": "By van."}),
        **rows(
            "places",
            {"activity": "1", "role": "harm", "outcode": "DH1", "country": "GB"},
        ),
        **rows("harm", {"attribute": "violence", "level": "high"}),
        **rows("claims", {"attribute": "mobility", "level": "low"}),
    )
    answer = desk.post(draft, typed)
    assert answer.status_code == 302, faults_of(answer)
    check = answer["Location"]
    assert check == f"{draft}check/"
    assert not all_of(CrimeGroup), "a draft is no part of the record"
    page = text_of(desk.get(check))
    assert "Zedable" in page
    assert "Seen unloading" in page
    done = desk.post(check, hidden_of(desk, check))
    [group] = all_of(CrimeGroup)
    assert done["Location"] == reverse("groups:detail", args=[group.public_id])
    assert len(all_of(Membership)) == 5
    assert {one.name for one in all_of(GroupAlias)} == {"The wharf", "Quay lot"}
    [use] = all_of(IdentifierUse)
    assert use.group_id == group.pk
    [report] = all_of(Report)
    assert {one.attribute for one in all_of(AttributeClaim)} == {"violence", "mobility"}
    assert len([one for one in all_of(Mention) if one.nominal_id]) == 5
    assert report.access_class_id == group.access_class_id
    assert not all_of(EntryDraft), "what was sent is no draft any more"
