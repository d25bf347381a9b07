"""Facts and levels for Hypothesis: few attributes and dates, so that they collide."""

from datetime import date, timedelta

from hypothesis import settings
from hypothesis import strategies as st

from scoring.engine import (
    OCGM16_LOCAL,
    SCHEMES,
    Claim,
    GroupFacts,
    JudgementFact,
    Level,
)

AT = date(2026, 5, 31)
KNOWN = (Level.NIL, Level.LOW, Level.MEDIUM, Level.HIGH)
SOME_ATTRIBUTES = (
    "multiple_enterprises",
    "infiltration",
    "violence",
    "drug_activity",
    "cohesion",
)

# No deadline: on a busy machine it tells of the machine, not of the engine.
quick = settings(max_examples=40, deadline=None)

schemes = st.sampled_from(SCHEMES)
known_levels = st.sampled_from(KNOWN)
levels = st.sampled_from(list(Level))
report_dates = st.integers(-30, 800).map(lambda days: AT - timedelta(days=days))

claims = st.builds(
    Claim,
    report_id=st.integers(1, 12),
    attribute=st.sampled_from(SOME_ATTRIBUTES),
    level=levels,
    source_grade=st.integers(1, 3),
    assessment_grade=st.sampled_from("ABCDE"),
    on=report_dates,
    withdrawn=st.booleans(),
)
judgements = st.builds(
    JudgementFact,
    judgement_id=st.integers(1, 1000),
    attribute=st.sampled_from(SOME_ATTRIBUTES),
    level=levels,
    on=report_dates,
    cites=st.lists(st.integers(1, 12), max_size=3).map(tuple),
)
facts = st.builds(
    GroupFacts,
    group_id=st.just(1),
    at=st.just(AT),
    claims=st.lists(claims, max_size=12).map(tuple),
    judgements=st.lists(
        judgements, max_size=3, unique_by=lambda judgement: judgement.judgement_id
    ).map(tuple),
)
facts_without_judgements = facts.map(
    lambda given: GroupFacts(given.group_id, given.at, given.claims)
)


@st.composite
def scheme_and_levels(draw, values=levels):
    """Draw a scheme and a level for each of its attributes."""
    scheme = draw(schemes)
    keys = scheme.attribute_keys()
    drawn = draw(st.lists(values, min_size=len(keys), max_size=len(keys)))
    return scheme, dict(zip(keys, drawn, strict=True))


def gravity(band: str) -> tuple[int, int]:
    """Return how grave each part of a band is, greater meaning graver."""
    number, letter = (axis.cuts for axis in OCGM16_LOCAL.axes)
    codes = [cut.code for cut in number], [cut.code for cut in letter]
    return -codes[0].index(band[0]), -codes[1].index(band[1])
