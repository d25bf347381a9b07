"""What moved a score: each cause of its own, to the last report, for each reader."""

import datetime
import re
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.models import AuditEvent
from groups.models import CrimeGroup
from intelligence.models import AttributeClaim, Report
from scoring import outbox
from scoring.actions import schemes
from scoring.engine import PRIMARY
from scoring.engine.reading import leaves_window_on
from scoring.models import PictureLine, SchemeVersion
from scoring.views.score_change import CAUSES
from tests.factories.schemes import version_file, version_rows
from tests.factories.scoring import DRUGS, World, today
from tests.integration.scoring_pages.conftest import OPEN, ClientAs, Nation, seen

LONG_AGO = datetime.timedelta(days=20)
ROW = re.compile(
    r'<th scope="row" class="govuk-table__header">(.*?)</th>\s*'
    r'<td class="govuk-table__cell app-table__number">(.*?)</td>',
    re.S,
)


def url_of(group: CrimeGroup, query: str = "") -> str:
    return f"/groups/{group.public_id}/score/change/{query}"


def parts(client: Any, group: CrimeGroup, query: str = "") -> dict[str, int]:
    """Return the causes that moved anything, as the page's table tells them."""
    text = client.get(url_of(group, query)).content.decode()
    rows = {label: int(change) for label, change in ROW.findall(text)}
    assert list(rows) == [label for label, _ in CAUSES.values()]
    total = re.search(r"The value changed by ([+-]\d+)", text)
    assert total, text
    assert sum(rows.values()) == int(total[1])
    return {label: change for label, change in rows.items() if change}


def drain() -> None:
    outbox.drain_until_empty(seconds=60)


def judge_rest(world: World, group: CrimeGroup) -> None:
    for attribute in PRIMARY.attribute_keys():
        if attribute != DRUGS:
            world.judgement(
                group, OPEN, "nil", attribute, decided_at=timezone.now() - LONG_AGO
            )


def claim(world: World, group: CrimeGroup, level: str = "high", **more: Any) -> Report:
    """Record a claim so long ago, as only the worker may."""
    moment = timezone.now() - LONG_AGO
    report = world.report(OPEN, created_at=moment, **more)
    AttributeClaim.objects.create(
        owner=report.owner,
        report=report,
        group=group,
        attribute=DRUGS,
        level=level,
        access_class_id=report.access_class_id,
        created_at=moment,
    )
    return report


def begin() -> None:
    """Let all that is scored now have been so for ten days."""
    drain()
    PictureLine.objects.filter(valid_to__isnull=False).delete()
    PictureLine.objects.update(valid_from=timezone.now() - datetime.timedelta(days=10))


@pytest.fixture
def group(nation: Nation) -> CrimeGroup:
    found = nation.world.group(OPEN)
    judge_rest(nation.world, found)
    return found


def test_a_band_change_is_explained_to_the_last_report(
    nation: Nation, group: CrimeGroup, client_as: ClientAs
) -> None:
    begin()
    report = nation.world.claim(group, OPEN, "high", DRUGS).report
    drain()
    client = client_as("owner_analyst")
    assert parts(client, group) == {"New intelligence": 4}
    page = seen(client, url_of(group))
    assert f"/reports/{report.public_id}/" in page.links
    assert "not known to high, +4" in page.text
    told = page.text.partition("Each cause in its turn")[2]
    assert told.index("5c") < told.index("4c")
    rows = AuditEvent.objects.filter(route__contains="/score/change/")
    shown = {row.object_type: row.object_ids for row in rows}
    assert shown["groups.CrimeGroup"] == [group.pk]
    assert shown["intelligence.Report"] == [report.pk]


def test_a_withdrawal_a_regrade_and_a_judgement_bear_their_own(
    nation: Nation, group: CrimeGroup, client_as: ClientAs
) -> None:
    high, medium = claim(nation.world, group), claim(nation.world, group, "medium")
    begin()
    client = client_as("owner_analyst")
    assert parts(client, group) == {}
    Report.objects.filter(pk=high.pk).update(state="withdrawn")
    drain()
    assert parts(client, group) == {"Withdrawal": -2}
    # By the order of causes, the grade goes first and moves nothing: the other held.
    Report.objects.filter(pk=medium.pk).update(assessment_grade="E")
    drain()
    assert parts(client, group) == {"Withdrawal": -4}
    nation.world.judgement(group, OPEN, "low", DRUGS)
    drain()
    assert parts(client, group) == {"Withdrawal": -4, "Judgement": 1}
    text = seen(client, url_of(group)).text
    assert high.reference in text
    assert "judged by" in text


def test_a_regrade_alone_is_a_regrade(
    nation: Nation, group: CrimeGroup, client_as: ClientAs
) -> None:
    report = claim(nation.world, group)
    begin()
    Report.objects.filter(pk=report.pk).update(source_grade=3)
    drain()
    client = client_as("owner_analyst")
    assert parts(client, group) == {"Re-grade": -4}
    assert report.reference in seen(client, url_of(group)).text


def test_days_that_pass_are_ageing(
    nation: Nation, group: CrimeGroup, client_as: ClientAs
) -> None:
    months = PRIMARY.window_months
    last_day = leaves_window_on(today(), months)
    claim(nation.world, group, received_on=today())
    begin()
    with time_machine.travel(last_day, tick=True):
        outbox.sweep(last_day)
        drain()
        # The database did not travel: its lines turned when it ran the drain.
        turned, lines = timezone.now(), PictureLine.objects.filter(group=group)
        lines.filter(valid_to=None).update(valid_from=turned)
        lines.exclude(valid_to=None).update(valid_to=turned)
        client = client_as("owner_analyst")
        since = last_day - datetime.timedelta(days=2)
        assert parts(client, group, f"?from={since}") == {"Ageing": -4}


@pytest.mark.leak
def test_what_was_locked_away_is_one_part_and_named_to_nobody(
    nation: Nation, group: CrimeGroup, client_as: ClientAs
) -> None:
    report = claim(nation.world, group)
    begin()
    world = nation.world
    locked = world.class_id(world.label("z"))
    AttributeClaim.objects.filter(report=report).update(access_class_id=locked)
    Report.objects.filter(pk=report.pk).update(access_class_id=locked)
    drain()
    client = client_as("owner_analyst")
    assert parts(client, group) == {"Label, or unseen": -4}
    page = seen(client, url_of(group))
    assert report.reference not in page.text
    assert not any(str(report.public_id) in link for link in page.links)
    assert "Drug activity" in page.text


@pytest.mark.leak
def test_hidden_evidence_moves_no_part(
    nation: Nation, group: CrimeGroup, client_as: ClientAs
) -> None:
    begin()
    client = client_as("owner_analyst")
    before = parts(client, group)
    nation.world.claim(group, nation.world.label("z"), "high", "expertise")
    drain()
    assert parts(client, group) == before == {}


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        pytest.param("?from=2020-01-01", 200, "No score to compare", id="too early"),
        pytest.param("?from=2999-01-01", 400, "still to come", id="future"),
        pytest.param("?from=soon", 400, "From", id="no date"),
        pytest.param(
            "?from=2026-02-01&to=2026-02-01", 400, "before the other one", id="same day"
        ),
        pytest.param("?since=2026-02-01", 400, "no such query parameter", id="unknown"),
    ],
)
def test_days_that_cannot_be_compared(
    nation: Nation, client_as: ClientAs, query: str, status: int, said: str
) -> None:
    page = seen(client_as("owner_analyst"), url_of(nation.durham, query), status)
    assert said in page.text


def test_the_score_and_the_movement_lead_there(
    nation: Nation, group: CrimeGroup, client_as: ClientAs
) -> None:
    begin()
    nation.world.claim(group, OPEN, "high", DRUGS)
    drain()
    client = client_as("rocu_lead")
    since = today() - datetime.timedelta(days=7)
    links = seen(client, "/dashboard/region:nerocu/movement/").links
    assert url_of(group, f"?from={since}") in links
    then = f"/groups/{group.public_id}/score/then/?at={since}"
    assert url_of(group, f"?from={since}") in seen(client, then).links
    assert url_of(group) in seen(client, f"/groups/{group.public_id}/score/").links


def test_another_version_of_the_scheme_bears_its_own(
    nation: Nation, group: CrimeGroup, client_as: ClientAs, tmp_path: Path
) -> None:
    claim(nation.world, group, "medium")
    begin()
    tomorrow = today() + datetime.timedelta(days=1)
    rows = version_rows(weights={DRUGS: 3}, from_on=tomorrow)
    version, _ = schemes.load(content=Path(version_file(tmp_path, rows)).read_bytes())
    schemes.adopt(name=version.name, version=version.version, reason="Agreed")
    # Adopted before the first of the days that are compared, in effect between them.
    drain()
    lines = PictureLine.objects.filter(scheme_version=version)
    lines.update(valid_from=timezone.now() - datetime.timedelta(days=9))
    SchemeVersion.objects.filter(pk=version.pk).update(
        effective_on=today() - datetime.timedelta(days=2)
    )
    outbox.sweep(today())
    report = nation.world.claim(group, OPEN, "high", DRUGS).report
    drain()
    client = client_as("owner_analyst")
    # New intelligence by the former version, and then the same evidence by the new one:
    # 2 to 4 points, and these three times.
    assert parts(client, group) == {"New intelligence": 2, "Scheme version": 8}
    page = seen(client, url_of(group))
    assert report.reference in page.text
    told = page.text.partition("Each cause in its turn")[2]
    assert told.index("5c") < told.index("4c") < told.index("2c")
    then = f"/groups/{group.public_id}/score/then/?at="
    three = today() - datetime.timedelta(days=3)
    assert "version 1" in seen(client, f"{then}{three}").text
    assert "version 2" in seen(client, f"/groups/{group.public_id}/score/").text
    movement = seen(client, "/dashboard/force:durham/movement/")
    assert group.name in movement.text


def test_a_merge_and_a_split_are_merged_records(
    nation: Nation, group: CrimeGroup, client_as: ClientAs
) -> None:
    other = nation.world.group(OPEN)
    report = claim(nation.world, other)
    nation.world.judgement(
        other, OPEN, "high", "expertise", decided_at=timezone.now() - LONG_AGO
    )
    begin()
    CrimeGroup.objects.filter(pk=other.pk).update(merged_into=group)
    drain()
    client = client_as("owner_analyst")
    assert parts(client, group) == {"Merged records": 4}
    assert report.reference in seen(client, url_of(group)).text
    nation.world.claim(other, OPEN, "high", "expertise")
    Report.objects.filter(pk=report.pk).update(state="withdrawn")
    drain()
    assert parts(client, group) == {"Merged records": 4, "Withdrawal": -4}
    CrimeGroup.objects.filter(pk=other.pk).update(merged_into=None)
    drain()
    assert parts(client, group) == {}
