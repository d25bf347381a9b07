"""What a return file is: its columns, as data.

The template, `docs/returns.md` and the checks are made from this table.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from intelligence.grading import (
    ASSESSMENT_DEFINITIONS,
    HANDLING_DEFINITIONS,
    RECIPIENTS_DEFINITIONS,
    SOURCE_DEFINITIONS,
    Definition,
)


class Needed(StrEnum):
    """Whether a row must fill a column."""

    ALWAYS = "always"
    SOMETIMES = "sometimes"
    NEVER = "no"


# Whom a report may be shared with, as the forms offer it.
SHARING: Final[Mapping[str, str]] = MappingProxyType(
    {
        "force": "my force, its ROCU and the NCA",
        "region": "all forces in the region",
        "all_forces": "all forces",
        "organisation": "my organisation only",
    }
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: key in the program, header in the file, meaning, and two examples."""

    key: str
    header: str
    meaning: str
    needed: Needed
    example: str
    second_example: str = ""
    is_date: bool = False


def _scale(definitions: Iterable[Definition]) -> str:
    return ", ".join(f"{one.code} ({one.label})" for one in definitions)


COLUMNS: Final[tuple[Column, ...]] = (
    Column(
        "owner_reference",
        "Own reference",
        "Your own reference of the report, at most 40 characters. The same reference "
        "is taken once.",
        Needed.NEVER,
        "DUR-2026-0417",
        "DUR-2026-0418",
    ),
    Column(
        "text",
        "Sanitised text",
        "What is known, with nothing in it that shows who the source is; at most "
        "10,000 characters. Original texts are never put in a file.",
        Needed.ALWAYS,
        "Two vans were seen unloading at the yard on three nights.",
        "The group is said to have bought a second lock-up.",
    ),
    Column(
        "event",
        "Event date",
        "When it happened, as exactly as is known: a day (2026-03-07 or 07/03/2026), a "
        "month (2026-03 or 03/2026), a year (2026), or “about” before any of them. "
        "Empty: not known.",
        Needed.NEVER,
        "2026-03-07",
        "about 2026-02",
        is_date=True,
    ),
    Column(
        "received_on",
        "Date received",
        "The day on which the information came in (2026-03-09 or 09/03/2026).",
        Needed.ALWAYS,
        "2026-03-09",
        "09/03/2026",
        is_date=True,
    ),
    Column(
        "source_grade",
        "Source grade",
        f"3x5x2 source evaluation: {_scale(SOURCE_DEFINITIONS.values())}. Needed unless "
        "a 5x5x5 grade is given.",
        Needed.SOMETIMES,
        "1",
    ),
    Column(
        "assessment_grade",
        "Assessment grade",
        "3x5x2 intelligence assessment: "
        f"{_scale(ASSESSMENT_DEFINITIONS.values())}. Needed unless a 5x5x5 grade is "
        "given.",
        Needed.SOMETIMES,
        "A",
    ),
    Column(
        "handling",
        "Handling",
        f"3x5x2 handling: {_scale(HANDLING_DEFINITIONS.values())}. Needed unless a "
        "5x5x5 grade is given.",
        Needed.SOMETIMES,
        "C",
    ),
    Column(
        "handling_condition",
        "Handling recipients",
        "With handling C, who may receive the report: "
        f"{_scale(RECIPIENTS_DEFINITIONS.values())}.",
        Needed.SOMETIMES,
        "region",
    ),
    Column(
        "handling_condition_note",
        "Handling note",
        "With handling C, what else must be kept to; at most 1,000 characters.",
        Needed.NEVER,
        "Tell the owner before any arrest.",
    ),
    Column(
        "legacy_grade",
        "5x5x5 grade",
        "A grade of the old scale, such as B21, in place of the three codes. It is "
        "converted and kept.",
        Needed.SOMETIMES,
        "",
        "C21",
    ),
    Column(
        "legacy_source_choice",
        "5x5x5 source choice",
        "Where the source of the 5x5x5 grade is C: the source grade now, 1, 2 or 3.",
        Needed.SOMETIMES,
        "",
        "2",
    ),
    Column(
        "groups",
        "Groups",
        "References of the groups that the report mentions, such as G-7K2M-9QX4-T, "
        "separated by semicolons.",
        Needed.NEVER,
        "",
    ),
    Column(
        "nominals",
        "People",
        "References of the people whom the report mentions, such as N-7K2M-9QX4-T, "
        "separated by semicolons.",
        Needed.NEVER,
        "",
    ),
    Column(
        "claims",
        "Claims",
        "What the report says of a group's attributes, as attribute=level separated by "
        "semicolons; levels are high, medium, low and nil. Where several groups are "
        "mentioned, put the group first: G-7K2M-9QX4-T: violence=high.",
        Needed.NEVER,
        "",
    ),
    Column(
        "sharing",
        "Sharing",
        "Who may see the report: "
        + ", ".join(f"{code} ({text})" for code, text in SHARING.items())
        + ".",
        Needed.ALWAYS,
        "region",
        "force",
    ),
    Column(
        "sharing_reason",
        "Sharing reason",
        "Why only your organisation may see it; needed with the sharing organisation.",
        Needed.SOMETIMES,
        "",
    ),
)
by_key: Final[Mapping[str, Column]] = MappingProxyType(
    {column.key: column for column in COLUMNS}
)


def folded(header: str) -> str:
    """Return a header as it is compared: no case, no punctuation, no extra space."""
    return " ".join(
        "".join(one if one.isalnum() else " " for one in header.casefold()).split()
    )


# Columns that a file of refused rows has besides, so that it can be sent as it is.
NOT_READ: Final = ("Row of the file", "What is wrong")
by_header: Final[Mapping[str, Column]] = MappingProxyType(
    {folded(column.header): column for column in COLUMNS}
)
