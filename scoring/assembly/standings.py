"""What a group stands at for readers of one label: the content of a picture line."""

import datetime
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from scoring.assembly.dossiers import Dossier
from scoring.assembly.versions import SchemeInUse
from scoring.engine import Result, read, total
from scoring.engine.reading import leaves_window_on, window_opens_on

# A group whose evidence carries more labels than this is scored at read instead:
# merging labels would let hidden rows move visible figures.
MOST_LABELS = 64


class Standing(NamedTuple):
    """All that a picture line tells beside its group, label and scheme.

    `facts_digest` stands for the assessment: the same digest is the same score.
    """

    owner_id: int
    rank: int
    predominant_threat_id: int | None
    computed_band: str
    confirmed_band: str
    tier: str
    record_state: str
    activity_status: str
    memberships: int
    principals: int
    unknown_count: int
    attribute_count: int
    unjudged_count: int
    review_due_on: datetime.date | None
    facts_digest: str


def stand(
    dossier: Dossier,
    seen: Collection[int],
    rank: int,
    schemes: Iterable[SchemeInUse],
    day: datetime.date,
) -> Iterator[tuple[SchemeInUse, Standing, Result]]:
    """Yield, for each scheme, the standing and score for readers of ``seen``."""
    group = dossier.group
    facts = dossier.facts(seen, day)
    threat = dossier.threat(seen)
    members = [row for row in dossier.members if row.class_id in seen]
    memberships = sum(row.memberships for row in members)
    principals = sum(row.principals for row in members)
    for in_use in schemes:
        result = total(read(facts, in_use.scheme), in_use.scheme)
        standing = Standing(
            owner_id=group.owner_id,
            rank=rank,
            predominant_threat_id=threat,
            computed_band=result.band or "",
            confirmed_band=dossier.confirmed(seen, in_use.id),
            tier=group.tier,
            record_state=group.record_state,
            activity_status=group.activity_status,
            memberships=memberships,
            principals=principals,
            unknown_count=result.unknown_count,
            attribute_count=result.attribute_count,
            unjudged_count=result.unjudged_count,
            review_due_on=group.review_on,
            facts_digest=result.reading.digest(),
        )
        yield in_use, standing, result


def next_change_on(
    dossier: Dossier, schemes: Iterable[SchemeInUse], day: datetime.date
) -> datetime.date | None:
    """Return a day by which the group must be rescored; None if time changes nothing.

    Never later than the first day on which any reader's line differs: when the oldest
    claim leaves its window, a dated fact begins to count, or a decision expires.
    """
    return min(_turning_days(dossier, schemes, day), default=None)


def _turning_days(
    dossier: Dossier, schemes: Iterable[SchemeInUse], day: datetime.date
) -> Iterator[datetime.date]:
    dates = [claim.on for _, claim in dossier.claims]
    for months in {in_use.scheme.window_months for in_use in schemes}:
        opens_on = window_opens_on(day, months)
        held = [on for on in dates if opens_on <= on <= day]
        if held:
            yield leaves_window_on(min(held), months)
    yield from (on for on in dates if on > day)
    yield from (fact.on for _, fact in dossier.judgements if fact.on > day)
    yield from (row.expires_on for row in dossier.decisions if row.expires_on)
