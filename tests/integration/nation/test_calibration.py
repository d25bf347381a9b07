"""The nation is of the size and shape that it is meant to be.

Source of the targets: the project's own calibration, listed in docs/demo.md.
"""

import datetime
import statistics

import pytest

from ocgmap.bootstrap.paths import ROOT
from scoring.demonstration.nation.planning import plan_step, read_country
from scoring.demonstration.nation.planning.nation import Nation
from tests.integration.nation.conftest import SCALE, SEED, Seeded

GROUPS = round(5_000 * SCALE)
MINE = "g.created_by_id in (select id from ours)"
HEADLINE = f"{MINE} and g.record_state = 'mapped' and g.activity_status = 'active'"


def share(nation: Seeded, what: str, of: str = MINE) -> float:
    return float(
        nation.value(
            f"select avg(({what})::int)::float from groups_crimegroup g where {of}"
        )
    )


def test_size(nation: Seeded) -> None:
    groups = nation.value(f"select count(*) from groups_crimegroup g where {MINE}")
    reports = nation.value(
        "select count(*) from intelligence_report where created_by_id in "
        "(select id from ours)"
    )
    people = nation.value(
        "select count(*) from groups_nominal where created_by_id in (select id from ours)"
    )
    assert groups == GROUPS
    assert reports == 100_000 * SCALE
    assert people == pytest.approx(40_000 * SCALE, rel=0.1)


def test_every_force_owns_a_group_and_big_ones_more(nation: Seeded) -> None:
    owners = dict(
        nation.rows(
            "select o.code, count(*) from groups_crimegroup g join accounts_organisation o "
            f"on o.id = g.owner_id where {MINE} and o.kind = 'force' group by 1"
        )
    )
    assert len(owners) == 48
    assert max(owners, key=lambda code: owners[code]) == "metropolitan"


def test_members(nation: Seeded) -> None:
    sizes = [
        size
        for (size,) in nation.rows(
            "select count(*) from groups_membership m join groups_crimegroup g on "
            f"g.id = m.group_id where {MINE} group by g.id"
        )
    ]
    assert len(sizes) == GROUPS
    assert min(sizes) >= 3
    assert statistics.median(sizes) == pytest.approx(6, abs=1)
    assert statistics.mean(sizes) == pytest.approx(8, abs=1)


def test_standings(nation: Seeded) -> None:
    found = dict(
        nation.rows(
            "select standing, count(*)::float / sum(count(*)) over () "
            "from groups_membership m join groups_crimegroup g on g.id = m.group_id "
            f"where {MINE} group by 1"
        )
    )
    assert found["principal"] == pytest.approx(0.15, abs=0.03)
    assert found["significant"] == pytest.approx(0.30, abs=0.03)
    assert found["peripheral"] + found["unknown"] == pytest.approx(0.55, abs=0.03)


def test_threats(nation: Seeded) -> None:
    drugs = share(
        nation,
        "exists (select from groups_groupthreat t join groups_threattype y on "
        "y.id = t.threat_type_id where t.group_id = g.id and t.is_predominant "
        "and y.code = 'illegal-drugs')",
    )
    several = share(
        nation,
        "(select count(*) from groups_groupthreat t where t.group_id = g.id) > 1",
    )
    assert 0.60 <= drugs <= 0.67
    assert several == pytest.approx(0.48, abs=0.03)


def test_overdue_reviews(nation: Seeded) -> None:
    overdue = share(nation, "g.review_on < current_date", HEADLINE)
    assert overdue == pytest.approx(0.20, abs=0.03)


def test_groups_active_in_several_regions(nation: Seeded) -> None:
    several = share(
        nation,
        "(select count(distinct coalesce(p.parent_id, 0)) from groups_activity a "
        "join groups_activityplace l on l.activity_id = a.id left join "
        "accounts_organisationplacement p on p.organisation_id = l.area_id and "
        "p.to_on is null where a.group_id = g.id and l.area_id is not null) > 1",
    )
    assert 0.10 <= several <= 0.15


def test_unknowns(nation: Seeded) -> None:
    """Of all assessments behind open lines of the primary scheme, and of the NCA's."""
    lines = (
        "select l.group_id, l.rank, l.access_class_id, "
        "l.unknown_count::float / l.attribute_count as unknown from scoring_pictureline l "
        "join scoring_schemeversion s on s.id = l.scheme_version_id and s.is_primary "
        f"join groups_crimegroup g on g.id = l.group_id and {MINE} where l.valid_to is null"
    )
    everyone = nation.value(f"select avg(unknown) from ({lines}) l")
    nca = nation.value(
        "select avg(unknown) from (select distinct on (l.group_id) unknown from "
        f"({lines}) l join accounts_accessclass c on c.id = l.access_class_id where "
        "c.requires <@ (select array_agg(h.tag_id::int) from accounts_tagholder h join "
        "accounts_organisation o on o.id = h.organisation_id where o.code = 'nca') "
        "order by l.group_id, l.rank desc) n"
    )
    assert 0.15 <= everyone <= 0.25
    assert 0.15 <= nca <= 0.25


def test_companies(nation: Seeded) -> None:
    lawful = share(
        nation,
        "exists (select from groups_identifieruse u join groups_identifier i on "
        "i.id = u.identifier_id where u.group_id = g.id and i.kind = 'company')",
    )
    assert 0.64 <= lawful <= 0.74


def test_people_of_whom_another_force_has_a_record(nation: Seeded) -> None:
    """The truth is the plan's; the database holds the rows and nothing of the truth."""
    day = nation.value(
        "select detail ->> 'day' from accounts_auditevent where object_type = "
        "'scoring.DemonstrationNation' limit 1"
    )
    whole = Nation(SEED, SCALE, datetime.date.fromisoformat(day))
    country = read_country(ROOT, whole.day)
    doubles = people = 0
    for number in range(1, whole.steps):
        step = plan_step(country, whole, number)
        ids = step.rows.column("groups_nominal", "public_id")
        people += len(ids)
        doubles += len(step.truth)
        pairs = [(ids[a], ids[b]) for a, b in step.truth]
        owners = nation.rows(
            "select count(*) from unnest(%s::uuid[], %s::uuid[]) u(a, b) "
            "join groups_nominal x on x.public_id = a "
            "join groups_nominal y on y.public_id = b "
            "where x.owner_id <> y.owner_id and x.cluster_id <> y.cluster_id",
            [a for a, _ in pairs],
            [b for _, b in pairs],
        )
        assert owners == [(len(pairs),)]
    assert 0.05 <= doubles / people <= 0.10


def test_bands_of_every_height_and_some_confirmed(nation: Seeded) -> None:
    bands = dict(
        nation.rows(
            "select l.computed_band, count(*) from scoring_pictureline l join "
            "scoring_schemeversion s on s.id = l.scheme_version_id and s.is_primary "
            f"join groups_crimegroup g on g.id = l.group_id and {MINE} "
            "where l.valid_to is null group by 1"
        )
    )
    for first in "12345":
        assert any(band.startswith(first) for band in bands), bands
    assert bands["insufficient information"] > 0
    confirmed = nation.value(
        "select avg((l.confirmed_band = l.computed_band)::int) from scoring_pictureline l "
        "join scoring_schemeversion s on s.id = l.scheme_version_id and s.is_primary "
        f"join groups_crimegroup g on g.id = l.group_id and {HEADLINE} "
        "where l.valid_to is null"
    )
    assert 0.2 < confirmed < 0.8


def test_returns_of_all_sorts(nation: Seeded) -> None:
    late, nil, overdue, due, received = nation.rows(
        "select count(*) filter (where (received_at at time zone 'Europe/London')::date "
        "> due_on), count(*) filter (where is_nil), count(*) filter (where received_at "
        "is null and due_on < current_date), count(*) filter (where received_at is null "
        "and due_on >= current_date), count(*) filter (where received_at is not null) "
        "from intelligence_return r join accounts_organisation o on o.id = r.owner_id "
        "where o.kind = 'force' and o.code <> 'police-scotland'"
    )[0]
    assert received > 900
    assert 60 < late < 250
    assert 20 < nil < 130
    assert 0 < overdue < 60
    # On some days of the month the last one is not due any more.
    assert due >= 0
