"""Figures of a past day stay what they were, and say what was disposed of since."""

import datetime
import re
from typing import Any

import pytest
from django.utils import timezone

from accounts.access import acting_for, viewer_of
from accounts.models import User
from groups.models import CrimeGroup
from scoring import outbox, picture
from scoring.models import PictureLine
from scoring.picture import NATIONAL, MoveKind
from tests.cast import As, MakeUser
from tests.disposing import disposed
from tests.integration.scoring_pages.conftest import ClientAs, Nation, Seen, seen

DAY = datetime.timedelta(days=1)
TODAY = timezone.localdate()
# When the group still counted, and when it was in the archive.
COUNTED, RESTED = TODAY - 50 * DAY, TODAY - 20 * DAY
SAID = "since disposed"
# Who sees the group, by every way a force's usual sharing opens.
KNOW = ("owner_analyst", "rocu_lead", "nca_officer", "rocu_analyst")
DO_NOT = ("other_analyst", "region_analyst")
PLACES = ("national", "region:nerocu", "force:durham")


@pytest.fixture
def before(nation: Nation) -> CrimeGroup:
    """A group that counted until 35 days ago, and was put in the archive then."""
    group = nation.durham
    PictureLine.objects.filter(valid_to__isnull=False).delete()
    PictureLine.objects.update(valid_from=timezone.now() - 70 * DAY)
    CrimeGroup.objects.filter(pk=group.pk).update(activity_status="archived")
    outbox.drain_until_empty(seconds=60)
    lines = PictureLine.objects.filter(group=group)
    rested = timezone.now() - 35 * DAY
    lines.filter(valid_to__isnull=False).update(valid_to=rested)
    lines.filter(valid_to__isnull=True).update(valid_from=rested)
    group.refresh_from_db()
    return group


def figures_of(client: Any, place: str, day: datetime.date | None) -> Seen:
    at = f"?at={day}" if day else ""
    return seen(client, f"/dashboard/{place}/{at}")


def told(page: Seen) -> dict[str, int]:
    """Return the figures of a page; what moved since is of another pair of days."""
    return {key: number for key, (number, _url) in page.figures.items()}


@pytest.mark.parametrize("who", KNOW)
def test_a_past_figure_stays_and_says_so(
    who: str, before: CrimeGroup, acting: As, client_as: ClientAs
) -> None:
    client = client_as(who)
    asked = [(place, day) for place in PLACES for day in (COUNTED, RESTED, None)]
    was = {one: figures_of(client, *one) for one in asked}
    assert not any(SAID in page.text for page in was.values())
    disposed(acting, before)
    outbox.drain_until_empty(seconds=60)
    for one in asked:
        page = figures_of(client, *one)
        is_counted = one[1] == COUNTED
        assert told(page)["groups"] == told(was[one])["groups"], one
        assert ("1 record since disposed" in page.text) is is_counted, one
        if is_counted:
            assert told(page) == told(was[one]), one


@pytest.mark.parametrize("who", DO_NOT)
def test_who_never_saw_it_is_told_nothing(
    who: str, before: CrimeGroup, acting: As, client_as: ClientAs
) -> None:
    client = client_as(who)
    asked = [
        f"/dashboard/national/?at={COUNTED}",
        f"/dashboard/national/compare/?since={COUNTED}&at={RESTED}",
        f"/dashboard/national/movement/?since={COUNTED}&at={RESTED}",
        f"/dashboard/national/known-now/?at={COUNTED}",
        f"/groups/?scope=national&at={COUNTED}",
        f"/groups/map/?scope=national&at={COUNTED}",
        "/dashboard/national/",
        "/quality/national/",
    ]
    was = {url: seen(client, url) for url in asked}
    disposed(acting, before)
    outbox.drain_until_empty(seconds=60)
    for url in asked:
        page = seen(client, url)
        assert SAID not in page.text, url
        assert (told(page), page.count, page.sum) == (
            told(was[url]),
            was[url].count,
            was[url].sum,
        ), url
        assert _undated(page.text) == _undated(was[url].text), url


def _undated(text: str) -> str:
    """Return a text without the moments at which it was made."""
    return re.sub(r"\d{1,2}:\d{2}(:\d{2})?|\d+ seconds?", "", text)


def test_every_number_of_the_past_opens_its_list(
    before: CrimeGroup, acting: As, client_as: ClientAs
) -> None:
    disposed(acting, before)
    client = client_as("owner_analyst")
    for place in PLACES:
        page = figures_of(client, place, COUNTED)
        opened = 0
        for key, (number, url) in page.figures.items():
            if not url.startswith("/groups/"):
                continue
            found = seen(client, url)
            shown = found.sum if key.endswith("memberships") else found.count
            assert shown == number, (key, url)
            opened += 1
        assert opened > 10


def test_the_list_counts_it_and_shows_nothing_of_it(
    before: CrimeGroup, acting: As, client_as: ClientAs
) -> None:
    client = client_as("owner_analyst")
    url = f"/groups/?scope=force:durham&at={COUNTED}"
    was = seen(client, url)
    assert before.reference in was.text
    disposed(acting, before)
    page = seen(client, url)
    assert (page.count, page.sum) == (was.count, was.sum)
    assert "1 record since disposed" in page.text
    for gone in (before.reference, before.name, str(before.public_id)):
        assert gone not in page.text
        assert not any(gone in link for link in page.links)
    sorted_too = seen(client, f"{url}&sort=members")
    assert sorted_too.count == was.count
    alone = seen(client, f"{url}&threat=illegal-drugs")
    assert alone.count == 1
    assert "No group matches" not in alone.text
    on_map = seen(client, f"/groups/map/?scope=force:durham&at={COUNTED}")
    assert "1 record since disposed" in on_map.text
    assert on_map.count == was.count
    now = seen(client, "/groups/?scope=force:durham&status=any&sort=members")
    assert SAID not in now.text
    assert before.reference not in now.text


def test_two_days_side_by_side_say_it_of_the_day_that_counts_it(
    before: CrimeGroup, acting: As, client_as: ClientAs
) -> None:
    client = client_as("owner_analyst")
    url = f"/dashboard/force:durham/compare/?since={COUNTED}&at={RESTED}"
    was = seen(client, url)
    disposed(acting, before)
    page = seen(client, url)
    assert told(page) == told(was)
    assert page.text.count("1 record since disposed") == 1
    until_now = seen(client, f"/dashboard/force:durham/compare/?since={RESTED}")
    assert SAID not in until_now.text


def test_what_moved_counts_it_as_it_did(
    before: CrimeGroup, acting: As, client_as: ClientAs
) -> None:
    client = client_as("owner_analyst")
    url = f"/dashboard/force:durham/movement/?since={COUNTED}&at={RESTED}"
    was = seen(client, url)
    assert (was.count, before.reference in was.text) == (1, True)
    disposed(acting, before)
    page = seen(client, url)
    assert told(page) == told(was)
    assert page.count == 1
    assert "1 record since disposed" in page.text
    assert before.reference not in page.text
    assert "Nothing moved" not in page.text
    dashboard = seen(client, f"/dashboard/force:durham/?since={COUNTED}")
    assert told(dashboard)["moved.gone"] == 1
    assert "1 record since disposed" in dashboard.text


def test_both_clocks_tell_the_same_of_it(
    before: CrimeGroup, acting: As, client_as: ClientAs
) -> None:
    disposed(acting, before)
    page = seen(
        client_as("owner_analyst"),
        f"/dashboard/force:durham/known-now/?at={COUNTED}",
    )
    assert page.count == 0
    assert "1 record since disposed" in page.text


def test_the_months_behind_say_how_many_of_them_are_gone(
    before: CrimeGroup, acting: As, client_as: ClientAs
) -> None:
    client = client_as("owner_analyst")
    pages = ("/dashboard/force:durham/", "/quality/force:durham/")
    was = [seen(client, url) for url in pages]
    disposed(acting, before)
    for url, former in zip(pages, was, strict=True):
        page = seen(client, url)
        trend = {key: one for key, one in told(page).items() if "trend" in key}
        assert trend
        assert trend == {key: told(former)[key] for key in trend}
        assert SAID in page.text
        assert SAID not in former.text


def test_the_picture_itself_counts_by_the_lines_own_label(
    before: CrimeGroup, acting: As, make_user: MakeUser
) -> None:
    disposed(acting, before)
    for who, number in (("owner_analyst", 1), ("other_analyst", 0)):
        viewer = viewer_of(User.objects.get(email=f"{who}@test.example"))
        with acting_for(viewer, route="test"):
            assert picture.read(viewer, NATIONAL, COUNTED).disposed == number
            assert picture.read(viewer, NATIONAL).disposed == 0
            found = picture.movement(viewer, NATIONAL, COUNTED, RESTED)
            assert found.disposed() == found.disposed(MoveKind.GONE) == number
            assert picture.reasons_of(viewer, found, found.moves).keys() == {
                one.group_id for one in found.moves if not one.is_disposed
            }
