"""Every gap is counted right, opens its list, and tells nothing of what is hidden."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from accounts.access import acting_for
from accounts.visibility import Viewer
from groups.models import (
    CrimeGroup,
    Nominal,
    PersonLink,
)
from intelligence.models import Mention
from scoring.models import PictureLine
from scoring.outbox import drain_until_empty
from scoring.quality import GAPS, Ask, count_gaps
from tests.factories.scoring import World, as_worker, today
from tests.integration.scoring_pages import spoiling
from tests.integration.scoring_pages.conftest import ClientAs, seen

pytestmark = pytest.mark.django_db

Find = Callable[[str], Viewer]
DAY = datetime.timedelta(days=1)
_SCOPES = ("national", "region:nerocu", "force:durham", "force:northumbria")


@pytest.fixture
def world(as_system: Any) -> World:
    return World()


def counted(viewer: Viewer, owners: list[int] | None = None) -> dict[str, int]:
    """Return the gaps that have any row."""
    with acting_for(viewer, route="test"):
        counts = count_gaps(Ask(viewer, owners, today()))
    return {one.gap.key: one.total for one in counts if one.total}


def test_a_whole_record_has_no_gap(world: World, viewer: Find) -> None:
    spoiling.complete(world)
    assert counted(viewer("owner_analyst")) == {}


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (spoiling.overdue, {"overdue": 1}),
        (spoiling.stale, {"stale": 1}),
        (spoiling.all_nil, {"at-zero": 1}),
        (spoiling.one_level, {"mostly-unknown": 1}),
        (spoiling.namesake, {"groups-alike": 2}),
        (spoiling.shared_members, {"groups-alike": 2}),
        (spoiling.same_number, {"people-alike": 2}),
        (spoiling.no_members, {"no-members": 1}),
        (spoiling.no_lead, {"no-lead-officer": 1}),
        (spoiling.no_threat, {"no-predominant-threat": 1}),
        (spoiling.one_report, {"single-report": 1}),
        (spoiling.too_few, {"too-few-members": 1}),
        (spoiling.withdrawn_member, {"too-few-members": 1, "people-in-nothing": 1}),
        (spoiling.old_draft, {"old-drafts": 1}),
        (spoiling.old_mention, {"not-mentioned": 1}),
        (spoiling.no_birth, {"incomplete-people": 1}),
        (spoiling.no_contact, {"incomplete-people": 3}),
        (spoiling.orphan, {"people-in-nothing": 1}),
        (spoiling.no_reason, {"unfounded-memberships": 1}),
        (spoiling.no_reason_for_a_name, {"unfounded-group-names": 1}),
    ],
)
def test_each_gap_is_found_alone(
    world: World,
    viewer: Find,
    spoil: Callable[[World, CrimeGroup], None],
    expected: dict[str, int],
) -> None:
    by = viewer("owner_analyst")
    spoil(world, spoiling.complete(world))
    assert counted(by) == expected


def test_what_a_reader_may_not_see_supports_nothing(world: World) -> None:
    """A hidden mention, member or judgement must not show by a gap that is not there."""
    plain, cleared = world.viewer(""), world.viewer("a")
    group = spoiling.complete(world)
    [member, *_] = group.memberships.all()
    Mention.objects.filter(nominal=member.nominal).delete()
    spoiling.mention(world, letters="a", nominal=member.nominal)
    assert counted(plain) == {"not-mentioned": 1}
    assert counted(cleared) == {}
    world.member(world.group(world.label("a")), world.label("a"))
    assert counted(plain) == {"not-mentioned": 1}
    assert set(counted(cleared)) > {"no-lead-officer", "not-mentioned"}


def test_a_linked_person_is_in_something(world: World, viewer: Find) -> None:
    by = viewer("owner_analyst")
    group = spoiling.complete(world)
    spoiling.orphan(world, group)
    one = Nominal.objects.get(surname="Nobody")
    [member, *_] = group.memberships.all()
    owner = world.organisation()
    PersonLink.objects.create(
        owner=owner,
        asserted_by=owner,
        access_class_id=one.access_class_id,
        a=member.nominal,
        b=one,
        kind="family",
        rationale="Certificate",
    )
    assert counted(by) == {}


def test_every_count_opens_its_list_in_every_place(
    world: World, viewer: Find, client_as: ClientAs
) -> None:
    viewer("owner_analyst")
    for spoil in (
        spoiling.no_lead,
        spoiling.old_mention,
        spoiling.no_birth,
        spoiling.orphan,
        spoiling.no_reason,
    ):
        spoil(world, spoiling.complete(world))
    spoiling.no_lead(world, spoiling.complete(world))
    world.group(world.label(), "northumbria")
    client = client_as("owner_analyst")
    followed = 0
    for scope in _SCOPES:
        page = seen(client, f"/quality/{scope}/")
        assert set(GAPS) <= set(page.figures)
        for key, (number, url) in page.figures.items():
            if number or followed < len(GAPS):
                assert seen(client, url).count == number, (scope, key)
                followed += 1
        parts = [key for key in page.figures if key.startswith("owners.")]
        assert bool(parts) == (not scope.startswith("force:"))
        if parts:
            told = [
                page.figures[one][0] for one in parts if one.endswith("no-lead-officer")
            ]
            assert sum(told) == page.figures["no-lead-officer"][0]
    assert followed > len(GAPS) + 10
    assert client.get("/quality/nowhere/").status_code == 400
    assert client.get("/quality/national/no-such-gap/").status_code == 404
    assert client.get("/quality/national/overdue/?cursor=x").status_code == 400


def test_lists_turn_their_pages_and_name_what_is_missing(
    world: World, viewer: Find, client_as: ClientAs
) -> None:
    viewer("owner_analyst")
    group = spoiling.complete(world)
    for _ in range(55):
        world.member(group, world.label())
    client = client_as("owner_analyst")
    first = client.get("/quality/force:durham/incomplete-people/")
    assert first.context["count"] == 55
    assert len(first.context["rows"]) == 50
    assert "given names, date of birth, gender, a contact" in first.text
    second = client.get(
        f"/quality/force:durham/incomplete-people/{first.context['next_url']}"
    )
    assert len(second.context["rows"]) == 5


def test_more_records_and_owners_take_no_more_queries(
    world: World, viewer: Find, client_as: ClientAs
) -> None:
    viewer("owner_analyst")
    client = client_as("owner_analyst")
    spoiling.old_mention(world, spoiling.complete(world))

    def queries(url: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(url).status_code == 200
        return len(caught)

    pages = ("/quality/national/", "/quality/national/not-mentioned/")
    before = [queries(url) for url in pages]
    for owner in ("northumbria", "cleveland", "west-yorkshire"):
        group = world.group(world.label(), owner)
        for _ in range(4):
            world.member(group, world.label())
    assert [queries(url) for url in pages] == before
    with as_worker():
        assert CrimeGroup.objects.count() == 4


def test_a_suspected_duplicate_names_the_other(
    world: World, viewer: Find, client_as: ClientAs
) -> None:
    viewer("owner_analyst")
    group = spoiling.complete(world)
    spoiling.namesake(world, group)
    spoiling.same_number(world, group)
    client = client_as("owner_analyst")
    for gap, column in (("groups-alike", 3), ("people-alike", 3)):
        rows = client.get(f"/quality/force:durham/{gap}/").context["rows"]
        (first, *_), (second, *_) = rows
        assert [
            rows[0][column]["links"][0]["url"],
            rows[1][column]["links"][0]["url"],
        ] == [
            second["url"],
            first["url"],
        ]


def test_a_hidden_duplicate_is_nobodys(world: World) -> None:
    plain, cleared = world.viewer(""), world.viewer("a")
    group = spoiling.complete(world)
    world.group(world.label("a"), name=group.name)
    assert counted(plain) == {}
    assert counted(cleared)["groups-alike"] == 2


def test_the_debt_of_former_months_is_what_the_dashboard_said(
    world: World, viewer: Find, client_as: ClientAs
) -> None:
    viewer("owner_analyst")
    spoiling.overdue(world, spoiling.complete(world))
    claimed = spoiling.complete(world)
    for _ in range(2):
        world.claim(claimed, world.label())
    drain_until_empty()
    ago = 200 * DAY
    with as_worker():
        PictureLine.objects.update(valid_from=F("valid_from") - ago)
    client = client_as("owner_analyst")
    board = seen(client, "/quality/force:durham/").figures
    days = {key.rpartition(".")[2] for key in board if key.startswith("trend.")}
    assert len(days) == 6
    for day in days:
        then = seen(client, f"/dashboard/force:durham/?at={day}").figures
        for key, figure in (
            ("groups", "groups"),
            ("overdue", "overdue"),
            ("unjudged", "unjudged"),
            ("awaiting", "awaiting_confirmation"),
        ):
            number, url = board[f"trend.{key}.{day}"]
            assert number == then[figure][0] == seen(client, url).count, (key, day)
        assert board[f"trend.groups.{day}"][0] == 2
        assert board[f"trend.awaiting.{day}"][0] == 2
        assert board[f"trend.unjudged.{day}"][0] == 1
