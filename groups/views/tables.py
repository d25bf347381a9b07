"""Tables of what is known of a group or a person, as the components take them."""

from collections.abc import Collection, Iterable
from typing import Any

from django.urls import reverse
from django.utils.text import Truncator

from groups.models import (
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
from groups.permissions import may_be_child
from groups.views.cards import (
    Cell,
    group_cell,
    period,
    person_cell,
    under,
)
from ocgmap.common.records import Fact

Table = dict[str, Any]
# Kinds whose page for changes is their own.
CHANGED_ELSEWHERE = ("members", "involvements")


def _table(heads: Iterable[str], rows: list[list[Cell]]) -> Table:
    """Return a table; its last column, of actions, only where there is any."""
    has_actions = any(cells[-1] for cells in rows)
    names = [*heads, "Action"] if has_actions else list(heads)
    return {
        "head": [{"text": name} for name in names],
        "rows": rows if has_actions else [cells[: len(names)] for cells in rows],
    }


def _without_empty(table: Table, column: int) -> Table:
    """Return the table without a column in which nothing stands."""
    if any(cells[column].get("tag") for cells in table["rows"]):
        return table
    kept = [place for place in range(len(table["head"])) if place != column]
    return {
        "head": [table["head"][place] for place in kept],
        "rows": [[cells[place] for place in kept] for cells in table["rows"]],
    }


def fact_steps(
    record: CrimeGroup | Nominal,
    kind: str,
    fact: Fact,
    what: str,
    editable: Collection[int],
) -> Cell:
    """Return the links that end, correct and withdraw a fact; ``what`` tells by ear."""
    if fact.pk not in editable:
        return {}
    part = "fact" if isinstance(record, CrimeGroup) else "person_fact"
    steps = ["end"] if fact.to_on is None else []
    steps += ["withdraw"] if kind in CHANGED_ELSEWHERE else ["correct", "withdraw"]
    arguments = [record.public_id, kind, fact.public_id]
    return {
        "links": [
            {
                "text": step.capitalize(),
                "url": reverse(f"groups:{step}_{part}", args=arguments),
                "hidden": what,
            }
            for step in steps
        ]
    }


def _participant(page: str, kind: str, one: Any, editable: Collection[int]) -> Cell:
    """Return the links that change, end and withdraw what someone is in a group."""
    cell = fact_steps(one.group, kind, one, one.nominal.display_name, editable)
    if cell:
        url = reverse(page, args=[one.group.public_id, one.public_id])
        change = {"text": "Change", "url": url, "hidden": one.nominal.display_name}
        cell["links"].insert(0, change)
    return cell


def threats(
    group: CrimeGroup, found: Iterable[GroupThreat], *, editable: Collection[int]
) -> Table:
    """Return the threats that a group poses."""
    rows: list[list[Cell]] = [
        [
            {"text": one.threat_type.name},
            {"tag": {"text": "Predominant", "colour": "purple"}}
            if one.is_predominant and one.to_on is None
            else {"text": ""},
            {"text": f"{one.get_basis_display()}{under(group, one.group)}"},
            {"text": period(one)},
            fact_steps(group, "threats", one, one.threat_type.name, editable),
        ]
        for one in found
    ]
    return _table(["Threat", "Weight", "Basis", "When"], rows)


def aliases(
    group: CrimeGroup, found: Iterable[GroupAlias], *, editable: Collection[int]
) -> Table:
    """Return the other names of a group."""
    rows: list[list[Cell]] = [
        [
            {"text": one.name},
            {"text": f"{one.get_kind_display()}{under(group, one.group)}"},
            {"text": period(one)},
            fact_steps(group, "aliases", one, one.name, editable),
        ]
        for one in found
    ]
    return _table(["Name", "Sort", "When"], rows)


def identifiers(
    record: CrimeGroup | Nominal,
    found: Iterable[IdentifierUse],
    *,
    editable: Collection[int],
) -> Table:
    """Return the identifiers that a group or a person uses."""
    rows: list[list[Cell]] = [
        [
            {"text": use.identifier.get_kind_display()},
            {"text": use.identifier.value},
            {"text": f"{use.get_basis_display()}{_used_under(record, use)}"},
            {"text": period(use)},
            fact_steps(record, "identifiers", use, use.identifier.value, editable),
        ]
        for use in found
    ]
    return _table(["Kind", "Identifier", "Basis", "When"], rows)


def _used_under(record: CrimeGroup | Nominal, use: IdentifierUse) -> str:
    if not isinstance(record, CrimeGroup) or use.group is None:
        return ""
    return under(record, use.group)


def group_links(
    group: CrimeGroup, found: Iterable[GroupLink], *, editable: Collection[int]
) -> Table:
    """Return the links of a group to others."""
    rows: list[list[Cell]] = [
        [
            group_cell(_ends(group, link)[1]),
            {"text": f"{link.get_kind_display()}{under(group, _ends(group, link)[0])}"},
            {"text": period(link)},
            fact_steps(group, "links", link, str(link.get_kind_display()), editable),
        ]
        for link in found
    ]
    return _table(["Group", "Link", "When"], rows)


def _ends(group: CrimeGroup, link: GroupLink) -> tuple[CrimeGroup, CrimeGroup]:
    """Return the end of a link that is the group's, and the other."""
    if group.pk in (link.a_id, link.b_id):
        is_first = link.a_id == group.pk
    else:
        is_first = link.a.merged_into_id == group.pk
    return (link.a, link.b) if is_first else (link.b, link.a)


def members(
    group: CrimeGroup,
    found: Iterable[Membership],
    harmed: Collection[int],
    *,
    editable: Collection[int],
) -> Table:
    """Return the members; ``harmed`` holds ids of those who are victims here as well."""
    rows: list[list[Cell]] = [
        [
            person_cell(one.nominal),
            {"tag": warning}
            if (warning := _warning(one.nominal, harmed))
            else {"text": ""},
            {"text": one.get_standing_display()},
            {"text": one.get_dpa_category_display()},
            {"text": period(one)},
            {"text": f"{_why(one)}{under(group, one.group)}"},
            _participant("groups:edit_member", "members", one, editable),
        ]
        for one in found
    ]
    heads = ["Person", "Take care", "Standing", "Category", "When", "Why"]
    return _without_empty(_table(heads, rows), 1)


def _why(fact: Fact) -> str:
    """Return the basis of a fact and the beginning of its reason."""
    reason = Truncator(fact.rationale).chars(120)
    basis = str(fact.get_basis_display())
    return f"{basis}: {reason}" if reason else basis


def _warning(nominal: Nominal, harmed: Collection[int]) -> dict[str, str] | None:
    if nominal.pk in harmed:
        return {"text": "Victim", "colour": "red"}
    if may_be_child(nominal):
        return {"text": "Under 18", "colour": "orange"}
    return None


def involved(
    group: CrimeGroup, found: Iterable[Involvement], *, editable: Collection[int]
) -> Table:
    """Return people who have to do with a group and are no members."""
    rows: list[list[Cell]] = [
        [
            person_cell(one.nominal),
            {"text": one.get_kind_display()},
            {"tag": {"text": "Under 18", "colour": "orange"}}
            if may_be_child(one.nominal)
            else {"text": ""},
            {"text": one.get_dpa_category_display()},
            {"text": period(one)},
            {"text": f"{_why(one)}{under(group, one.group)}"},
            _participant("groups:edit_involvement", "involvements", one, editable),
        ]
        for one in found
    ]
    heads = ["Person", "Involvement", "Take care", "Category", "When", "Why"]
    return _without_empty(_table(heads, rows), 2)


def person_aliases(
    nominal: Nominal, found: Iterable[NominalAlias], *, editable: Collection[int]
) -> Table:
    """Return the other names of a person."""
    rows: list[list[Cell]] = [
        [
            {"text": _name_of(one)},
            {"text": one.get_kind_display()},
            {"text": period(one)},
            fact_steps(nominal, "aliases", one, _name_of(one), editable),
        ]
        for one in found
    ]
    return _table(["Name", "Sort", "When"], rows)


def _name_of(alias: NominalAlias) -> str:
    return f"{alias.given_names} {alias.surname}".strip()


def person_links(
    nominal: Nominal, found: Iterable[PersonLink], *, editable: Collection[int]
) -> Table:
    """Return the links of a person to others."""
    rows: list[list[Cell]] = [
        [
            person_cell(link.b if link.a_id == nominal.pk else link.a),
            {"text": link.get_kind_display()},
            {"text": link.get_basis_display()},
            {"text": period(link)},
            fact_steps(nominal, "links", link, str(link.get_kind_display()), editable),
        ]
        for link in found
    ]
    return _table(["Person", "Link", "Basis", "When"], rows)
