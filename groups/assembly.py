"""From rows to a chart: the links round a group or a person that a viewer may see.

Neighbours come from links that the viewer sees, never from records that they see: who
may not learn of a link does not learn of it from its two ends.
"""

import datetime
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Q

from accounts.visibility import Viewer
from groups.models import (
    CrimeGroup,
    GroupLink,
    Identifier,
    IdentifierUse,
    Involvement,
    Membership,
    Nominal,
    PersonLink,
)
from groups.models.participation import SAFEGUARDED
from groups.network.chart import (
    Chart,
    Link,
    LinkKind,
    Node,
    NodeKind,
    chart_of,
    with_steps,
)
from groups.permissions import may_be_child
from ocgmap.common.records import Fact, ProtectedRecord

# Of one sort of link, round one ring of nodes. Whoever asks for more is told so.
MOST_LINKS: Final = 2_000
RESTRICTED: Final = "Processing restricted"


@dataclass(frozen=True, slots=True)
class Source:
    """A table of links: its two ends, by field and model, and the sort of link."""

    kind: LinkKind
    model: Any
    ends: tuple[tuple[str, type[Any]], tuple[str, type[Any]]]


SOURCES: Final = (
    Source(LinkKind.MEMBER, Membership, (("nominal", Nominal), ("group", CrimeGroup))),
    Source(
        LinkKind.INVOLVED, Involvement, (("nominal", Nominal), ("group", CrimeGroup))
    ),
    Source(LinkKind.PEOPLE, PersonLink, (("a", Nominal), ("b", Nominal))),
    Source(
        LinkKind.USES, IdentifierUse, (("nominal", Nominal), ("identifier", Identifier))
    ),
    Source(
        LinkKind.USES,
        IdentifierUse,
        (("group", CrimeGroup), ("identifier", Identifier)),
    ),
    Source(LinkKind.GROUPS, GroupLink, (("a", CrimeGroup), ("b", CrimeGroup))),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """How much of a network is asked for.

    ``steps`` from the centre, the day on which a link must hold (None: whenever), the
    sorts of links that are left out, and the ids of nodes whose own links are added.
    """

    steps: int = 1
    at: datetime.date | None = None
    without: frozenset[LinkKind] = frozenset()
    expanded: frozenset[str] = frozenset()


@dataclass(slots=True)
class Network:
    """A chart and, by key, the rows it is made of; ``is_cut`` when there are more."""

    chart: Chart
    records: dict[str, ProtectedRecord]
    is_cut: bool = False


@dataclass(slots=True)
class _Gathered:
    """What was found so far: records and facts by key.

    `reached` are the keys of the records all of whose links were asked for.
    """

    viewer: Viewer
    asked: Asked
    records: dict[str, ProtectedRecord] = field(default_factory=dict)
    reached: set[str] = field(default_factory=set)
    facts: dict[str, tuple[Source, Fact]] = field(default_factory=dict)
    is_cut: bool = False
    # The records that were merged into the group in the centre, by id: they are it.
    survivors: dict[int, CrimeGroup] = field(default_factory=dict)

    def end_of(self, row: Fact, name: str) -> ProtectedRecord:
        """Return the record at an end of a link; for a merged one, its survivor."""
        end: ProtectedRecord = getattr(row, name)
        if isinstance(end, CrimeGroup):
            return self.survivors.get(end.pk, end)
        return end

    def take(self, source: Source, rows: Iterable[Fact]) -> list[ProtectedRecord]:
        """Keep the links with their ends; return the ends that are new."""
        new = []
        for row in rows:
            ends = [self.end_of(row, name) for name, _ in source.ends]
            if ends[0] == ends[1]:
                continue
            self.facts[str(row.public_id)] = source, row
            for end in ends:
                if str(end.public_id) not in self.records:
                    self.records[str(end.public_id)] = end
                    new.append(end)
        return new

    def sources(self) -> Iterator[Source]:
        """Return the tables that are asked for."""
        return (one for one in SOURCES if one.kind not in self.asked.without)


def network_of(viewer: Viewer, centre: CrimeGroup | Nominal, asked: Asked) -> Network:
    """Return the network round a visible record: its rings, and all links among them.

    What was recorded on a group that was merged into the centre is the centre's. At most
    six queries a ring, and eight more.
    """
    found = _Gathered(viewer, asked)
    if isinstance(centre, CrimeGroup):
        merged = CrimeGroup.objects.visible_to(viewer).filter(merged_into=centre)
        found.survivors = dict.fromkeys(merged.values_list("pk", flat=True), centre)
    found.records[str(centre.public_id)] = centre
    ring: list[ProtectedRecord] = [centre]
    for _ in range(asked.steps):
        ring = _reached(found, ring)
    chosen = [found.records[key] for key in asked.expanded if key in found.records]
    if chosen:
        _reached(found, chosen)
    _close(found)
    nodes = {key: _node(one) for key, one in found.records.items()}
    links = [_link(found, source, row) for source, row in found.facts.values()]
    chart = chart_of(nodes[str(centre.public_id)], nodes.values(), links)
    records = found.records | {key: row for key, (_, row) in found.facts.items()}
    noted = chart.noted(_notes(viewer, found.records.values()))
    return Network(with_steps(noted), records, found.is_cut)


def _reached(
    found: _Gathered, ring: Collection[ProtectedRecord]
) -> list[ProtectedRecord]:
    """Take the links of a ring, and return the nodes beyond it."""
    new = []
    found.reached |= {str(one.public_id) for one in ring}
    for source in found.sources():
        touching = Q()
        for name, model in source.ends:
            ids = [one.pk for one in ring if isinstance(one, model)]
            if model is CrimeGroup and {*found.survivors.values()} & {*ring}:
                ids += found.survivors
            if ids:
                touching |= Q(**{f"{name}__in": ids})
        if touching:
            new += found.take(source, _rows(found, source, touching))
    return new


def _close(found: _Gathered) -> None:
    """Take the links among the outermost nodes; those of the others are there."""
    outer = [one for key, one in found.records.items() if key not in found.reached]
    for source in found.sources():
        ends = {
            f"{name}__in": [one.pk for one in outer if isinstance(one, model)]
            for name, model in source.ends
        }
        if all(ends.values()):
            found.take(source, _rows(found, source, Q(**ends)))


def _rows(found: _Gathered, source: Source, which: Q) -> list[Fact]:
    """Return visible links between visible ends."""
    rows = source.model.objects.visible_to(found.viewer).filter(which)
    for name, model in source.ends:
        seen = model.objects.visible_to(found.viewer).values("pk")
        rows = rows.filter(**{f"{name}__in": seen})
    if found.asked.at:
        rows = rows.filter(
            Q(from_on__isnull=True) | Q(from_on__lte=found.asked.at),
            Q(to_on__isnull=True) | Q(to_on__gte=found.asked.at),
        )
    names = [name for name, _ in source.ends]
    taken = list(
        rows.select_related("asserted_by", *names).order_by("pk")[: MOST_LINKS + 1]
    )
    found.is_cut |= len(taken) > MOST_LINKS
    return taken[:MOST_LINKS]


def _node(record: Any) -> Node:
    key = str(record.public_id)
    match record:
        case CrimeGroup():
            return Node(key, NodeKind.GROUP, record.name, record.reference)
        case Nominal():
            note = "Under 18" if may_be_child(record) else ""
            note = RESTRICTED if record.restriction_ground else note
            name = record.display_name
            return Node(key, NodeKind.PERSON, name, record.reference, note)
        case _:
            what = record.get_kind_display()
            return Node(key, NodeKind.IDENTIFIER, record.value, what)


def _notes(viewer: Viewer, people: Iterable[ProtectedRecord]) -> dict[str, str]:
    """Return the note of everyone harmed, also by a group or link that is not shown."""
    ids = [one.pk for one in people if isinstance(one, Nominal)]
    harmed = Involvement.objects.visible_to(viewer).filter(
        nominal__in=ids, kind__in=SAFEGUARDED, to_on__isnull=True
    )
    keys = harmed.values_list("nominal__public_id", flat=True)
    restricted = {
        str(one.public_id)
        for one in people
        if isinstance(one, Nominal) and one.restriction_ground
    }
    return {
        str(key): f"Victim or exploited; {RESTRICTED.lower()}"
        if str(key) in restricted
        else "Victim or exploited"
        for key in keys
    }


def _link(found: _Gathered, source: Source, row: Any) -> Link:
    first, second = (found.end_of(row, name) for name, _ in source.ends)
    return Link(
        key=str(row.public_id),
        kind=source.kind,
        a=str(first.public_id),
        b=str(second.public_id),
        says=_says(source.kind, row),
        basis=row.get_basis_display(),
        source=row.asserted_by.short_name,
        from_on=row.from_on,
        to_on=row.to_on,
        precision=row.precision,
        is_directed=getattr(row, "is_directed", False),
    )


def _says(kind: LinkKind, row: Any) -> str:
    """Return what a link says, in words."""
    if kind is LinkKind.MEMBER:
        return f"Member: {row.get_standing_display().lower()}"
    if kind is LinkKind.USES:
        return f"Uses {row.identifier.get_kind_display().lower()}"
    return str(row.get_kind_display())
