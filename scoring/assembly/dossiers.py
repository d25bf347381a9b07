"""One group's evidence, every row with its class, and what a reader's part amounts to."""

import datetime
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from scoring.assembly import rows
from scoring.assembly.rows import Wanted
from scoring.engine import Claim, GroupFacts, JudgementFact, Level

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
    """All rows read of one group: by themselves they say nothing about a reader."""

    group: GroupRow
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
        return GroupFacts(
            group_id=self.group.id,
            at=day,
            claims=tuple(claim for class_id, claim in self.claims if class_id in seen),
            judgements=tuple(
                JudgementFact(
                    fact.judgement_id,
                    fact.attribute,
                    fact.level,
                    fact.on,
                    tuple(cites.get(fact.judgement_id, ())),
                )
                for class_id, fact in self.judgements
                if class_id in seen
            ),
        )

    def threat(self, seen: Collection[int]) -> int | None:
        """Return the predominant threat type: of those seen, the one entered last."""
        visible = [row for row in self.threats if row.class_id in seen]
        return max(visible, key=lambda row: row.id).threat_type_id if visible else None

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
) -> dict[int, Dossier]:
    """Return the dossier of each group, by id. Seven queries, however many groups.

    Groups that are absent, hidden or merged into another are left out.
    """
    wanted = Wanted(group_ids, day, classes)
    found = {row[0]: Dossier(GroupRow(*row)) for row in rows.read(rows.GROUPS, wanted)}
    if not found:
        return {}
    _fill(found, rows.read(rows.THREATS, wanted), _add_threat)
    _fill(found, rows.read(rows.MEMBERSHIPS, wanted), _add_members)
    _fill(found, rows.read(rows.CLAIMS, wanted), _add_claim)
    _fill(found, rows.read(rows.JUDGEMENTS, wanted), _add_judgement)
    _fill(found, rows.read(rows.CITATIONS, wanted), _add_citation)
    _fill(found, rows.read(rows.DECISIONS, wanted), _add_decision)
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
    wanted = Wanted(group_ids, day, classes)
    found = {row[0]: Dossier(GroupRow(*row)) for row in rows.read(rows.GROUPS, wanted)}
    if found:
        _fill(found, rows.read(rows.THREATS, wanted), _add_threat)
        _fill(found, rows.read(rows.CLAIMS, wanted), _add_claim)
        _fill(found, rows.read(rows.JUDGEMENTS, wanted), _add_judgement)
    return found


class _Add(Protocol):
    def __call__(self, dossier: Dossier, class_id: int, /, *values: Any) -> None: ...


def _fill(found: dict[int, Dossier], read: Iterable[rows.Row], add: _Add) -> None:
    for group_id, class_id, *values in read:
        dossier = found.get(group_id)
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
