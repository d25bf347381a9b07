"""Which part of the country a picture is of, and which organisations belong to it."""

import datetime
from dataclasses import dataclass
from enum import StrEnum

from accounts.models import Organisation, OrganisationPlacement
from accounts.models.organisation import REGION_KINDS
from scoring.exceptions import UnknownScope

NO_REGION = "none"
NO_REGION_NAME = "No region"


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
    if kind not in {ScopeKind.REGION, ScopeKind.FORCE}:
        return None
    rows = Organisation.objects.filter(code=code)
    if kind == ScopeKind.REGION:
        rows = rows.filter(kind__in=REGION_KINDS)
    return rows.first()


def regions_by_owner(day: datetime.date) -> dict[int, int]:
    """Return the region of each organisation on ``day``; those with none are absent.

    A region's own unit belongs to itself.
    """
    regions = set(Organisation.objects.regions(day).values_list("id", flat=True))
    placed = OrganisationPlacement.objects.on(day).filter(parent_id__in=regions)
    found = dict(placed.values_list("organisation_id", "parent_id"))
    return found | {region: region for region in regions}


def owners_in(scope: PictureScope, day: datetime.date) -> list[int] | None:
    """Return the ids of the organisations in ``scope`` on ``day``; None means all."""
    if scope.kind is ScopeKind.NATIONAL:
        return None
    if scope.kind is ScopeKind.FORCE:
        return [scope.organisation.pk] if scope.organisation else []
    regions = regions_by_owner(day)
    if scope.organisation:
        wanted = scope.organisation.pk
        return sorted(owner for owner, region in regions.items() if region == wanted)
    return list(
        Organisation.objects.exclude(id__in=regions)
        .order_by("id")
        .values_list("id", flat=True)
    )
