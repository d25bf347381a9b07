"""How what was found about a person is shown: named, linked, with what was decided."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.urls import reverse

from groups.models import (
    CrimeGroup,
    Identifier,
    Involvement,
    Membership,
    Nominal,
)
from groups.views.cards import period
from groups.views.people import born_of
from intelligence.models import Report, SubjectFinding, SubjectRequest
from intelligence.subject_rights import (
    DECISIONS,
    GROUNDS,
    STATES,
    Decision,
    Ground,
    State,
)
from intelligence.views.cells import Cell, excerpt
from ocgmap.common.templatetags.govuk import uk_date

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "nominal": "People",
        "identifier": "Identifiers",
        "membership": "Memberships",
        "involvement": "Other involvements",
        "report": "Reports",
        "group": "Groups whose summary names them",
    }
)
STATE_COLOURS: Mapping[State, str] = MappingProxyType(
    {
        State.OPEN: "yellow",
        State.ANSWERED: "green",
        State.IN_PART: "orange",
        State.REFUSED: "red",
        State.WITHDRAWN: "grey",
    }
)
DECISION_COLOURS: Mapping[Decision, str] = MappingProxyType(
    {Decision.UNDECIDED: "yellow", Decision.REFUSE: "red", Decision.NOT_THEIRS: "grey"}
)
# The word of the pages of retention for each sort that has them.
RETAINED = {Nominal: "people", Identifier: "identifiers", Report: "reports"}


def named(record: Any) -> str:
    """Return in a line what a record is. The parts of facts must be loaded."""
    match record:
        case Nominal():
            born = uk_date(born_of(record))
            told = f", born {born}" if born else ""
            return f"{record.display_name} ({record.reference}){told}"
        case Identifier():
            return f"{record.get_kind_display()}: {record.value} ({record.reference})"
        case Membership():
            who, group = record.nominal, record.group
            return (
                f"{who.display_name} ({who.reference}), member of {group.name} "
                f"({group.reference}), {period(record).lower()}"
            )
        case Involvement():
            who, group = record.nominal, record.group
            return (
                f"{who.display_name} ({who.reference}), "
                f"{record.get_kind_display().lower()} of {group.name} "
                f"({group.reference}), {period(record).lower()}"
            )
        case Report():
            return f"{record.reference}: {excerpt(record)}"
        case CrimeGroup():
            return f"{record.name} ({record.reference})"
        case _:
            raise TypeError(record)


def page_of_record(record: Any) -> str:
    """Return the page on which a record stands; empty for an identifier."""
    match record:
        case Nominal():
            return reverse("groups:person", args=[record.public_id])
        case Report():
            return reverse("intelligence:report", args=[record.public_id])
        case CrimeGroup():
            return reverse("groups:detail", args=[record.public_id])
        case Membership() | Involvement():
            return reverse("groups:people", args=[record.group.public_id])
        case _:
            return ""


def record_cell(record: Any) -> Cell:
    """Return a record as a cell, linked to its page where it has one."""
    url = page_of_record(record)
    return {"text": named(record), **({"url": url} if url else {})}


def state_cell(request: SubjectRequest) -> Cell:
    """Return where a request stands as a tag."""
    state = State(request.state)
    return {"tag": {"text": STATES[state], "colour": STATE_COLOURS[state]}}


def decision_cell(finding: SubjectFinding) -> Cell:
    """Return what was decided as a tag."""
    one = Decision(finding.decision)
    return {
        "tag": {"text": DECISIONS[one], "colour": DECISION_COLOURS.get(one, "green")}
    }


def why_lines(finding: SubjectFinding) -> list[str]:
    """Return the grounds, the reason, and whether the letter is silent."""
    lines = [GROUNDS[Ground(one)] for one in finding.grounds]
    if finding.is_neutral:
        lines.append("Neither confirmed nor denied")
    return [*lines, finding.reason] if finding.reason else lines


def next_steps(finding: SubjectFinding, record: Any) -> list[Cell]:
    """Return the links that make a decision true."""
    person = record if isinstance(record, Nominal) else getattr(record, "nominal", None)
    match Decision(finding.decision):
        case Decision.RECTIFY if page_of_record(record):
            return [_link("Open it to correct it", page_of_record(record), record)]
        case Decision.RESTRICT if person is not None:
            url = reverse("intelligence:restriction", args=[person.public_id])
            return [_link("Restrict the person’s record", url, record)]
        case Decision.ERASE if type(record) in RETAINED:
            here = [RETAINED[type(record)], record.public_id]
            url = reverse("intelligence:retention", args=here)
            return [_link("Propose its disposal", url, record)]
        case _:
            return []


def _link(text: str, url: str, record: Any) -> Cell:
    return {"text": text, "url": url, "hidden": getattr(record, "reference", "")}
