"""The printed profile: what is asked, what stands on it, and what is recorded of it."""

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.access import acting_for, viewer_of
from accounts.models import AuditEvent
from accounts.visibility import Viewer
from groups.actions import involvements, memberships
from groups.models import CrimeGroup
from intelligence.models import Mention, ReportOriginal
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from scoring import picture
from scoring.models import PictureLine
from scoring.scores import score_then
from tests.cast import As
from tests.factories.groups import CrimeGroupFactory, NominalFactory
from tests.factories.intelligence import class_of
from tests.integration.scoring_pages.conftest import OPEN, ClientAs, Nation

ASKED = {
    "reason": "Briefing of the tasking group",
    "copies": "2",
    "distribution": "DI Alder, Durham\nDCI Beech, NERSOU",
}
WHO = "owner_supervisor"


def path(group: CrimeGroup) -> str:
    return f"/groups/{group.public_id}/profile/"


def printed(client: Client, group: CrimeGroup, **more: str) -> str:
    answer = client.post(path(group), {**ASKED, **more})
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "app-paper" in text, text[:3000]
    return text


def copies(text: str) -> list[str]:
    return text.split('<section class="app-paper')[1:]


def disclosures() -> list[AuditEvent]:
    with acting_as(system("test")):
        return list(AuditEvent.objects.filter(kind="disclosure").order_by("id"))


def test_each_copy_bears_its_number_and_who_receives_it(
    nation: Nation, client_as: ClientAs
) -> None:
    text = printed(client_as(WHO), nation.durham)
    first, second = copies(text)
    assert "Copy 1 of 2, for DI Alder, Durham" in first
    assert "Copy 2 of 2, for DCI Beech, NERSOU" in second
    assert "Copy 2 of 2" not in first
    for one in (first, second):
        assert one.count("OFFICIAL") >= 3, "the marking stands at head, foot and cover"
        assert "Briefing of the tasking group" in one
        assert "Printed by" in one
        assert "Harbour crew" in one


def test_the_disclosure_names_copies_recipients_and_every_record(
    nation: Nation, client_as: ClientAs
) -> None:
    group = nation.durham
    text = printed(client_as(WHO), group)
    rows = disclosures()
    by_type = {row.object_type: row for row in rows}
    assert by_type["groups.CrimeGroup"].object_ids == [group.pk]
    members = set(group.memberships.values_list("pk", flat=True))
    assert set(by_type["groups.Membership"].object_ids) == members
    assert {"groups.Nominal", "intelligence.Report"} <= by_type.keys()
    for row in rows:
        assert row.detail["copies"] == [1, 2]
        assert row.detail["as"] == "paper"
        assert row.detail["print"] in text
        assert row.reason == (
            "Briefing of the tasking group "
            "(copy 1 to DI Alder, Durham; copy 2 to DCI Beech, NERSOU)"
        )


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("reason", "short", "Reason for printing"),
        ("copies", "0", "Number of copies"),
        ("copies", "11", "Number of copies"),
        ("copies", "3", "It names 2 and there are 3 copies"),
        ("distribution", "", "Distribution list"),
        ("distribution", "x" * 121 + "\ny", "120 characters or fewer"),
    ],
)
def test_what_is_not_answered_is_asked_again_and_nothing_recorded(
    nation: Nation, client_as: ClientAs, name: str, value: str, said: str
) -> None:
    answer = client_as(WHO).post(path(nation.durham), {**ASKED, name: value})
    text = answer.content.decode()
    assert "app-paper" not in text
    assert said in text
    assert "Error:" in text
    assert "DCI Beech" in text or name == "distribution", "typed text is not lost"
    assert disclosures() == []


def test_only_those_who_may_export_print(nation: Nation, client_as: ClientAs) -> None:
    for who, status in (("owner_analyst", 403), (WHO, 200)):
        client = client_as(who)
        assert client.get(path(nation.durham)).status_code == status
        assert client.post(path(nation.durham), ASKED).status_code == status
        shown = client.get(f"/groups/{nation.durham.public_id}/").content.decode()
        assert (path(nation.durham) in shown) is (status == 200)
    assert client_as(WHO).post(path(nation.hidden), ASKED).status_code == 404


def test_victims_stand_apart_by_reference_and_members_by_name(
    acting: As, viewer: Callable[[str], Viewer], client_as: ClientAs
) -> None:
    by = viewer(WHO)
    with acting(WHO):
        group = CrimeGroupFactory(by=by)
        harmed = NominalFactory(by=by, surname="Ashdown")
        member = NominalFactory(by=by, surname="Birchall")
        witness = NominalFactory(by=by, surname="Cedarson")
        memberships.add_member(
            by=by, group=group, nominal=member, dpa_category="suspect", rationale="x"
        )
        for nominal, kind, category in (
            (harmed, "exploited", "victim"),
            (witness, "associate", "other"),
        ):
            involvements.add_involvement(
                by=by,
                group=group,
                nominal=nominal,
                kind=kind,
                dpa_category=category,
                rationale="x",
            )
    text = printed(client_as(WHO), group)
    assert "Birchall" in text
    assert "Cedarson" in text
    assert "Ashdown" not in text
    victims = copies(text)[0].split("Victims and exploited people</h3>")[1]
    assert harmed.reference in victims.split("Activity</h3>")[0]


def _told(nation: Nation, group: CrimeGroup, **more: Any) -> Any:
    report = nation.world.report(OPEN, **more)
    Mention.objects.create(
        report=report,
        group=group,
        owner=report.owner,
        access_class_id=group.access_class_id,
    )
    return report


def test_reports_stand_in_sanitised_text_with_the_conditions_on_the_cover(
    nation: Nation, client_as: ClientAs
) -> None:
    group = nation.durham
    report = _told(nation, group, text="Seen at the quay")
    type(report).objects.filter(pk=report.pk).update(
        handling="C",
        handling_condition={"recipients": "region", "note": "Not to be cited"},
    )
    ReportOriginal.objects.create(
        report=report,
        owner=report.owner,
        access_class_id=class_of(group.owner, "organisation"),
        text="The caller said",
        sha256="0" * 64,
    )
    _told(nation, group, text="Taken back", state="withdrawn")
    text = printed(client_as(WHO), group)
    assert "Seen at the quay" in text
    assert "The caller said" not in text
    assert "Taken back" not in text
    cover = copies(text)[0].split("Summary</h3>")[0]
    assert "Law enforcement in the region: Not to be cited" in cover


def test_the_marking_is_the_highest_of_what_is_shown(
    nation: Nation, client_as: ClientAs
) -> None:
    group = nation.world.group(nation.world.label(marking=1), name="Plain yard")
    client = client_as(WHO)
    marks = re.compile(r'app-marking">\s*([A-Z-]+)')
    assert set(marks.findall(copies(printed(client, group))[0])) == {"OFFICIAL"}
    nation.world.member(group, nation.world.label(marking=2))
    found = copies(printed(client, group))[0].split("</section>")[0]
    assert set(marks.findall(found)) == {"OFFICIAL-SENSITIVE"}


def test_a_long_section_says_that_it_is_cut(
    nation: Nation, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scoring.views.profile_parts.MOST_PEOPLE", 1)
    text = printed(client_as(WHO), nation.durham)
    assert "Members: the first 1 only" in copies(text)[0].split("Summary</h3>")[0]


def test_former_bands_are_those_of_the_score_at_each_moment(nation: Nation) -> None:
    group = nation.durham
    for level in ("low", "nil"):
        for attribute in ("drug_activity",):
            nation.world.judgement(group, OPEN, level, attribute)
    user = nation.world.reader(organisation="durham")
    viewer = viewer_of(user)
    with acting_for(viewer):
        spells = picture.band_history(viewer, group)
        assert spells[0].until is None
        for spell in spells:
            found = score_then(viewer, group, spell.since)
            assert found is not None
            assert spell.said[0] == found.line.computed_band


def _line(pk: int, rank: int, since: int, until: int | None, band: str) -> PictureLine:
    def day(number: int | None) -> Any:
        if number is None:
            return None
        return datetime.datetime(2026, 1, number, tzinfo=datetime.UTC)

    return PictureLine(
        pk=pk,
        rank=rank,
        valid_from=day(since),
        valid_to=day(until),
        computed_band=band,
        record_state="mapped",
        activity_status="active",
    )


def test_spells_follow_the_greatest_line_and_join_what_says_the_same() -> None:
    found = picture.spells(
        [
            _line(1, 1, 1, 9, "5c"),
            _line(2, 2, 3, 5, "3a"),
            _line(3, 1, 9, None, "5c"),
        ]
    )
    told = [
        (one.line.computed_band, one.since.day, one.until and one.until.day)
        for one in found
    ]
    assert told == [("5c", 5, None), ("3a", 3, 5), ("5c", 1, 3)]


def test_a_time_without_any_line_is_left_out() -> None:
    found = picture.spells([_line(1, 1, 1, 3, "5c"), _line(2, 1, 5, None, "5c")])
    assert [(one.since.day, one.until and one.until.day) for one in found] == [
        (5, None),
        (1, 3),
    ]


def test_a_group_merged_into_another_is_printed_without_a_score(
    nation: Nation, client_as: ClientAs
) -> None:
    CrimeGroup.objects.filter(pk=nation.poor.pk).update(merged_into=nation.durham)
    text = printed(client_as(WHO), nation.poor)
    assert "has no score of its own" in text
