"""What people decided on the groups of a step: levels of attributes, and bands."""

import datetime
from typing import Final

from scoring.demonstration.nation.planning import labels, phrases
from scoring.demonstration.nation.planning.country import NATION
from scoring.demonstration.nation.planning.levels import ATTRIBUTES
from scoring.demonstration.nation.planning.tables import CITATION, DECISION, JUDGEMENT
from scoring.demonstration.nation.planning.work import (
    Group,
    Judged,
    Reported,
    Work,
    analyst,
    audiences,
    supervisor,
)
from scoring.engine import (
    INSUFFICIENT,
    PRIMARY,
    Claim,
    GroupFacts,
    JudgementFact,
    Level,
    read,
    total,
)

_JUDGED: Final = 0.32
_JUDGED_AGAIN: Final = 0.12
_CONFIRMED: Final = 0.8
_OTHER_BAND: Final = 0.12
_BANDS: Final = PRIMARY.bands()


def plan_judgements(work: Work, group: Group) -> None:
    """Plan judgements: on all levels that no report carries, and on some of the rest."""
    claimed = {
        claim.attribute
        for claim in group.claims
        if claim.report.counts and claim.label == group.label
    }
    for key in ATTRIBUTES:
        level = group.levels.get(key)
        if level is None:
            continue
        if key not in claimed or work.chance.hits(_JUDGED):
            _judge(work, group, key, level)


def plan_band(work: Work, group: Group) -> None:
    """Plan the confirmation of a mapped group's band, as the engine had computed it."""
    if not group.is_mapped or not work.chance.hits(_CONFIRMED):
        return
    first = group.created + datetime.timedelta(days=30)
    # Decisions are renewed, so that most of those in force are recent.
    day = max(work.chance.day_between(first, work.yesterday) for _ in range(4))
    label, computed = _computed(work, group, day)
    if not computed or computed == INSUFFICIENT:
        return
    band, why = computed, work.chance.choice(phrases.WHY_BAND)
    if work.chance.hits(_OTHER_BAND):
        place = _BANDS.index(computed) + work.chance.choice((-1, 1))
        band = _BANDS[min(max(place, 0), len(_BANDS) - 1)]
        why = phrases.WHY_OTHER_BAND
    expires = None
    if work.chance.hits(0.5) or band != computed:
        expires = day + datetime.timedelta(days=work.chance.choice((180, 365)))
    # London is an arrangement without a lead: there the owner decides.
    has_lead = group.region in work.country.weights
    decider = supervisor(group.region if has_lead else group.owner)
    approver = None
    if band != computed:
        # Proposed by the owner and approved by the lead, where these are two.
        is_two = decider != supervisor(group.owner)
        decider, approver = supervisor(group.owner), decider if is_two else None
    work.rows.add(
        DECISION,
        (
            *work.base(group.owner, label, day, decider),
            group.place,
            PRIMARY.key,
            band,
            computed,
            why,
            f"{day.isoformat()} 14:00:00+00",
            expires,
            approver,
        ),
    )


def _judge(work: Work, group: Group, key: str, level: str) -> None:
    """Plan a judgement that cites what it rests on, now and then after an earlier one."""
    cited = [
        claim.report
        for claim in group.claims
        if claim.attribute == key and claim.report.counts and claim.label == group.label
    ][:2]
    earlier = None
    after = max([group.created, *(report.received for report in cited)])
    if work.chance.hits(_JUDGED_AGAIN):
        first = work.chance.choice(("nil", "low", "unknown"))
        day = work.chance.day_between(group.created, after)
        earlier = _write(work, group, key, first, day=day)
        after = max(after, day + datetime.timedelta(days=1))
    day = work.chance.day_between(after, work.yesterday)
    _write(work, group, key, level, day=day, cited=tuple(cited), earlier=earlier)


def _write(
    work: Work,
    group: Group,
    key: str,
    level: str,
    *,
    day: datetime.date,
    cited: tuple[Reported, ...] = (),
    earlier: int | None = None,
) -> int:
    """Add a judgement with its citations; return the place of its row."""
    decider = analyst(group.owner)
    base = work.base(group.owner, group.label, day, decider)
    why = phrases.WHY_NIL if level == "nil" else work.chance.choice(phrases.WHY_JUDGED)
    place = work.rows.add(
        JUDGEMENT,
        (*base, group.place, key, level, why, base[3], earlier),
    )
    for report in cited:
        work.rows.add(
            CITATION,
            (*work.base(group.owner, group.label, day), place, report.place),
        )
    cites = tuple(report.place for report in cited)
    group.judged.append(Judged(place, group.label, key, level, day, cites))
    return place


def _computed(work: Work, group: Group, day: datetime.date) -> tuple[str, str]:
    """Return the label and the band of the score that the decider saw on ``day``."""
    options = audiences(group.owner, group.region, is_nation=group.owner == NATION)
    if group.region in work.country.weights and group.region != group.owner:
        del options["organisation"]
    held = frozenset(options.values())
    if not labels.is_seen(group.label, held):
        return "", ""
    label = group.label
    claims = []
    for claim in group.claims:
        report = claim.report
        is_there = report.counts and report.received <= day
        if is_there and labels.is_seen(claim.label, held):
            label = labels.join(label, claim.label)
            claims.append(
                Claim(
                    report.place,
                    claim.attribute,
                    Level(claim.level),
                    report.source,
                    report.assessment,
                    report.received,
                )
            )
    judged = tuple(
        JudgementFact(
            one.place, one.attribute, Level(one.level), one.decided, one.cites
        )
        for one in group.judged
        if one.decided <= day
    )
    facts = GroupFacts(group.index, day, tuple(claims), judged)
    return label, total(read(facts, PRIMARY), PRIMARY).band or ""
