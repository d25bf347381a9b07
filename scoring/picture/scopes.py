"""Which part of the country a picture is of, and which organisations belong to it."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import LiteralString

from django.db import connection

from accounts.models import Organisation
from accounts.models.organisation import REGION_KINDS
from scoring.exceptions import UnknownScope

NO_REGION = "none"
NO_REGION_NAME = "No region"


# Every organisation with the region that it belongs to on a day; a region's own unit
# belongs to itself.
PLACES: LiteralString = """
select o.id, o.code, coalesce(nullif(o.region_name, ''), o.name) as name,
       case when r.id is not null then o.id else u.id end as region_id, o.short_name
from accounts_organisation o
left join accounts_organisation r on r.id = o.id and r.kind = any(%(kinds)s)
    and (r.from_on is null or r.from_on <= %(day)s)
    and (r.to_on is null or r.to_on > %(day)s)
left join accounts_organisationplacement p on p.organisation_id = o.id
    and (p.from_on is null or p.from_on <= %(day)s)
    and (p.to_on is null or p.to_on > %(day)s)
left join accounts_organisation u on u.id = p.parent_id and u.kind = any(%(kinds)s)
    and (u.from_on is null or u.from_on <= %(day)s)
    and (u.to_on is null or u.to_on > %(day)s)
order by name, o.id
"""
KINDS = [str(kind) for kind in REGION_KINDS]


@dataclass(frozen=True, slots=True)
class Place:
    """An organisation, and the region it belongs to on a day, if any."""

    id: int
    code: str
    name: str
    region_id: int | None
    short_name: str

    @property
    def is_region(self) -> bool:
        """Return whether others are placed under it: it stands for its region."""
        return self.region_id == self.id


class ScopeKind(StrEnum):
    """How wide the picture is."""

    NATIONAL = "national"
    REGION = "region"
    FORCE = "force"


@dataclass(frozen=True, slots=True)
class PictureScope:
    """One place to take the picture of; `organisation` is None for nation and rest.

    The scope `region:none` is the part of the nation that belongs to no region: there
    so that regions add up to the nation.
    """

    kind: ScopeKind
    organisation: Organisation | None = None

    @property
    def key(self) -> str:
        """Return the scope as it is written in addresses."""
        if self.kind is ScopeKind.NATIONAL:
            return str(self.kind)
        return f"{self.kind}:{self.code}"

    @property
    def code(self) -> str:
        """Return the code of the place; '' for the nation."""
        if self.kind is ScopeKind.NATIONAL:
            return ""
        return self.organisation.code if self.organisation else NO_REGION

    @property
    def name(self) -> str:
        """Return the name of the place as it is shown."""
        if self.kind is ScopeKind.NATIONAL:
            return "The nation"
        if self.organisation is None:
            return NO_REGION_NAME
        is_region = self.kind is ScopeKind.REGION
        return (is_region and self.organisation.region_name) or self.organisation.name

    @property
    def name_within(self) -> str:
        """Return the name as it stands within a sentence."""
        if self.kind is ScopeKind.NATIONAL:
            return "the nation"
        return self.name


NATIONAL = PictureScope(ScopeKind.NATIONAL)


def parse_scope(text: str) -> PictureScope:
    """Return the scope that ``text`` names: national, region:CODE or force:CODE.

    A region is a regional unit (or `none`); a force is any body that owns records.

    Raises:
        UnknownScope: it is none of these, or the code is not one.
    """
    kind, _, code = text.partition(":")
    if text == ScopeKind.NATIONAL:
        return NATIONAL
    if text == f"{ScopeKind.REGION}:{NO_REGION}":
        return PictureScope(ScopeKind.REGION)
    found = _organisation(kind, code)
    if found is None:
        raise UnknownScope(
            "Choose national, region:CODE or force:CODE, with a code from the list of "
            "organisations.",
            field="scope",
        )
    return PictureScope(ScopeKind(kind), found)


def _organisation(kind: str, code: str) -> Organisation | None:
    # PostgreSQL takes no NUL in a text, so no code has one.
    if kind not in {ScopeKind.REGION, ScopeKind.FORCE} or "\0" in code:
        return None
    rows = Organisation.objects.filter(code=code)
    if kind == ScopeKind.REGION:
        rows = rows.filter(kind__in=REGION_KINDS)
    return rows.first()


def places_on(day: datetime.date) -> list[Place]:
    """Return every organisation with its region on ``day``, by name. One query."""
    with connection.cursor() as cursor:
        cursor.execute(PLACES, {"day": day, "kinds": KINDS})
        return [Place(*row) for row in cursor.fetchall()]


def owners_in(scope: PictureScope, day: datetime.date) -> list[int] | None:
    """Return the ids of the organisations in ``scope`` on ``day``; None means all."""
    is_region = scope.kind is ScopeKind.REGION
    return owners_among(scope, places_on(day) if is_region else [])


def common_to(
    one: PictureScope, other: PictureScope, places: Iterable[Place]
) -> PictureScope | None:
    """Return the narrower of two scopes; None where neither lies in the other."""
    wide, narrow = owners_among(other, places), owners_among(one, places)
    if wide is None or (narrow is not None and set(narrow) <= set(wide)):
        return one
    if narrow is None or set(wide) <= set(narrow):
        return other
    return None


def owners_among(scope: PictureScope, places: Iterable[Place]) -> list[int] | None:
    """Return those of ``places`` that are in ``scope``; None means all."""
    if scope.kind is ScopeKind.NATIONAL:
        return None
    wanted = scope.organisation.pk if scope.organisation else None
    if scope.kind is ScopeKind.FORCE:
        return [wanted] if wanted else []
    return sorted(place.id for place in places if place.region_id == wanted)
