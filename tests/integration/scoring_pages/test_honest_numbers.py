"""The numbers beside a score: fragility, floor on a choice, age, the other scheme."""

import datetime
from typing import Any

import pytest

from accounts.actions import labels
from accounts.models import AuditEvent
from accounts.models.access_class import TagKind
from groups.models import CrimeGroup
from scoring import outbox
from scoring.engine import PRIMARY
from tests.factories.scoring import ATTRIBUTES, DRUGS, today
from tests.integration.scoring_pages.conftest import OPEN, ClientAs, Nation, seen


def url_of(group: CrimeGroup, query: str = "") -> str:
    return f"/groups/{group.public_id}/score/{query}"


def drain() -> None:
    outbox.drain_until_empty(seconds=60)


@pytest.fixture
def judged(nation: Nation) -> CrimeGroup:
    """A group of which all but drugs is judged nil."""
    found = nation.world.group(OPEN)
    for attribute in PRIMARY.attribute_keys():
        if attribute != DRUGS:
            nation.world.judgement(found, OPEN, "nil", attribute)
    return found


def fragility(client: Any, group: CrimeGroup) -> str:
    text = seen(client, url_of(group)).text
    return text.partition("Fragility: how few")[2].partition("What moved this score")[0]


def test_a_band_that_hangs_on_one_report_names_it(
    nation: Nation, judged: CrimeGroup, client_as: ClientAs
) -> None:
    report = nation.world.claim(judged, OPEN, "high", DRUGS).report
    weaker = nation.world.claim(judged, OPEN, "low", DRUGS).report
    drain()
    told = fragility(client_as("owner_analyst"), judged)
    assert "Without this report alone the computed band would be 5c. Exact." in told
    assert "By a person's judgement: 15 levels" in told
    assert report.reference in told
    assert weaker.reference not in told


def test_a_band_that_hangs_on_two_reports_names_both_and_records_the_reading(
    nation: Nation, judged: CrimeGroup, client_as: ClientAs
) -> None:
    both = [nation.world.claim(judged, OPEN, "high", DRUGS).report for _ in range(2)]
    drain()
    told = fragility(client_as("owner_analyst"), judged)
    assert "Without these 2 reports" in told
    assert "no fewer reports change it" in told
    assert all(one.reference in told for one in both)
    shown = AuditEvent.objects.get(
        route__contains="/score/", object_type="intelligence.Report"
    )
    assert set(shown.object_ids) == {one.pk for one in both}


def test_a_band_that_no_report_holds_says_so(
    nation: Nation, judged: CrimeGroup, client_as: ClientAs
) -> None:
    drain()
    client = client_as("owner_analyst")
    assert "no removal of reports changes" in fragility(client, judged)
    assert "insufficient information already" in fragility(client, nation.poor)


@pytest.mark.leak
def test_hidden_reports_move_neither_fragility_nor_any_other_number(
    nation: Nation, client_as: ClientAs
) -> None:
    group = nation.leeds
    options = {one.code: one.label for one in labels.options_for(group.owner)}
    client = client_as("owner_analyst")
    query = "?source=1&assessment=AB&months=12&reports=2"
    before = seen(client, url_of(group, query)).text
    secret = options[TagKind.ORGANISATION]
    report = nation.world.report(secret)
    nation.world.claim(group, secret, "high", "corruption", report=report)
    other = nation.world.group(secret, "west-yorkshire")
    nation.world.claim(other, secret)
    drain()
    assert seen(client, url_of(group, query)).text == before


@pytest.mark.parametrize(
    ("query", "floor"),
    [
        pytest.param(
            "?source=1", "4 (band 4c or graver), on source 1 only", id="grade"
        ),
        pytest.param(
            "?assessment=A", "1 (band 5c or graver), on assessment A only", id="known"
        ),
        pytest.param("?months=6", "1 (band 5c or graver), on the last 6", id="months"),
        pytest.param(
            "?reports=2&assessment=AB",
            "1 (band 5c or graver), on assessment A to B, two reports or more",
            id="corroborated",
        ),
    ],
)
def test_the_floor_stands_on_the_evidence_that_was_chosen(
    nation: Nation, judged: CrimeGroup, client_as: ClientAs, query: str, floor: str
) -> None:
    old = today() - datetime.timedelta(days=300)
    world = nation.world
    world.claim(judged, OPEN, "high", DRUGS, assessment_grade="B", received_on=old)
    world.claim(judged, OPEN, "low", DRUGS)
    drain()
    client = client_as("owner_analyst")
    assert floor in seen(client, url_of(judged, query)).text
    assert "Floor on your choice" not in seen(client, url_of(judged)).text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?source=2", "Source has no option"),
        ("?months=7", "Received in has no option"),
        ("?colour=red", "no such query parameter"),
    ],
)
def test_a_choice_that_there_is_not_is_refused(
    nation: Nation, client_as: ClientAs, query: str, said: str
) -> None:
    page = seen(client_as("owner_analyst"), url_of(nation.durham, query), 400)
    assert said in page.text


def test_the_age_is_that_of_the_reports_that_the_levels_rest_on(
    nation: Nation, judged: CrimeGroup, client_as: ClientAs
) -> None:
    for days in (10, 20, 400):
        day = today() - datetime.timedelta(days=days)
        nation.world.claim(judged, OPEN, "high", DRUGS, received_on=day)
    nation.world.claim(judged, OPEN, "low", DRUGS, received_on=today())
    drain()
    text = seen(client_as("owner_analyst"), url_of(judged)).text
    assert "Median 20 days, oldest 13 months (400 days), over 3 reports" in text


def test_the_schemes_stand_side_by_side_without_being_compared(
    nation: Nation, client_as: ClientAs
) -> None:
    client = client_as("owner_analyst")
    text = seen(client, url_of(nation.durham)).text
    assert "their points are not comparable" in text
    assert "of 64 (" in text
    assert "of 760 (" in text
    assert "Too few to rank" in text
    assert "Both read 3 attributes, of which 3 at the same level" in text
    for _ in range(4):
        nation.world.group(OPEN)
    drain()
    # Nothing is known of these four, and of two others: nil here, medium in the other.
    primary, _, sleipnir = (
        seen(client, url_of(nation.durham))
        .text.partition("Other groups of its owner with a lower value")[2]
        .partition("Sleipnir")[0:3]
    )
    assert sleipnir
    assert " of 6 " in f"{primary}{sleipnir}".partition("Both read")[0]


def test_each_point_is_traced_to_grade_and_handling(
    nation: Nation, judged: CrimeGroup, client_as: ClientAs
) -> None:
    report = nation.world.claim(judged, OPEN, "high", DRUGS).report
    type(report).objects.filter(pk=report.pk).update(
        handling="C",
        handling_condition={"recipients": "force_rocu_nca", "note": "Ask us first"},
    )
    cited = nation.world.report(OPEN, source_grade=2, assessment_grade="C")
    nation.world.judgement(judged, OPEN, "low", ATTRIBUTES[0], [cited])
    drain()
    text = seen(client_as("owner_analyst"), url_of(judged)).text
    assert f"{report.reference}: graded 1AC, received" in text
    assert "Ask us first" in text
    assert f"{cited.reference}: graded 2CP, received" in text
    type(cited).objects.filter(pk=cited.pk).update(state="withdrawn")
    drain()
    text = seen(client_as("owner_analyst"), url_of(judged)).text
    assert "; withdrawn" in text
