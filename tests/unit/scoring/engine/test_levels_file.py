import json

import pytest

from scoring.engine import OCGM16_LOCAL, SLEIPNIR_2000, Level, score_levels
from scoring.engine.attributes import UnknownNameError
from scoring.engine.levels_file import (
    MAX_BYTES,
    UnreadableLevelsError,
    levels_from_json,
    result_as_json,
)


def test_levels_from_json_returns_levels_by_attribute():
    content = b'\xef\xbb\xbf{"attributes": {"violence": "low", "scope": "unknown"}}'

    assert levels_from_json(content, SLEIPNIR_2000) == {
        "violence": Level.LOW,
        "scope": Level.UNKNOWN,
    }


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(b"", "must be JSON; line 1", id="empty"),
        pytest.param(b'{"attributes": {', "must be JSON; line 1", id="cut-off"),
        pytest.param('{"é": 1}'.encode("latin-1"), "UTF-8", id="latin-1"),
        pytest.param('{"attributes": {}}'.encode("utf-16"), "UTF-8", id="utf-16"),
        pytest.param(b"[]", "one object", id="list"),
        pytest.param(b"{}", '"attributes"', id="no-attributes"),
        pytest.param(b'{"attributes": []}', "object of levels", id="attributes-list"),
        pytest.param(b'{"attributes": {}, "x": 1}', '"attributes"', id="more-names"),
        pytest.param(
            b'{"attributes": {"scope": "low", "scope": "high"}}',
            "stands twice",
            id="repeated-name",
        ),
        pytest.param(b"[" * 200_000, "nested", id="nested-too-deep"),
        pytest.param(
            b'{"attributes": {"scope": %s}}' % (b"1" * 5000),
            "too long",
            id="long-number",
        ),
        pytest.param(b" " * (MAX_BYTES + 1), "at most 1,000,000", id="oversized"),
    ],
)
def test_levels_from_json_refuses_what_is_not_such_a_file(content, words):
    with pytest.raises(UnreadableLevelsError, match=words) as caught:
        levels_from_json(content, SLEIPNIR_2000)

    assert caught.value.field == "file"
    assert caught.value.details["rule"]
    assert caught.value.details["cure"]


def test_levels_from_json_refuses_an_attribute_of_another_scheme():
    content = b'{"attributes": {"violence": "low"}}'

    with pytest.raises(
        UnknownNameError, match="ocgm16-local has no attribute"
    ) as caught:
        levels_from_json(content, OCGM16_LOCAL)

    assert caught.value.field == "attributes.violence"
    assert "drug_activity" in caught.value.details["cure"]


@pytest.mark.parametrize("level", ['"High"', '""', "null", "3", "{}", "true"])
def test_levels_from_json_refuses_a_level_off_the_scale(level):
    content = f'{{"attributes": {{"violence": {level}}}}}'.encode()

    with pytest.raises(UnknownNameError, match=r"attributes\.violence") as caught:
        levels_from_json(content, SLEIPNIR_2000)

    assert "high, medium, low, nil, unknown" in caught.value.message


def test_result_as_json_has_the_documented_names():
    found = result_as_json(score_levels({"violence": Level.LOW}, SLEIPNIR_2000))

    assert list(found) == [
        "scheme",
        "version",
        "value",
        "low",
        "high",
        "band",
        "unknown_share",
        "reasons",
    ]
    assert json.loads(json.dumps(found)) == found
    assert len(found["reasons"]) == 19
    assert list(found["reasons"][0]) == ["attribute", "level", "points", "reason"]
