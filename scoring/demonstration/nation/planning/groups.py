"""The groups of a step: who owns them, what they do, who may see them, since when."""

import datetime
from collections.abc import Mapping
from typing import Any, Final

from scoring.demonstration.nation.planning import labels, phrases, words
from scoring.demonstration.nation.planning.country import NATION
from scoring.demonstration.nation.planning.levels import fill_levels
from scoring.demonstration.nation.planning.spread import at, even
from scoring.demonstration.nation.planning.tables import (
    GROUP,
    GROUP_ALIAS,
    GROUP_LINK,
    THREAT,
)
from scoring.demonstration.nation.planning.work import (
    Group,
    Work,
    analyst,
    audiences,
    supervisor,
)

THREATS: Final[Mapping[str, float]] = {
    "illegal-drugs": 0.635,
    "money-laundering": 0.08,
    "fraud-and-other-economic-crime": 0.08,
    "organised-acquisitive-crime": 0.08,
    "modern-slavery-and-human-trafficking": 0.04,
    "organised-immigration-crime": 0.03,
    "illegal-firearms": 0.025,
    "child-sexual-exploitation-and-abuse": 0.015,
    "cyber-crime": 0.012,
    "bribery-corruption-and-sanctions": 0.003,
}
MULTI_CRIME: Final = 0.48
OVERDUE: Final = 0.20
_SECOND_THREATS: Final = (
    "money-laundering",
    "illegal-firearms",
    "illegal-drugs",
    "organised-acquisitive-crime",
    "fraud-and-other-economic-crime",
    "modern-slavery-and-human-trafficking",
)
_SHARING: Final[Mapping[str, float]] = {
    "force": 0.72,
    "region": 0.165,
    "all_forces": 0.10,
    "organisation": 0.015,
}
_STATES: Final[Mapping[str, float]] = {
    "mapped": 0.92,
    "submitted": 0.03,
    "returned": 0.02,
    "draft": 0.03,
}
_STATUSES: Final[Mapping[str, float]] = {
    "active": 0.88,
    "dormant": 0.08,
    "archived": 0.04,
}
_KINDS: Final[Mapping[str, float]] = {
    "crime_group": 0.84,
    "county_line": 0.07,
    "street_gang": 0.06,
    "priority_individual": 0.03,
}
_RANKS: Final = ("DS", "DI", "DI", "DCI")
# A few groups are so sensitive that only holders of a compartment know of them.
_IN_COMPARTMENT: Final = 0.004


def plan_group(work: Work, index: int, owner: str) -> Group:
    """Plan one group with its threats and other names; return it."""
    chance = work.chance
    region = work.country.regions.get(owner, "")
    created = _created(work)
    since = created - datetime.timedelta(days=chance.randint(0, 5 * 365))
    state = at(_STATES, even(work.seed, "state", index))
    group = Group(
        index=index,
        place=len(work.rows.tables[GROUP]),
        owner=owner,
        region=region,
        home=work.home_of(owner),
        label=_label(work, index, owner, region),
        created=created,
        since=since.replace(day=1),
        threats=_threats(work, index),
        severity=chance.random() ** 1.7,
        is_mapped=state == "mapped",
        has_closed_evidence=chance.hits(0.08),
    )
    fill_levels(work, group)
    work.rows.add(GROUP, _row(work, group, state))
    _plan_threats(work, group)
    if chance.hits(0.4):
        work.rows.add(
            GROUP_ALIAS,
            (
                *work.base(owner, group.label, created),
                *work.fact(owner),
                group.place,
                words.operation_at(index),
                "operation",
            ),
        )
    work.groups.append(group)
    return group


def plan_links(work: Work) -> None:
    """Link some groups of the step: those of one owner, or seen by the same people."""
    for place, a in enumerate(work.groups):
        for b in work.groups[place + 1 :]:
            is_near = a.owner == b.owner or (
                a.label == b.label and a.region == b.region
            )
            if not is_near or not work.chance.hits(0.25):
                continue
            kind = work.chance.choice(list(phrases.GROUP_LINKS))
            day = max(a.created, b.created)
            work.rows.add(
                GROUP_LINK,
                (
                    *work.base(a.owner, labels.join(a.label, b.label), day),
                    *work.fact(a.owner, phrases.GROUP_LINKS[kind]),
                    a.place,
                    b.place,
                    kind,
                    kind == "supply",
                ),
            )


def _created(work: Work) -> datetime.date:
    """Return the day on which the record was made: half stood when history begins."""
    begins = work.begins
    if work.chance.hits(0.55):
        return work.chance.day_between(begins, begins + datetime.timedelta(days=60))
    return work.chance.day_between(begins, work.day - datetime.timedelta(days=30))


def _label(work: Work, index: int, owner: str, region: str) -> str:
    options = audiences(owner, region, is_nation=owner == NATION)
    wanted = at(_SHARING, even(work.seed, "sharing", index))
    label = options.get(wanted) or options.get("force") or options["all_forces"]
    if work.chance.hits(_IN_COMPARTMENT):
        return labels.join(label, labels.CORRUPTION)
    return label


def _threats(work: Work, index: int) -> tuple[str, ...]:
    chief = at(THREATS, even(work.seed, "threat", index))
    if even(work.seed, "crimes", index) >= MULTI_CRIME:
        return (chief,)
    others = [code for code in _SECOND_THREATS if code != chief]
    count = 2 if work.chance.hits(0.25) else 1
    return (chief, *work.chance.sample(others, count))


def _row(work: Work, group: Group, state: str) -> tuple[Any, ...]:
    chance = work.chance
    chief = group.threats[0]
    status = at(_STATUSES, even(work.seed, "activity", group.index))
    summary = chance.choice(phrases.SUMMARY[chief]).format(where=work.where(group))
    return (
        *work.base(group.owner, group.label, group.created, analyst(group.owner)),
        *work.top("G", _review_on(work, group)),
        f"{group.owner[:12].upper()}/OCG/{group.index + 1:06}",
        chance.pick(_KINDS) if chief == "illegal-drugs" else "crime_group",
        f"{words.group_name_at(group.index)} group",
        summary,
        state,
        status if group.is_mapped else "active",
        _tier(work, group),
        _lead(work) if chance.hits(0.7) else "",
        "yes" if chance.hits(0.95) else "unknown",
        chance.pick({"yes": 0.8, "unknown": 0.17, "no": 0.03}),
        *_submission(work, group, state),
    )


def _submission(work: Work, group: Group, state: str) -> tuple[Any, ...]:
    """Return when and by whom a record that waits was submitted; most were lately."""
    if state != "submitted":
        return (None, None)
    waits = int(60 * even(work.seed, "submitted", group.index) ** 2)
    day = max(group.created, work.yesterday - datetime.timedelta(days=waits))
    return (f"{day.isoformat()} 15:20:00+00", analyst(group.owner))


def _review_on(work: Work, group: Group) -> datetime.date:
    """Return the day of review; so many have let theirs pass."""
    if even(work.seed, "review", group.index) < OVERDUE:
        first = max(group.created, work.day - datetime.timedelta(days=200))
        return work.chance.day_between(first, work.yesterday)
    return work.day + datetime.timedelta(days=work.chance.randint(0, 365))


def _tier(work: Work, group: Group) -> str:
    if group.owner == NATION:
        return "national"
    if group.owner == group.region:
        return "regional"
    place = group.severity + work.chance.uniform(-0.2, 0.2)
    if place > 0.85:
        return "national" if work.chance.hits(0.3) else "regional"
    if place > 0.6:
        return "regional"
    return "none" if place < 0.03 else "force"


def _lead(work: Work) -> str:
    chance = work.chance
    initial = chance.choice("ABCDEFGHJKLMNPRSTW")
    surname = words.surname_at(chance.randrange(words.SURNAMES))
    return f"{chance.choice(_RANKS)} {initial}. {surname}"


def _plan_threats(work: Work, group: Group) -> None:
    for place, threat in enumerate(group.threats):
        work.rows.add(
            THREAT,
            (
                *work.base(
                    group.owner, group.label, group.created, supervisor(group.owner)
                ),
                *work.fact(group.owner, since=group.since),
                group.place,
                threat,
                place == 0,
            ),
        )
