"""Leaks planted on purpose, to see whether the suites would find a real one.

Each module of this package lists its own in `PLANTS`. A plant changes the product in
this process, or the throw-away databases, for as long as its context is open; the
runner (`tests/leak/test_planted.py`) opens it, asks the suites, and tells which of them
found it. The list is frozen in `docs/security.md`.
"""

import importlib
import pkgutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plant:
    """One leak: what it is called, its class, where it shows, and how it is planted.

    `where` are names of the table in `tests/leak/routes.py`: the suites that go over
    every address are asked about these only, which saves time and hides nothing. With
    `is_derived` the leak is in what the drain works out: the runner lets it work anew.
    """

    name: str
    leak_class: str
    where: tuple[str, ...]
    apply: Callable[[], AbstractContextManager[object]]
    is_derived: bool = False


def everything() -> list[Plant]:
    """Return the plants of every module of this package, by name."""
    found: list[Plant] = []
    for module in pkgutil.iter_modules(__path__):
        loaded = importlib.import_module(f"{__name__}.{module.name}")
        found += getattr(loaded, "PLANTS", ())
    return sorted(found, key=lambda plant: plant.name)
