"""The exhibit's network: published where it is at hand, else made with a fixed seed."""

import csv
import random
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

PHASES: Final = 11
_SEED: Final = 1994
# The shape of CAVIAR: actors, links, and how many actors were heard in each phase.
_ACTORS: Final = 110
_LINKS: Final = 205
_HEARD: Final = (15, 24, 33, 33, 32, 27, 34, 42, 34, 42, 41)


@dataclass(frozen=True, slots=True)
class Files:
    """Where a network lies: a file of people and a file of links."""

    nodes: Path
    edges: Path


@dataclass(frozen=True, slots=True)
class Network:
    """A whole network and its phases in order; `is_published` tells where it is from."""

    is_published: bool
    whole: Files
    phases: tuple[Files, ...]


@contextmanager
def network(real_data: Path) -> Iterator[Network]:
    """Yield CAVIAR where all its files are at hand, else a network of its shape.

    The files of the latter last as long as the block.
    """
    published = _in_folder(real_data / "networks" / "caviar", is_published=True)
    if all(path.is_file() for path in _paths(published)):
        yield published
        return
    with TemporaryDirectory(prefix="ocgmap-network-") as folder:
        made = _in_folder(Path(folder), is_published=False)
        _make(made)
        yield made


def _in_folder(folder: Path, *, is_published: bool) -> Network:
    def files(part: str) -> Files:
        stem = f"{'caviar' if is_published else 'synthetic'}{part}"
        return Files(folder / f"{stem}_nodes.csv", folder / f"{stem}_edges.csv")

    phases = tuple(files(str(number)) for number in range(1, PHASES + 1))
    return Network(is_published, files("_full"), phases)


def _paths(found: Network) -> Iterator[Path]:
    for files in (found.whole, *found.phases):
        yield from (files.nodes, files.edges)


def _make(found: Network) -> None:
    """Write a network in which few have many links and most have one."""
    chance = random.Random(_SEED)  # noqa: S311 - a picture to look at, not a secret
    names = [f"N{number}" for number in range(1, _ACTORS + 1)]
    links = _links(chance)
    _write(found.whole, names, links)
    for files, heard in zip(found.phases, _HEARD, strict=True):
        core = [0, *chance.sample(range(1, 12), 6)]
        others = chance.sample(range(12, _ACTORS), heard - len(core))
        present = sorted({*core, *others})
        place = {actor: here for here, actor in enumerate(present)}
        kept = [(place[a], place[b]) for a, b in links if a in place and b in place]
        _write(files, [names[actor] for actor in present], kept)


def _links(chance: random.Random) -> list[tuple[int, int]]:
    """Return links that grow by preference: who has many gets more."""
    links = {(0, 1)}
    ends = [0, 0, 0, 1]
    for actor in range(2, _ACTORS):
        other = chance.choice(ends)
        links.add((other, actor))
        ends += [other, other, actor]
    while len(links) < _LINKS:
        a, b = chance.choice(ends), chance.choice(ends)
        if a != b:
            links.add((min(a, b), max(a, b)))
    return sorted(links)


def _write(
    files: Files, names: Iterable[str], links: Iterable[tuple[int, int]]
) -> None:
    with files.nodes.open("w", encoding="utf-8", newline="") as sink:
        rows = csv.writer(sink)
        rows.writerow(("id", "name"))
        rows.writerows(enumerate(names, start=1))
    with files.edges.open("w", encoding="utf-8", newline="") as sink:
        rows = csv.writer(sink)
        rows.writerow(("source", "target"))
        rows.writerows((a + 1, b + 1) for a, b in links)
