"""The network of the demonstration: published where it is, else of the same shape."""

from pathlib import Path

from groups.network_files import NetworkFiles, read_network
from scoring.demonstration.network_data import Files, network
from tests.real_data import real_data, real_data_folder


def read(files: Files) -> NetworkFiles:
    return read_network(files.nodes.read_bytes(), files.edges.read_bytes())


def test_without_the_published_files_a_network_of_their_shape_is_made(
    tmp_path: Path,
) -> None:
    with network(tmp_path) as made:
        assert not made.is_published
        whole = read(made.whole)
        assert (len(whole.names), len(whole.links)) == (110, 205)
        phases = [read(files) for files in made.phases]
    assert [len(phase.names) for phase in phases] == [
        *(15, 24, 33, 33, 32, 27, 34, 42, 34, 42, 41),
    ]
    assert all(phase.links for phase in phases)
    assert all(set(phase.names) <= set(whole.names) for phase in phases)
    assert not made.whole.nodes.exists()


def test_the_made_network_is_the_same_every_time(tmp_path: Path) -> None:
    found = []
    for _ in range(2):
        with network(tmp_path) as made:
            found.append([read(files) for files in (made.whole, *made.phases)])
    assert found[0] == found[1]


def test_the_published_network_is_taken_where_it_lies() -> None:
    real_data("networks", "caviar", "caviar_full_nodes.csv")
    with network(real_data_folder()) as found:
        assert found.is_published
        assert len(read(found.whole).names) == 110
        assert len(found.phases) == 11
