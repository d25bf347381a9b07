"""Every number on every dashboard opens the list that it counts."""

import datetime
import json
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.actions.labels import join_of
from accounts.models import AuditEvent
from scoring import outbox
from scoring.models import PictureLine, Receipt
from tests.factories.groups import organisation
from tests.factories.intelligence import ReturnFactory
from tests.factories.scoring import today
from tests.integration.scoring_pages.conftest import (
    OPEN,
    ClientAs,
    Nation,
    seen,
)

FIVE = ["owner_analyst", "region_analyst", "other_analyst", "rocu_lead", "nca_officer"]
SCOPES = [
    "national",
    "region:nerocu",
    "region:yhrocu",
    "region:none",
    "force:durham",
    "force:west-yorkshire",
    "force:nca",
]
# What the list of a nought says, by the first word of the figure's key.
EMPTY = {
    **dict.fromkeys(
        ("bands_by_threat", "threats", "bands", "tiers", "confirmed", "debt"),
        "No group matches",
    ),
    "moved": "Nothing moved",
    "returns": "No returns here",
}


@pytest.mark.leak
def test_a_hidden_group_is_in_no_figure(nation: Nation, client_as: ClientAs) -> None:
    # Two groups of Durham's own label, the region's, and what all forces see.
    analyst = seen(client_as("owner_analyst"), "/dashboard/national/").figures
    assert analyst["groups"][0] == 6
    other = seen(client_as("other_analyst"), "/dashboard/national/").figures
    assert other["groups"][0] == 3
    officer = seen(client_as("nca_officer"), "/dashboard/national/").figures
    assert officer["groups"][0] == 6


def test_parts_of_the_nation_add_up(nation: Nation, client_as: ClientAs) -> None:
    figures = seen(client_as("nca_officer"), "/dashboard/national/").figures
    for name in ("groups", "memberships", "overdue", "awaiting_confirmation"):
        parts = [
            number
            for key, (number, _) in figures.items()
            if key.startswith("regions.") and key.endswith(f".{name}")
        ]
        assert len(parts) == 11
        assert sum(parts) == figures[name][0], name
    assert figures["regions.none.groups"][0] == 1


def test_forces_of_a_region_add_up(nation: Nation, client_as: ClientAs) -> None:
    figures = seen(client_as("rocu_lead"), "/dashboard/region:nerocu/").figures
    assert figures["forces.durham.groups"][0] == 3
    assert figures["forces.northumbria.groups"][0] == 1
    assert figures["groups"][0] == 4


def test_computed_and_confirmed_bands_stand_side_by_side(
    nation: Nation, client_as: ClientAs
) -> None:
    figures = seen(client_as("owner_analyst"), "/dashboard/force:durham/").figures
    confirmed = {key: n for key, (n, _) in figures.items() if "confirmed." in key}
    assert sorted(confirmed.values()) == [0, 0, 1, 2]
    assert figures["awaiting_confirmation"][0] == 2
    assert figures["insufficient"][0] == 1


def test_a_day_gone_by_shows_that_day_and_its_lists(
    nation: Nation, client_as: ClientAs
) -> None:
    day = today()
    ahead = day + datetime.timedelta(days=40)
    now = datetime.datetime.combine(ahead, datetime.time(12), datetime.UTC)
    with time_machine.travel(now, tick=True):
        client = client_as("owner_analyst")
        page = seen(client, f"/dashboard/force:durham/?at={day:%d/%m/%Y}")
    assert page.figures["groups"][0] == 3
    assert "As at the end of" in page.text
    assert all(f"at={day}" in url for _, url in page.figures.values())


def test_an_earlier_day_has_no_groups(nation: Nation, client_as: ClientAs) -> None:
    client = client_as("owner_analyst")
    day = today() - datetime.timedelta(days=400)
    page = seen(client, f"/dashboard/force:durham/?at={day}")
    assert page.figures["groups"][0] == 0
    number, url = page.figures["groups"]
    assert f"at={day}" in url
    assert seen(client, url).count == number


@pytest.mark.parametrize("scope", ["region:yhrocu", "region:none", "force:cleveland"])
def test_noughts_open_lists_that_are_empty_and_say_so(
    nation: Nation, client_as: ClientAs, scope: str
) -> None:
    client = client_as("nca_officer")
    figures = seen(client, f"/dashboard/{scope}/").figures
    noughts = {
        key: url
        for key, (number, url) in figures.items()
        if not number and key.partition(".")[0] in EMPTY
    }
    one_of_each = {key.partition(".")[0]: url for key, url in noughts.items()}
    assert one_of_each.keys() == EMPTY.keys()
    for family, url in one_of_each.items():
        page = seen(client, url)
        assert page.count == 0, url
        assert EMPTY[family] in page.text, url


@pytest.mark.parametrize(
    ("scope", "count"), [("national", 3), ("region:nerocu", 1), ("region:none", 1)]
)
def test_returns_open_the_register_of_the_place(
    nation: Nation, client_as: ClientAs, scope: str, count: int
) -> None:
    due = today() - datetime.timedelta(days=1)
    for code in ("durham", "west-yorkshire", "nca"):
        ReturnFactory(
            owner=organisation(code),
            access_class_id=nation.world.class_id(OPEN),
            due_on=due,
        )
    client = client_as("nca_officer")
    figures = seen(client, f"/dashboard/{scope}/").figures
    for key, expected in (("due", count), ("outstanding", count), ("received", 0)):
        number, url = figures[f"returns.{key}"]
        assert number == expected, key
        assert seen(client, url).count == number, key


@pytest.mark.parametrize(
    ("query", "said"),
    [
        pytest.param("at=2999-01-01", "still to come", id="future"),
        pytest.param("at=2026-02-31", "must be a real date", id="impossible"),
        pytest.param("when=2026-01-01", "Use: at", id="unknown parameter"),
    ],
)
def test_a_day_that_cannot_be_is_refused(
    nation: Nation, client_as: ClientAs, query: str, said: str
) -> None:
    page = seen(client_as("owner_analyst"), f"/dashboard/national/?{query}", 400)
    assert said in page.text
    assert not page.figures


def test_an_unknown_place_is_refused(nation: Nation, client_as: ClientAs) -> None:
    page = seen(client_as("owner_analyst"), "/dashboard/region:atlantis/", 400)
    assert "Choose national" in page.text


def test_an_account_that_may_not_read_gets_no_empty_figures(
    nation: Nation, client_as: ClientAs
) -> None:
    seen(client_as("administrator"), "/dashboard/national/", 403)
    seen(client_as("auditor"), "/groups/", 403)


def test_an_open_dashboard_is_told_only_of_its_readers_own_change(
    nation: Nation, client_as: ClientAs
) -> None:
    client = client_as("owner_analyst")
    page = client.get("/dashboard/national/").content.decode()
    url = page.split('id="newer" role="status" hx-get="')[1].split('"')[0]
    assert client.get(url).status_code == 204
    nation.world.member(nation.hidden, OPEN)
    outbox.drain_until_empty(seconds=60)
    assert client.get(url).status_code == 204
    nation.world.member(nation.durham, OPEN)
    outbox.drain_until_empty(seconds=60)
    answer = client.get(url)
    assert "A newer picture is available" in answer.content.decode()
    assert "hx-get" not in answer.content.decode()


def test_missing_returns_are_named(nation: Nation, client_as: ClientAs) -> None:
    ReturnFactory(due_on=today() - datetime.timedelta(days=1))
    page = seen(client_as("owner_analyst"), "/dashboard/force:durham/")
    assert "Figures may be incomplete" in page.text
    assert "1 return of 1 due is outstanding: Durham" in page.text


def test_the_page_is_recorded_without_names(
    nation: Nation, client_as: ClientAs
) -> None:
    client_as("owner_analyst").get("/dashboard/national/")
    row = AuditEvent.objects.filter(object_type="scoring.Picture").latest("id")
    assert row.kind == "consultation"
    assert row.detail == {"scope": "national", "at": ""}


def test_what_waits_opens_its_list_and_nothing_of_what_is_hidden(
    nation: Nation, client_as: ClientAs
) -> None:
    for group in (nation.durham, nation.hidden):
        report = nation.world.report(OPEN)
        Receipt.objects.create(
            report=report,
            group=group,
            access_class_id=join_of([report.access_class_id, group.access_class_id]),
            submitted_at=timezone.now() - datetime.timedelta(seconds=90),
        )
    client = client_as("nca_officer")
    page = seen(client, "/dashboard/national/")
    number, url = page.figures["queued"]
    assert number == 1
    assert "the oldest waits for" in page.text
    found = seen(client, url)
    assert found.count == 1
    assert nation.durham.reference in found.text
    assert nation.hidden.reference not in found.text
    elsewhere = seen(client, "/dashboard/region:yhrocu/queue/")
    assert elsewhere.count == 0
    assert "Nothing waits" in elsewhere.text


def test_members_stand_by_standing_and_open_their_list(
    nation: Nation, client_as: ClientAs
) -> None:
    nation.world.member(nation.durham, OPEN, standing="principal")
    client = client_as("owner_analyst")
    figures = seen(client, "/dashboard/force:durham/").figures
    assert figures["members.principal"][0] == 1
    assert figures["members.unknown"][0] == 2
    found = seen(client, figures["members.principal"][1])
    assert found.count == 1
    assert found.text.count("Principal") >= 2
    bad = "/dashboard/force:durham/members/?standing=nothing"
    assert client.get(bad).status_code == 400


def test_the_slider_spans_the_days_that_have_a_picture(
    nation: Nation, client_as: ClientAs
) -> None:
    client = client_as("owner_analyst")
    page = client.get("/dashboard/force:durham/").content.decode()
    assert "data-days" not in page, "there is but today"
    ago = timezone.now() - datetime.timedelta(days=9)
    PictureLine.objects.filter(group=nation.durham).update(valid_from=ago)
    older = timezone.now() - datetime.timedelta(days=30)
    PictureLine.objects.filter(group=nation.hidden).update(valid_from=older)
    page = client.get("/dashboard/force:durham/").content.decode()
    assert f'data-first="{timezone.localdate(ago)}"' in page, "of what one may see"
    assert f'data-last="{today()}"' in page


def test_the_map_of_areas_is_drawn_where_its_file_is_at_hand(
    nation: Nation,
    client_as: ClientAs,
    settings: Any,
    tmp_path: Path,
) -> None:
    client = client_as("rocu_lead")
    settings.REAL_DATA = tmp_path
    assert "app-areas" not in client.get("/dashboard/region:nerocu/").content.decode()
    square = [[-2, 54], [-1, 54], [-1, 55], [-2, 54]]
    durham = organisation("durham")
    feature = {
        "properties": {"code": durham.ons_code},
        "geometry": {"type": "Polygon", "coordinates": [square]},
    }
    path = tmp_path / "other" / "geo"
    path.mkdir(parents=True)
    file = path / "uk_police_force_areas_simplified.geojson"
    file.write_text(json.dumps({"features": [feature]}))
    settings.REAL_DATA = tmp_path / "other"
    page = client.get("/dashboard/region:nerocu/").content.decode()
    drawn = page.split('<svg class="app-areas"')[1].split("</svg>")[0]
    assert drawn.count("<path") == 1
    assert 'aria-label="Durham: 3"' in drawn
    assert "Open Government Licence" in page
