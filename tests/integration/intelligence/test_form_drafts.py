"""Drafts of a report and of a person: begun while typed, kept, and ended when sent."""

import datetime
import re
import uuid
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEvent, Tag
from groups.actions import entry_drafts
from groups.models import EntryDraft, Nominal
from intelligence.models import Report
from ocgmap.common.acting import acting_as
from ocgmap.common.errors import NotFound
from ocgmap.common.scope import system
from tests.entries import SignIn, all_of, faults_of, text_of
from tests.typed import Typed, report_form

pytestmark = pytest.mark.django_db

TAB, OTHER = str(uuid.UUID(int=7)), str(uuid.UUID(int=8))
NEW = {"report": "/reports/new/", "person": "/people/new/"}
MADE = {"report": Report, "person": Nominal}
ROW = {"add_row": "claims"}
KINDS = pytest.mark.parametrize("kind", NEW)


def typed(kind: str, words: str = "Typed for long", **more: Any) -> Typed:
    """Return a form as its page sends it, before anything of it was saved."""
    page = {"draft": "", "version": "", "tab": TAB}
    if kind == "report":
        return {**report_form("durham", text=words), **page, **more}
    return {
        "is_identified": "yes",
        "surname": words,
        "gender": "unknown",
        "identifier_kind": "phone",
        "value": "07700 900123",
        "rationale": "Seen.",
        "sharing": "force",
        **page,
        **more,
    }


def save(desk: Client, kind: str, form: Typed) -> Any:
    return desk.post(f"/entry/{kind}/save/", form)


def fields_of(page: str) -> Typed:
    """Return what the page carries of its draft, and by what it is known again."""
    names = "draft|version|tab|entry|idempotency_key"
    return dict(re.findall(rf'name="({names})" value="([^"]*)"', page))


def draft_rows() -> list[EntryDraft]:
    return all_of(EntryDraft)


@KINDS
def test_opening_a_form_begins_no_draft_and_the_first_saving_does(
    desk: Client, kind: str
) -> None:
    page = text_of(desk.get(NEW[kind]))
    assert f'data-draft="/entry/{kind}/save/"' in page
    assert "data-draft-unsaved" not in page
    assert not draft_rows()
    answer = save(desk, kind, typed(kind)).json()
    [kept] = draft_rows()
    assert re.fullmatch(r"\d\d:\d\d", answer["saved"])
    assert answer["draft"] == str(kept.public_id)
    assert answer["version"] == kept.version
    assert kept.kind == kind
    assert not {"csrfmiddlewaretoken", "draft", "version", "tab"} & kept.data.keys()
    again = text_of(desk.get(answer["address"]))
    assert "Typed for long" in again
    assert "There is a problem" not in again


@KINDS
def test_page_goes_on_with_the_draft_that_it_began(desk: Client, kind: str) -> None:
    save(desk, kind, typed(kind))
    # Its second saving may leave before the answer to the first has come.
    save(desk, kind, typed(kind, "Typed for longer"))
    [kept] = draft_rows()
    form = typed(kind, "Typed longest", draft=str(kept.public_id))
    assert save(desk, kind, form).status_code == 200
    assert len(draft_rows()) == 1
    save(desk, kind, typed(kind, "Another form", tab=OTHER))
    assert len(draft_rows()) == 2


@KINDS
def test_draft_is_its_authors_alone_and_listed(
    desk: Client, kind: str, client_as: SignIn
) -> None:
    answer = desk.post(f"/entry/{kind}/keep/", typed(kind))
    address = answer["Location"]
    assert "Saved" in text_of(desk.get(address))
    home = text_of(desk.get("/"))
    assert "Typed for long" in home
    assert address in home
    [kept] = draft_rows()
    for other in ("owner_supervisor", "nca_officer"):
        stranger = client_as(other)
        assert stranger.get(address).status_code == 404
        assert stranger.post(f"{address}discard/").status_code == 404
        form = typed(kind, draft=str(kept.public_id))
        assert save(stranger, kind, form).status_code == 404
        assert "Typed for long" not in text_of(stranger.get("/"))


@KINDS
def test_draft_opens_as_what_it_is_only(desk: Client, kind: str) -> None:
    draft = save(desk, kind, typed(kind)).json()["draft"]
    others = {"group", "report", "person"} - {kind}
    for other in others:
        assert desk.get(f"/entry/{other}/{draft}/").status_code == 404
        assert desk.get(f"/entry/{other}/{draft}/discard/").status_code == 404
    assert desk.get(f"/entry/{kind}/{draft}/discard/").status_code == 200


@KINDS
def test_draft_ends_with_the_sending_of_its_form(desk: Client, kind: str) -> None:
    address = save(desk, kind, typed(kind)).json()["address"]
    form = {**typed(kind), **fields_of(text_of(desk.get(address)))}
    assert desk.post(NEW[kind], form).status_code == 302
    assert not draft_rows()
    assert len(all_of(MADE[kind])) == 1
    with acting_as(system("test")), transaction.atomic():
        kinds = set(
            AuditEvent.objects.filter(object_type="groups.EntryDraft").values_list(
                "kind", flat=True
            )
        )
    assert {"collection", "consultation", "erasure"} <= kinds


@KINDS
def test_form_sent_before_its_page_knew_the_draft_ends_it_too(
    desk: Client, kind: str
) -> None:
    save(desk, kind, typed(kind))
    assert desk.post(NEW[kind], typed(kind)).status_code == 302
    assert not draft_rows()


@KINDS
def test_form_whose_draft_goes_while_it_is_sent_is_taken(
    desk: Client, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(**_: Any) -> None:
        raise NotFound

    save(desk, kind, typed(kind))
    monkeypatch.setattr(entry_drafts, "kept_for_sending", gone)
    assert desk.post(NEW[kind], typed(kind)).status_code == 302


@KINDS
def test_form_that_is_refused_is_kept(desk: Client, kind: str) -> None:
    answer = desk.post(NEW[kind], typed(kind, sharing="nowhere"))
    assert answer.status_code == 200
    page = text_of(answer)
    [kept] = draft_rows()
    assert kept.data["sharing"] == ["nowhere"]
    known = fields_of(page)
    assert (known["draft"], known["tab"]) == (str(kept.public_id), TAB)
    assert re.search(r"data-draft-state>Saved \d\d:\d\d<", page)
    assert "data-draft-unsaved" not in page
    assert desk.post(NEW[kind], {**typed(kind), **known}).status_code == 302
    assert not draft_rows()


@KINDS
def test_refused_form_of_a_draft_saved_elsewhere_leaves_that(
    desk: Client, kind: str
) -> None:
    address = save(desk, kind, typed(kind, "First")).json()["address"]
    known = fields_of(text_of(desk.get(address)))
    save(desk, kind, typed(kind, "Typed on meanwhile"))
    answer = desk.post(
        NEW[kind], {**typed(kind, "Second"), **known, "sharing": "nowhere"}
    )
    page = text_of(answer)
    assert "data-draft-unsaved" in page, "its script tells of the other"
    assert fields_of(page)["version"] == known["version"]
    assert "Second" in page
    assert "Second" not in str(draft_rows()[0].data)


@pytest.mark.parametrize("step", ["find/groups/", "find/people/", ""])
def test_report_is_kept_by_every_button(desk: Client, step: str) -> None:
    form = typed("report", find_groups="Nobody", find_people="Nobody")
    desk.post(f"/reports/new/{step}", {**form, **({} if step else ROW)})
    [kept] = draft_rows()
    assert kept.text_of("text") == "Typed for long"
    assert not {"find_groups", "find_people", "add_row"} & kept.data.keys()


@KINDS
def test_two_pages_of_one_draft_make_one_record(desk: Client, kind: str) -> None:
    opened = fields_of(text_of(desk.get(NEW[kind])))
    address = save(desk, kind, typed(kind, **opened)).json()["address"]
    pages = [{**typed(kind), **fields_of(text_of(desk.get(address)))} for _ in "ab"]
    assert pages[0]["tab"] != pages[1]["tab"]
    first, second = (desk.post(NEW[kind], form) for form in pages)
    assert first.status_code == 302
    assert second["Location"] == first["Location"]
    name = "text" if kind == "report" else "surname"
    answer = desk.post(NEW[kind], {**pages[1], name: "With other words"})
    assert "sent before" in faults_of(answer)[0]
    assert len(all_of(MADE[kind])) == 1


@KINDS
def test_second_page_is_told_and_loses_nothing(desk: Client, kind: str) -> None:
    first = typed(kind, "From the first page")
    address = save(desk, kind, first).json()["address"]
    known = fields_of(text_of(desk.get(address)))
    save(desk, kind, typed(kind, "Typed on meanwhile"))
    second = {**typed(kind, "From the second page"), **known}
    assert save(desk, kind, second).status_code == 409
    for step in (f"/entry/{kind}/keep/", NEW[kind]):
        answer = desk.post(step, second)
        assert "saved from another page" in faults_of(answer)[0]
        assert "From the second page" in text_of(answer)
        assert "data-draft-unsaved" not in text_of(answer), "it would save itself"
        assert draft_rows()[0].version == 3
        assert not all_of(MADE[kind])
    now = {**second, **fields_of(text_of(answer))}
    assert desk.post(NEW[kind], now).status_code == 302
    assert not draft_rows()


@KINDS
def test_draft_that_went_meanwhile_gives_the_text_back(desk: Client, kind: str) -> None:
    saved = save(desk, kind, typed(kind)).json()
    form = typed(kind, "Typed for long and dear", draft=saved["draft"])
    desk.post(f"{saved['address']}discard/")
    assert save(desk, kind, form).status_code == 404
    answer = desk.post(f"/entry/{kind}/keep/", form)
    page = text_of(answer)
    assert "sent or discarded meanwhile" in faults_of(answer)[0]
    assert "Typed for long and dear" in page
    again = desk.post(f"/entry/{kind}/keep/", {**form, **fields_of(page)})
    assert again.status_code == 302
    assert "Typed for long and dear" in text_of(desk.get(again["Location"]))


@KINDS
def test_drafts_are_forgotten_after_their_time(desk: Client, kind: str) -> None:
    save(desk, kind, typed(kind))
    with time_machine.travel(timezone.now() + datetime.timedelta(days=31)):
        assert entry_drafts.forget_old(days=30) == 1
    assert not draft_rows()


@KINDS
def test_label_of_a_draft_is_the_own_organisations(desk: Client, kind: str) -> None:
    save(desk, kind, typed(kind, sharing="all_forces"))
    [kept] = draft_rows()
    with acting_as(system("test")), transaction.atomic():
        codes = Tag.objects.filter(id__in=kept.access_class.requires)
        assert set(codes.values_list("code", flat=True)) == {"org:durham"}


@KINDS
@pytest.mark.parametrize(
    ("form", "status"),
    [
        pytest.param({}, 400, id="nothing"),
        pytest.param({"tab": TAB, "version": "1"}, 400, id="nothing typed"),
        pytest.param({"draft": "no id", "text": "Typed"}, 404, id="no id"),
        pytest.param({"tab": "no id", "version": "x", "text": "T"}, 200, id="no tab"),
        pytest.param({"a\0b": "x"}, 400, id="a name that no text can hold"),
    ],
)
def test_odd_forms_are_answered(
    desk: Client, kind: str, form: Typed, status: int
) -> None:
    assert save(desk, kind, form).status_code == status
    assert desk.post(f"/entry/{kind}/keep/", form).status_code in {200, 302}


def test_rows_of_claims_come_back(desk: Client) -> None:
    rows = [{"level": "high"}, {"group": "G-7K2M-9QX4-T"}]
    form = {**report_form("durham", *rows), "draft": "", "version": "", "tab": TAB}
    address = desk.post("/entry/report/keep/", form)["Location"]
    page = text_of(desk.get(address))
    assert 'name="claims-1-group" value="G-7K2M-9QX4-T"' in page
    assert re.search(r'name="claims-0-level" value="high"[^>]* checked', page)


def test_saving_needs_the_right_to_contribute(client_as: SignIn) -> None:
    auditor = client_as("auditor")
    assert save(auditor, "report", typed("report")).status_code == 403
    assert auditor.post("/entry/report/keep/", typed("report")).status_code == 403
    assert not draft_rows()
