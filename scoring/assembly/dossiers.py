"""One group's evidence, every row with its class, and what a reader's part amounts to."""

import datetime
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from scoring.assembly import rows
from scoring.assembly.rows import Wanted
from scoring.engine import Claim, GroupFacts, JudgementFact, Level, own_first

CLAIM_LEVELS = {str(level): level for level in Level}


class GroupRow(NamedTuple):
    """What the group's own row gives every line of it."""

    id: int
    class_id: int
    owner_id: int
    tier: str
    record_state: str
    activity_status: str
    review_on: datetime.date | None


class Threat(NamedTuple):
    """An open predominant threat; the one entered last leads."""

    class_id: int
    id: int
    threat_type_id: int


class Members(NamedTuple):
    """How many open memberships carry one class, and how many of principals."""

    class_id: int
    memberships: int
    principals: int


class Citation(NamedTuple):
    """That a judgement cites a report."""

    class_id: int
    judgement_id: int
    report_id: int


class Decision(NamedTuple):
    """A confirmed band that has not expired."""

    class_id: int
    id: int
    scheme_version_id: int
    band: str
    decided_at: datetime.datetime
    expires_on: datetime.date | None


class Classed(Protocol):
    """Any row that carries a class."""

    @property
    def class_id(self) -> int:
        """Return the id of the row's access class."""


@dataclass(slots=True)
class Dossier:
    """All rows read of one group: by themselves they say nothing about a reader.

    The ids of threats and judgements that were recorded on a group merged into this one
    are kept beside: its own come first.
    """

    group: GroupRow
    brought_threats: set[int] = field(default_factory=set)
    brought_judgements: set[int] = field(default_factory=set)
    threats: list[Threat] = field(default_factory=list)
    members: list[Members] = field(default_factory=list)
    claims: list[tuple[int, Claim]] = field(default_factory=list)
    judgements: list[tuple[int, JudgementFact]] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)

    def classes(self) -> set[int]:
        """Return the classes of all rows, the group's own among them."""
        found = {self.group.class_id}
        found.update(class_id for class_id, _ in self.claims)
        found.update(class_id for class_id, _ in self.judgements)
        found.update(row.class_id for row in self._other_rows())
        return found

    def facts(self, seen: Collection[int], day: datetime.date) -> GroupFacts:
        """Return what the engine is told for a reader of the classes ``seen``."""
        cites: dict[int, list[int]] = {}
        for row in self.citations:
            if row.class_id in seen:
                cites.setdefault(row.judgement_id, []).append(row.report_id)
        judged = [
            JudgementFact(
                fact.judgement_id,
                fact.attribute,
                fact.level,
                fact.on,
                tuple(cites.get(fact.judgement_id, ())),
            )
            for class_id, fact in self.judgements
            if class_id in seen
        ]
        return GroupFacts(
            group_id=self.group.id,
            at=day,
            claims=tuple(claim for class_id, claim in self.claims if class_id in seen),
            judgements=own_first(judged, self.brought_judgements, day),
        )

    def threat(self, seen: Collection[int]) -> int | None:
        """Return the predominant threat type: of those seen, the one entered last.

        One of a merged group only where there is none of its own.
        """
        visible = [row for row in self.threats if row.class_id in seen]
        own = [row for row in visible if row.id not in self.brought_threats]
        newest = max(own or visible, key=lambda row: row.id, default=None)
        return newest.threat_type_id if newest else None

    def confirmed(self, seen: Collection[int], scheme_version_id: int) -> str:
        """Return the band that was confirmed last under a scheme; '' if none was."""
        visible = [
            row
            for row in self.decisions
            if row.class_id in seen and row.scheme_version_id == scheme_version_id
        ]
        if not visible:
            return ""
        return max(visible, key=lambda row: (row.decided_at, row.id)).band

    def _other_rows(self) -> Iterator[Classed]:
        yield from self.threats
        yield from self.members
        yield from self.citations
        yield from self.decisions


def dossiers_for(
    group_ids: Sequence[int],
    *,
    day: datetime.date,
    classes: Sequence[int] | None = None,
    merged: Mapping[int, int] | None = None,
) -> dict[int, Dossier]:
    """Return the dossier of each group, by id. Seven queries, however many groups.

    What was recorded on a group that is merged into one of these is in the dossier of the
    survivor, but for decisions on its band: those were about it alone. ``merged`` says
    which group has which survivor, where it is not as it stands now.

    Groups that are absent, hidden or merged into another are left out.
    """
    found, parts = _begun(Wanted(group_ids, day, classes), merged)
    if found:
        wanted = Wanted([*found, *parts], day, classes)
        _fill_evidence(found, parts, wanted)
        _fill(found, parts, rows.read(rows.MEMBERSHIPS, wanted), _add_members)
        _fill(found, parts, rows.read(rows.CITATIONS, wanted), _add_citation)
        own = Wanted([*found], day, classes)
        _fill(found, {}, rows.read(rows.DECISIONS, own), _add_decision)
    return found


def evidence_for(
    group_ids: Sequence[int],
    *,
    day: datetime.date,
    classes: Sequence[int] | None = None,
) -> dict[int, Dossier]:
    """Return the same with what bands rest on alone, and the threats. Four queries.

    Members, citations and decisions are left out: no band is made of them.
    """
    found, parts = _begun(Wanted(group_ids, day, classes))
    if found:
        _fill_evidence(found, parts, Wanted([*found, *parts], day, classes))
    return found


def _begun(
    wanted: Wanted, merged: Mapping[int, int] | None = None
) -> tuple[dict[int, Dossier], dict[int, int]]:
    """Return an empty dossier of each group, and which others are merged into which."""
    read = rows.read(rows.GROUPS, wanted)
    if merged is None:
        merged = {pk: into for into, pk, *_ in read if into is not None}
    asked = {*wanted.groups} - merged.keys()
    found = {row[0]: Dossier(GroupRow(*row)) for _, *row in read if row[0] in asked}
    return found, {pk: into for pk, into in merged.items() if into in found}


def _fill_evidence(
    found: dict[int, Dossier], parts: Mapping[int, int], wanted: Wanted
) -> None:
    threats = rows.read(rows.THREATS, wanted)
    judgements = rows.read(rows.JUDGEMENTS, wanted)
    _fill(found, parts, threats, _add_threat)
    _fill(found, parts, rows.read(rows.CLAIMS, wanted), _add_claim)
    _fill(found, parts, judgements, _add_judgement)
    for group_id, _, pk, *_ in threats:
        if group_id in parts:
            found[parts[group_id]].brought_threats.add(pk)
    for group_id, _, pk, *_ in judgements:
        if group_id in parts:
            found[parts[group_id]].brought_judgements.add(pk)


class _Add(Protocol):
    def __call__(self, dossier: Dossier, class_id: int, /, *values: Any) -> None: ...


def _fill(
    found: dict[int, Dossier],
    parts: Mapping[int, int],
    read: Iterable[rows.Row],
    add: _Add,
) -> None:
    for group_id, class_id, *values in read:
        dossier = found.get(parts.get(group_id, group_id))
        if dossier is not None:
            add(dossier, class_id, *values)


def _add_threat(dossier: Dossier, class_id: int, /, *values: Any) -> None:
    dossier.threats.append(Threat(class_id, *values))


def _add_members(dossier: Dossier, class_id: int, /, *values: Any) -> None:
    dossier.members.append(Members(class_id, *values))


def _add_claim(dossier: Dossier, class_id: int, /, *values: Any) -> None:
    report_id, attribute, level, source, assessment, on = values
    claim = Claim(report_id, attribute, CLAIM_LEVELS[level], source, assessment, on)
    dossier.claims.append((class_id, claim))


def _add_judgement(dossier: Dossier, class_id: int, /, *values: Any) -> None:
    judgement_id, attribute, level, on = values
    fact = JudgementFact(judgement_id, attribute, CLAIM_LEVELS[level], on)
    dossier.judgements.append((class_id, fact))


def _add_citation(dossier: Dossier, class_id: int, /, *values: Any) -> None:
    dossier.citations.append(Citation(class_id, *values))


def _add_decision(dossier: Dossier, class_id: int, /, *values: Any) -> None:
    dossier.decisions.append(Decision(class_id, *values))
