"""The same person as another force wrote them down: other spellings, vaguer dates."""

import datetime
from typing import Final

from scoring.demonstration.nation.planning import words
from scoring.demonstration.nation.planning.spread import Chance
from scoring.demonstration.nation.planning.work import Person

_SOUNDS: Final = (
    ("ck", "k"),
    ("ph", "f"),
    ("y", "ie"),
    ("ea", "ee"),
    ("oo", "u"),
    ("ll", "l"),
    ("ss", "s"),
    ("gh", "g"),
    ("th", "t"),
    ("e", "a"),
    ("o", "a"),
)


def misspelt(chance: Chance, person: Person) -> tuple[str, str, datetime.date, str]:
    """Return given names, surname, birth date and its precision, one at least changed."""
    given, surname, born, precision = person.given, person.surname, person.born, "day"
    slips = chance.sample(range(4), chance.choice((1, 1, 2)))
    if 0 in slips:
        surname = _change(chance, surname)
    if 1 in slips:
        given = _other_given(chance, given)
    if 2 in slips:
        born = _other_day(chance, born)
    if 3 in slips:
        precision = "year"
        surname = surname if set(slips) - {3} else _change(chance, surname)
    return given, surname, born, precision


def _change(chance: Chance, name: str) -> str:
    """Return the name with one slip of hand or ear."""
    changed = chance.choice((_swap, _drop, _double, _sound))(chance, name)
    return changed if changed != name else _double(chance, name)


def _swap(chance: Chance, name: str) -> str:
    at = chance.randrange(1, len(name) - 2) if len(name) > 3 else 0
    if not at or "-" in name[at : at + 2]:
        return name
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]


def _drop(chance: Chance, name: str) -> str:
    at = chance.randrange(1, len(name) - 1) if len(name) > 3 else 0
    return name[:at] + name[at + 1 :] if at and name[at] != "-" else name


def _double(chance: Chance, name: str) -> str:
    at = chance.randrange(1, len(name)) if len(name) > 1 else 0
    return name[:at] + name[at] + name[at:] if name[at] != "-" else name + name[-1]


def _sound(chance: Chance, name: str) -> str:
    heard = [(a, b) for a, b in _SOUNDS if a in name[1:]]
    if not heard:
        return name
    a, b = chance.choice(heard)
    return name[0] + name[1:].replace(a, b, 1)


def _other_given(chance: Chance, given: str) -> str:
    short = words.SHORT_FORMS.get(given)
    if short:
        return short
    return _change(chance, given) if len(given) > 3 else f"{given[0]}"


def _other_day(chance: Chance, born: datetime.date) -> datetime.date:
    """Return the date with day and month swapped where that is a date, else days off."""
    if born.day <= 12 and born.day != born.month:
        return born.replace(month=born.day, day=born.month)
    return born + datetime.timedelta(days=chance.choice((-10, -1, 1, 10)))
