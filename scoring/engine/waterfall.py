"""What moved a score between two moments: causes whose parts add up to the change.

The evidence of the first moment is turned into that of the second, one cause after the
other in one fixed order: records are merged into the group or split off it; the day
moves on and reports leave the window (ageing); what is new is added; grades change; what was withdrawn, or said otherwise before, is taken
away; judgements change; the scheme changes. Each cause bears what the value moves by in
its turn, so another order may share the change out otherwise. A report that repeats what
a judgement or another report holds already bears nothing.

What the two scores differ by beyond that comes from labels, from evidence that the
reader may not see, or from evidence not counted yet: one part of its own. It is the
difference of two scores and of rows that the reader sees all of, so it tells nothing
that these do not.

Memberships and activities of a group are no input of any scheme: today their parts can
only be nought, so there are none.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
from typing import Final

from scoring.engine.attributes import Level
from scoring.engine.combine import total
from scoring.engine.facts import Claim, GroupFacts
from scoring.engine.policy import Scheme
from scoring.engine.reading import AttributeReading, Reading, read


class Cause(StrEnum):
    """Why a value moved, in the order in which the causes take their turn."""

    MERGE = "merge"
    AGEING = "ageing"
    NEW = "new"
    REGRADE = "regrade"
    WITHDRAWAL = "withdrawal"
    JUDGEMENT = "judgement"
    SCHEME = "scheme"
    REST = "rest"


_IN_TURN: Final = tuple(cause for cause in Cause if cause is not Cause.REST)


@dataclass(frozen=True, slots=True)
class Shown:
    """A score as it was shown, and the evidence of that moment that the reader sees.

    `regrouped` is that evidence where other records are merged into the group: those of
    the moment that this one is compared with. None: the same ones.
    """

    scheme: Scheme
    reading: Reading
    facts: GroupFacts
    regrouped: GroupFacts | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One attribute that a cause moved: levels, points, and by what.

    Of the rest only the points are known.
    """

    attribute: str
    change: int
    before: Level | None = None
    after: Level | None = None
    judgement_id: int | None = None
    report_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """What one cause moved the value by, from where it stood when its turn came.

    `band` is the band after it; None where the scheme has none, or where the rest
    leaves open what the band was in between.
    """

    cause: Cause
    change: int
    value: int
    band: str | None
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Waterfall:
    """The values of two moments, and every cause in its turn; the parts add up."""

    before: int
    after: int
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class _State:
    """What the engine makes of one state of the evidence."""

    scheme: Scheme
    reading: Reading
    points: dict[str, int]

    @classmethod
    def of(cls, scheme: Scheme, reading: Reading) -> "_State":
        factors = total(reading, scheme).factors()
        return cls(scheme, reading, {one.attribute: one.points for one in factors})

    @property
    def value(self) -> int:
        return sum(self.points.values())

    @property
    def band(self) -> str | None:
        return total(self.reading, self.scheme).band

    def entries(self) -> dict[str, AttributeReading]:
        return {entry.attribute: entry for entry in self.reading.entries}

    def says_the_same(self, reading: Reading) -> bool:
        mine = [entry.level for entry in self.reading.entries]
        return mine == [entry.level for entry in reading.entries]


def waterfall(before: Shown, after: Shown) -> Waterfall:
    """Return what each cause moved the value by; causes that moved nothing as well."""
    states = [
        _State.of(scheme, read(facts, scheme))
        for facts, scheme in _turns(before, after)
    ]
    shown = _State.of(before.scheme, before.reading)
    shown_after = _State.of(after.scheme, after.reading)
    is_whole = states[0].says_the_same(before.reading)
    is_whole = is_whole and states[-1].says_the_same(after.reading)
    value, parts = shown.value, []
    turns = zip(_IN_TURN, pairwise(states), strict=True)
    for cause, (former, state) in turns:
        steps = tuple(_steps(cause, former, state))
        change = sum(step.change for step in steps)
        value += change
        parts.append(
            Part(cause, change, value, state.band if is_whole else None, steps)
        )
    rest = tuple(_rest((shown, states[0]), (shown_after, states[-1])))
    change = sum(step.change for step in rest)
    band = shown_after.band
    parts.append(Part(Cause.REST, change, value + change, band, rest))
    return Waterfall(shown.value, shown_after.value, tuple(parts))


def _turns(before: Shown, after: Shown) -> Iterator[tuple[GroupFacts, Scheme]]:
    """Yield evidence and scheme of the first moment, and after each cause in turn."""
    facts, scheme = before.facts, before.scheme
    yield facts, scheme
    facts = before.regrouped or facts
    yield facts, scheme
    facts = replace(facts, at=after.facts.at)
    yield facts, scheme
    old, new = _standing(facts), _standing(after.facts)
    facts = replace(facts, claims=tuple((new | old).values()))
    yield facts, scheme
    facts = replace(facts, claims=tuple((old | new).values()))
    yield facts, scheme
    facts = replace(facts, claims=after.facts.claims)
    yield facts, scheme
    yield after.facts, scheme
    yield after.facts, after.scheme


def _standing(facts: GroupFacts) -> dict[tuple[object, ...], Claim]:
    """Return the claims by what they say; grades may change while that is the same."""
    standing = [one for one in facts.claims if not one.withdrawn]
    standing.sort(key=lambda one: (one.source_grade, one.assessment_grade))
    return {(one.report_id, one.attribute, one.level, one.on): one for one in standing}


def _steps(cause: Cause, before: _State, after: _State) -> Iterator[Step]:
    """Yield the attributes whose points differ, in the order of the tables."""
    former, now = before.entries(), after.entries()
    for key in {**now, **former}:
        change = after.points.get(key, 0) - before.points.get(key, 0)
        if change:
            was, is_now = former.get(key), now.get(key)
            yield Step(
                attribute=key,
                change=change,
                before=was.level if was else None,
                after=is_now.level if is_now else None,
                judgement_id=is_now.evidence.judgement_id
                if is_now and cause is Cause.JUDGEMENT
                else None,
                report_ids=_reports(cause, was, is_now),
            )


def _reports(
    cause: Cause, was: AttributeReading | None, now: AttributeReading | None
) -> tuple[int, ...]:
    """Return the reports through which a cause moved an attribute."""
    if was is None or now is None or cause is Cause.SCHEME:
        return ()
    if cause is Cause.JUDGEMENT:
        return now.evidence.report_ids
    came = set(now.evidence.report_ids) - set(was.evidence.report_ids)
    went = set(was.evidence.report_ids) - set(now.evidence.report_ids)
    if cause is Cause.REGRADE:
        # Better graded, the ones that came lift it; worse, those that went let it fall.
        return tuple(sorted(came or went))
    named = came if cause is Cause.NEW else went
    return tuple(sorted(named or came or went))


def _rest(
    before: tuple[_State, _State], after: tuple[_State, _State]
) -> Iterator[Step]:
    """Yield what the shown scores differ by beyond what their evidence does."""
    (shown, rebuilt), (shown_after, rebuilt_after) = before, after
    keys = {**shown.points, **rebuilt.points}
    keys |= {**shown_after.points, **rebuilt_after.points}
    for key in keys:
        change = (
            shown_after.points.get(key, 0)
            - rebuilt_after.points.get(key, 0)
            - shown.points.get(key, 0)
            + rebuilt.points.get(key, 0)
        )
        if change:
            yield Step(key, change)
