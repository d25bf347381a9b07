"""From a row of text to what it says, or to everything that is wrong with it."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from rapidfuzz import fuzz, process

from intelligence.grading import (
    Condition,
    GradeError,
    parse_assessment,
    parse_condition,
    parse_handling,
    parse_legacy,
    parse_source,
)
from intelligence.return_files import dates
from intelligence.return_files.columns import COLUMNS, SHARING, Needed, by_key
from intelligence.return_files.dates import NOT_KNOWN, NotADate, Partial
from intelligence.return_files.problems import Problem, Row, problem

__all__ = ["Claim", "Parsed", "Partial", "parse"]

T = TypeVar("T")
LEVELS = ("high", "medium", "low", "nil")
_BETWEEN = re.compile(r"[\s,;]+")
_CLAIM = re.compile(
    r"(?:(?P<group>G-[\w-]+)\s*:\s*)?(?P<attribute>[^=:]+?)\s*=\s*(?P<level>\w+)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Claim:
    """That an attribute of a group is at a level; the group by its reference."""

    group: str
    attribute: str
    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What a row says, each part in the shape in which the rules take it."""

    owner_reference: str
    text: str
    event: Partial
    received_on: date
    source_grade: str
    assessment_grade: str
    handling: str
    condition: Condition | None
    legacy_grade: str
    legacy_source_choice: str
    groups: tuple[str, ...]
    nominals: tuple[str, ...]
    claims: tuple[Claim, ...]
    sharing: str
    sharing_reason: str


def parse(
    row: Row, attributes: Mapping[str, str]
) -> tuple[Parsed | None, list[Problem]]:
    """Return what the row says, or None and everything that is wrong with it.

    ``attributes`` maps each way to write an attribute, in small letters, to its key.
    """
    reading = _Reading(row, attributes)
    parsed = reading.parsed()
    faults = [*row.problems, *reading.problems]
    return (None, faults) if faults else (parsed, [])


class _Reading:
    """The cells of one row on their way to values; faults are kept, not raised."""

    def __init__(self, row: Row, attributes: Mapping[str, str]) -> None:
        self.row = row
        self.attributes = attributes
        self.problems: list[Problem] = []
        self.told = {one.column for one in row.problems}

    def parsed(self) -> Parsed:
        self._demand()
        groups = self._references("groups", "G-")
        return Parsed(
            owner_reference=self.text("owner_reference"),
            text=self.text("text"),
            event=self._try("event", dates.partial) or NOT_KNOWN,
            received_on=self._try("received_on", dates.day) or date.min,
            source_grade=self._code("source_grade", parse_source),
            assessment_grade=self._code("assessment_grade", parse_assessment),
            handling=self._code("handling", parse_handling),
            condition=self._condition(),
            legacy_grade=self._code("legacy_grade", parse_legacy),
            legacy_source_choice=self._code("legacy_source_choice", parse_source),
            groups=groups,
            nominals=self._references("nominals", "N-"),
            claims=tuple(self._claims(groups)),
            sharing=self._sharing(),
            sharing_reason=self.text("sharing_reason"),
        )

    def text(self, key: str) -> str:
        return self.row.values.get(key, "")

    def refuse(self, key: str, rule: str, cure: str, value: str | None = None) -> None:
        shown = self.text(key) if value is None else value
        header = by_key[key].header
        self.problems.append(problem(self.row.number, header, shown, rule, cure))

    def _demand(self) -> None:
        """Refuse each cell that is always needed and empty, unless it is told of."""
        for column in COLUMNS:
            empty = not self.text(column.key) and column.header not in self.told
            if column.needed is Needed.ALWAYS and empty:
                cure = "Fill it in, or leave the row out."
                self.refuse(column.key, f"{column.header} must be filled in.", cure)

    def _try(self, key: str, read: Callable[[str], T]) -> T | None:
        if not self.text(key):
            return None
        try:
            return read(self.text(key))
        except NotADate as error:
            self.refuse(key, error.rule, error.cure)
        except GradeError as error:
            self.refuse(key, error.details["rule"], error.details["cure"])
        return None

    def _code(self, key: str, read: Callable[[object], Any]) -> str:
        """Return the code in capitals, once it is on its scale."""

        def in_capitals(text: str) -> str:
            read(text.upper())
            return text.upper()

        return self._try(key, in_capitals) or ""

    def _condition(self) -> Condition | None:
        note = self.text("handling_condition_note")
        if self.text("handling_condition"):
            return self._try(
                "handling_condition", lambda text: parse_condition(text.lower(), note)
            )
        if note:
            self.refuse(
                "handling_condition_note",
                "A note goes with recipients, and there are none.",
                "Say who may receive the report, or leave the note out.",
            )
        return None

    def _references(self, key: str, prefix: str) -> tuple[str, ...]:
        found = [part.upper() for part in _BETWEEN.split(self.text(key)) if part]
        for part in found:
            if not part.startswith(prefix):
                self.refuse(
                    key,
                    f"“{part[:20]}” is not a reference of {by_key[key].header.lower()}.",
                    f"Write references such as {prefix}7K2M-9QX4-T, separated by "
                    "semicolons.",
                )
        return tuple(dict.fromkeys(found))

    def _sharing(self) -> str:
        given = self.text("sharing").lower().replace(" ", "_")
        if given and given not in SHARING:
            self.refuse(
                "sharing",
                "This is not a way to share a report.",
                f"Write one of: {', '.join(SHARING)}.",
            )
        return given

    def _claims(self, groups: tuple[str, ...]) -> Iterator[Claim]:
        for part in re.split(r"[;\n]+", self.text("claims")):
            if part.strip():
                yield from self._claim(part.strip(), groups)

    def _claim(self, part: str, groups: tuple[str, ...]) -> Iterator[Claim]:
        found = _CLAIM.fullmatch(part)
        if not found:
            cure = "Write attribute=level, separated by semicolons: violence=high."
            self.refuse("claims", "This is not a claim.", cure, part)
            return
        group = (found["group"] or "").upper()
        if not group and len(groups) != 1:
            self.refuse(
                "claims",
                f"A claim is about one group; the row mentions {len(groups)}.",
                "Put the group's reference first: G-7K2M-9QX4-T: violence=high.",
                part,
            )
        key = self._attribute(found["attribute"], part)
        level = found["level"].lower()
        if level not in LEVELS:
            self.refuse(
                "claims",
                f"“{found['level'][:20]}” is not a level that a report can claim.",
                f"Write one of: {', '.join(LEVELS)}; what is not known is not claimed.",
                part,
            )
        yield Claim(group or "".join(groups[:1]), key, level)

    def _attribute(self, text: str, part: str) -> str:
        folded = text.strip().lower()
        if folded not in self.attributes:
            near = process.extractOne(
                folded, list(self.attributes), scorer=fuzz.WRatio, score_cutoff=60
            )
            hint = f"The nearest is “{self.attributes[near[0]]}”." if near else ""
            cure = f"{hint} The attributes are listed in the notes of the template."
            self.refuse(
                "claims", f"There is no attribute “{text[:40]}”.", cure.strip(), part
            )
        return self.attributes.get(folded, folded)
