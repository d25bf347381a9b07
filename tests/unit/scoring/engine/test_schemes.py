import re
from dataclasses import FrozenInstanceError

import pytest

from intelligence.grading import AssessmentGrade, SourceGrade, usable
from scoring.engine import (
    CATALOGUE,
    OCGM16_LOCAL,
    PRIMARY,
    SCHEMES,
    SLEIPNIR_2000,
    Claim,
    Level,
    UnknownNameError,
    parse_attribute,
    parse_level,
    scheme_digest,
    scheme_named,
)
from tests.unit.scoring.engine.strategies import AT

PUBLISHED = {
    ("sleipnir-2000", "1"): (
        "a93ea2ce5df535b2bd0f2ac04fbf7ecda0c50cd4cc0115888e279f7615c211c9"
    ),
    ("ocgm16-local", "1"): (
        "6b60fef7027fd5df78825d4e9056c65f79b7c4338f7d99da5c2678d2b6faaf8e"
    ),
}
NEVER_INPUTS = re.compile(
    r"ethnic|birth|nationalit|religio|health|orientation|politic_|central|between",
    re.IGNORECASE,
)


def test_scheme_digest_of_each_published_version_has_not_moved():
    found = {(one.key, one.version): scheme_digest(one) for one in SCHEMES}

    assert found == PUBLISHED, "add a new version beside the old, never edit one"


def test_scheme_digest_tells_schemes_apart():
    assert len({scheme_digest(scheme) for scheme in SCHEMES}) == len(SCHEMES)


def test_sleipnir_has_19_attributes_weighing_190():
    assert len(SLEIPNIR_2000.attribute_keys()) == 19
    assert sum(factor.weight for factor in SLEIPNIR_2000.factors()) == 190
    assert not SLEIPNIR_2000.has_bands
    assert SLEIPNIR_2000.bands() == ()


def test_ocgm16_has_two_axes_of_eight_and_15_bands():
    assert [len(axis.factors) for axis in OCGM16_LOCAL.axes] == [8, 8]
    bands = OCGM16_LOCAL.bands()
    assert len(bands) == 15
    assert (bands[0], bands[-1]) == ("1a", "5c")
    assert PRIMARY is OCGM16_LOCAL


def test_ocgm16_says_that_it_is_local_and_not_national():
    assert OCGM16_LOCAL.title == "OCGM-16, local configuration"
    assert "not the national" in OCGM16_LOCAL.standing


def test_sleipnir_says_whose_description_it_is():
    assert SLEIPNIR_2000.standing.startswith("As described by")


def test_catalogue_holds_each_attribute_of_each_scheme_once():
    keys = [key for scheme in SCHEMES for key in scheme.attribute_keys()]

    assert set(keys) == set(CATALOGUE)
    assert len(CATALOGUE) == 32
    assert sorted(key for key in CATALOGUE if keys.count(key) == 2) == [
        "expertise",
        "infiltration",
        "multiple_enterprises",
    ]


def test_catalogue_has_a_meaning_for_each_attribute_and_no_two_are_equal():
    meanings = [attribute.meaning for attribute in CATALOGUE.values()]
    titles = [attribute.title for attribute in CATALOGUE.values()]

    assert all(meaning.startswith("How ") for meaning in meanings)
    assert all(meaning.endswith(".") for meaning in meanings)
    assert len(set(meanings)) == len(meanings)
    assert len(set(titles)) == len(titles)


def test_catalogue_has_no_attribute_about_who_people_are():
    for attribute in CATALOGUE.values():
        assert not NEVER_INPUTS.search(attribute.key)
        assert not NEVER_INPUTS.search(attribute.meaning)


def test_usable_rule_of_each_scheme_is_the_rule_of_grading():
    for scheme in SCHEMES:
        for source in SourceGrade:
            for assessment in AssessmentGrade:
                claim = Claim(1, "violence", Level.LOW, source, assessment, AT)
                assert scheme.usable.admits(claim) is usable(source, assessment)


def test_scheme_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        SLEIPNIR_2000.version = "2"
    with pytest.raises(TypeError):
        SLEIPNIR_2000.multipliers[Level.HIGH] = 5


def test_scheme_named_finds_newest_or_given_version():
    assert scheme_named("sleipnir-2000") is SLEIPNIR_2000
    assert scheme_named("ocgm16-local", "1") is OCGM16_LOCAL


@pytest.mark.parametrize(
    ("key", "version"), [("ocgm", None), ("sleipnir-2000", "9"), ("", None)]
)
def test_scheme_named_refuses_an_unknown_one(key, version):
    with pytest.raises(UnknownNameError, match="ocgm16-local version 1"):
        scheme_named(key, version)


def test_axis_code_refuses_points_below_every_cut():
    with pytest.raises(ValueError, match="below every cut"):
        OCGM16_LOCAL.axes[0].code(-1)


def test_parse_level_takes_the_five_and_no_other():
    assert [parse_level(str(level)) for level in Level] == list(Level)
    for wrong in ("High", "", "maximum", None, 2, ["high"]):
        with pytest.raises(UnknownNameError) as caught:
            parse_level(wrong, field="attributes.violence")
        assert caught.value.field == "attributes.violence"
        assert "high, medium, low, nil, unknown" in caught.value.message


def test_parse_attribute_takes_a_key_of_the_catalogue_and_no_other():
    assert parse_attribute("violence").title == "Violence"
    for wrong in ("Violence", "ethnicity", None, 3):
        with pytest.raises(UnknownNameError):
            parse_attribute(wrong)
