"""Telephone numbers, vehicles, companies and the like; some are used by several."""

from typing import Final

from groups.normalise import normalise
from scoring.demonstration.nation.planning import labels, words
from scoring.demonstration.nation.planning.spread import Chance, even
from scoring.demonstration.nation.planning.tables import IDENTIFIER, USE
from scoring.demonstration.nation.planning.work import Group, Person, Work

_PLATE_LETTERS: Final = "ABCDEFGHJKLMNOPRSTUVWXY"
_PLATE_ENDS: Final = "ABCDEFGHJKLMNOPRSTUVWXYZ"
LEGIT_BUSINESS: Final = 0.69


def plan_numbers(work: Work, group: Group, person: Person) -> None:
    """Plan what a member uses; people who are the same may share what they use."""
    chance = work.chance
    if not person.phone and chance.hits(0.38):
        person.phone = next(work.phones, "")
    if not person.vehicle and chance.hits(0.16):
        person.vehicle = _plate(chance)
    for kind, value in (("phone", person.phone), ("vehicle", person.vehicle)):
        if value:
            _use(work, group, kind, value, person)
    if person.surname and chance.hits(0.05):
        stem = f"{person.given}.{person.surname}".lower()
        place = chance.choice(("harbour", "lantern", "meadow"))
        value = f"{stem}{chance.randint(1, 99)}@{place}.example"
        _use(work, group, "email", value, person)
    if chance.hits(0.04):
        nickname = chance.choice(words.NICKNAMES).lower()
        handle = f"@{nickname}_{chance.randint(100, 9999)}"
        _use(work, group, "handle", handle, person)


def plan_business(work: Work, group: Group) -> None:
    """Plan the companies and accounts of a group, and a number that two members share."""
    chance = work.chance
    if even(work.seed, "company", group.index) < LEGIT_BUSINESS:
        _use(work, group, "company", f"99{100000 + group.index:06}")
    if chance.hits(0.2):
        _use(work, group, "account", f"00-00-00 {chance.randint(10**7, 10**8 - 1)}")
    phones = [one for one in group.members if one.phone and one.owner == group.owner]
    others = [one for one in group.members if not one.phone]
    if phones and others and chance.hits(0.3):
        _use(work, group, "phone", chance.choice(phones).phone, chance.choice(others))


def _use(
    work: Work, group: Group, kind: str, value: str, person: Person | None = None
) -> None:
    """Plan a use of an identifier: the owner's own row, made once."""
    user_label = group.label if person is None else person.label
    owner = group.owner if person is None else person.owner
    key = (owner, kind, value)
    if key not in work.identifiers:
        place = work.rows.add(
            IDENTIFIER,
            (
                *work.base(owner, user_label, group.created),
                *work.top("I"),
                kind,
                value,
                normalise(kind, value),
            ),
        )
        work.identifiers[key] = (place, user_label)
    place, label = work.identifiers[key]
    work.rows.add(
        USE,
        (
            *work.base(owner, labels.join(label, user_label), group.created),
            *work.fact(owner),
            place,
            None if person is None else person.place,
            group.place if person is None else None,
        ),
    )


def _plate(chance: Chance) -> str:
    """Return a registration with an age number that was never issued."""
    letters = "".join(chance.choice(_PLATE_LETTERS) for _ in range(2))
    ends = "".join(chance.choice(_PLATE_ENDS) for _ in range(3))
    return f"{letters}0{chance.randint(0, 1)} {ends}"
