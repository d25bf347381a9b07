import json
from pathlib import Path

import pytest

from scoring.engine import SCHEMES
from scoring.engine.reference import schemes_page
from scoring.management.commands.score import Command
from scoring.scores.derived import derived_rules


@pytest.fixture
def run(capsys):
    """Run the command as from a shell; return exit code, output and error output."""

    def run_command(*arguments):
        code = 0
        try:
            Command().run_from_argv(["manage.py", "score", *map(str, arguments)])
        except SystemExit as stopped:
            code = stopped.code
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return run_command


@pytest.fixture
def levels_file(tmp_path):
    def write(content):
        path = tmp_path / "levels.json"
        raw = content if isinstance(content, bytes) else json.dumps(content).encode()
        path.write_bytes(raw)
        return path

    return write


def test_score_prints_value_interval_and_a_reason_for_each_attribute(run, levels_file):
    path = levels_file({"attributes": {"violence": "low", "monopoly": "high"}})

    code, out, err = run(path, "--scheme", "sleipnir-2000")

    assert (code, err) == (0, "")
    found = json.loads(out)
    assert (found["scheme"], found["version"]) == ("sleipnir-2000", "1")
    assert found["band"] is None
    assert found["value"] == 18 + 20 + 2 * (190 - 18 - 5)
    assert found["low"] == 38
    assert found["high"] == 38 + 4 * (190 - 18 - 5)
    assert found["unknown_share"] == pytest.approx(17 / 19)
    points = {one["attribute"]: one["points"] for one in found["reasons"]}
    assert len(points) == 19
    assert (points["violence"], points["monopoly"]) == (18, 20)
    assert sum(points.values()) == found["value"]


@pytest.mark.parametrize(
    ("attributes", "band"),
    [
        ({}, "insufficient information"),
        ({"drug_activity": "high"}, "insufficient information"),
    ],
)
def test_score_of_a_group_hardly_known_has_no_band(run, levels_file, attributes, band):
    path = levels_file({"attributes": attributes})

    code, out, _ = run(path, "--scheme", "ocgm16-local")

    assert code == 0
    assert json.loads(out)["band"] == band


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param({"attributes": {"violense": "low"}}, "violense", id="name"),
        pytest.param({"attributes": {"violence": "Low"}}, "violence", id="level"),
        pytest.param({"levels": {}}, "attributes", id="shape"),
        pytest.param(b"{", "must be JSON", id="json"),
        pytest.param("é".encode("latin-1"), "UTF-8", id="encoding"),
    ],
)
def test_score_of_bad_input_exits_with_two_and_a_sentence(
    run, levels_file, content, words
):
    code, out, err = run(levels_file(content), "--scheme", "sleipnir-2000")

    assert (code, out) == (2, "")
    assert words in err
    assert "Traceback" not in err


def test_score_refuses_an_unknown_scheme(run, levels_file):
    code, _, err = run(levels_file({"attributes": {}}), "--scheme", "national")

    assert code == 2
    assert "sleipnir-2000 version 1, ocgm16-local version 1" in err


def test_score_refuses_a_file_that_is_absent_or_a_folder(run, tmp_path):
    for path in (tmp_path / "absent.json", tmp_path):
        code, _, err = run(path, "--scheme", "sleipnir-2000")
        assert code == 2
        assert "cannot be read" in err


@pytest.mark.parametrize("arguments", [[], [Path("x.json")], ["--scheme", "sleipnir"]])
def test_score_wants_both_file_and_scheme(run, arguments):
    code, _, err = run(*arguments)

    assert code == 2
    assert "both a file and a scheme" in err


def test_score_list_prints_the_reference_page(run):
    assert run("--list") == (0, schemes_page(SCHEMES, derived_rules()), "")
