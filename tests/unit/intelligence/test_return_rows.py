"""What a row says, or everything that is wrong with it at once."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intelligence.models.claim import Level
from intelligence.return_files import COLUMNS, MOST_BYTES, Needed, Row, parse
from intelligence.return_files import dates as dates_of
from intelligence.return_files.columns import SHARING
from intelligence.return_files.parsing import LEVELS, Claim
from tests.factories.returns import GOOD

ATTRIBUTES = {"violence": "violence", "use of violence": "violence"}


def said(**values: str) -> object:
    row = Row(7, {key: text for key, text in {**GOOD, **values}.items() if text})
    parsed, problems = parse(row, ATTRIBUTES)
    assert not problems
    return parsed


def wrong(**values: str) -> list[tuple[str, str]]:
    row = Row(7, {key: text for key, text in {**GOOD, **values}.items() if text})
    parsed, problems = parse(row, ATTRIBUTES)
    assert parsed is None
    assert all(one.row == 7 and one.rule and one.cure for one in problems)
    return [(one.column, one.rule) for one in problems]


@pytest.mark.parametrize(
    ("text", "first", "last", "precision"),
    [
        ("2026-03-07", (2026, 3, 7), (2026, 3, 7), "day"),
        ("07/03/2026", (2026, 3, 7), (2026, 3, 7), "day"),
        ("7.3.2026", (2026, 3, 7), (2026, 3, 7), "day"),
        ("7 March 2026", (2026, 3, 7), (2026, 3, 7), "day"),
        ("2026-03-07 00:00:00", (2026, 3, 7), (2026, 3, 7), "day"),
        ("2026-03", (2026, 3, 1), (2026, 3, 31), "month"),
        ("02/2024", (2024, 2, 1), (2024, 2, 29), "month"),
        ("Mar 2026", (2026, 3, 1), (2026, 3, 31), "month"),
        ("2026", (2026, 1, 1), (2026, 12, 31), "year"),
        ("about 2026-03", (2026, 3, 1), (2026, 3, 31), "circa"),
        ("c. 2026", (2026, 1, 1), (2026, 12, 31), "circa"),
    ],
)
def test_dates(
    text: str, first: tuple[int, ...], last: tuple[int, ...], precision: str
) -> None:
    found = dates_of.partial(text)
    assert (found.first, found.last) == (date(*first), date(*last))
    assert found.precision == precision


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("46090", "number by which a spreadsheet stores"),
        ("31/02/2026", "February 2026 has 28 days"),
        ("03/25/2026", "no month 25"),
        ("7/3/26", "four figures"),
        ("yesterday", "not a date"),
        ("0000", "not a date"),
        ("2026-03-07 14:30", "not a date"),
    ],
)
def test_dates_that_are_none(text: str, words: str) -> None:
    with pytest.raises(dates_of.NotADate) as refused:
        dates_of.partial(text)
    assert words in refused.value.rule
    assert refused.value.cure


@given(st.dates(min_value=date(1000, 1, 1)))
def test_a_day_reads_back_as_written(day: date) -> None:
    for text in (day.isoformat(), f"{day:%d/%m/%Y}", f"{day.day} {day:%B %Y}"):
        assert dates_of.day(text) == day


@given(st.text(max_size=20))
def test_any_text_is_a_date_or_refused(text: str) -> None:
    try:
        found = dates_of.partial(text)
    except dates_of.NotADate as error:
        assert error.rule  # noqa: PT017
    else:
        assert (found.first is None) is (found.precision == "unknown")


def test_a_row_with_everything() -> None:
    parsed = said(
        owner_reference="DUR-1",
        event="about 2026-02",
        handling="c",
        handling_condition="Region",
        handling_condition_note="Ask first.",
        groups="g-1a2b-3c4d-e; G-1A2B-3C4D-E",
        nominals="N-1",
        claims="violence=HIGH; Use of violence = low",
        sharing="All forces",
    )
    assert parsed.groups == ("G-1A2B-3C4D-E",)
    assert parsed.claims == (
        Claim("G-1A2B-3C4D-E", "violence", "high"),
        Claim("G-1A2B-3C4D-E", "violence", "low"),
    )
    assert parsed.sharing == "all_forces"
    assert parsed.condition.as_json() == {"recipients": "region", "note": "Ask first."}


def test_claims_of_several_groups_name_theirs() -> None:
    claims = "G-1: violence=high; G-2: violence=low"
    assert [one.group for one in said(groups="G-1, G-2", claims=claims).claims] == [
        "G-1",
        "G-2",
    ]
    [(column, rule)] = wrong(groups="G-1, G-2", claims="violence=high")
    assert column == "Claims"
    assert rule == "A claim is about one group; the row mentions 2."


def test_everything_that_is_wrong_is_told_at_once() -> None:
    found = dict(
        wrong(
            text="",
            received_on="2026",
            event="soon",
            source_grade="4",
            assessment_grade="F",
            handling="X",
            handling_condition="nobody",
            legacy_grade="B9",
            groups="Yard crew",
            nominals="G-1",
            claims="violent",
            sharing="everyone",
        )
    )
    assert found.keys() == {
        "Sanitised text",
        "Date received",
        "Event date",
        "Source grade",
        "Assessment grade",
        "Handling",
        "Handling recipients",
        "5x5x5 grade",
        "Groups",
        "People",
        "Claims",
        "Sharing",
    }
    assert found["Date received"] == "This needs an exact day, not a month or a year."


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ("violense=high", "no attribute “violense”"),
        ("violence=enormous", "“enormous” is not a level"),
    ],
)
def test_claims_off_the_lists(claims: str, words: str) -> None:
    [(_, rule)] = wrong(groups="G-1", claims=claims)
    assert words in rule


def test_a_note_without_recipients() -> None:
    assert wrong(handling_condition_note="x")[0][0] == "Handling note"


def test_the_format_says_what_the_rules_hold() -> None:
    assert {one.value for one in Level} == set(LEVELS)
    needed = {one.key for one in COLUMNS if one.needed is Needed.ALWAYS}
    for key in needed:
        assert wrong(**{key: ""}), key
    for one in COLUMNS:
        if one.needed is Needed.NEVER:
            said(**{one.key: ""})


def test_what_is_told_elsewhere_is_the_same(settings: object) -> None:
    from accounts.models.access_class import TagKind  # noqa: PLC0415

    assert settings.UPLOAD_MOST_BYTES == MOST_BYTES  # type: ignore[attr-defined]
    assert set(SHARING) == {one.value for one in TagKind if one != "compartment"}
