"""What a scheme makes of the facts: one level for each attribute, with its grounds.

The contract, per attribute: (1) the current judgement by a person, if there is
one; else (2) the highest level claimed by a usable report inside the scheme's
window; else unknown. Claims never lower a level: only a judgement does.
"""

import calendar
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from scoring.engine.attributes import RANK, Level
from scoring.engine.facts import Claim, GroupFacts, JudgementFact, canonical_digest
from scoring.engine.policy import EvidenceRule, Scheme


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a level rests on: a judgement and what it cites, or reports, or nothing."""

    judgement_id: int | None = None
    report_ids: tuple[int, ...] = ()


NO_EVIDENCE = Evidence()


@dataclass(frozen=True, slots=True)
class AttributeReading:
    """The level read for one attribute; `unjudged` when it rests on claims alone."""

    attribute: str
    level: Level
    unjudged: bool = False
    evidence: Evidence = NO_EVIDENCE


@dataclass(frozen=True, slots=True)
class Reading:
    """One entry for each attribute of a scheme, in the order of its tables."""

    entries: tuple[AttributeReading, ...]

    def digest(self) -> str:
        """Return a SHA-256 hex digest of all that the scheme used.

        The day of the reading is not in it, nor is a claim that was not used, so
        an unchanged digest under an unchanged scheme means: no new assessment.
        """
        return canonical_digest(["reading/1", self.as_json()])

    def as_json(self) -> list[dict[str, Any]]:
        """Return the entries that hold anything, sorted by attribute, for storage."""
        return [
            {
                "attribute": entry.attribute,
                "level": str(entry.level),
                "unjudged": entry.unjudged,
                "judgement": entry.evidence.judgement_id,
                "reports": list(entry.evidence.report_ids),
            }
            for entry in sorted(self.entries, key=lambda entry: entry.attribute)
            if entry.level != Level.UNKNOWN or entry.evidence != NO_EVIDENCE
        ]


def read(
    facts: GroupFacts, scheme: Scheme, *, only: EvidenceRule | None = None
) -> Reading:
    """Return the levels that the scheme reads from the facts as at `facts.at`.

    `only` narrows the claims further than the scheme does; judgements stand.
    """
    judged = current_judgements(facts)
    claimed = _highest_claims(claims_in_window(facts, scheme, only))
    return Reading(
        tuple(
            _entry(key, judged.get(key), claimed.get(key))
            for key in scheme.attribute_keys()
        )
    )


def reading_of_levels(levels: Mapping[str, Level], scheme: Scheme) -> Reading:
    """Return the reading of levels that come without evidence; missing is unknown."""
    return Reading(
        tuple(
            AttributeReading(key, levels.get(key, Level.UNKNOWN))
            for key in scheme.attribute_keys()
        )
    )


def reading_from_json(content: Iterable[Mapping[str, Any]], scheme: Scheme) -> Reading:
    """Return the reading that `Reading.as_json` stored, attributes of others left out.

    Raises:
        KeyError: a stored entry lacks one of its parts.
        ValueError: a stored level is not one of the five.
    """
    stored = {
        item["attribute"]: AttributeReading(
            attribute=item["attribute"],
            level=Level(item["level"]),
            unjudged=item["unjudged"],
            evidence=Evidence(item["judgement"], tuple(item["reports"])),
        )
        for item in content
    }
    return Reading(
        tuple(
            stored.get(key, AttributeReading(key, Level.UNKNOWN))
            for key in scheme.attribute_keys()
        )
    )


def next_change_on(facts: GroupFacts, scheme: Scheme) -> date | None:
    """Return the first day after `facts.at` on which these facts read differently.

    That is when a claim that a level rests on leaves the window, or when a fact
    dated after `facts.at` begins to count. None when the reading never changes.
    """
    now = read(facts, scheme)
    for day in sorted(set(_turning_days(facts, scheme, now))):
        if read(replace(facts, at=day), scheme) != now:
            return day
    return None


def window_opens_on(at: date, months: int) -> date:
    """Return the first day of a window of calendar months that ends with `at`.

    A day that the earlier month lacks becomes the last day of that month.
    """
    whole = at.year * 12 + at.month - 1 - months
    year, month = divmod(whole, 12)
    if year < date.min.year:
        return date.min
    return date(year, month + 1, min(at.day, calendar.monthrange(year, month + 1)[1]))


def leaves_window_on(on: date, months: int) -> date:
    """Return the first day whose window of so many months no longer holds `on`."""
    year, month = divmod(on.year * 12 + on.month - 1 + months, 12)
    day = date(year, month + 1, min(on.day, calendar.monthrange(year, month + 1)[1]))
    while window_opens_on(day, months) <= on:
        day += timedelta(days=1)
    return day


def current_judgements(facts: GroupFacts) -> dict[str, JudgementFact]:
    """Return the newest judgement of each attribute that is not later than the day."""
    current: dict[str, JudgementFact] = {}
    for judgement in facts.judgements:
        if judgement.on > facts.at:
            continue
        held = current.get(judgement.attribute)
        if held is None or _order(held) < _order(judgement):
            current[judgement.attribute] = judgement
    return current


def _order(judgement: JudgementFact) -> tuple[date, int]:
    return judgement.on, judgement.judgement_id


def claims_in_window(
    facts: GroupFacts, scheme: Scheme, only: EvidenceRule | None = None
) -> Iterator[Claim]:
    """Yield the claims that may hold a level up as at the day of the facts."""
    opens_on = window_opens_on(facts.at, scheme.window_months)
    for claim in facts.claims:
        if (
            opens_on <= claim.on <= facts.at
            and claim.level in RANK
            and scheme.usable.admits(claim)
            and (only is None or only.admits(claim))
        ):
            yield claim


def _highest_claims(claims: Iterable[Claim]) -> dict[str, tuple[Level, set[int]]]:
    highest: dict[str, tuple[Level, set[int]]] = {}
    for claim in claims:
        held = highest.get(claim.attribute)
        if held is None or RANK[claim.level] > RANK[held[0]]:
            highest[claim.attribute] = (Level(claim.level), {claim.report_id})
        elif claim.level == held[0]:
            held[1].add(claim.report_id)
    return highest


def _entry(
    key: str, judged: JudgementFact | None, claimed: tuple[Level, set[int]] | None
) -> AttributeReading:
    if judged is not None:
        cites = tuple(sorted(set(judged.cites)))
        return AttributeReading(
            key, Level(judged.level), evidence=Evidence(judged.judgement_id, cites)
        )
    if claimed is not None:
        level, reports = claimed
        return AttributeReading(
            key, level, unjudged=True, evidence=Evidence(None, tuple(sorted(reports)))
        )
    return AttributeReading(key, Level.UNKNOWN)


def _turning_days(facts: GroupFacts, scheme: Scheme, now: Reading) -> Iterator[date]:
    """Yield every day on which the reading could turn before it has turned once."""
    resting = {entry.attribute: entry for entry in now.entries if entry.unjudged}
    for claim in claims_in_window(facts, scheme):
        entry = resting.get(claim.attribute)
        if entry is not None and claim.level == entry.level:
            yield leaves_window_on(claim.on, scheme.window_months)
    dated: tuple[Claim | JudgementFact, ...] = (*facts.claims, *facts.judgements)
    for fact in dated:
        if fact.on > facts.at:
            yield fact.on
