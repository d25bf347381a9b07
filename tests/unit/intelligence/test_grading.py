from itertools import product

import pytest

from intelligence.grading import (
    ASSESSMENT_DEFINITIONS,
    HANDLING_DEFINITIONS,
    LEGACY_HANDLING,
    LEGACY_INTELLIGENCE,
    LEGACY_SOURCE,
    NOTE_MAX_LENGTH,
    RECIPIENTS_DEFINITIONS,
    SOURCE_DEFINITIONS,
    AssessmentGrade,
    Condition,
    Converted,
    Grade,
    GradeError,
    Handling,
    LegacyGrade,
    Recipients,
    SharingOption,
    SourceChoiceNeeded,
    SourceGrade,
    check_condition,
    check_sharing,
    convert,
    parse_assessment,
    parse_condition,
    parse_grade,
    parse_handling,
    parse_legacy,
    parse_source,
    sharing_options,
    usable,
)

ALL_DEFINITIONS = (
    SOURCE_DEFINITIONS,
    ASSESSMENT_DEFINITIONS,
    HANDLING_DEFINITIONS,
    RECIPIENTS_DEFINITIONS,
    LEGACY_SOURCE,
    LEGACY_INTELLIGENCE,
    LEGACY_HANDLING,
)


@pytest.mark.parametrize(
    ("scale", "table"),
    [
        (SourceGrade, SOURCE_DEFINITIONS),
        (AssessmentGrade, ASSESSMENT_DEFINITIONS),
        (Handling, HANDLING_DEFINITIONS),
        (Recipients, RECIPIENTS_DEFINITIONS),
    ],
)
def test_definitions_cover_the_whole_scale_under_its_codes(scale, table):
    assert list(table) == list(scale)
    assert [one.code for one in table.values()] == [str(one.value) for one in scale]


@pytest.mark.parametrize("table", ALL_DEFINITIONS)
def test_definitions_are_full_and_no_two_are_equal(table):
    meanings = [one.meaning for one in table.values()]

    assert all(meaning.endswith(".") for meaning in meanings)
    assert len(set(meanings)) == len(meanings)


def test_usable_is_source_one_or_two_with_assessment_a_to_c():
    found = {
        f"{source.value}{assessment}"
        for source, assessment in product(SourceGrade, AssessmentGrade)
        if usable(source, assessment)
    }

    assert found == {"1A", "1B", "1C", "2A", "2B", "2C"}


def test_parse_grade_reads_every_code_that_it_writes():
    for parts in product(SourceGrade, AssessmentGrade, Handling):
        grade = Grade(*parts)
        assert parse_grade(grade.code) == grade
        assert grade.is_usable is usable(grade.source, grade.assessment)


@pytest.mark.parametrize("value", ["1", "2", "3", 1, 2, 3])
def test_parse_source_takes_number_or_text(value):
    assert parse_source(value).value == int(value)


@pytest.mark.parametrize(
    "value", ["0", "4", "", " 1", "1\n", "A", "²", 0, 4, True, 1.0, None]
)
def test_parse_source_refuses_what_is_off_the_scale(value):
    with pytest.raises(GradeError, match="not on the scale") as caught:
        parse_source(value)

    assert caught.value.field == "source_grade"
    assert "1 (Reliable), 2 (Untested)" in caught.value.details["cure"]


@pytest.mark.parametrize("value", ["F", "a", "", "AB", 1, None])
def test_parse_assessment_refuses_what_is_off_the_scale(value):
    with pytest.raises(GradeError, match="E \\(Suspected to be false\\)") as caught:
        parse_assessment(value)

    assert caught.value.field == "assessment_grade"


@pytest.mark.parametrize("value", ["p", "X", "", "PC", 1, None])
def test_parse_handling_refuses_what_is_off_the_scale(value):
    with pytest.raises(GradeError, match="P \\(Lawful sharing permitted\\)") as caught:
        parse_handling(value)

    assert caught.value.field == "handling"


@pytest.mark.parametrize("value", ["", "1A", "1APP", "1 A P", "4AP", "1FP", "1AX", 1])
def test_parse_grade_refuses_what_is_no_grade(value):
    with pytest.raises(GradeError) as caught:
        parse_grade(value)

    assert caught.value.field == "grade"


@pytest.mark.parametrize(
    ("code", "grade"),
    [
        ("A11", "1AP"),
        ("B21", "1AP"),
        ("B31", "1BP"),
        ("E41", "2DP"),
        ("D51", "3EP"),
        ("A12", "1AC"),
        ("E35", "2BC"),
    ],
)
def test_convert_gives_the_new_grade_and_keeps_the_old(code, grade):
    found = convert(parse_legacy(code))

    assert isinstance(found, Converted)
    assert found.grade.code == grade
    assert found.original.code == code


@pytest.mark.parametrize(
    ("handling", "recipients"),
    [
        ("2", Recipients.UK_LAW_ENFORCEMENT),
        ("3", Recipients.UK_LAW_ENFORCEMENT),
        ("4", Recipients.ORIGINATOR_ONLY),
        ("5", Recipients.ORIGINATOR_ONLY),
    ],
)
def test_convert_keeps_the_old_handling_code_in_the_condition(handling, recipients):
    found = convert(LegacyGrade("A", "1", handling))

    assert found.condition.recipients is recipients
    assert found.condition.note.startswith(f"5x5x5 handling code {handling}: ")


def test_convert_of_handling_one_has_no_condition():
    assert convert(parse_legacy("A11")).condition is None


def test_convert_of_source_c_demands_a_persons_choice():
    found = convert(parse_legacy("C34"))

    assert isinstance(found, SourceChoiceNeeded)
    assert found.options == tuple(SourceGrade)
    chosen = found.choose(SourceGrade.UNTESTED)
    assert chosen.grade.code == "2BC"
    assert chosen.original.code == "C34"
    assert chosen.condition == found.condition
    with pytest.raises(GradeError):
        found.choose(4)


def test_convert_is_total_and_consistent_with_its_condition():
    scales = (LEGACY_SOURCE, LEGACY_INTELLIGENCE, LEGACY_HANDLING)
    for codes in product(*scales):
        found = convert(LegacyGrade(*codes))
        if isinstance(found, SourceChoiceNeeded):
            assert codes[0] == "C"
            found = found.choose(SourceGrade.RELIABLE)
        check_condition(found.grade.handling, found.condition)
        assert found.grade.assessment is not AssessmentGrade.KNOWN_INDIRECTLY


@pytest.mark.parametrize("value", ["", "B2", "B211", "F11", "A61", "A10", "b21", None])
def test_parse_legacy_refuses_what_is_no_grade(value):
    with pytest.raises(GradeError) as caught:
        parse_legacy(value)

    assert caught.value.field == "legacy_grade"


def test_sharing_options_of_handling_p_are_all_four():
    assert sharing_options(Handling.PERMITTED, None) == tuple(SharingOption)


@pytest.mark.parametrize(
    ("recipients", "widest"),
    [
        (Recipients.ORIGINATOR_ONLY, SharingOption.OWN_ORGANISATION),
        (Recipients.FORCE_ROCU_NCA, SharingOption.FORCE_ROCU_NCA),
        (Recipients.REGION, SharingOption.REGION),
        (Recipients.UK_LAW_ENFORCEMENT, SharingOption.ALL_FORCES),
    ],
)
def test_sharing_options_of_handling_c_end_at_the_cap(recipients, widest):
    offered = sharing_options(Handling.CONDITIONS, Condition(recipients))

    assert offered[0] is SharingOption.OWN_ORGANISATION
    assert offered[-1] is widest
    assert list(offered) == list(SharingOption)[: len(offered)]


def test_check_sharing_refuses_an_option_wider_than_the_condition():
    condition = Condition(Recipients.FORCE_ROCU_NCA)

    check_sharing(Handling.CONDITIONS, condition, SharingOption.FORCE_ROCU_NCA)
    with pytest.raises(GradeError, match="region is wider") as caught:
        check_sharing(Handling.CONDITIONS, condition, SharingOption.REGION)

    assert caught.value.field == "sharing"
    assert "own_organisation, force_rocu_nca" in caught.value.details["cure"]


def test_check_condition_wants_one_with_c_and_none_with_p():
    with pytest.raises(GradeError, match="C needs a condition"):
        check_condition(Handling.CONDITIONS, None)
    with pytest.raises(GradeError, match="P goes without"):
        sharing_options(Handling.PERMITTED, Condition(Recipients.REGION))


def test_parse_condition_reads_what_was_stored():
    condition = Condition(Recipients.REGION, "Not to be used in interview.")

    assert parse_condition(**condition.as_json()) == condition
    assert parse_condition("region", "  trimmed ").note == "trimmed"


@pytest.mark.parametrize(
    ("recipients", "note", "field"),
    [
        ("everyone", "", "handling_condition"),
        (None, "", "handling_condition"),
        ("region", None, "handling_condition_note"),
        ("region", "x" * (NOTE_MAX_LENGTH + 1), "handling_condition_note"),
    ],
)
def test_parse_condition_refuses_what_is_off_the_list(recipients, note, field):
    with pytest.raises(GradeError) as caught:
        parse_condition(recipients, note)

    assert caught.value.field == field
