"""Read the code lists that groups and reports are described with."""

import re
from pathlib import Path

from ocgmap.common.reference.identifier_kinds import (
    STEPS,
    IdentifierFormat,
    IdentifierKind,
    UsedFor,
)
from ocgmap.common.reference.records import (
    CRIMINALITY_ATTRIBUTES,
    Commodity,
    CommodityCategory,
    Confidence,
    FictionalRange,
    GroupsReference,
    Offence,
    ThreatType,
    Unit,
)
from ocgmap.common.reference.rows import (
    Row,
    read_records,
    read_rows,
    require_unique,
)

_THREAT = ["code", "name", "attribute", "crosswalk_basis", "source", "confidence"]
_OFFENCE = [
    "code",
    "published_code",
    "name",
    "subgroup",
    "group",
    "outcomes_only",
    "threat_type",
    "crosswalk_basis",
]
_COMMODITY = ["code", "name", "category", "default_unit", "threat_type"]
_KIND = ["code", "name", "normalisation", "must_match", "used_for"]
_FORMAT = ["kind", "name", "pattern", "example", "note", "source", "confidence"]
_RANGE = ["use", "first", "last", "source", "confidence"]


def read_groups(folder: Path) -> GroupsReference:
    """Return the threat types, offences and code lists of ``folder``.

    Raises:
        ReferenceDataError: a cell is wrong, a code stands twice or is not declared,
            or an identifier's example does not fit its own pattern.
    """
    threats = read_records(folder / "threat_types.csv", _THREAT, _threat)
    require_unique(folder / "threat_types.csv", (one.code for one in threats))
    known = frozenset(one.code for one in threats)
    offences = read_records(
        folder / "offences.csv", _OFFENCE, lambda row: _offence(row, known)
    )
    require_unique(folder / "offences.csv", (one.code for one in offences))
    path = folder / "commodities.csv"
    commodities = read_records(path, _COMMODITY, lambda row: _commodity(row, known))
    require_unique(path, (one.code for one in commodities))
    ranges = read_records(folder / "fictional_phone_ranges.csv", _RANGE, _range)
    return GroupsReference(
        threats, offences, commodities, read_identifier_kinds(folder), ranges
    )


def read_identifier_kinds(folder: Path) -> tuple[IdentifierKind, ...]:
    """Return the kinds of identifier, each with its formats; raises as above."""
    formats: dict[str, list[IdentifierFormat]] = {}
    rows: list[tuple[Row, IdentifierFormat]] = []
    for row in read_rows(folder / "identifier_formats.csv", _FORMAT):
        shape = _format(row)
        formats.setdefault(shape.kind, []).append(shape)
        rows.append((row, shape))
    path = folder / "identifier_kinds.csv"
    kinds = read_records(
        path, _KIND, lambda row: _kind(row, tuple(formats.get(row.code("code"), ())))
    )
    require_unique(path, (one.code for one in kinds))
    by_code = {one.code: one for one in kinds}
    for row, shape in rows:
        row.known("kind", frozenset(by_code))
        if not shape.pattern.fullmatch(by_code[shape.kind].normalise(shape.example)):
            raise row.error("example", f"{shape.example!r} does not fit the pattern")
    return kinds


def _threat(row: Row) -> ThreatType:
    return ThreatType(
        code=row.code("code"),
        name=row.text("name"),
        attribute=row.known("attribute", CRIMINALITY_ATTRIBUTES, blank=True),
        crosswalk_basis=row.text("crosswalk_basis"),
        source=row.text("source"),
        confidence=row.choice("confidence", Confidence),
    )


def _offence(row: Row, threats: frozenset[str]) -> Offence:
    threat_type = row.known("threat_type", threats, blank=True)
    basis = row.optional("crosswalk_basis")
    if bool(basis) != bool(threat_type):
        raise row.error("crosswalk_basis", "stands with threat_type, or neither")
    return Offence(
        code=row.text("code"),
        published_code=row.text("published_code"),
        name=row.text("name"),
        subgroup=row.text("subgroup"),
        group=row.text("group"),
        is_outcomes_only=row.flag("outcomes_only"),
        threat_type=threat_type,
        crosswalk_basis=basis,
    )


def _commodity(row: Row, threats: frozenset[str]) -> Commodity:
    return Commodity(
        code=row.code("code"),
        name=row.text("name"),
        category=row.choice("category", CommodityCategory),
        default_unit=row.choice("default_unit", Unit),
        threat_type=row.known("threat_type", threats, blank=True),
    )


def _kind(row: Row, formats: tuple[IdentifierFormat, ...]) -> IdentifierKind:
    steps = tuple(row.text("normalisation").split())
    for step in steps:
        if step not in STEPS:
            allowed = ", ".join(STEPS)
            raise row.error("normalisation", f"{step!r} is no step; use: {allowed}")
    must_match = row.flag("must_match")
    if must_match and not formats:
        raise row.error("must_match", "says yes, and the kind has no format")
    return IdentifierKind(
        code=row.code("code"),
        name=row.text("name"),
        steps=steps,
        must_match=must_match,
        used_for=row.choice("used_for", UsedFor),
        formats=formats,
    )


def _format(row: Row) -> IdentifierFormat:
    try:
        pattern = re.compile(row.text("pattern"))
    except re.error as error:
        raise row.error("pattern", f"is no regular expression: {error}") from None
    row.choice("confidence", Confidence)
    return IdentifierFormat(
        kind=row.code("kind"),
        name=row.text("name"),
        pattern=pattern,
        example=row.text("example"),
        note=row.text("note"),
        source=row.text("source"),
    )


def _range(row: Row) -> FictionalRange:
    first, last = row.text("first"), row.text("last")
    for field, number in (("first", first), ("last", last)):
        if not re.fullmatch(r"0[0-9X]{9,10}", number):
            raise row.error(field, f"{number!r} is no number in national form")
    if len(first) != len(last) or last < first:
        raise row.error("last", "must be as long as first and not below it")
    return FictionalRange(
        use=row.text("use"),
        first=first,
        last=last,
        source=row.text("source"),
        confidence=row.choice("confidence", Confidence),
    )
