"""Wrong input, on the page and over the API: what is wrong, where, and how to mend it.

The error stands beside the field and in the summary, what was typed is still there, and
nothing was written: no row, and no audit of a success.
"""

import datetime
import json
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.cast import PASSWORD
from tests.inside import Inside, sign_in, with_session
from tests.scratch import Databases
from tests.typed import (
    Typed,
    day,
    group_form,
    member_form,
    member_row,
    report_body,
    report_form,
    rows,
)
from tests.world import Manifest

WHO = "owner_analyst"
TYPED = "Seen unloading at the yard on three nights."
WRITTEN = (
    *("intelligence_report", "intelligence_reportoriginal", "intelligence_mention"),
    *("intelligence_attributeclaim", "groups_crimegroup", "groups_nominal"),
    *("groups_membership", "groups_involvement", "scoring_outbox", "scoring_receipt"),
)
# What is refused is kept as a draft, which is no part of the record.
DOINGS = """
    select count(*) from accounts_auditevent
    where kind in ('collection', 'alteration') and object_type <> 'groups.EntryDraft'
"""
TAG = re.compile(r"<[^>]+>")
Change = Callable[[Manifest], Typed]


@dataclass(slots=True)
class Desk:
    """Someone at work, in a browser and by a program."""

    browser: Client
    manifest: Manifest

    def send(self, body: Any, **more: Any) -> Any:
        headers = {
            "authorization": f"Bearer {self.manifest.tokens[WHO]}",
            "idempotency-key": str(uuid.uuid4()),
        }
        return Client().post(
            "/api/v1/reports/",
            body,
            content_type="application/json",
            headers=headers,
            **more,
        )


def counts() -> list[int]:
    """Return how many rows there are of everything that could be half-written."""
    found = []
    with acting_as(system("test")), connection.cursor() as cursor:
        for statement in (*(f"select count(*) from {one}" for one in WRITTEN), DOINGS):
            cursor.execute(statement)
            found.append(cursor.fetchone()[0])
    return found


@pytest.fixture(scope="module")
def desk_database(databases: Databases, world_database: str) -> str:
    return databases.create(world_database)


@pytest.fixture
def desk(inside: Inside, desk_database: str, manifest: Manifest) -> Iterator[Desk]:
    with inside(desk_database, "worker"):
        key = sign_in(f"{WHO}@test.example")
        with transaction.atomic():
            yield Desk(with_session(key), manifest)
            transaction.set_rollback(True)


def text_of(html: str) -> str:
    return " ".join(unescape(TAG.sub(" ", html)).split())


def errors_beside(html: str) -> dict[str, str]:
    """Return the errors beside the fields, by the field's id."""
    found = re.findall(
        r'<p class="govuk-error-message" id="(?:id_)?([^"]+)_error">(.*?)</p>',
        html,
        re.S,
    )
    return {name: text_of(text).removeprefix("Error: ") for name, text in found}


def summary_of(html: str) -> dict[str, str]:
    """Return the errors of the summary by what they lead to; each must be there."""
    [summary] = re.findall(r'<div class="govuk-error-summary".*?</ul>', html, re.S)
    links = re.findall(r'<a href="#([^"]+)">(.*?)</a>', summary, re.S)
    for target, _ in links:
        assert f'id="{target}"' in html, (
            f"the summary leads to {target}, which is nowhere"
        )
    return {text_of(text): target for target, text in links}


def check_page(answer: Any, field: str, says: str) -> None:
    html = answer.content.decode()
    assert answer.status_code == 200, text_of(html)[:300]
    beside = errors_beside(html)
    assert field in beside, beside
    message = beside[field]
    assert says.lower() in message.lower(), message
    assert message.endswith((".", "?")), message
    assert len(message.split()) > 4, f"no rule and cure: {message}"
    assert any(message == told for told in summary_of(html)), summary_of(html)
    assert "Error: " in html.partition("</title>")[0]


def check_api(answer: Any, field: str, says: str) -> None:
    assert 400 <= answer.status_code < 500, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    told = answer.json()
    assert field in told["details"]["fields"], told
    message = json.dumps(told["details"]["fields"][field]) + told["message"]
    assert says.lower() in message.lower(), told


def tomorrow() -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=1)


def claim(**row: str) -> Typed:
    return rows("claims", {"attribute": "expertise", "level": "high", **row})


# What is wrong on the page, the field at fault, and a word of what must be said.
PAGE: dict[str, tuple[Change, str, str]] = {
    "ungraded": (lambda _: {"source_grade": ""}, "source_grade", "source evaluation"),
    "not assessed": (lambda _: {"assessment_grade": ""}, "assessment_grade", "assess"),
    "no handling": (lambda _: {"handling": ""}, "handling", "handling"),
    "source off the scale": (lambda _: {"source_grade": "4"}, "source_grade", "choose"),
    "assessment off": (lambda _: {"assessment_grade": "F"}, "assessment_grade", "choose"),
    "impossible date": (lambda _: {"received_on_day": "31", "received_on_month": "2"}, "received_on", "date"),
    "letters for a date": (lambda _: {"received_on_year": "last"}, "received_on", "year"),
    "future date": (lambda _: day("received_on", tomorrow()), "received_on", "future"),
    "no text": (lambda _: {"text": " "}, "text", "text"),
    "too long": (lambda _: {"text": TYPED * 300}, "text", "characters or fewer"),
    "unknown attribute": (lambda _: claim(attribute="telepathy"), "claims-0-attribute", "choose"),
    "level off the scale": (lambda _: claim(level="extreme"), "claims-0-level", "choose"),
    "hidden group": (lambda m: {"groups": m.references["w_own"]}, "groups", "no group"),
    "no group at all": (lambda _: {"groups": "G-0000-0000-0"}, "groups", "no group"),
    "duplicate reference": (lambda m: {"owner_reference": m.texts["r_force/owner_reference"]}, "owner_reference", "already"),
    "C without a condition": (lambda _: {"handling": "C"}, "recipients", "receive"),
    "own force, no reason": (lambda _: {"sharing": "organisation"}, "sharing_reason", "why"),
    "legacy off the scale": (lambda _: {"legacy_grade": "Z99", "source_grade": "", "assessment_grade": "", "handling": ""}, "legacy_grade", "not on the scale"),
}  # fmt: skip
API: dict[str, tuple[Change, str, str]] = {
    "ungraded": (lambda _: {"source_grade": None}, "source_grade", "ungraded"),
    "source off the scale": (lambda _: {"source_grade": 4}, "source_grade", "1"),
    "assessment off": (lambda _: {"assessment_grade": "F"}, "assessment_grade", "A"),
    "handling off": (lambda _: {"handling": "X"}, "handling", "P"),
    "impossible date": (lambda _: {"received_on": "2025-02-31"}, "received_on", "date"),
    "future date": (lambda _: {"received_on": tomorrow().isoformat()}, "received_on", "future"),
    "unknown force": (lambda _: {"owner": "nowhere"}, "owner", "nowhere"),
    "no text": (lambda _: {"text": " "}, "text", "text"),
    "too long": (lambda _: {"text": TYPED * 300}, "text", "characters or fewer"),
    "unknown attribute": (lambda m: {"claims": [{"group": m.groups["d_force"], "attribute": "telepathy", "level": "high"}]}, "claims", "telepathy"),
    "hidden group": (lambda m: {"groups": [m.groups["w_own"]]}, "groups", "no"),
    "duplicate reference": (lambda m: {"owner_reference": m.texts["r_force/owner_reference"]}, "owner_reference", "already"),
    "C without a condition": (lambda _: {"handling": "C"}, "condition", "condition"),
    "unknown field": (lambda _: {"colour": "red"}, "colour", "no such field"),
    "own force, no reason": (lambda _: {"sharing": "organisation"}, "sharing_reason", "why"),
}  # fmt: skip


@pytest.mark.parametrize("what", PAGE)
def test_page_of_a_report(what: str, desk: Desk) -> None:
    change, field, says = PAGE[what]
    before = counts()
    right = report_form("durham", original_text=TYPED)
    typed = {**right, **change(desk.manifest)}
    if what.endswith("attribute") or what.startswith("level"):
        typed["groups"] = desk.manifest.references["d_force"]
    answer = desk.browser.post("/reports/new/", typed)
    check_page(answer, field, says)
    assert TYPED in unescape(answer.content.decode()), "what was typed is lost"
    assert counts() == before


@pytest.mark.parametrize("what", API)
def test_body_of_a_report(what: str, desk: Desk) -> None:
    change, field, says = API[what]
    before = counts()
    check_api(desk.send(report_body(**change(desk.manifest))), field, says)
    assert counts() == before


def test_force_that_one_may_not_record_for(desk: Desk) -> None:
    """The owner stands in a hidden field: a changed one is refused as a whole."""
    before = counts()
    answer = desk.browser.post("/reports/new/", report_form("nowhere"))
    assert answer.status_code == 200
    assert any("owner" in told.lower() for told in summary_or_text(answer))
    assert TYPED in answer.content.decode()
    assert counts() == before


def summary_or_text(answer: Any) -> list[str]:
    html = answer.content.decode()
    [summary] = re.findall(r'<div class="govuk-error-summary".*?</ul>', html, re.S)
    return [text_of(one) for one in re.findall(r"<li>(.*?)</li>", summary, re.S)]


def test_wrong_encoding_of_a_page(desk: Desk) -> None:
    before = counts()
    typed = {**report_form("durham"), "text": "@@"}
    body = "&".join(f"{name}={value}" for name, value in typed.items())
    answer = desk.browser.post(
        "/reports/new/",
        body.replace("@@", "caf%E9 in the yard").encode(),
        content_type="application/x-www-form-urlencoded",
    )
    check_page(answer, "text", "encoding")
    assert "in the yard" in answer.content.decode()
    assert counts() == before


def test_wrong_encoding_of_a_body(desk: Desk) -> None:
    before = counts()
    body = json.dumps(report_body(text="café"), ensure_ascii=False).encode("latin-1")
    answer = desk.send(body)
    assert answer.status_code == 400
    assert "utf-8" in answer.json()["message"].lower()
    assert counts() == before


def test_oversized_page(desk: Desk) -> None:
    before = counts()
    typed = report_form(
        "durham", text="x" * 3_000_000, original_text="Seen by three of us"
    )
    body = "&".join(f"{name}={value}" for name, value in typed.items()).encode()
    own = {"sec-fetch-site": "same-origin"}
    for headers in (own, {"sec-fetch-site": "cross-site"}):
        answer = desk.browser.post(
            "/reports/new/",
            body,
            content_type="application/x-www-form-urlencoded",
            headers=headers,
        )
        assert answer.status_code == 413
        told = text_of(answer.content.decode())
        assert "too large" in told
        rule = "Sanitised text must have 10,000 characters or fewer; it has 3,000,000."
        assert (rule in told) == (headers == own)
        assert ("Seen by three of us" in told) == (headers == own)
    assert counts() == before


def test_oversized_body(desk: Desk) -> None:
    before = counts()
    answer = desk.send(report_body(text="x" * 3_000_000))
    assert answer.status_code == 413
    assert "too large" in answer.json()["message"]
    assert counts() == before


def test_double_submit_of_a_page_is_one_report(desk: Desk) -> None:
    typed = report_form("durham")
    first = desk.browser.post("/reports/new/", typed)
    once = counts()
    second = desk.browser.post("/reports/new/", typed)
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    assert counts() == once


def test_lost_session_keeps_what_was_typed(desk: Desk) -> None:
    """The page that says so carries the form; signed in anew, one sends it again."""
    before = counts()
    typed, stranger = report_form("durham"), Client()
    own = {"sec-fetch-site": "same-origin"}
    answer = stranger.post("/reports/new/", typed, headers=own)
    assert answer.status_code == 401
    [kept] = re.findall(r'name="kept" value="([^"]+)"', answer.content.decode())
    again = stranger.post(
        "/accounts/resume/sign-in/",
        {"kept": unescape(kept), "login": f"{WHO}@test.example", "password": PASSWORD},
        headers=own,
    )
    html = unescape(again.content.decode())
    assert again.status_code == 200
    assert 'action="/reports/new/"' in html
    assert TYPED in html
    assert counts() == before
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', html)
    sent = stranger.post("/reports/new/", dict(hidden), headers=own)
    assert sent.status_code == 302, "what was kept is sent as it was typed"
    assert counts()[0] == before[0] + 1


def child() -> Typed:
    born = timezone.localdate() - datetime.timedelta(days=8 * 365)
    return day("born", born)


MEMBERS: dict[str, tuple[Change, str, str]] = {
    "victim": (lambda _: {"dpa_category": "victim"}, "dpa_category", "choose"),
    "child of eight": (lambda _: child(), "person", "never recorded as a member"),
    "hidden person": (lambda m: {"person": m.references["w_own/0"], "surname": "", "given_names": ""}, "person", "no person"),
    "person and name": (lambda m: {"person": m.references["d_force/0"]}, "person", "not both"),
    "member already": (lambda m: {"person": m.references["d_force/0"], "surname": "", "given_names": ""}, "person", "already"),
    "nobody": (lambda _: {"surname": "", "given_names": ""}, "person", "surname"),
    "no rationale": (lambda _: {"rationale": ""}, "rationale", "enter"),
    "ended in the future": (lambda _: day("ended", tomorrow()), "ended", "future"),
}  # fmt: skip


@pytest.mark.parametrize("what", MEMBERS)
def test_page_of_a_member(what: str, desk: Desk) -> None:
    change, field, says = MEMBERS[what]
    before = counts()
    path = f"/groups/{desk.manifest.groups['d_force']}/members/add/"
    typed = {
        **member_form(rationale="Drove the van twice."),
        **change(desk.manifest),
    }
    answer = desk.browser.post(path, typed)
    check_page(answer, field, says)
    if typed["rationale"]:
        assert "Drove the van twice." in answer.content.decode()
    assert counts() == before


def test_group_with_one_wrong_member_writes_none(desk: Desk) -> None:
    """All or nothing: four right members and a child are no members at all."""
    before = counts()
    right = [member_row(surname=f"Marlow{letter}") for letter in "abcd"]
    wrong = member_row(surname="Marlowe", **child())
    answer = desk.browser.post("/groups/new/", group_form("durham", *right, wrong))
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "never recorded as a member" in " ".join(errors_beside(html).values())
    for letter in "abcde":
        assert f'value="Marlow{letter}"' in html
    assert "Yard crew" in html
    assert counts() == before


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        pytest.param({"name": ""}, "name", "name", id="no name"),
        pytest.param({"kind": "club"}, "kind", "choose", id="unknown kind"),
        pytest.param({"tier": "sky"}, "tier", "choose", id="unknown tier"),
        pytest.param({"sharing": "world"}, "sharing", "choose", id="unknown sharing"),
        pytest.param(
            {"sharing": "organisation"}, "sharing_reason", "why", id="no reason"
        ),
        pytest.param(
            {"predominant_threat": "weather"},
            "predominant_threat",
            "choose",
            id="threat",
        ),
        pytest.param(
            {"review_on_day": "31", "review_on_month": "4", "review_on_year": "2030"},
            *("review_on", "date"),
            id="impossible date",
        ),
    ],
)
def test_page_of_a_group(change: Typed, field: str, says: str, desk: Desk) -> None:
    before = counts()
    typed = group_form("durham", summary="Sells at the yard.", **change)
    answer = desk.browser.post("/groups/new/", typed)
    check_page(answer, field, says)
    assert "Sells at the yard." in answer.content.decode()
    assert counts() == before
