"""What a dashboard shows beside the headline figures: the same lines, by their owner."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from scoring.models import PictureLine
from scoring.picture.filters import (
    AWAITING,
    DEBTS,
    NOT_CONFIRMED,
    UNJUDGED,
    debt_on,
    overdue_on,
)
from scoring.picture.scopes import PictureScope, Place, ScopeKind


@dataclass(slots=True)
class Part:
    """The figures of one body of a region."""

    code: str
    name: str
    groups: int = 0
    memberships: int = 0
    overdue: int = 0
    awaiting: int = 0
    unjudged: int = 0


@dataclass(frozen=True, slots=True)
class Share:
    """How many groups of one owner have one confirmed band, and more.

    `debts` counts those overdue for review, in the order of `DEBTS`.
    """

    owner_id: int
    confirmed: str
    debts: tuple[int, ...]
    groups: int
    memberships: int
    overdue: int
    awaiting: int
    unjudged: int


@dataclass(slots=True)
class Breakdown:
    """Groups by confirmed band (`none` for those without) and by age of review debt.

    `parts` are the bodies of a region or of the nation, by id, in order of name.
    """

    confirmed: dict[str, int] = field(default_factory=dict)
    debts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(DEBTS, 0))
    parts: dict[int, Part] = field(default_factory=dict)

    @property
    def bodies(self) -> list[Part]:
        """Return the parts in order of name."""
        return list(self.parts.values())

    def drop_empty(self) -> None:
        """Forget the bodies without groups."""
        self.parts = {key: one for key, one in self.parts.items() if one.groups}

    def add(self, share: Share) -> None:
        """Count a share in."""
        band = share.confirmed or NOT_CONFIRMED
        self.confirmed[band] = self.confirmed.get(band, 0) + share.groups
        for debt, number in zip(DEBTS, share.debts, strict=True):
            self.debts[debt] += number
        part = self.parts.get(share.owner_id)
        if part is not None:
            part.groups += share.groups
            part.memberships += share.memberships
            part.overdue += share.overdue
            part.awaiting += share.awaiting
            part.unjudged += share.unjudged


def blank(
    scope: PictureScope, places: Iterable[Place], owners: list[int] | None
) -> Breakdown:
    """Return a breakdown with nought for each body of the region, or of the nation."""
    if scope.kind is ScopeKind.FORCE:
        return Breakdown()
    chosen = sorted(
        (one for one in places if owners is None or one.id in owners),
        key=lambda one: one.short_name,
    )
    return Breakdown(
        parts={place.id: Part(place.code, place.short_name) for place in chosen}
    )


def shares_of(lines: Iterable[PictureLine], day: datetime.date) -> Iterator[Share]:
    """Yield a share for each of these lines."""
    overdue = overdue_on(day)
    debts = [debt_on(day, debt) for debt in DEBTS]
    for line in lines:
        yield Share(
            owner_id=line.owner_id,
            confirmed=line.confirmed_band,
            groups=1,
            memberships=line.memberships,
            overdue=int(overdue.holds(line)),
            awaiting=int(AWAITING.holds(line)),
            unjudged=int(UNJUDGED.holds(line)),
            debts=tuple(int(debt.holds(line)) for debt in debts),
        )
