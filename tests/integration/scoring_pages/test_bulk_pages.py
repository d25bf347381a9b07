"""Several groups are selected, looked at, and changed: without scripts."""

import datetime
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from groups.models import CrimeGroup
from tests.factories.intelligence import a_group
from tests.factories.scoring import as_worker
from tests.integration.scoring_pages.conftest import ClientAs, Nation, seen

HIDDEN = re.compile(r'<input type="hidden" name="([a-z_0-9]+)" value="([^"]*)"')
SOON = timezone.localdate() + datetime.timedelta(days=60)


@pytest.fixture(autouse=True)
def hints(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    sent: list[str] = []
    monkeypatch.setattr("scoring.views.bulk.hint", sent.append)
    return sent


def hidden_of(answer: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in HIDDEN.findall(answer.content.decode()):
        if name != "csrfmiddlewaretoken":
            found.setdefault(name, []).append(value)
    return found


def selection(*groups: CrimeGroup) -> str:
    return "&".join(f"group={one.public_id}" for one in groups)


def preview(client: Client, asked: Any, **typed: Any) -> Any:
    return client.post("/groups/bulk/preview/", hidden_of(asked) | typed)


def test_selected_groups_change_after_a_preview(
    nation: Nation, client_as: ClientAs, hints: list[str]
) -> None:
    client = client_as("owner_analyst")
    listing = client.get("/groups/")
    box = f'name="group" value="{nation.durham.public_id}"'
    assert box in listing.text
    picked = (nation.durham, nation.poor, nation.northumbria)
    asked = client.get(f"/groups/bulk/?{selection(*picked)}")
    assert "Selected groups (3)" in asked.text
    typed = {
        "change": ["tier", "review_on"],
        "tier": "regional",
        "review_on_day": str(SOON.day),
        "review_on_month": str(SOON.month),
        "review_on_year": str(SOON.year),
    }
    looked = preview(client, asked, **typed)
    assert looked.context["changed_count"] == 2
    assert looked.context["kept_count"] == 1
    assert "It belongs to Northumbria." in looked.text
    sent = hidden_of(looked)
    assert len(sent["group"]) == 2
    unsaid = client.post("/groups/bulk/apply/", sent)
    assert "Reason for the changes must be filled in" in unsaid.text
    assert hidden_of(unsaid) == sent
    done = client.post("/groups/bulk/apply/", sent | {"reason": "Regional meeting"})
    assert "Groups that changed (2)" in done.text
    assert hints == ["scoring.drain"]
    with as_worker():
        for group in (nation.durham, nation.poor):
            group.refresh_from_db()
            assert (group.tier, group.review_on) == ("regional", SOON)
        nation.northumbria.refresh_from_db()
        assert nation.northumbria.tier != "regional"
    again = client.post("/groups/bulk/apply/", sent | {"reason": "Sent twice"})
    assert "Groups that changed (0)" in again.text
    assert "Someone else changed it after the preview" in again.text
    told = client.get(f"/groups/{nation.durham.public_id}/history/").text
    assert "Regional meeting" in told


def test_all_that_match_are_as_many_as_the_list_says(
    nation: Nation, client_as: ClientAs
) -> None:
    client = client_as("owner_analyst")
    for filters in ("", "overdue=true", "state=draft", "scope=national&status=any"):
        page = seen(client, f"/groups/?{filters}")
        [url] = [one for one in page.links if "all=true" in one]
        asked = client.get(url)
        assert len(hidden_of(asked)["group"]) == page.count, filters
    searched = client.post("/groups/search/", {"q": "yard"})["Location"]
    [url] = [one for one in seen(client, searched).links if "all=true" in one]
    assert len(hidden_of(client.get(url))["group"]) == 2


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({}, "Select at least one option for “What to change”"),
        ({"change": ["lead_officer"]}, "Enter the new lead officer"),
        ({"change": ["tier"], "tier": "galactic"}, "has no option"),
        ({"change": ["review_on"], "review_on_day": "31"}, "New review date"),
    ],
)
def test_wrong_answers_are_told_beside_the_field(
    nation: Nation, client_as: ClientAs, typed: dict[str, Any], message: str
) -> None:
    client = client_as("owner_analyst")
    asked = client.get(f"/groups/bulk/?{selection(nation.durham)}")
    answer = preview(client, asked, **typed)
    assert answer.status_code == 200
    assert message in answer.text
    assert hidden_of(answer)["group"] == hidden_of(asked)["group"]


def test_hidden_absent_and_garbled_groups_are_one_answer(
    nation: Nation, client_as: ClientAs
) -> None:
    client = client_as("owner_analyst")
    texts = []
    for wanted in (str(nation.hidden.public_id), "0" * 32, "no-id"):
        answer = client.get(f"/groups/bulk/?group={wanted}")
        assert "Select at least one group." in answer.text
        texts.append(answer.text)
        sent = {"group": f"{wanted}:1", "change": "tier", "tier": "force"}
        looked = client.post("/groups/bulk/preview/", sent)
        assert "Select at least one group." in looked.text
    assert len({len(text) for text in texts}) == 1


def test_too_many_are_refused_with_their_number(
    nation: Nation, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("groups.actions.bulk.MOST_AT_ONCE", 2)
    monkeypatch.setattr("scoring.views.group_list.MOST_AT_ONCE", 2)
    with as_worker():
        a_group("durham", name="One more")
    client = client_as("owner_analyst")
    page = client.get("/groups/?state=any&status=any")
    assert "narrow the list to 2 groups or fewer" in page.text
    answer = client.get("/groups/bulk/?all=true&state=any&status=any")
    assert "At most 2 groups are changed at once; these are" in answer.text


def test_readers_who_may_not_record_are_offered_nothing(
    nation: Nation, client_as: ClientAs, make_user: Any
) -> None:
    make_user("partner", "durham", "partner_reader")
    client = client_as("partner")
    page = client.get("/groups/")
    assert page.status_code == 200
    assert 'name="group"' not in page.text
    assert client.get("/groups/bulk/").status_code == 403
    assert 'name="group"' not in client.get("/groups/?at=2024-01-01").text
