"""How long each retention class is kept before somebody decides, and on what grounds. Pure.

The one table of the policy: every line says where it is from and how sure that is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from groups.review_policy import last_day

VERSION: Final = "1"
_RECALLED = "Recalled; the present APP may differ: confirm."


@dataclass(frozen=True, slots=True)
class Line:
    """What holds for one retention class.

    `clear_years` may pass with nothing new before the record is looked at; a review that
    keeps it sets the next one within `review_years`.
    """

    clear_years: int
    review_years: int
    rule: str
    source: str
    confidence: str


_MOPI = "Guidance on the Management of Police Information (2006), review groups"
LINES: Final[Mapping[str, Line]] = MappingProxyType(
    {
        "1": Line(
            10, 10, "Until the person is 100, reviewed all 10 years", _MOPI, _RECALLED
        ),
        "2": Line(10, 10, "Reviewed after 10 clear years", _MOPI, _RECALLED),
        "3": Line(6, 6, "Reviewed after 6 clear years", _MOPI, _RECALLED),
        "4": Line(
            6,
            6,
            "6 years, or as the product asks",
            "The same; the minimum of six years: Hansard, 19 June 2006",
            "The minimum is published; that it fits all of this class is recalled.",
        ),
    }
)


class Ground(StrEnum):
    """Why a record is kept; each an answer of the reviewer.

    Source: National Retention Assessment Criteria of the same guidance, as recalled.
    Its questions on substance misuse and state of mind are left out: this system holds
    nothing on anyone's health.
    """

    SERIOUS_HARM = "serious_harm"
    VULNERABLE = "vulnerable"
    TRUST = "trust"
    LINKS = "links"
    CLEAR_PERIOD = "clear_period"
    PROCEEDINGS = "proceedings"


GROUNDS: Final[Mapping[Ground, str]] = MappingProxyType(
    {
        Ground.SERIOUS_HARM: "There is evidence of a capacity to inflict serious harm",
        Ground.VULNERABLE: "There are concerns for children or vulnerable people",
        Ground.TRUST: "The behaviour involved a breach of trust",
        Ground.LINKS: "There are established links or associations that raise the risk",
        Ground.CLEAR_PERIOD: "The clear period of its class has not passed",
        Ground.PROCEEDINGS: "It is needed for proceedings, or to review a decision",
    }
)


class DisposalReason(StrEnum):
    """Why a record is disposed of; all that the certificate says of the why."""

    NOT_NEEDED = "not_needed"
    WRONG = "wrong"
    UNLAWFUL = "unlawful"
    REQUEST = "request"


DISPOSAL_REASONS: Final[Mapping[DisposalReason, str]] = MappingProxyType(
    {
        DisposalReason.NOT_NEEDED: "No longer necessary for a policing purpose",
        DisposalReason.WRONG: "Wrong, and cannot be put right",
        DisposalReason.UNLAWFUL: "Should never have been held",
        DisposalReason.REQUEST: "The person asked for erasure, and it was granted",
    }
)


def latest_review(retention_class: str, today: date) -> date:
    """Return the last day on which the next review of a record that is kept may be."""
    return last_day(today, LINES[retention_class].review_years * 12)


def recorded_before(retention_class: str, today: date) -> date:
    """Return the day before which a record was made that is due with no day set."""
    return last_day(today, -LINES[retention_class].clear_years * 12)


def falls_due(retention_class: str, recorded_on: date) -> date:
    """Return when a record falls due for which nobody set a day."""
    return last_day(recorded_on, LINES[retention_class].clear_years * 12)
