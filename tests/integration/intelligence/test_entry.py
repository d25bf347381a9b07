"""The entry of a group: checked, and recorded as a whole."""

import uuid
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Organisation
from accounts.visibility import Viewer
from groups.actions import groups, identifiers
from groups.models import (
    CrimeGroup,
    EntryDraft,
    GroupAlias,
    IdentifierUse,
    Membership,
    Nominal,
)
from intelligence.models import AttributeClaim, Mention, Report
from tests.cast import As
from tests.entries import (
    WHO,
    all_of,
    entry,
    faults_of,
    hidden_of,
    known_person,
    member,
    text_of,
)
from tests.typed import group_form, member_row, rows

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("intelligence.views.entry_check.hint", lambda *_: None)


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


def test_likely_duplicates_are_shown_with_reasons_and_must_be_decided(
    desk: Client, draft: str, acting: As, by: Viewer, durham: Organisation
) -> None:
    known = known_person(acting, by, owner=durham, surname="Marlowe")
    with acting(WHO):
        twin = groups.create(
            by=by, owner=durham, name="Zebra warf crew", sharing="force"
        )
    desk.post(draft, entry(member("Marlow"), member("Qqwerty")))
    check = f"{draft}check/"
    page = text_of(desk.get(check))
    assert known.reference in page
    assert twin.reference in page
    assert "Similar spelling" in page
    assert "Qqwerty one of these" not in page
    sent = hidden_of(desk, check)
    refused = desk.post(check, sent)
    assert len(faults_of(refused)) == 2, faults_of(refused)
    assert len(all_of(CrimeGroup)) == 1
    sent = {**sent, "other_group": "on", "take-0": known.reference}
    answer = desk.post(check, sent)
    assert answer.status_code == 302, faults_of(answer)
    assert len(all_of(Nominal)) == 2, "the known one, and the second member"
    assert known.pk in {one.nominal_id for one in all_of(Membership)}


def test_a_new_person_beside_a_like_one_is_a_choice_of_its_own(
    desk: Client, draft: str, acting: As, by: Viewer, durham: Organisation
) -> None:
    known_person(acting, by, owner=durham, surname="Marlowe")
    desk.post(draft, entry(member("Marlowe")))
    check = f"{draft}check/"
    answer = desk.post(check, {**hidden_of(desk, check), "take-0": "new"})
    assert answer.status_code == 302, faults_of(answer)
    assert len(all_of(Nominal)) == 2


def test_sent_twice_makes_one(desk: Client, draft: str) -> None:
    desk.post(draft, entry(member()))
    check = f"{draft}check/"
    sent = hidden_of(desk, check)
    first, second = desk.post(check, sent), desk.post(check, sent)
    assert first["Location"] == second["Location"]
    assert len(all_of(CrimeGroup)) == len(all_of(Report)) == 1
    assert desk.get(check).status_code == 404


def test_nothing_is_written_when_one_part_is_refused(desk: Client, draft: str) -> None:
    desk.post(draft, entry(member("Marl0we"), member("Unknown")))
    answer = desk.post(draft, entry(member("Marl0we"), member("Unknown")))
    faults = faults_of(answer)
    assert [one[:9] for one in faults] == ["Member 1:", "Member 2:"], faults
    for model in (CrimeGroup, Nominal, Membership, Report):
        assert not all_of(model), model
    assert 'value="Marl0we"' in text_of(answer)


def test_step_by_step_keeps_what_other_steps_hold(desk: Client) -> None:
    tasks = str(desk.post("/entry/group/tasks/")["Location"])
    assert "Not yet started" in text_of(desk.get(tasks))
    step = {"tab": str(uuid.UUID(int=7)), "version": "1"}
    whole = entry(member())

    def part(code: str, *starts: str) -> Any:
        own = {name: whole[name] for name in whole if name.startswith(starts)}
        return desk.post(f"{tasks}{code}/", {**step, **own, "at": code})

    empty = desk.post(f"{tasks}identity/", {**step, "at": "identity"})
    assert "Name of the group must be filled in. Enter it to go on." in faults_of(empty)
    assert part("identity", "name", "kind", "rationale", "things")["Location"] == tasks
    assert part("members", "members")["Location"] == tasks
    assert part("handling", "sharing", "report-")["Location"] == tasks
    page = text_of(desk.get(tasks))
    assert "completed 3 of 7 steps" in page
    check = tasks.replace("tasks/", "check/")
    assert "Marlowe" in text_of(desk.get(check))
    assert desk.post(check, hidden_of(desk, check)).status_code == 302
    assert len(all_of(Membership)) == len(all_of(Report)) == 1


def test_check_leads_to_the_step_that_is_wrong(desk: Client, draft: str) -> None:
    desk.post(f"{draft}keep/", entry(member(dpa_category="")))
    page = text_of(desk.get(f"{draft}check/"))
    link = f"{draft}tasks/members/?then=check"
    assert f'href="{link}#id_members-0-dpa_category"' in page
    assert "Member 1: Select an option for “Data protection category”" in text_of(
        desk.get(link)
    )
    assert desk.post(f"{draft}check/", {}).status_code == 200
    assert not all_of(CrimeGroup)


def test_pasted_lines_become_members_to_decide_on(
    desk: Client, draft: str, acting: As, by: Viewer, durham: Organisation
) -> None:
    known = known_person(acting, by, owner=durham, surname="Marlowe")
    for _ in range(2):
        known_person(acting, by, owner=durham, surname="Twain")
    lines = "• Marlowe, Alex\nAlex Twain\nNobody Yet\n07700 900456\n?? 12"
    answer = desk.post(f"{draft}list/", {**entry(), "paste": lines})
    assert answer["Location"] == f"{draft}#rows-members"
    page = text_of(desk.get(draft))
    assert "1 known, 1 ambiguous, 2 unknown, 1 invalid" in page
    for word in ("Known", "Ambiguous", "Unknown", "Invalid"):
        assert f">{word}</strong>" in page, word
    assert not all_of(Membership)
    kept = all_of(EntryDraft)[0].data
    typed = {name: values[-1] for name, values in kept.items()}
    assert typed["members-0-take"] == known.reference
    assert (typed["members-2-given_names"], typed["members-2-surname"]) == (
        "Nobody",
        "Yet",
    )
    assert typed["members-3-thing"] == "07700 900456"
    typed |= {f"members-{row}-dpa_category": "suspect" for row in range(5)}
    typed |= {"tab": str(uuid.UUID(int=7)), "version": "2"}
    undecided = faults_of(desk.post(draft, typed))
    assert [one.partition(":")[0] for one in undecided] == [
        "Member 2",
        "Member 4",
        "Member 5",
    ]
    typed |= {"members-1-take": "new", "members-3-take": "out", "members-4-take": "out"}
    assert desk.post(draft, typed).status_code == 302
    check = f"{draft}check/"
    answer = desk.post(check, hidden_of(desk, check))
    assert answer.status_code == 302, faults_of(answer)
    assert len(all_of(Membership)) == 3
    assert known.pk in {one.nominal_id for one in all_of(Membership)}


def test_looking_first_finds_by_name_sound_and_number(
    desk: Client, draft: str, acting: As, by: Viewer, durham: Organisation
) -> None:
    known = known_person(acting, by, owner=durham, surname="Fotheringay")
    with acting(WHO):
        identifiers.record(
            by=by,
            owner=durham,
            kind="phone",
            value="07700 900456",
            sharing="force",
            nominal=known,
            rationale="Seen",
        )
    for text, why in (
        ("fotheringay", "every word"),
        ("alex fotheringhay", "Similar spelling"),
        ("+44 7700 900456", "same phone"),
    ):
        answer = desk.post(
            f"{draft}look/", {**entry(rationale="Kept."), "look_for": text}
        )
        page = text_of(answer)
        assert known.reference in page, text
        assert why in page, text
        assert "Kept." in page
    added = desk.post(f"{draft}list/", {**entry(), "add": known.reference})
    assert added.status_code == 302
    assert all_of(EntryDraft)[0].text_of("members-0-person") == known.reference


def test_a_group_may_have_no_report_yet(desk: Client, draft: str) -> None:
    typed = {n: v for n, v in entry().items() if not n.startswith("report-")}
    assert desk.post(draft, typed).status_code == 302
    check = f"{draft}check/"
    assert desk.post(check, hidden_of(desk, check)).status_code == 302
    assert not all_of(Report)
    assert len(all_of(CrimeGroup)) == 1


def test_levels_without_a_report_are_refused(desk: Client, draft: str) -> None:
    typed = {n: v for n, v in entry().items() if not n.startswith("report-")}
    typed |= rows("harm", {"attribute": "violence", "level": "high"})
    assert "A level rests on a report" in faults_of(desk.post(draft, typed))[0]


@pytest.mark.parametrize("what", ["person", "group"])
def test_short_forms_ask_before_they_double(
    desk: Client, acting: As, by: Viewer, durham: Organisation, what: str
) -> None:
    known = known_person(acting, by, owner=durham, surname="Marlowe")
    address, typed = {
        "person": (
            "/people/new/",
            {
                "is_identified": "yes",
                "given_names": "Alex",
                "surname": "Marlow",
                "gender": "unknown",
                "identifier_kind": "phone",
                "value": "07700 900123",
                "rationale": "Seen.",
                "sharing": "force",
            },
        ),
        "group": (
            "/groups/new/",
            group_form("durham", member_row(surname="Marlow"), sure=""),
        ),
    }[what]
    answer = desk.post(address, typed)
    page = text_of(answer)
    assert answer.status_code == 200
    assert known.reference in page
    assert "holds every word" in page
    assert len(all_of(Nominal)) == 1
    assert desk.post(address, {**typed, "sure": "yes"}).status_code == 302
    assert len(all_of(Nominal)) == 2


class Controls(HTMLParser):
    """What a browser would send of a page: boxes, taken choices, first options."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[str, str] = {}
        self._box = self._list = ""
        self._is_inert = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        self._is_inert |= tag == "template"
        if self._is_inert:
            return
        if tag == "input":
            is_choice = given.get("type") in {"radio", "checkbox"}
            if name and (not is_choice or "checked" in given):
                self.sent[name] = given.get("value") or ""
        elif tag == "textarea":
            self.sent[name], self._box = "", name
        elif tag == "select":
            self._list = name
        elif tag == "option" and ("selected" in given or self._list not in self.sent):
            self.sent[self._list] = given.get("value") or ""

    def handle_data(self, data: str) -> None:
        if self._box:
            self.sent[self._box] += data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "template":
            self._is_inert = False
        self._box = "" if tag == "textarea" else self._box


def test_page_as_it_comes_needs_only_a_name(desk: Client, draft: str) -> None:
    page = Controls()
    page.feed(text_of(desk.get(draft)))
    assert page.sent["members-TOTAL_FORMS"] == "1"
    assert page.sent["members-0-standing"] == "unknown", "nothing is said by itself"
    empty = desk.post(draft, page.sent)
    assert faults_of(empty) == [
        "Name of the group must be filled in. Enter it to go on."
    ]
    answer = desk.post(draft, {**page.sent, "name": "Ziggurat crew"})
    assert answer.status_code == 302, faults_of(answer)
    check = f"{draft}check/"
    assert desk.post(check, hidden_of(desk, check)).status_code == 302
