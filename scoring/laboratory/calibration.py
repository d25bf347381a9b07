"""What many said of a pack: agreement and medians, of ten answers and more."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from django.db import connection

from scoring.agreement import Agreement, agreement_of_counts, median_of
from scoring.agreement.packs import Pack
from scoring.engine import CATALOGUE, Level
from scoring.engine.attributes import KNOWN_ASCENDING

# The function lets nothing out of fewer than ten answers.
_COUNTS = """
select vignette, attribute, level, given, answers from scoring_calibration_counts(%s, %s)
"""


@dataclass(frozen=True, slots=True)
class OnAttribute:
    """How far the answers agree on one attribute; None where too few said a level."""

    attribute: str
    title: str
    agreement: Agreement | None
    unknown_share: float


@dataclass(frozen=True, slots=True)
class PackResults:
    """What is told of a pack: the first so many answers, in whole fives."""

    answers: int
    attributes: list[OnAttribute]
    medians: dict[tuple[str, str], Level | None]


def results_of(pack: Pack) -> PackResults | None:
    """Return what is told of a pack; None below ten answers. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, [pack.key, pack.version])
        rows = cursor.fetchall()
    if not rows:
        return None
    given: Counter[tuple[str, str, str]] = Counter()
    for vignette, attribute, level, count, _ in rows:
        given[vignette, attribute, level] = count
    return PackResults(
        answers=rows[0][-1],
        attributes=[_on(pack, key, given) for key in pack.attributes],
        medians={
            (one.key, key): _median(given, one.key, key)
            for one in pack.vignettes
            for key in pack.attributes
        },
    )


def _on(
    pack: Pack, attribute: str, given: Counter[tuple[str, str, str]]
) -> OnAttribute:
    counts = np.array(
        [_known(given, one.key, attribute) for one in pack.vignettes], dtype=np.int_
    )
    unknown = sum(given[one.key, attribute, Level.UNKNOWN] for one in pack.vignettes)
    return OnAttribute(
        attribute=attribute,
        title=CATALOGUE[attribute].title,
        agreement=agreement_of_counts(counts),
        unknown_share=unknown / (unknown + int(counts.sum())),
    )


def _known(
    given: Counter[tuple[str, str, str]], vignette: str, attribute: str
) -> list[int]:
    return [given[vignette, attribute, level] for level in KNOWN_ASCENDING]


def _median(
    given: Counter[tuple[str, str, str]], vignette: str, attribute: str
) -> Level | None:
    place = median_of(_known(given, vignette, attribute))
    return None if place is None else KNOWN_ASCENDING[place]
