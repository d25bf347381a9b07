"""Drafts of an entry: whose they are, how they are kept, and when they end."""

import datetime
import re
import uuid

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEvent, Tag
from groups.actions import entry_drafts
from groups.models import (
    EntryDraft,
)
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.entries import (
    SignIn,
    all_of,
    entry,
    faults_of,
    member,
    text_of,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        pytest.param("name", "Quay\u202ecrew", id="right-to-left mark"),
        pytest.param("name", "Q" * 300, id="300 characters"),
        pytest.param("members-0-surname", "Mar\U0001f600lowe", id="emoji"),
        pytest.param("members-0-surname", "M" * 300, id="surname of 300"),
        pytest.param("members-0-thing", "not a number", id="no shape"),
        pytest.param("report-text", "\x07bell", id="control character"),
    ],
)
def test_bad_input_comes_back_beside_its_field(
    desk: Client, draft: str, field: str, typed: str
) -> None:
    answer = desk.post(draft, {**entry(member()), field: typed})
    assert answer.status_code == 200
    page = text_of(answer)
    assert f'id="id_{field}_error"' in page, faults_of(answer)
    assert typed in page
    assert typed in text_of(desk.get(draft)), "the draft keeps it too"


def test_draft_is_its_authors_alone_and_comes_back(
    desk: Client, draft: str, client_as: SignIn
) -> None:
    desk.post(f"{draft}keep/", entry(member("Keepsake"), name="Half a name"))
    page = text_of(desk.get(draft))
    assert "Keepsake" in page
    assert "There is a problem" not in page
    assert "Half a name" in text_of(desk.get("/"))
    for other in ("owner_supervisor", "nca_officer"):
        stranger = client_as(other)
        assert stranger.get(draft).status_code == 404
        assert stranger.post(f"{draft}keep/", entry()).status_code == 404
        assert "Half a name" not in text_of(stranger.get("/"))


def test_draft_saves_itself_and_says_when(desk: Client, draft: str) -> None:
    answer = desk.post(f"{draft}save/", entry(member(), name="Typed so far"))
    assert re.fullmatch(r"\d\d:\d\d", answer.json()["saved"])
    [kept] = all_of(EntryDraft)
    assert kept.text_of("name") == "Typed so far"
    assert answer.json()["version"] == kept.version == 2
    assert not {"csrfmiddlewaretoken", "version", "tab", "at"} & kept.data.keys()


def test_second_tab_is_told_and_loses_nothing(desk: Client, draft: str) -> None:
    first = entry(name="From the first tab")
    second = entry(name="From the second tab", tab=str(uuid.UUID(int=8)))
    assert desk.post(f"{draft}save/", first).status_code == 200
    assert desk.post(f"{draft}save/", second).status_code == 409
    answer = desk.post(f"{draft}keep/", second)
    assert "saved from another page" in faults_of(answer)[0]
    assert "From the second tab" in text_of(answer)
    assert all_of(EntryDraft)[0].text_of("name") == "From the first tab"
    [version] = re.findall(r'name="version" value="(\d+)"', text_of(answer))
    assert desk.post(f"{draft}keep/", {**second, "version": version}).status_code == 302
    assert all_of(EntryDraft)[0].text_of("name") == "From the second tab"


def test_draft_that_was_sent_meanwhile_gives_the_text_back(
    desk: Client, draft: str
) -> None:
    desk.post(f"{draft}discard/")
    answer = desk.post(f"{draft}keep/", entry(rationale="Typed for long and dear."))
    assert answer.status_code == 404
    assert "Typed for long and dear." in text_of(answer)


def test_label_of_a_draft_is_the_own_organisations(desk: Client, draft: str) -> None:
    desk.post(f"{draft}keep/", entry(sharing="all_forces"))
    [kept] = all_of(EntryDraft)
    with acting_as(system("test")), transaction.atomic():
        names = set(
            Tag.objects.filter(id__in=kept.access_class.requires).values_list(
                "code", flat=True
            )
        )
    assert names == {"org:durham"}


def test_drafts_are_forgotten_after_their_time(desk: Client, draft: str) -> None:
    desk.post(f"{draft}keep/", entry(member()))
    assert entry_drafts.forget_old(days=30) == 0
    with time_machine.travel(timezone.now() + datetime.timedelta(days=31)):
        assert entry_drafts.forget_old(days=30) == 1
    assert not all_of(EntryDraft)


def test_reading_and_ending_a_draft_is_recorded(desk: Client, draft: str) -> None:
    desk.get(draft)
    desk.post(f"{draft}discard/")
    with acting_as(system("test")), transaction.atomic():
        kinds = list(
            AuditEvent.objects.filter(object_type="groups.EntryDraft").values_list(
                "kind", flat=True
            )
        )
    assert {"collection", "consultation", "erasure"} <= set(kinds)


def test_names_and_numbers_that_no_text_can_hold_are_left_out(
    desk: Client, draft: str
) -> None:
    strange = {"a\0b": "x", "compartments": "9" * 5000}
    answer = desk.post(f"{draft}keep/", {**entry(member("Keepsake")), **strange})
    assert answer.status_code == 302
    assert "Keepsake" in text_of(desk.get(draft))


def test_what_another_page_saved_meanwhile_is_not_recorded_unseen(
    desk: Client, draft: str
) -> None:
    desk.post(f"{draft}keep/", entry(member(), name="Typed first"))
    check = text_of(desk.get(f"{draft}check/"))
    version = re.search(r'name="version" value="(\d+)"', check)
    assert version
    desk.post(
        f"{draft}save/", {**entry(member(), name="Typed later"), "version": version[1]}
    )
    answer = desk.post(f"{draft}check/", {"version": version[1]})
    assert answer.status_code == 200
    assert "changed after you opened this page" in text_of(answer)
    assert "Typed later" in text_of(desk.get(draft))
