"""The file of a new version: what it makes, and every fault named in its place."""

import contextlib
import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocgmap.common.reference.records import Confidence
from scoring.engine import (
    PRIMARY,
    Level,
    SchemeFileRefusedError,
    rows_from,
    rows_of,
    scheme_digest,
    scheme_of,
    score_levels,
)
from scoring.engine.scheme_file import as_csv
from scoring.engine.scheme_rows import COLUMNS, SchemeRow
from tests.factories.schemes import SOURCE, version_rows
from tests.unit.scoring.engine.strategies import KNOWN, quick


def refused(content):
    if not isinstance(content, bytes):
        content = as_csv(content).encode()
    with pytest.raises(SchemeFileRefusedError) as caught:
        rows_from(content, PRIMARY, list(Confidence))
    return caught.value.problems


def changed(called, **cells):
    return [
        row._replace(**cells) if row.name == called else row for row in version_rows()
    ]


def test_the_published_version_makes_itself_again_under_another_number():
    rows = rows_from(as_csv(version_rows()).encode(), PRIMARY, list(Confidence))
    scheme = scheme_of(rows, PRIMARY)

    assert scheme.version == "2"
    assert scheme.axes == PRIMARY.axes
    assert scheme.multipliers == PRIMARY.multipliers
    assert scheme.bands() == PRIMARY.bands()
    assert scheme_digest(scheme) != scheme_digest(PRIMARY)
    assert scheme_of([list(row) for row in rows], PRIMARY) is scheme


def test_a_made_scheme_cannot_be_changed():
    scheme = scheme_of(version_rows(), PRIMARY)
    with pytest.raises(TypeError):
        scheme.multipliers[Level.HIGH] = 5


@quick
@given(
    st.fixed_dictionaries({key: st.integers(1, 9) for key in PRIMARY.attribute_keys()}),
    st.integers(1, 120),
)
def test_what_a_file_says_is_what_the_scheme_does(weights, months):
    rows = version_rows(weights=weights, months=str(months))
    read = rows_from(as_csv(rows).encode(), PRIMARY, list(Confidence))
    scheme = scheme_of(read, PRIMARY)

    assert list(read) == rows
    assert {one.attribute: one.weight for one in scheme.factors()} == weights
    assert scheme.window_months == months
    for level in KNOWN:
        found = score_levels(dict.fromkeys(weights, level), scheme)
        assert found.value == sum(weights.values()) * PRIMARY.multipliers[level]
        assert found.band in PRIMARY.bands()


@pytest.mark.parametrize(
    ("rows", "field", "rule"),
    [
        pytest.param(changed("version", value="1"), "value", "not 1", id="same"),
        pytest.param(changed("version", value="two"), "value", "numbers", id="word"),
        pytest.param(
            changed("key", value="sleipnir-2000"), "value", "ocgm16", id="key"
        ),
        pytest.param(changed("title", value=""), "value", "1 to", id="empty"),
        pytest.param(
            changed("title", source=""), "source", "has a source", id="source"
        ),
        pytest.param(
            changed("title", confidence="sure"), "confidence", "published", id="sure"
        ),
        pytest.param(
            changed("effective_on", value="1.4.2027"), "value", "YYYY-MM-DD", id="day"
        ),
        pytest.param(
            changed("effective_on", value="2027-02-30"), "value", "YYYY", id="no day"
        ),
        pytest.param(
            changed("window_months", value="0"), "value", "whole months", id="months"
        ),
        pytest.param(
            changed("window_months", value="²"), "value", "whole months", id="digit"
        ),
        pytest.param(
            changed("unknown_as", value="unknown"), "value", "counts as", id="unknown"
        ),
        pytest.param(changed("medium", value="5"), "value", "as many", id="falling"),
        pytest.param(
            changed("cohesion", value="-1"), "value", "whole number", id="minus"
        ),
        pytest.param(
            changed("cohesion", name="ethnicity"),
            "name",
            "no attribute",
            id="ethnicity",
        ),
        pytest.param(
            changed("cohesion", axis="other"), "axis", "An axis is", id="axis"
        ),
        pytest.param(changed("title", axis="criminality"), "axis", "Only", id="placed"),
        pytest.param(changed("title", kind="note"), "kind", "one of", id="kind"),
        pytest.param(changed("title", name="tilte"), "name", "has no", id="typo"),
        pytest.param(changed("3", value="20"), "value", "Cuts fall", id="rising"),
        pytest.param(changed("5", value="1"), "value", "begins at 0", id="least"),
        pytest.param(changed("a", name="z"), "name", "no cut", id="code"),
        pytest.param([*version_rows(), version_rows()[0]], "name", "twice", id="twice"),
        pytest.param(
            [row for row in version_rows() if row.kind != "cut"],
            "cut 1",
            "is missing",
            id="no cuts",
        ),
        pytest.param(
            [row for row in version_rows() if row.kind != "weight"],
            "criminality",
            "weighs one",
            id="no weights",
        ),
        pytest.param(version_rows()[1:], "key", "must say its key", id="no key"),
    ],
)
def test_a_fault_is_named_with_field_rule_and_cure(rows, field, rule):
    problems = refused(rows)

    found = [one for one in problems if one.field == field and rule in one.rule]
    assert found, problems
    assert all(one.cure for one in problems)
    assert f"line {found[0].line}, {field}: " in str(found[0])


def test_every_fault_is_named_at_once():
    rows = changed("version", value="1")
    rows[3] = rows[3]._replace(source="")
    assert len(refused(rows)) == 2


def test_lines_are_counted_as_an_editor_does():
    rows = changed("rationale", value="two\nlines")
    place = rows.index(next(row for row in rows if row.name == "source"))
    rows[place] = rows[place]._replace(confidence="?")
    [problem] = refused(rows)
    # The heading is line 1, and a cell before it took two.
    assert problem.line == place + 3


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "name the columns"),
        (b"kind,name\n", "name the columns"),
        (b"\xff\xfe", "UTF-8"),
        (f"{','.join(COLUMNS)}\nscheme,key\n".encode(), "6 cells"),
        (f'{",".join(COLUMNS)}\n"scheme,,,,,\n'.encode(), "must be CSV"),
        (b"x" * 200_001, "at most 200,000 bytes"),
    ],
)
def test_a_file_of_another_shape_is_refused_whole(content, rule):
    assert rule in refused(content)[0].rule


@quick
@given(st.binary(max_size=300))
def test_any_bytes_are_refused_with_a_sentence(content):
    assert all(one.rule and one.cure for one in refused(content))


@quick
@given(st.data())
def test_any_cell_is_taken_or_refused_never_a_fault_of_the_program(data):
    rows = version_rows()
    place = data.draw(st.integers(0, len(rows) - 1))
    cell = data.draw(st.sampled_from(COLUMNS))
    text = data.draw(st.text(max_size=20))
    rows[place] = rows[place]._replace(**{cell: text})
    content = as_csv(rows).encode(errors="ignore")
    with contextlib.suppress(SchemeFileRefusedError):
        read = rows_from(content, PRIMARY, list(Confidence))
        assert score_levels({}, scheme_of(read, PRIMARY)).value >= 0


def test_the_template_is_csv_that_a_person_can_edit():
    text = as_csv(rows_of(PRIMARY, SOURCE, "local configuration"))
    [head, *rows] = csv.reader(io.StringIO(text))
    assert tuple(head) == COLUMNS
    assert SchemeRow(*rows[0]) == SchemeRow(
        "scheme", "", "key", PRIMARY.key, SOURCE, "local configuration"
    )
