"""A past day by both clocks: what was believed on it and what is known of it now."""

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.access import acting_for
from groups.models import CrimeGroup, Membership
from intelligence.models import Report
from scoring import picture
from scoring.engine import PRIMARY
from scoring.scores import hindsight, learned_since
from tests.factories.scoring import DRUGS, today
from tests.integration.scoring_pages.conftest import OPEN, ClientAs, Nation, seen
from tests.integration.scoring_pages.test_score_change import begin, claim, drain

DAY = datetime.timedelta(days=1)
THEN = today() - 5 * DAY
LATE = {"received_on": today() - 15 * DAY}


@pytest.fixture
def group(nation: Nation) -> CrimeGroup:
    """A group all judged but for one attribute."""
    found = nation.world.group(OPEN, name="Two clocks")
    Membership.objects.update(from_on=today() - 30 * DAY)
    for attribute in PRIMARY.attribute_keys():
        if attribute != DRUGS:
            decided = {"decided_at": _ago(20)}
            nation.world.judgement(found, OPEN, "nil", attribute, **decided)
    return found


def _ago(days: int) -> datetime.datetime:
    moment = datetime.datetime.combine(today() - days * DAY, datetime.time(12))
    return moment.replace(tzinfo=datetime.UTC)


def page_of(client: Any, group: CrimeGroup) -> Any:
    url = reverse("scoring:group_hindsight", args=[group.public_id])
    return seen(client, f"{url}?at={THEN}")


def figures_of(client: Any, scope: str = "force:durham") -> Any:
    return seen(client, f"/dashboard/{scope}/known-now/?at={THEN}")


def test_a_report_that_came_late_is_known_and_was_not_believed(
    nation: Nation, group: CrimeGroup, client_as: ClientAs
) -> None:
    begin()
    client = client_as("owner_analyst")
    assert figures_of(client).count == 0
    assert "Both clocks agree" in figures_of(client).text
    report = nation.world.claim(group, OPEN, "high", DRUGS, **LATE).report
    drain()
    page = page_of(client, group)
    assert "The value changed by +4" in page.text
    assert f"/reports/{report.public_id}/" in page.links
    figures = figures_of(client)
    assert figures.count == 1
    assert "Two clocks" in figures.text
    # Believed is what the dashboard of that day says, and each number opens its list.
    then = seen(client, f"/dashboard/force:durham/?at={THEN}").figures
    for key, (number, url) in figures.figures.items():
        band = key.removeprefix("believed.")
        assert number == then[f"bands.{band}"][0] == seen(client, url).count


def test_what_is_of_a_later_day_was_not_so_before(
    nation: Nation, group: CrimeGroup, client_as: ClientAs
) -> None:
    begin()
    nation.world.claim(group, OPEN, "high", DRUGS, received_on=today() - DAY)
    nation.world.judgement(group, OPEN, "medium", DRUGS)
    drain()
    client = client_as("owner_analyst")
    assert "The value changed by +0" in page_of(client, group).text
    assert figures_of(client).count == 0


def test_a_report_withdrawn_since_was_believed_and_is_not_known(
    nation: Nation, group: CrimeGroup, client_as: ClientAs
) -> None:
    report = claim(nation.world, group)
    begin()
    Report.objects.filter(pk=report.pk).update(state="withdrawn")
    drain()
    client = client_as("owner_analyst")
    page = page_of(client, group)
    assert "The value changed by -4" in page.text
    assert "Withdrawal" in page.text
    assert figures_of(client).count == 1


def test_a_membership_ended_late_was_believed(
    nation: Nation, group: CrimeGroup, client_as: ClientAs
) -> None:
    member = nation.world.member(group, OPEN, from_on=today() - 30 * DAY)
    begin()
    client = client_as("owner_analyst")
    assert figures_of(client).count == 0
    Membership.objects.filter(pk=member.pk).update(to_on=today() - 8 * DAY)
    drain()
    assert "1 membership believed then, 0 known now." in page_of(client, group).text
    assert "1 then, 0 now" in figures_of(client).text


def test_the_two_pages_tell_the_same(
    nation: Nation, group: CrimeGroup, as_system: Any
) -> None:
    gone = claim(nation.world, group, "medium")
    plain, same = (nation.world.group(OPEN, name=name) for name in ("Plain", "Same"))
    begin()
    Report.objects.filter(pk=gone.pk).update(state="withdrawn")
    for other, level in ((plain, "high"), (group, "low")):
        nation.world.claim(other, OPEN, level, DRUGS, **LATE)
    nation.world.claim(same, OPEN, "high", DRUGS, received_on=today())
    drain()
    viewer = nation.world.viewer("")
    moment = picture.moment_of(THEN)
    differing = 0
    with acting_for(viewer, route="test"):
        found = hindsight(viewer, picture.NATIONAL, THEN)
        assert found.groups
        # The judgements of the others were made after the day they are said to hold.
        mine = {plain.pk, same.pk, group.pk}
        assert mine <= {one.group_id for one in found.groups}
        for one in (one for one in found.groups if one.group_id in mine):
            record = CrimeGroup.objects.get(pk=one.group_id)
            moved = learned_since(viewer, record, moment)
            assert moved is not None
            assert (moved.before.value, moved.after.value) == (
                one.believed.value,
                one.known.value,
            )
            assert (moved.after.band or "") == one.known.band
            differing += one.differs
    assert differing == len(found.different) == 2


def test_a_hidden_report_is_known_to_nobody_else(
    nation: Nation, group: CrimeGroup, as_system: Any
) -> None:
    begin()
    label = nation.world.label("a")
    nation.world.claim(group, label, "high", DRUGS, **LATE)
    nation.world.member(group, label, from_on=today() - 30 * DAY)
    drain()
    plain, cleared = nation.world.viewer(""), nation.world.viewer("a")
    place = picture.parse_scope("force:durham")
    for viewer, differ in ((plain, 0), (cleared, 1)):
        with acting_for(viewer, route="test"):
            assert len(hindsight(viewer, place, THEN).different) == differ


def test_days_that_have_no_two_clocks(
    nation: Nation,
    group: CrimeGroup,
    client_as: ClientAs,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begin()
    nation.world.claim(group, OPEN, "high", DRUGS, **LATE)
    drain()
    client = client_as("owner_analyst")
    own = reverse("scoring:group_hindsight", args=[group.public_id])
    scope = "/dashboard/force:durham/known-now/"
    for url in (own, scope):
        assert "Choose a past day" in seen(client, url).text
        ahead = today() + DAY
        assert "still to come" in seen(client, f"{url}?at={ahead}", 400).text
        assert "at" in seen(client, f"{url}?day=1", 400).text
    long_ago = today() - 300 * DAY
    assert "No score of that day" in seen(client, f"{own}?at={long_ago}").text
    monkeypatch.setattr("scoring.scores.two_clocks.MOST_SCORED", 0)
    assert "Too many groups" in figures_of(client).text


def test_hindsight_takes_no_more_queries_for_more_groups(
    nation: Nation, group: CrimeGroup, client_as: ClientAs
) -> None:
    begin()
    nation.world.claim(group, OPEN, "high", DRUGS, **LATE)
    drain()
    client = client_as("owner_analyst")

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            figures_of(client)
        return len(caught)

    before = queries()
    for other in (nation.durham, nation.poor):
        nation.world.claim(other, OPEN, "high", DRUGS, **LATE)
    drain()
    assert queries() == before
