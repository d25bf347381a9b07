"""What the engine is told about a group: ids, levels and dates, never names or ages.

Names stay out so that disposal of a person's record never has to touch stored
facts; ages stay out so that the same facts stay the same facts tomorrow.
"""

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from scoring.engine.attributes import Level


@dataclass(frozen=True, slots=True)
class Claim:
    """One report's statement that an attribute stands at a level.

    `on` is the report's date; grades are the 3x5x2 codes, 1-3 and A-E.
    """

    report_id: int
    attribute: str
    level: Level
    source_grade: int
    assessment_grade: str
    on: date
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class JudgementFact:
    """A person's decision on an attribute's level, citing reports by id."""

    judgement_id: int
    attribute: str
    level: Level
    on: date
    cites: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """All that is known of one group by one reader, to be read as at one day.

    Order carries no meaning. Where several judgements on one attribute are
    handed in, the newest one not later than `at` is the current one; so a
    reader who may not see the newest gets the newest that they may see.
    """

    group_id: int
    at: date
    claims: tuple[Claim, ...] = ()
    judgements: tuple[JudgementFact, ...] = ()


def own_first(
    judgements: Iterable[JudgementFact], brought: Collection[int], day: date
) -> tuple[JudgementFact, ...]:
    """Return the judgements without those of merged groups that must stand back.

    ``brought`` holds the ids of judgements on groups that were merged into this one.
    Such a judgement was about the other group alone, so it counts only where this group
    has none of its own on the attribute by ``day``.
    """
    held = tuple(judgements)
    own = {
        one.attribute
        for one in held
        if one.judgement_id not in brought and one.on <= day
    }
    return tuple(
        one
        for one in held
        if one.judgement_id not in brought or one.attribute not in own
    )


def facts_digest(facts: GroupFacts) -> str:
    """Return a SHA-256 hex digest of the facts, whatever their order or `at`.

    It covers everything handed in, used or not. Whether a stored assessment is
    still right is told by the digest of the reading, which only what the scheme
    used can move.
    """
    claims = sorted(
        {
            (
                claim.report_id,
                claim.attribute,
                str(claim.level),
                claim.source_grade,
                claim.assessment_grade,
                claim.on.isoformat(),
                claim.withdrawn,
            )
            for claim in facts.claims
        }
    )
    judgements = sorted(
        {
            (
                judgement.judgement_id,
                judgement.attribute,
                str(judgement.level),
                judgement.on.isoformat(),
                tuple(sorted(set(judgement.cites))),
            )
            for judgement in facts.judgements
        }
    )
    return canonical_digest(["facts/1", facts.group_id, claims, judgements])


def canonical_digest(content: object) -> str:
    """Return the SHA-256 hex digest of content as compact JSON with sorted keys."""
    text = json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    return hashlib.sha256(text.encode()).hexdigest()
