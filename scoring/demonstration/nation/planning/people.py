"""The people of a group: members, and apart from them everyone else who is involved."""

import datetime
from collections.abc import Mapping
from typing import Final

from scoring.demonstration.nation.planning import labels, phrases, words
from scoring.demonstration.nation.planning.country import NATION, SCOTLAND
from scoring.demonstration.nation.planning.identifiers import plan_numbers
from scoring.demonstration.nation.planning.misspelling import misspelt
from scoring.demonstration.nation.planning.spread import even, lognormal
from scoring.demonstration.nation.planning.tables import (
    INVOLVEMENT,
    MEMBERSHIP,
    NOMINAL,
    NOMINAL_ALIAS,
    PERSON_LINK,
)
from scoring.demonstration.nation.planning.work import Group, Person, Work, analyst

LEAST_MEMBERS, MOST_MEMBERS = 3, 60
# Median and spread of the number of members.
_SIZE: Final = (5.9, 0.74)
_SIZE_IN_SCOTLAND: Final = (14.0, 0.7)
_STANDINGS: Final[Mapping[str, float]] = {
    "principal": 0.15,
    "significant": 0.30,
    "peripheral": 0.52,
    "unknown": 0.03,
}
_STEP: Final = 0.6180339887
_UNIDENTIFIED: Final = 0.06
_IN_SECOND_GROUP: Final = 0.25
_GENDERS: Final[Mapping[str, float]] = {"male": 0.84, "female": 0.13, "unknown": 0.03}
# How many of a kind a group has on average.
_INVOLVED: Final[Mapping[str, float]] = {
    "associate": 0.14,
    "professional_enabler": 0.08,
    "public_official": 0.015,
    "exploited": 0.10,
    "victim": 0.10,
    "witness": 0.03,
}
_PREYS: Final = frozenset(
    {
        "modern-slavery-and-human-trafficking",
        "child-sexual-exploitation-and-abuse",
        "organised-immigration-crime",
    }
)
_CATEGORIES: Final[Mapping[str, str]] = {
    "associate": "other",
    "professional_enabler": "suspect",
    "public_official": "suspect",
    "exploited": "victim",
    "victim": "victim",
    "witness": "witness",
}
_SAFEGUARDED: Final = frozenset({"exploited", "victim"})


def plan_people(work: Work, group: Group) -> None:
    """Plan the members, the involved and the links between members of a group."""
    for _ in range(_size(work, group)):
        person = _known(work, group) or _new_member(work, group)
        _join_group(work, group, person)
    for kind, mean in _INVOLVED.items():
        share = min(mean * (4 if _preys(group, kind) else 1), 0.9)
        if work.chance.hits(share):
            _involve(work, group, kind)
    _link_people(work, group)


def _size(work: Work, group: Group) -> int:
    median, sigma = _SIZE_IN_SCOTLAND if group.owner == SCOTLAND else _SIZE
    wanted = lognormal(even(work.seed, "size", group.index), median, sigma)
    return max(LEAST_MEMBERS, min(round(wanted), MOST_MEMBERS))


def _preys(group: Group, kind: str) -> bool:
    return kind in _SAFEGUARDED and bool(_PREYS & set(group.threats))


def _known(work: Work, group: Group) -> Person | None:
    """Return a member of another group of the same owner, now and then."""
    near = [
        other
        for other in work.groups
        if other is not group and other.owner == group.owner and other.members
    ]
    if not near or not work.chance.hits(_IN_SECOND_GROUP):
        return None
    person = work.chance.choice(work.chance.choice(near).members)
    return None if person in group.members else person


def _new_member(work: Work, group: Group) -> Person:
    """Return a new person; of some, another force has a record already."""
    twin = _twin(work, group) if work.doubles.next() else None
    if twin is None:
        person = _write(work, group, _invented(work, group, group.label))
    else:
        given, surname, born, precision = misspelt(work.chance, twin)
        person = Person(0, group.owner, group.label, given, surname, twin.gender, born)
        if work.chance.hits(0.35):
            person.phone, person.vehicle = twin.phone, twin.vehicle
        person = _write(work, group, person, precision)
        work.truth.append((twin.place, person.place))
    plan_numbers(work, group, person)
    work.people.append(person)
    return person


def _twin(work: Work, group: Group) -> Person | None:
    for _ in range(8):
        if not work.people:
            return None
        other = work.chance.choice(work.people)
        if other.owner != group.owner and other.surname:
            return other
    return None


def _invented(work: Work, group: Group, label: str, *, least_age: int = 19) -> Person:
    chance = work.chance
    age_days = least_age * 366 + int(chance.expovariate(1 / (13 * 365)))
    born = work.day - datetime.timedelta(days=min(age_days, 75 * 365))
    gender = chance.pick(_GENDERS)
    names = words.GIVEN_NAMES.get(gender) or words.GIVEN_NAMES["male"]
    surname = words.surname_at(chance.randrange(words.SURNAMES))
    if chance.hits(0.03):
        surname += f"-{words.surname_at(chance.randrange(words.SURNAMES))}"
    return Person(0, group.owner, label, chance.choice(names), surname, gender, born)


def _write(
    work: Work, group: Group, person: Person, precision: str | None = None
) -> Person:
    """Add the person's row, and now and then another name; return the person."""
    chance = work.chance
    designation = ""
    if precision is None and chance.hits(_UNIDENTIFIED):
        designation = chance.choice(words.DESIGNATIONS).format(
            colour=chance.choice(words.COLOURS), nickname=chance.choice(words.NICKNAMES)
        )
        person.given = person.surname = ""
    known = precision or chance.pick({"day": 0.7, "month": 0.05, "year": 0.15, "": 0.1})
    first, last = _bounds(person.born, "" if designation else known)
    person.place = work.rows.add(
        NOMINAL,
        (
            *work.base(person.owner, person.label, group.created, analyst(group.owner)),
            *work.top("N"),
            person.given,
            person.surname,
            not designation,
            designation,
            first,
            last,
            "unknown" if first is None else known,
            person.gender,
        ),
    )
    if not designation and chance.hits(0.15):
        _plan_alias(work, group, person)
    return person


def _plan_alias(work: Work, group: Group, person: Person) -> None:
    chance = work.chance
    is_nickname = chance.hits(0.7)
    given = chance.choice(words.NICKNAMES) if is_nickname else person.given
    surname = "" if is_nickname else words.surname_at(chance.randrange(words.SURNAMES))
    work.rows.add(
        NOMINAL_ALIAS,
        (
            *work.base(person.owner, person.label, group.created),
            *work.fact(person.owner),
            person.place,
            given,
            surname,
            "nickname" if is_nickname else "alias",
        ),
    )


def _bounds(
    born: datetime.date, precision: str
) -> tuple[datetime.date | None, datetime.date | None]:
    """Return the first and last day that a birth date of this precision can be."""
    if precision == "day":
        return born, born
    if precision == "month":
        next_month = (born.replace(day=28) + datetime.timedelta(days=4)).replace(day=1)
        return born.replace(day=1), next_month - datetime.timedelta(days=1)
    if precision == "year":
        return born.replace(month=1, day=1), born.replace(month=12, day=31)
    return None, None


def _join_group(work: Work, group: Group, person: Person) -> None:
    work.standings += 1
    place = work.standings * _STEP % 1
    standing = "unknown"
    for name, share in _STANDINGS.items():
        place -= share
        if place < 0:
            standing = name
            break
    is_core = standing in {"principal", "significant"}
    label = labels.join(group.label, person.label)
    day = work.chance.day_between(group.created, work.yesterday)
    work.rows.add(
        MEMBERSHIP,
        (
            *work.base(group.owner, label, group.created if is_core else day),
            *work.fact(group.owner, since=group.since if is_core else None),
            group.place,
            person.place,
            standing,
            "convicted" if work.chance.hits(0.22) else "suspect",
        ),
    )
    group.members.append(person)


def _involve(work: Work, group: Group, kind: str) -> None:
    """Plan somebody who is involved; victims and officials under their compartment."""
    extra = {"public_official": labels.CORRUPTION}.get(kind, "")
    if kind in _SAFEGUARDED:
        # A recorder who does not hold the compartment keeps it in the organisation.
        is_held = work.chance.hits(0.7) or group.owner == NATION
        extra = labels.SAFEGUARDING if is_held else labels.own(group.owner)
    label = labels.join(group.label, extra) if extra else group.label
    least_age = 14 if kind in _SAFEGUARDED else 22
    invented = _invented(work, group, label, least_age=least_age)
    person = _write(work, group, invented, "year")
    review_on = None
    if kind == "associate":
        review_on = work.day + datetime.timedelta(days=work.chance.randint(10, 360))
    work.rows.add(
        INVOLVEMENT,
        (
            *work.base(group.owner, label, group.created, analyst(group.owner)),
            *work.fact(group.owner, phrases.WHY_INVOLVED[kind]),
            group.place,
            person.place,
            kind,
            _CATEGORIES[kind],
            review_on,
        ),
    )
    if kind in _SAFEGUARDED:
        group.victims.append(person)


def _link_people(work: Work, group: Group) -> None:
    for _ in range(work.chance.choice((0, 0, 1, 1, 2))):
        a, b = work.chance.sample(group.members, 2)
        if a.place == b.place:
            continue
        kind = work.chance.choice(list(phrases.PERSON_LINKS))
        work.rows.add(
            PERSON_LINK,
            (
                *work.base(group.owner, labels.join(a.label, b.label), group.created),
                *work.fact(group.owner, phrases.PERSON_LINKS[kind]),
                a.place,
                b.place,
                kind,
                False,
            ),
        )
