"""What moved, as pages show it: numbers with their lists, reasons, and bad input."""

import datetime

import pytest
from django.utils import timezone

from accounts.models import AuditEvent
from groups.models import CrimeGroup, Involvement
from scoring import outbox
from scoring.models import PictureLine
from tests.factories.intelligence import class_of
from tests.factories.scoring import ATTRIBUTES, today
from tests.integration.scoring_pages.conftest import OPEN, ClientAs, Nation, seen

NOW = "/dashboard/region:nerocu/movement/"


@pytest.fixture
def moved(nation: Nation) -> Nation:
    """The nation as it was ten days ago, and what happened to it today."""
    PictureLine.objects.filter(valid_to__isnull=False).delete()
    PictureLine.objects.update(valid_from=timezone.now() - datetime.timedelta(days=10))
    CrimeGroup.objects.filter(pk=nation.durham.pk).update(tier="national")
    CrimeGroup.objects.filter(pk=nation.poor.pk).update(activity_status="archived")
    CrimeGroup.objects.filter(pk=nation.draft.pk).update(record_state="mapped")
    report = nation.world.report(OPEN)
    for attribute in ATTRIBUTES:
        nation.world.claim(nation.northumbria, OPEN, "high", attribute, report)
    outbox.drain_until_empty(seconds=60)
    return nation


def test_every_kind_opens_as_many_groups(moved: Nation, client_as: ClientAs) -> None:
    client = client_as("rocu_lead")
    page = seen(client, NOW)
    told = {key: number for key, (number, _) in page.figures.items()}
    assert told["moved"] == page.count == 4
    assert (told["moved.new"], told["moved.gone"], told["moved.tier"]) == (1, 1, 1)
    assert told["moved.band"] == 1
    for key, (number, url) in page.figures.items():
        assert seen(client, url).count == number, key
    assert "Activity status now archived" in page.text
    assert "Record state was draft" in page.text
    assert "Tier: from Force to National" in page.text


def test_the_report_and_both_scores_are_linked(
    moved: Nation, client_as: ClientAs
) -> None:
    client = client_as("rocu_lead")
    page = seen(client, f"{NOW}?kind=band")
    group = f"/groups/{moved.northumbria.public_id}/score/"
    week_ago = today() - datetime.timedelta(days=7)
    assert f"{group}then/?at={week_ago}" in page.links
    assert group in page.links
    reports = [url for url in page.links if url.startswith("/reports/")]
    assert len(set(reports)) > 1
    for url in {*reports, f"{group}then/?at={week_ago}"} - {"/reports/"}:
        seen(client, url)
    then = seen(client, f"{group}then/?at={week_ago}")
    assert "Score at the end of" in then.text
    assert "Computed band" in then.text


def test_a_force_beyond_the_region_is_shown_nothing_of_it(
    moved: Nation, client_as: ClientAs
) -> None:
    page = seen(client_as("other_analyst"), NOW)
    assert page.count == 0
    assert "Nothing moved" in page.text


def test_two_days_side_by_side(moved: Nation, client_as: ClientAs) -> None:
    client = client_as("rocu_lead")
    page = seen(client, "/dashboard/force:durham/compare/")
    before, after = page.figures["before.groups"], page.figures["after.groups"]
    assert (before[0], after[0]) == (3, 3)
    assert page.figures["before.tiers.national"][0] == 0
    assert page.figures["after.tiers.national"][0] == 1
    for key, (number, url) in page.figures.items():
        found = seen(client, url)
        counted = found.sum if key.endswith("memberships") else found.count
        assert counted == number, key


@pytest.mark.parametrize(
    ("query", "said"),
    [
        pytest.param("since=2999-01-01", "Choose a day before", id="future"),
        pytest.param("since=2026-02-31", "must be a real date", id="impossible"),
        pytest.param(
            "since=2026-03-02&at=2026-03-02", "Choose a day before", id="same"
        ),
        pytest.param("at=2999-01-01", "still to come", id="at in future"),
        pytest.param("kind=weather", "What moved has no option", id="kind"),
        pytest.param("cursor=abc", "This cursor is not of this address", id="cursor"),
        pytest.param("from=2026-01-01", "Use: at, cursor, kind, since", id="unknown"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    nation: Nation, client_as: ClientAs, query: str, said: str
) -> None:
    page = seen(client_as("rocu_lead"), f"{NOW}?{query}", 400)
    assert said in page.text
    assert page.count is None


def test_a_dashboard_takes_a_day_to_move_since(
    moved: Nation, client_as: ClientAs
) -> None:
    client, day = client_as("rocu_lead"), today() - datetime.timedelta(days=30)
    page = seen(client, f"/dashboard/region:nerocu/?since={day}")
    assert page.figures["moved.new"][0] == page.figures["groups"][0]
    assert f"since={day}" in page.figures["moved"][1]


def test_reading_is_recorded(moved: Nation, client_as: ClientAs) -> None:
    client_as("rocu_lead").get(NOW)
    rows = AuditEvent.objects.filter(route__contains="movement")
    kinds = {row.object_type: row for row in rows}
    assert moved.northumbria.pk in kinds["groups.CrimeGroup"].object_ids
    assert kinds["intelligence.Report"].object_ids
    assert kinds["scoring.Picture"].detail["scope"] == "region:nerocu"


def test_a_day_without_a_score_says_so(nation: Nation, client_as: ClientAs) -> None:
    url = f"/groups/{nation.durham.public_id}/score/then/"
    client = client_as("owner_analyst")
    assert "No score of that day" in seen(client, f"{url}?at=2020-01-01").text
    now = seen(client, url).text
    assert "Score as it is now" in now
    assert "Scored then" not in now
    assert "still to come" in seen(client, f"{url}?at=2999-01-01", 400).text


def test_involvements_by_kind_with_victims_apart(
    nation: Nation, client_as: ClientAs
) -> None:
    member = nation.durham.memberships.first()
    assert member is not None
    for kind, category in (
        ("professional_enabler", "other"),
        ("professional_enabler", "other"),
        ("victim", "victim"),
    ):
        Involvement.objects.create(
            group=nation.durham,
            nominal=member.nominal,
            kind=kind,
            dpa_category=category,
            owner=nation.durham.owner,
            asserted_by=nation.durham.owner,
            access_class_id=class_of(nation.durham.owner),
            rationale="Test",
        )
    client = client_as("rocu_lead")
    page = seen(client, "/dashboard/region:nerocu/")
    assert "Victims and exploited people" in page.text
    number, url = page.figures["involved.professional_enabler"]
    assert seen(client, url).count == number == 2
    assert page.figures["involved.victim"][0] == 1
    other = seen(client_as("other_analyst"), "/dashboard/region:nerocu/")
    assert other.figures["involved.victim"][0] == 0
    refused = seen(client, "/dashboard/region:nerocu/involvements/?kind=weather", 400)
    assert "Involved as has no option" in refused.text


def test_both_scores_are_one_page_from_the_dashboard(
    moved: Nation, client_as: ClientAs
) -> None:
    """Why did this group move band? Two pages: the dashboard, and the score."""
    page = seen(client_as("rocu_lead"), "/dashboard/region:nerocu/")
    group = f"/groups/{moved.northumbria.public_id}/score/"
    week_ago = today() - datetime.timedelta(days=7)
    assert {group, f"{group}then/?at={week_ago}"} <= set(page.links)


def test_who_rests_is_told_apart_from_who_is_gone_otherwise(
    moved: Nation, client_as: ClientAs
) -> None:
    client = client_as("rocu_lead")
    page = seen(client, NOW)
    assert page.figures["moved.archived"][0] == 1
    assert page.figures["moved.dormant"][0] == 0
    found = seen(client, page.figures["moved.archived"][1])
    assert found.count == 1
    assert moved.poor.reference in found.text
    outbox.drain_until_empty(seconds=60)
    CrimeGroup.objects.filter(pk=moved.poor.pk).update(activity_status="dormant")
    outbox.drain_until_empty(seconds=60)
    page = seen(client, NOW)
    assert page.figures["moved.archived"][0] == 0
    assert page.figures["moved.dormant"][0] == page.figures["moved.gone"][0] == 1
