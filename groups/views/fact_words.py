"""What a fact says, for the pages about this one fact. No query in here."""

from collections.abc import Iterator
from typing import Any

from groups.models import (
    Activity,
    CrimeGroup,
    GroupAlias,
    GroupLink,
    GroupThreat,
    IdentifierUse,
    Involvement,
    Membership,
    Nominal,
    NominalAlias,
    PersonLink,
)
from groups.views.cards import Row, group_cell, period, person_cell, row
from ocgmap.common.records import ProtectedRecord

Parent = CrimeGroup | Nominal
# What the words of a fact are read from beside its own row.
_RELATED: dict[type[Any], tuple[str, ...]] = {
    Activity: ("threat_type", "offence"),
    GroupLink: ("a", "b"),
    GroupThreat: ("threat_type",),
    IdentifierUse: ("identifier",),
    Involvement: ("nominal",),
    Membership: ("nominal",),
    PersonLink: ("a", "b"),
}


def with_words(rows: Any) -> Any:
    """Return the facts with all that their words are read from."""
    related = _RELATED.get(rows.model)
    return rows.select_related(*related) if related else rows


def named_by(fact: Any, parent: Parent) -> Iterator[ProtectedRecord]:
    """Yield the records that the words of a fact name beside its parent."""
    match fact:
        case IdentifierUse():
            yield fact.identifier
        case Involvement() | Membership():
            yield fact.nominal
        case GroupLink() | PersonLink():
            yield _other_end(fact, parent)


def name_of(fact: Any, parent: Parent) -> str:
    """Return what a fact about a record is known by."""
    match fact:
        case Activity() | GroupThreat():
            return str(fact.threat_type.name)
        case GroupAlias():
            return fact.name
        case NominalAlias():
            return f"{fact.given_names} {fact.surname}".strip()
        case IdentifierUse():
            return f"{fact.identifier.get_kind_display()} {fact.identifier.value}"
        case GroupLink():
            return str(_other_end(fact, parent).name)
        case PersonLink():
            return str(_other_end(fact, parent).display_name)
    return str(fact.nominal.display_name)


def rows_of(fact: Any, parent: Parent) -> list[Row]:
    """Return a fact as a summary: about whom, what, when and on what basis."""
    return [
        _linked("About", parent),
        *_what(fact, parent),
        row("When", period(fact)),
        row("Basis", fact.get_basis_display()),
        row("Why it is recorded", fact.rationale),
    ]


def _what(fact: Any, parent: Parent) -> Iterator[Row]:
    name = name_of(fact, parent)
    match fact:
        case Activity():
            yield row("Activity", name)
            yield row("Offence", str(fact.offence) if fact.offence else "")
            yield row("How they do it", fact.modus)
        case GroupThreat():
            yield row("Threat", f"{name}, predominant" if fact.is_predominant else name)
        case GroupAlias() | NominalAlias():
            yield row("Name", name)
            yield row("Sort", fact.get_kind_display())
        case IdentifierUse():
            yield row("Identifier", name)
        case GroupLink() | PersonLink():
            yield _linked("Linked to", _other_end(fact, parent))
            yield row("Link", fact.get_kind_display())
        case Membership():
            yield _linked("Member", fact.nominal)
            yield row("Standing", fact.get_standing_display())
        case Involvement():
            yield _linked("Person", fact.nominal)
            yield row("Involvement", fact.get_kind_display())


def _linked(key: str, record: Parent) -> Row:
    if isinstance(record, CrimeGroup):
        return row(key, group_cell(record))
    return row(key, person_cell(record))


def _other_end(link: GroupLink | PersonLink, parent: Parent) -> Any:
    return link.b if link.a_id == parent.pk else link.a
