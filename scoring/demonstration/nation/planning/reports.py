"""Graded reports on the groups of a step: which there are, and what they claim."""

import datetime
from collections.abc import Mapping
from typing import Final

from scoring.demonstration.nation.planning import labels
from scoring.demonstration.nation.planning.country import NATION
from scoring.demonstration.nation.planning.grading import grade, legacy_grade
from scoring.demonstration.nation.planning.levels import ATTRIBUTES, OTHERS
from scoring.demonstration.nation.planning.report_rows import (
    Draft,
    text_of,
    write_report,
)
from scoring.demonstration.nation.planning.work import (
    HISTORY_DAYS,
    Group,
    Person,
    Work,
)

REPORTS_A_GROUP: Final = 20
_LEAST: Final = 4
_WITHDRAWN, _SUPERSEDED = 0.02, 0.03
_LEGACY_FROM_DAYS: Final = 540
_TOO_OLD: Final = 0.02
_WEAKER: Final[Mapping[str, str]] = {"high": "medium", "medium": "low", "low": "low"}


def plan_reports(work: Work) -> None:
    """Plan the reports of all groups of the step; the more, the graver the group."""
    weights = [0.25 + group.severity + work.chance.random() for group in work.groups]
    spare = (REPORTS_A_GROUP - _LEAST) * len(work.groups)
    exact = [spare * weight / sum(weights) for weight in weights]
    numbers = [int(one) for one in exact]
    for place in range(spare - sum(numbers)):
        numbers[place % len(numbers)] += 1
    for group, number in zip(work.groups, numbers, strict=True):
        _plan_for(work, group, _LEAST + number)


def _plan_for(work: Work, group: Group, number: int) -> None:
    """Plan so many reports: first those on which the group's levels rest."""
    slots: list[dict[str, str]] = [{} for _ in range(max(2, number // 2))]
    for key, level in group.levels.items():
        if work.chance.hits(0.35 if level == "nil" else 0.75):
            work.chance.choice(slots)[key] = level
    for claims in slots:
        if claims:
            _plan_bearing(work, group, claims)
    while len(group.reports) < number:
        _plan_other(work, group, may_replace=len(group.reports) + 1 < number)


def _plan_bearing(work: Work, group: Group, claims: dict[str, str]) -> None:
    """Plan a report that counts, and that whoever sees the group may read."""
    owner = _reporter(work, group)
    draft = Draft(
        owner=owner,
        label=group.label,
        received=work.chance.day_between(group.created, work.yesterday),
        graded=grade(work.chance, _option(group.label), must_be_usable=True),
        claims=claims,
        people=_named(work, group),
    )
    draft.text = text_of(work, group, draft)
    write_report(work, group, draft)


def _plan_other(work: Work, group: Group, *, may_replace: bool) -> None:
    """Plan a report that moves nothing, or only for those few who may read it."""
    chance = work.chance
    label, people = _label_and_people(work, group)
    received = _received(work, group)
    option = _option(label)
    is_legacy = (work.day - received).days > _LEGACY_FROM_DAYS and chance.hits(0.12)
    draft = Draft(
        owner=group.owner,
        label=label,
        received=received,
        graded=(
            legacy_grade(chance, option)
            if is_legacy
            else grade(chance, option, must_be_usable=False)
        ),
        people=people,
    )
    if chance.hits(0.45):
        draft.claims = _idle_claims(work, group, is_usable=draft.graded.is_usable)
    draft.text = text_of(work, group, draft)
    if chance.hits(_WITHDRAWN):
        draft.state = "withdrawn"
    elif may_replace and chance.hits(_SUPERSEDED):
        draft.state = "superseded"
    place = write_report(work, group, draft)
    if draft.state == "superseded":
        draft.state, draft.supersedes = "submitted", place
        draft.received = chance.day_between(draft.received, work.yesterday)
        draft.text += " Seen again by a second officer."
        write_report(work, group, draft)


def _reporter(work: Work, group: Group) -> str:
    """Return who reports: the owner, or now and then another who sees the group."""
    audience = _option(group.label)
    if audience not in {"region", "all_forces"} or not work.chance.hits(0.12):
        return group.owner
    if audience == "region":
        return work.chance.choice(work.country.neighbours(group.region))
    return work.chance.choice(work.country.areas)


def _label_and_people(work: Work, group: Group) -> tuple[str, list[Person]]:
    """Return a label that may be stricter or wider than the group's, and who is named."""
    chance = work.chance
    if group.victims and chance.hits(0.1):
        label = labels.join(group.label, labels.SAFEGUARDING)
        return label, [chance.choice(group.victims)]
    people = _named(work, group)
    if group.has_closed_evidence and chance.hits(0.3):
        return labels.own(group.owner), people
    audience = _option(group.label)
    if audience in {"region", "all_forces"}:
        is_narrow = group.owner != NATION and chance.hits(0.3)
        return (labels.force(group.owner) if is_narrow else group.label), people
    if audience == "force" and group.region and chance.hits(0.05):
        return labels.region(group.region), people
    return group.label, people


def _option(label: str) -> str:
    """Return the sharing option that a label was chosen by."""
    options = {
        "org": "organisation",
        "force": "force",
        "region": "region",
        "all-forces": "all_forces",
    }
    kinds = {code.partition(":")[0] for code in labels.codes(label)}
    return next(option for kind, option in options.items() if kind in kinds)


def _received(work: Work, group: Group) -> datetime.date:
    """Return the day it came in; a few are older than what schemes look back to."""
    if work.chance.hits(_TOO_OLD):
        oldest = work.day - datetime.timedelta(days=HISTORY_DAYS + 60)
        return work.chance.day_between(oldest, oldest + datetime.timedelta(days=50))
    return work.chance.day_between(group.created, work.yesterday)


def _idle_claims(work: Work, group: Group, *, is_usable: bool) -> dict[str, str]:
    """Return claims that change nothing: weaker ones, or on grades that do not count."""
    chance = work.chance
    if not is_usable:
        keys = chance.sample(ATTRIBUTES, 2)
        return {key: chance.choice(("low", "medium", "high")) for key in keys}
    known = [key for key, level in group.levels.items() if level != "nil"]
    found = {
        key: _WEAKER[group.levels[key]]
        for key in chance.sample(known, min(1, len(known)))
    }
    if chance.hits(0.35):
        found[chance.choice(OTHERS)] = chance.choice(("low", "medium", "high"))
    return found


def _named(work: Work, group: Group) -> list[Person]:
    """Return the members whom a report names."""
    number = work.chance.choice((0, 0, 1, 1, 1, 1, 2))
    return work.chance.sample(group.members, min(number, len(group.members)))
