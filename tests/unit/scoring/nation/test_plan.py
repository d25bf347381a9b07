"""The plan is a function of seed, scale, day and step, and of nothing else."""

import datetime
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocgmap.bootstrap.paths import ROOT
from ocgmap.common.identifiers import is_reference
from scoring.demonstration import durham, northumbria
from scoring.demonstration.nation.planning import (
    TABLES,
    Country,
    Nation,
    Step,
    plan_step,
    read_country,
)
from scoring.demonstration.nation.planning.misspelling import misspelt
from scoring.demonstration.nation.planning.spread import (
    Chance,
    Quota,
    at,
    even,
    lognormal,
    reference,
    shares,
)
from scoring.demonstration.nation.planning.words import group_name_at, surname_at
from scoring.demonstration.nation.planning.work import Person

DAY = datetime.date(2026, 3, 15)
NATION = Nation(seed=5, scale=0.024, day=DAY)


@pytest.fixture(scope="module")
def country() -> Country:
    return read_country(ROOT, DAY)


@pytest.fixture(scope="module")
def steps(country: Country) -> list[Step]:
    return [plan_step(country, NATION, number) for number in range(NATION.steps)]


def test_the_same_seed_makes_the_same_rows(country: Country, steps: list[Step]) -> None:
    for step in reversed(steps):
        again = plan_step(country, NATION, step.number)
        assert again.rows.digest() == step.rows.digest()
        assert again.truth == step.truth


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(Nation(6, NATION.scale, DAY), id="seed"),
        pytest.param(
            Nation(5, NATION.scale, DAY + datetime.timedelta(days=1)), id="day"
        ),
    ],
)
def test_another_seed_or_day_makes_others(
    country: Country, steps: list[Step], other: Nation
) -> None:
    for number in (0, 1):
        digest = plan_step(country, other, number).rows.digest()
        assert digest != steps[number].rows.digest()


def test_steps_share_no_id_and_no_number(steps: list[Step]) -> None:
    ids = Counter(
        public_id
        for step in steps
        for table in TABLES
        for public_id in step.rows.column(table, "public_id")
    )
    assert max(ids.values()) == 1
    numbers = Counter(
        number
        for step in steps
        for number in {
            value
            for kind, value in zip(
                step.rows.column("groups_identifier", "kind"),
                step.rows.column("groups_identifier", "value"),
                strict=True,
            )
            if kind == "phone"
        }
    )
    assert max(numbers.values()) == 1


def test_no_two_references_are_the_same_however_large_the_nation() -> None:
    steps, places = range(1, 2_600, 13), range(1, 20_000, 97)
    found = {reference("R", 7, step, place) for step in steps for place in places}
    assert len(found) == len(steps) * len(places)
    assert reference("R", 7, 1, 1) != reference("R", 8, 1, 1)


def test_references_have_their_check_character(steps: list[Step]) -> None:
    for table in ("groups_crimegroup", "groups_nominal", "intelligence_report"):
        assert all(map(is_reference, steps[1].rows.column(table, "reference")))


def test_cells_are_such_as_copy_takes(steps: list[Step]) -> None:
    for step in steps:
        for rows in step.rows.tables.values():
            for row in rows:
                for cell in row:
                    if isinstance(cell, str):
                        assert not set(cell) & set("\t\n\r\\\0"), cell


def test_a_twin_is_spelt_otherwise_and_another_forces(steps: list[Step]) -> None:
    different = pairs = 0
    for step in steps:
        rows = step.rows.tables["groups_nominal"]
        names = TABLES["groups_nominal"].names
        shown = [names.index(name) for name in ("given_names", "surname", "born_from")]
        owner = names.index("owner_id")
        for a, b in step.truth:
            pairs += 1
            assert rows[a][owner] != rows[b][owner]
            different += any(rows[a][one] != rows[b][one] for one in shown)
    assert pairs > 20
    assert different / pairs > 0.95


def test_the_truth_is_in_no_row(steps: list[Step]) -> None:
    columns = {name for table in TABLES.values() for name in table.names}
    assert not {name for name in columns if "truth" in name or "twin" in name}


def test_names_are_not_those_made_by_hand() -> None:
    by_hand = {plan.name for plan in (*durham.GROUPS, *northumbria.GROUPS)}
    ours = {f"{group_name_at(number)} group" for number in range(20_000)}
    assert len(ours) == 20_000
    assert by_hand
    assert not by_hand & ours


@given(st.integers(0, 10**6), st.sampled_from(["threat", "size", "review"]))
def test_even_fills_the_interval_evenly(seed: int, name: str) -> None:
    places = [even(seed, name, index) for index in range(200)]
    assert all(0 <= place < 1 for place in places)
    for share in (0.2, 0.5, 0.8):
        assert sum(place < share for place in places) == pytest.approx(
            200 * share, abs=5
        )


@given(
    st.dictionaries(st.text(min_size=1), st.floats(0.01, 10), min_size=1, max_size=20),
    st.integers(0, 500),
)
def test_shares_add_up_and_forget_nobody(weights: dict[str, float], total: int) -> None:
    found = shares(weights, total, sorted(weights))
    assert sum(found.values()) == total
    if total >= len(weights):
        assert min(found.values()) >= 1


@given(st.floats(0.01, 0.9), st.floats(0, 0.99), st.integers(1, 300))
def test_a_quota_is_kept_at_any_time(share: float, start: float, asked: int) -> None:
    quota = Quota(share, start)
    said = sum(quota.next() for _ in range(asked))
    assert abs(said - share * asked) <= 1 + 1e-6


@given(st.floats(0, 1), st.floats(0, 1))
def test_lognormal_grows_with_its_place(a: float, b: float) -> None:
    low, high = sorted((a, b))
    assert 0 < lognormal(low, 6, 0.75) <= lognormal(high, 6, 0.75)
    assert lognormal(0.5, 6, 0.75) == pytest.approx(6)


@given(st.floats(0, 1))
def test_every_place_has_a_key(place: float) -> None:
    assert at({"a": 0.3, "b": 0.7}, place) in {"a", "b"}


@given(st.integers(0, 10**9), st.integers(0, 5000), st.dates(datetime.date(1950, 1, 1)))
def test_a_misspelling_is_a_name_still(
    seed: int, number: int, born: datetime.date
) -> None:
    born = min(born, datetime.date(2007, 1, 1))
    person = Person(0, "kent", "force:kent", "Daniel", surname_at(number), "male", born)
    given, surname, other, precision = misspelt(Chance(seed), person)
    assert given
    assert surname
    assert (surname + given).replace("-", "").isalpha()
    before = (person.given, person.surname, person.born, "day")
    assert (given, surname, other, precision) != before
