"""The timeline: what it tells to whom, how exactly, as at which day, page by page."""

import datetime
import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.access import acting_for, viewer_of
from accounts.actions.labels import join_of
from accounts.models import AuditEvent
from accounts.visibility import Viewer
from groups.actions import groups, involvements, memberships
from groups.models import Activity, CrimeGroup, Nominal, ThreatType
from ocgmap.common.acting import acting_as
from ocgmap.common.merged import merged_page
from ocgmap.common.scope import system
from scoring.models import Judgement
from scoring.views.happened import happened
from tests.cast import As
from tests.factories.groups import CrimeGroupFactory, NominalFactory
from tests.factories.intelligence import class_of
from tests.integration.scoring_pages.conftest import OPEN, ClientAs, Nation, seen

TITLE = re.compile(r'<p class="moj-timeline__title">(.*?)</p>', re.S)
PLAIN = re.compile(r"<[^>]+>|\s+")


def path(group: CrimeGroup, query: str = "") -> str:
    return f"/groups/{group.public_id}/timeline/{query}"


def titles(client: Client, url: str) -> list[str]:
    text = client.get(url).content.decode()
    return [
        " ".join(html.unescape(PLAIN.sub(" ", one)).split())
        for one in TITLE.findall(text)
    ]


def activity(nation: Nation, **more: Any) -> Activity:
    group = nation.durham
    return Activity.objects.create(
        **{
            "group": group,
            "owner": group.owner,
            "asserted_by": group.owner,
            "access_class_id": group.access_class_id,
            "threat_type": ThreatType.objects.order_by("code").first(),
            "rationale": "Test",
            **more,
        }
    )


@pytest.mark.parametrize(
    ("day", "precision", "heading", "when"),
    [
        ("2024-03-01", "month", "March 2024", "March 2024"),
        ("2024-03-01", "circa", "March 2024", "About March 2024"),
        ("2024-03-07", "day", "March 2024", "7 March 2024"),
        ("2024-01-01", "year", "2024, month not known", "2024"),
        (None, "unknown", "Date not known", "Date not known"),
    ],
)
def test_a_date_is_no_more_exact_than_it_is_known(
    nation: Nation,
    client_as: ClientAs,
    day: str | None,
    precision: str,
    heading: str,
    when: str,
) -> None:
    activity(nation, from_on=day, precision=precision)
    url = path(nation.durham, "?what=happened&kind=activity")
    text = client_as("owner_analyst").get(url).content.decode()
    [shown] = re.findall(r'<p class="moj-timeline__date">(.*?)</p>', text, re.S)
    assert shown.strip() == f"Happened: {when}"
    assert f'app-timeline__month">{heading}<' in text


def test_both_parts_stand_together_and_apart(
    nation: Nation, client_as: ClientAs
) -> None:
    client = client_as("owner_analyst")
    group = nation.confirmed
    nation.world.report(OPEN)
    both = titles(client, path(group))
    happened = titles(client, path(group, "?what=happened"))
    done = titles(client, path(group, "?what=done"))
    assert len(both) == len(happened) + len(done) <= 50
    assert any(one.startswith("Judged ") for one in done)
    assert any("confirmed" in one for one in done)
    assert not any(one.startswith("Judged ") for one in happened)
    assert sorted(both) == sorted(happened + done)


def test_pages_tell_each_row_once_though_all_are_of_one_moment(
    nation: Nation, client_as: ClientAs
) -> None:
    group = nation.durham
    at = timezone.now() - datetime.timedelta(days=3)
    made = [
        nation.world.judgement(group, OPEN, decided_at=at).public_id for _ in range(130)
    ]
    for number, one in enumerate(made):
        row = Judgement.objects.filter(public_id=one)
        row.update(rationale=f"Case {number}.")
    client, url = client_as("owner_analyst"), path(group, "?what=done&kind=judgement")
    found: list[str] = []
    pages = 0
    while url:
        page = client.get(url).content.decode()
        found += re.findall(r"Case \d+\.", page)
        following = re.search(r'href="([^"]+)" rel="next"', page)
        url = html.unescape(following[1]) if following else ""
        pages += 1
    assert pages == 3
    assert len(found) == len(set(found)) == len(made)


def test_a_cursor_serves_only_the_list_that_gave_it(
    nation: Nation, client_as: ClientAs
) -> None:
    for _ in range(60):
        nation.world.member(nation.durham, OPEN)
    client = client_as("owner_analyst")
    page = client.get(path(nation.durham)).content.decode()
    [url] = re.findall(r'href="([^"]+)" rel="next"', page)
    cursor = html.unescape(url).split("cursor=")[1]
    assert client.get(path(nation.durham, f"?cursor={cursor}")).status_code == 200
    for other in (
        path(nation.poor, f"?cursor={cursor}"),
        path(nation.durham, f"?what=done&cursor={cursor}"),
        path(nation.durham, "?cursor=nonsense"),
    ):
        assert client.get(other).status_code == 400, other


def test_as_at_tells_what_was_recorded_by_then(
    nation: Nation, client_as: ClientAs
) -> None:
    activity(nation, from_on="2024-03-07", precision="day")
    activity(nation, from_on=timezone.localdate(), precision="day")
    ago = timezone.now() - datetime.timedelta(days=40)
    nation.world.judgement(nation.durham, OPEN, decided_at=ago)
    client = client_as("owner_analyst")
    assert len(titles(client, path(nation.durham, "?kind=activity"))) == 2
    day = timezone.localdate(ago)
    # Neither activity was recorded by then, though one happened before.
    [told] = titles(client, path(nation.durham, f"?at={day}"))
    assert told.startswith("Judged ")
    before = day - datetime.timedelta(days=1)
    assert titles(client, path(nation.durham, f"?at={before}")) == []
    assert client.get(path(nation.durham, "?at=2090-01-01")).status_code == 400


def test_as_at_leaves_out_what_happened_after_the_day(nation: Nation) -> None:
    activity(nation, from_on="2024-03-07", precision="day")
    activity(nation, from_on="2024-04-07", precision="day", to_on="2024-05-01")
    user = nation.world.reader(organisation="durham")
    viewer = viewer_of(user)
    with acting_for(viewer):
        sources = happened(viewer, nation.durham, timezone.now())
        page = merged_page(
            [one.stream for one in sources if one.kind == "activity"],
            asked="test",
            size=9,
            until=datetime.datetime(2024, 4, 20, tzinfo=datetime.UTC),
        )
    assert [str(row.from_on) for _, row in page.rows] == ["2024-04-07", "2024-03-07"]


def test_victims_stand_by_reference_alone(
    acting: As,
    viewer: Callable[[str], Viewer],
    client_as: ClientAs,
) -> None:
    by = viewer("owner_analyst")
    with acting("owner_analyst"):
        group = CrimeGroupFactory(by=by)
        harmed = NominalFactory(by=by, surname="Ashdown")
        member = NominalFactory(by=by, surname="Birchall")
        memberships.add_member(
            by=by, group=group, nominal=member, dpa_category="suspect", rationale="x"
        )
        involvements.add_involvement(
            by=by,
            group=group,
            nominal=harmed,
            kind="victim",
            dpa_category="victim",
            rationale="x",
        )
    client = client_as("owner_analyst")
    for part in ("happened", "done"):
        told = titles(client, path(group, f"?what={part}"))
        assert any("Birchall" in one for one in told)
        assert not any("Ashdown" in one for one in told)
        assert any(one.startswith(f"Victim: {harmed.reference}") for one in told)
    history = client.get(f"/groups/{group.public_id}/history/").content.decode()
    assert "Birchall" in history
    assert "Ashdown" not in history


def test_what_is_hidden_is_not_told_and_what_is_shown_is_recorded(
    nation: Nation, client_as: ClientAs
) -> None:
    group = nation.leeds
    own = join_of([class_of(group.owner, "organisation"), group.access_class_id])
    secret = activity(
        nation, group=group, owner=group.owner, access_class_id=own, rationale="Secret"
    )
    open_one = activity(nation, group=group, access_class_id=group.access_class_id)
    reader = client_as("owner_analyst")
    text = reader.get(path(group)).content.decode()
    assert "Secret" not in text
    with acting_as(system("test")):
        rows = AuditEvent.objects.filter(kind="consultation")
        [found] = rows.filter(object_type="groups.Activity")
        assert found.object_ids == [open_one.pk]
        assert rows.filter(object_type="groups.CrimeGroup").exists()
    assert "Secret" in client_as("other_analyst").get(path(group)).content.decode()
    assert reader.get(path(nation.hidden)).status_code == 404
    assert secret.pk != open_one.pk


def test_a_change_of_label_is_found_by_itself(
    acting: As, viewer: Callable[[str], Viewer], client_as: ClientAs
) -> None:
    by = viewer("owner_supervisor")
    with acting("owner_supervisor"):
        group = CrimeGroupFactory(by=by)
        groups.edit(by=by, group=group, version=1, name="Birch", reason="Renamed")
        wider = class_of(group.owner, "region")
        CrimeGroup.objects.filter(pk=group.pk).update(access_class_id=wider)
    client = client_as("owner_supervisor")
    text = client.get(path(group, "?what=done&kind=label")).content.decode()
    assert len(TITLE.findall(text)) == 1
    assert "Who may see it:" in text
    assert "Renamed" not in text
    assert "Renamed" in client.get(path(group, "?what=done")).content.decode()


def test_a_person_has_a_timeline_too(
    acting: As, viewer: Callable[[str], Viewer], client_as: ClientAs
) -> None:
    by = viewer("owner_analyst")
    with acting("owner_analyst"):
        group = CrimeGroupFactory(by=by, name="Harbour crew")
        person: Nominal = NominalFactory(by=by, surname="Birchall")
        memberships.add_member(
            by=by, group=group, nominal=person, dpa_category="suspect", rationale="x"
        )
    client = client_as("owner_analyst")
    page = f"/people/{person.public_id}/timeline/"
    told = titles(client, page)
    assert f"Member of Harbour crew ({group.reference})" in told
    assert "The person" in told
    assert titles(client, f"{page}?what=happened") == [
        f"Member of Harbour crew ({group.reference})"
    ]
    assert client.get(f"{page}?kind=judgement").status_code == 400


def test_bad_questions_are_refused_by_name(nation: Nation, client_as: ClientAs) -> None:
    client = client_as("owner_analyst")
    for query in ("?kind=nothing", "?what=all", "?at=yesterday", "?other=1"):
        assert client.get(path(nation.durham, query)).status_code == 400, query
    page = seen(client, path(nation.draft, "?kind=transfer"))
    assert "Nothing that you may see is recorded" in page.text
