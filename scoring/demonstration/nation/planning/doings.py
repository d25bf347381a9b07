"""What a group does, where and how much."""

from collections.abc import Mapping
from typing import Final

from scoring.demonstration.nation.planning import phrases
from scoring.demonstration.nation.planning.spread import even
from scoring.demonstration.nation.planning.tables import ACTIVITY, PLACE, QUANTITY
from scoring.demonstration.nation.planning.work import Group, Work, analyst

MULTI_REGION: Final = 0.125
_ABROAD: Final = ("NL", "BE", "FR", "ES", "AL", "TR", "CO", "RO", "VN", "CN")
# Ranges of the low end by unit.
_AMOUNTS: Final[Mapping[str, tuple[int, int]]] = {
    "kg": (1, 60),
    "tonnes": (2, 80),
    "litres": (200, 9000),
    "plants": (50, 1500),
    "tablets": (500, 40000),
    "items": (2, 400),
    "rounds": (20, 600),
    "gbp": (20000, 900000),
}
# What those deal in whose threat has no commodity of its own.
_OTHER_GOODS: Final[Mapping[str, tuple[str, str]]] = {
    "organised-immigration-crime": ("identity-documents", "items"),
}


def plan_doings(work: Work, group: Group) -> None:
    """Plan an activity for each threat of the group, with places and quantities."""
    elsewhere = _elsewhere(work, group)
    for number, threat in enumerate(group.threats):
        offences = work.country.offences.get(threat, ())
        place = work.rows.add(
            ACTIVITY,
            (
                *work.base(
                    group.owner, group.label, group.created, analyst(group.owner)
                ),
                *work.fact(group.owner, since=group.since),
                group.place,
                threat,
                work.chance.choice(offences) if offences else None,
                work.chance.choice(phrases.MODUS[threat]),
            ),
        )
        _plan_places(work, group, place, elsewhere if number == 0 else "")
        _plan_quantity(work, group, place, threat)


def _elsewhere(work: Work, group: Group) -> str:
    """Return a force area of another region, for those active in several."""
    if even(work.seed, "regions", group.index) >= MULTI_REGION:
        return ""
    regions = work.country.regions
    home = regions.get(group.home, "")
    others = [one for one in work.country.areas if regions.get(one, "") != home]
    return work.chance.choice(others)


def _plan_places(work: Work, group: Group, activity: int, elsewhere: str) -> None:
    home = group.home
    places = [("group", home, "GB"), ("harm", elsewhere or home, "GB")]
    region = work.country.regions.get(home, "")
    if region and work.chance.hits(0.25):
        near = work.chance.choice(work.country.neighbours(region))
        places.append(("harm", near, "GB"))
    if work.chance.hits(0.2):
        places.append(("transit", "", work.chance.choice(_ABROAD)))
    for role, area, country in dict.fromkeys(places):
        work.rows.add(
            PLACE,
            (
                *work.base(group.owner, group.label, group.created),
                activity,
                role,
                area or None,
                "",
                country,
            ),
        )


def _plan_quantity(work: Work, group: Group, activity: int, threat: str) -> None:
    goods = work.country.commodities.get(threat) or tuple(
        one for key, one in _OTHER_GOODS.items() if key == threat
    )
    if not goods or work.chance.hits(0.3):
        return
    commodity, unit = work.chance.choice(goods)
    low = work.chance.randint(*_AMOUNTS[unit])
    high = low + work.chance.randint(0, low)
    work.rows.add(
        QUANTITY,
        (
            *work.base(group.owner, group.label, group.created),
            activity,
            commodity,
            None,
            low,
            high,
            unit,
            "GBP" if unit == "gbp" else "",
        ),
    )
