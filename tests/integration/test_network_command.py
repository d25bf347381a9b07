import json

import pytest

from groups.management.commands.network import Command
from tests.real_data import real_data


@pytest.fixture
def run(capsys):
    """Run the command as from a shell; return exit code, output and error output."""

    def run_command(*arguments):
        code = 0
        try:
            Command().run_from_argv(["manage.py", "network", *map(str, arguments)])
        except SystemExit as stopped:
            code = stopped.code
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return run_command


@pytest.fixture
def files(tmp_path):
    def write(nodes, edges):
        paths = tmp_path / "nodes.csv", tmp_path / "edges.csv"
        for path, content in zip(paths, (nodes, edges), strict=True):
            path.write_text(content, encoding="utf-8")
        return paths

    return write


STAR = "id,name\n1,Hub\n2,Ann\n3,Bob\n", "source,target\n1,2\n1,3\n"


def test_network_prints_the_documented_names(run, files):
    code, out, err = run(*files(*STAR), "--removals", 1)

    assert (code, err) == (0, "")
    assert json.loads(out) == {
        "nodes": 3,
        "edges": 2,
        "density": 2 / 3,
        "transitivity": 0,
        "components": 1,
        "degree": {"Hub": 2, "Ann": 1, "Bob": 1},
        "betweenness": {"Hub": 1, "Ann": 0, "Bob": 0},
        "fragmentation": 0,
        "distance_fragmentation": pytest.approx(1 / 6),
        "removal_order": ["Hub"],
        "removal_curve": [1, pytest.approx(1 / 3)],
    }


def test_network_takes_out_at_most_everybody(run, files):
    _, out, _ = run(*files(*STAR))

    assert len(json.loads(out)["removal_order"]) == 3


def test_network_names_the_columns_it_does_not_take(run, files):
    code, _, err = run(*files("id,name,Ethnicity\n1,Hub,x\n", "source,target\n"))

    assert code == 0
    assert "Columns not taken: nodes.Ethnicity" in err


def test_network_of_caviar_matches_the_published_figures(run):
    nodes = real_data("networks", "caviar", "caviar_full_nodes.csv")
    edges = real_data("networks", "caviar", "caviar_full_edges.csv")

    code, out, _ = run(nodes, edges, "--removals", 9)

    found = json.loads(out)
    assert code == 0
    assert (found["nodes"], found["edges"]) == (110, 205)
    assert found["removal_order"] == ["1", "3", "12", "76", "87", "8", "41", "37", "89"]
    assert round(found["removal_curve"][-1], 4) == 0.0818


@pytest.mark.parametrize(
    ("nodes", "edges", "words"),
    [
        pytest.param("name\nAnn\n", STAR[1], "id is missing", id="column"),
        pytest.param(STAR[0], "source,target\n1,9\n", "'9' is none", id="unknown-id"),
        pytest.param("", STAR[1], "begin with a header", id="empty"),
    ],
)
def test_network_of_bad_input_exits_with_two_and_a_sentence(
    run, files, nodes, edges, words
):
    code, out, err = run(*files(nodes, edges))

    assert (code, out) == (2, "")
    assert words in err
    assert "Traceback" not in err


def test_network_refuses_wrong_encoding(run, files):
    nodes, edges = files(*STAR)
    nodes.write_bytes("id,name\n1,Zoë\n".encode("latin-1"))

    code, _, err = run(nodes, edges)

    assert code == 2
    assert "UTF-8" in err


def test_network_refuses_a_negative_number_of_removals(run, files):
    code, _, err = run(*files(*STAR), "--removals", "-1")

    assert code == 2
    assert "0 or more" in err


@pytest.mark.parametrize("number", ["many", "1.5"])
def test_network_refuses_removals_that_are_no_number(run, files, number):
    assert run(*files(*STAR), "--removals", number)[0] == 2


def test_network_refuses_a_file_that_is_absent(run, files, tmp_path):
    _, edges = files(*STAR)

    code, _, err = run(tmp_path / "absent.csv", edges)

    assert code == 2
    assert "cannot be read" in err
