"""The tables that the nation fills, in the order in which rows may be written."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final


class Kind(StrEnum):
    """What the value of a column stands for until it is loaded.

    Any other word is the name of a table: the value is the place of one of its rows
    in the same step.
    """

    PLAIN = ""
    ORGANISATION = "organisation"
    LABEL = "label"
    USER = "user"
    THREAT = "threat"
    OFFENCE = "offence"
    SCHEME = "scheme"
    RETURN = "return"


@dataclass(frozen=True, slots=True)
class Table:
    """A table, its columns but for id and version, and what each one stands for."""

    name: str
    columns: tuple[tuple[str, str], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the columns."""
        return tuple(name for name, _ in self.columns)


def _columns(text: str) -> tuple[tuple[str, str], ...]:
    pairs = (word.partition("=") for word in text.split())
    return tuple((name, kind) for name, _, kind in pairs)


_BASE: Final = (
    "public_id owner_id=organisation access_class_id=label created_at "
    "created_by_id=user "
)
_FACT: Final = "basis asserted_by_id=organisation rationale from_on to_on precision "
_TOP: Final = "retention_class review_on legal_hold reference "

GROUP: Final = "groups_crimegroup"
GROUP_ALIAS: Final = "groups_groupalias"
THREAT: Final = "groups_groupthreat"
NOMINAL: Final = "groups_nominal"
NOMINAL_ALIAS: Final = "groups_nominalalias"
MEMBERSHIP: Final = "groups_membership"
INVOLVEMENT: Final = "groups_involvement"
IDENTIFIER: Final = "groups_identifier"
USE: Final = "groups_identifieruse"
ACTIVITY: Final = "groups_activity"
PLACE: Final = "groups_activityplace"
QUANTITY: Final = "groups_activityquantity"
PERSON_LINK: Final = "groups_personlink"
GROUP_LINK: Final = "groups_grouplink"
RETURN: Final = "intelligence_return"
REPORT: Final = "intelligence_report"
ORIGINAL: Final = "intelligence_reportoriginal"
MENTION: Final = "intelligence_mention"
CLAIM: Final = "intelligence_attributeclaim"
JUDGEMENT: Final = "scoring_judgement"
CITATION: Final = "scoring_judgementcitation"
DECISION: Final = "scoring_banddecision"

_TEXTS: Final[tuple[tuple[str, str], ...]] = (
    (
        GROUP,
        _BASE + _TOP + "owner_reference kind name summary record_state "
        "activity_status tier lead_officer s45_test soc_test submitted_at "
        "submitted_by_id=user",
    ),
    (GROUP_ALIAS, _BASE + _FACT + f"group_id={GROUP} name kind"),
    (THREAT, _BASE + _FACT + f"group_id={GROUP} threat_type_id=threat is_predominant"),
    (
        NOMINAL,
        _BASE + _TOP + "given_names surname is_identified designation born_from "
        "born_to born_precision gender",
    ),
    (NOMINAL_ALIAS, _BASE + _FACT + f"nominal_id={NOMINAL} given_names surname kind"),
    (
        MEMBERSHIP,
        _BASE + _FACT + f"group_id={GROUP} nominal_id={NOMINAL} standing dpa_category",
    ),
    (
        INVOLVEMENT,
        _BASE + _FACT + f"group_id={GROUP} nominal_id={NOMINAL} kind dpa_category "
        "review_on",
    ),
    (IDENTIFIER, _BASE + _TOP + "kind value normalised"),
    (
        USE,
        _BASE + _FACT + f"identifier_id={IDENTIFIER} nominal_id={NOMINAL} "
        f"group_id={GROUP}",
    ),
    (
        ACTIVITY,
        _BASE + _FACT + f"group_id={GROUP} threat_type_id=threat offence_id=offence "
        "modus",
    ),
    (
        PLACE,
        _BASE + f"activity_id={ACTIVITY} role area_id=organisation outcode country",
    ),
    (
        QUANTITY,
        _BASE + f"activity_id={ACTIVITY} commodity amount low high unit currency",
    ),
    (PERSON_LINK, _BASE + _FACT + f"a_id={NOMINAL} b_id={NOMINAL} kind is_directed"),
    (GROUP_LINK, _BASE + _FACT + f"a_id={GROUP} b_id={GROUP} kind is_directed"),
    (
        RETURN,
        _BASE + "channel from_on to_on due_on is_nil file_digest counts received_at",
    ),
    (
        REPORT,
        _BASE + _TOP + "owner_reference returned_in_id=return text event_from event_to "
        "event_precision received_on source_grade assessment_grade handling "
        "handling_condition legacy_grade converted_by_id=user state state_reason "
        f"supersedes_id={REPORT} idempotency_key idempotency_credential body_digest",
    ),
    (ORIGINAL, _BASE + f"report_id={REPORT} text sha256"),
    (MENTION, _BASE + f"report_id={REPORT} group_id={GROUP} nominal_id={NOMINAL}"),
    (CLAIM, _BASE + f"report_id={REPORT} group_id={GROUP} attribute level"),
    (
        JUDGEMENT,
        _BASE + f"group_id={GROUP} attribute level rationale decided_at "
        f"supersedes_id={JUDGEMENT}",
    ),
    (CITATION, _BASE + f"judgement_id={JUDGEMENT} report_id={REPORT}"),
    (
        DECISION,
        _BASE + f"group_id={GROUP} scheme_version_id=scheme band computed_band reason "
        "decided_at expires_on approved_by_id=user",
    ),
)
TABLES: Final[Mapping[str, Table]] = MappingProxyType(
    {name: Table(name, _columns(text)) for name, text in _TEXTS}
)


@dataclass(slots=True)
class Rows:
    """The rows of one step by table, each a tuple in the order of its columns."""

    tables: dict[str, list[tuple[Any, ...]]] = field(
        default_factory=lambda: {name: [] for name in TABLES}
    )

    def add(self, table: str, values: tuple[Any, ...]) -> int:
        """Add a row; return its place, by which other rows point at it."""
        rows = self.tables[table]
        rows.append(values)
        return len(rows) - 1

    def column(self, table: str, name: str) -> list[Any]:
        """Return one column of a table, row by row."""
        place = TABLES[table].names.index(name)
        return [row[place] for row in self.tables[table]]

    def labels(self) -> set[str]:
        """Return every label that stands on a row."""
        found: set[str] = set()
        for name in TABLES:
            found.update(self.column(name, "access_class_id"))
        return found

    def digest(self) -> str:
        """Return a SHA-256 hex digest of all rows in order."""
        made = hashlib.sha256()
        for name, rows in self.tables.items():
            made.update(f"{name}\n".encode())
            made.update(json.dumps(rows, default=str).encode())
        return made.hexdigest()


def base(
    public_id: str, owner: str, label: str, moment: str, author: str | None = None
) -> Sequence[Any]:
    """Return the values of the columns that every row begins with."""
    return (public_id, owner, label, moment, author)
