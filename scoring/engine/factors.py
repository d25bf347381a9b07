"""What one attribute is worth in a scheme, and the sentence that says why."""

from typing import Final, NamedTuple

from scoring.engine.attributes import CATALOGUE, RANK, Level
from scoring.engine.policy import Factor, Scheme
from scoring.engine.reading import NO_EVIDENCE, AttributeReading

_LEVEL_WORDS: Final = {
    Level.HIGH: "high",
    Level.MEDIUM: "medium",
    Level.LOW: "low",
    Level.NIL: "nil",
    Level.UNKNOWN: "not known",
}


class Worth(NamedTuple):
    """Points of one level: the value counted, and the least and most it may be."""

    points: int
    low: int
    high: int
    is_unknown: bool = False


def worth(factor: Factor, level: Level, scheme: Scheme) -> Worth:
    """Return the points of a level under the scheme.

    A known level is worth just its points. An unknown one counts as the scheme
    says, and may be anything from the least to the most of the known levels.
    """
    known = {at: factor.weight * points for at, points in scheme.multipliers.items()}
    if level in RANK:
        return Worth(known[level], known[level], known[level])
    least, most = min(known.values()), max(known.values())
    return Worth(known[scheme.unknown_as], least, most, is_unknown=True)


def reason(factor: Factor, entry: AttributeReading, scheme: Scheme) -> str:
    """Return what an officer reads beside the points: meaning, sum and grounds."""
    attribute = CATALOGUE[factor.attribute]
    return " ".join(
        (
            f"{attribute.title}: {_LEVEL_WORDS[entry.level]}.",
            f"Asks {attribute.meaning[0].lower()}{attribute.meaning[1:]}",
            _sum(factor, entry.level, scheme),
            _grounds(entry),
        )
    )


def _sum(factor: Factor, level: Level, scheme: Scheme) -> str:
    found = worth(factor, level, scheme)
    if level == Level.UNKNOWN:
        counted = _LEVEL_WORDS[scheme.unknown_as]
        return (
            f"Counted as {counted}: {_product(factor, scheme.unknown_as, scheme)}; "
            f"the truth may be worth {found.low} to {found.high}."
        )
    return f"{_product(factor, level, scheme)}."


def _product(factor: Factor, level: Level, scheme: Scheme) -> str:
    multiplier = scheme.multipliers[level]
    points = _counted(factor.weight * multiplier, "point")
    if factor.weight == 1:
        return points
    return f"{factor.weight} × {multiplier} = {points}"


def _grounds(entry: AttributeReading) -> str:
    reports = _counted(len(entry.evidence.report_ids), "report")
    if entry.unjudged:
        return f"Rests on {reports} alone; no person has judged it yet."
    if entry.evidence.judgement_id is not None:
        cited = reports if entry.evidence.report_ids else "no report"
        return f"Judged by a person, citing {cited}."
    if entry.level == Level.UNKNOWN and entry.evidence == NO_EVIDENCE:
        return "No judgement and no usable report says more."
    return "The level was given without evidence."


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
