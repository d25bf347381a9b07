"""The floor under evidence that a reader chooses: how low the score is on that alone."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from scoring.engine.attributes import KNOWN_ASCENDING, RANK
from scoring.engine.combine import total
from scoring.engine.facts import Claim, GroupFacts
from scoring.engine.policy import EvidenceRule, Scheme
from scoring.engine.reading import claims_in_window, read, window_opens_on
from scoring.engine.results import Result

ANY_GRADE: Final = EvidenceRule(worst_source=3, assessments=frozenset("ABCDE"))


@dataclass(frozen=True, slots=True)
class EvidenceFilter:
    """Which claims a floor counts, beyond what the scheme asks; judgements stand.

    `months` narrows to reports of so many calendar months. With `reports` above one a
    level counts only as far as so many reports reach it: one report of high and one of
    low are two that reach low.
    """

    grades: EvidenceRule = ANY_GRADE
    months: int | None = None
    reports: int = 1

    def narrow(self, facts: GroupFacts, scheme: Scheme) -> GroupFacts:
        """Return the facts with those claims only that the filter lets count."""
        kept = tuple(self._admitted(facts, scheme))
        if self.reports > 1:
            kept = tuple(self._carried(kept))
        return replace(facts, claims=kept)

    def _admitted(self, facts: GroupFacts, scheme: Scheme) -> Iterator[Claim]:
        for claim in claims_in_window(facts, scheme, self.grades):
            if self.months is None or claim.on >= window_opens_on(
                facts.at, self.months
            ):
                yield claim

    def _carried(self, claims: tuple[Claim, ...]) -> Iterator[Claim]:
        """Yield the claims, each lowered to the level that enough reports reach."""
        ranks: dict[str, dict[int, int]] = {}
        for claim in claims:
            held = ranks.setdefault(claim.attribute, {})
            rank = RANK[claim.level]
            held[claim.report_id] = max(held.get(claim.report_id, rank), rank)
        for claim in claims:
            reached = sorted(ranks[claim.attribute].values(), reverse=True)
            if len(reached) >= self.reports:
                rank = min(RANK[claim.level], reached[self.reports - 1])
                yield replace(claim, level=KNOWN_ASCENDING[rank])


def score_under(facts: GroupFacts, scheme: Scheme, chosen: EvidenceFilter) -> Result:
    """Return the score on the chosen evidence alone; its lower end is the floor."""
    return total(read(chosen.narrow(facts, scheme), scheme), scheme)
