"""Read the organisations: forces, regions, agencies, and how they stand together."""

import json
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

from ocgmap.common.reference.records import (
    REGION_KINDS,
    AccountsReference,
    Confidence,
    Jurisdiction,
    Organisation,
    OrganisationKind,
    Placement,
    Precision,
    Succession,
    Tile,
)
from ocgmap.common.reference.rows import (
    ReferenceDataError,
    Row,
    read_records,
    require_unique,
)

_ORGANISATION = [
    "code",
    "name",
    "short_name",
    "kind",
    "region_name",
    "jurisdiction",
    "ons_code",
    "population_mid_2020",
    "valid_from",
    "valid_from_precision",
    "valid_to",
    "former_names",
    "source",
    "confidence",
]
_PLACEMENT = [
    "organisation",
    "parent",
    "valid_from",
    "valid_to",
    "source",
    "confidence",
]
_SUCCESSION = [
    "predecessor",
    "successor",
    "happened_on",
    "not_before",
    "reason",
    "source",
    "confidence",
]


def read_accounts(folder: Path) -> AccountsReference:
    """Return the organisations, placements, successions and tiles of ``folder``.

    Raises:
        ReferenceDataError: a cell is wrong, a code stands twice or is not declared,
            a force is placed in two regions on one day, or two forces share a tile.
    """
    organisations = read_records(
        folder / "organisations.csv", _ORGANISATION, _organisation
    )
    require_unique(folder / "organisations.csv", (one.code for one in organisations))
    forces = _codes(o for o in organisations if o.kind is OrganisationKind.FORCE)
    regions = _codes(o for o in organisations if o.kind in REGION_KINDS)
    everyone = _codes(organisations)
    path = folder / "placements.csv"
    placements = read_records(
        path, _PLACEMENT, lambda row: _placement(row, forces, regions)
    )
    _apart(path, placements)
    successions = read_records(
        folder / "successions.csv", _SUCCESSION, lambda row: _succession(row, everyone)
    )
    tiles = _tiles(folder / "tile_map.json", forces)
    return AccountsReference(organisations, placements, successions, tiles)


def _codes(organisations: Iterable[Organisation]) -> frozenset[str]:
    return frozenset(one.code for one in organisations)


def _in_order(row: Row) -> None:
    start, end = row.day("valid_from"), row.day("valid_to")
    if start and end and end <= start:
        raise row.error("valid_to", f"{end} is not after valid_from, {start}")


def _organisation(row: Row) -> Organisation:
    _in_order(row)
    kind = row.choice("kind", OrganisationKind)
    region_name = row.optional("region_name")
    if bool(region_name) != (kind in REGION_KINDS):
        raise row.error("region_name", "is for regions, and each region needs one")
    precision = row.choice("valid_from_precision", Precision)
    if bool(precision) != bool(row.day("valid_from")):
        raise row.error("valid_from_precision", "stands with valid_from, or neither")
    return Organisation(
        code=row.code("code"),
        name=row.text("name"),
        short_name=row.text("short_name"),
        kind=kind,
        region_name=region_name,
        jurisdiction=row.choice("jurisdiction", Jurisdiction),
        ons_code=row.optional("ons_code"),
        population_mid_2020=row.count("population_mid_2020"),
        valid_from=row.day("valid_from"),
        valid_from_precision=precision,
        valid_to=row.day("valid_to"),
        former_names=row.optional("former_names"),
        source=row.text("source"),
        confidence=row.choice("confidence", Confidence),
    )


def _placement(row: Row, forces: frozenset[str], regions: frozenset[str]) -> Placement:
    _in_order(row)
    return Placement(
        organisation=row.known("organisation", forces),
        parent=row.known("parent", regions),
        valid_from=row.day("valid_from"),
        valid_to=row.day("valid_to"),
        source=row.text("source"),
        confidence=row.choice("confidence", Confidence),
    )


def _apart(path: Path, placements: tuple[Placement, ...]) -> None:
    """Raise if a force stands in two regions on one day."""
    ordered = sorted(
        placements, key=lambda one: (one.organisation, str(one.valid_from or ""))
    )
    for former, latter in pairwise(ordered):
        if former.organisation != latter.organisation:
            continue
        start = latter.valid_from
        if former.valid_to is None or start is None or start < former.valid_to:
            raise ReferenceDataError(
                path,
                f"{former.organisation!r} is placed in {former.parent!r} and in "
                f"{latter.parent!r} on the same days; end one before the other",
                field="valid_from",
            )


def _succession(row: Row, everyone: frozenset[str]) -> Succession:
    happened_on, not_before = row.day("happened_on"), row.day("not_before")
    if happened_on is None:
        raise row.error("happened_on", "is empty; give the latest day it can have been")
    if not_before and happened_on < not_before:
        raise row.error("not_before", "is after happened_on")
    predecessor = row.known("predecessor", everyone)
    successor = row.known("successor", everyone)
    if predecessor == successor:
        raise row.error("successor", "is the predecessor itself")
    return Succession(
        predecessor=predecessor,
        successor=successor,
        happened_on=happened_on,
        not_before=not_before,
        reason=row.text("reason"),
        source=row.text("source"),
        confidence=row.choice("confidence", Confidence),
    )


def _tiles(path: Path, forces: frozenset[str]) -> tuple[Tile, ...]:
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))["tiles"]
        tiles = tuple(Tile(str(e["code"]), int(e["q"]), int(e["r"])) for e in entries)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReferenceDataError(
            path, f"no list of tiles can be read: {error}"
        ) from None
    for tile in tiles:
        if tile.code not in forces:
            raise ReferenceDataError(path, f"{tile.code!r} is no force", field="code")
    require_unique(path, (tile.code for tile in tiles))
    require_unique(path, ((tile.q, tile.r) for tile in tiles))
    return tiles
