"""Calibration packs as their file holds them: invented groups, scored by many. Pure."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar

FILE = Path(__file__).resolve().parents[1] / "reference" / "calibration_packs.json"
Item = TypeVar("Item")
_CODE: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class PackError(Exception):
    """The file of packs is not as it must be; the message says where."""


@dataclass(frozen=True, slots=True)
class Vignette:
    """An invented group in a paragraph."""

    key: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Pack:
    """Vignettes, and the attributes that each is scored on. Never edited: a new version."""

    key: str
    version: str
    title: str
    attributes: tuple[str, ...]
    vignettes: tuple[Vignette, ...]


@cache
def packs() -> Mapping[str, Pack]:
    """Return the packs of the file by key, in its order.

    Raises:
        PackError: a key is missing, doubled or no code.
    """
    content: list[dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))
    return _by_key([_pack(one) for one in content], lambda one: one.key)


def _pack(one: Mapping[str, Any]) -> Pack:
    try:
        vignettes = [Vignette(**each) for each in one["vignettes"]]
        found = Pack(
            key=one["key"],
            version=one["version"],
            title=one["title"],
            attributes=tuple(one["attributes"]),
            vignettes=tuple(vignettes),
        )
    except (KeyError, TypeError) as error:
        raise PackError(f"{one.get('key', 'a pack')}: {error}") from None
    _by_key(vignettes, lambda each: each.key)
    if len(set(found.attributes)) != len(found.attributes):
        raise PackError(f"{found.key}: an attribute stands twice")
    return found


def _by_key(items: list[Item], key: Callable[[Item], str]) -> dict[str, Item]:
    found = {key(item): item for item in items}
    if len(found) != len(items):
        raise PackError("a key stands twice")
    if wrong := [one for one in found if not _CODE.fullmatch(one)]:
        raise PackError(f"{wrong[0]!r} is no code: small letters, digits and -")
    return found
