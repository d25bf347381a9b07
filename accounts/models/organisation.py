"""Forces, regions, agencies and partners: reference data with dates, never enums."""

import datetime
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value


class DateRange(Func):
    """PostgreSQL's `daterange(from, to, '[)')`."""

    function = "daterange"
    output_field = DateRangeField()


class Kind(models.TextChoices):
    """What sort of body an organisation is."""

    FORCE = "force", "Police force"
    ROCU = "rocu", "Regional organised crime unit"
    REGIONAL_ARRANGEMENT = "regional_arrangement", "Regional arrangement"
    AGENCY = "agency", "Agency"
    PARTNER = "partner", "Partner"


class Jurisdiction(models.TextChoices):
    """Whose law applies."""

    ENGLAND_WALES = "england_wales", "England and Wales"
    SCOTLAND = "scotland", "Scotland"
    NORTHERN_IRELAND = "northern_ireland", "Northern Ireland"
    UK = "uk", "United Kingdom"


REGION_KINDS = (Kind.ROCU, Kind.REGIONAL_ARRANGEMENT)


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Which organisations?"""

    def regions(self, day: datetime.date) -> Self:
        """Keep the bodies that a force can be placed under on ``day``."""
        return self.standing(day).filter(kind__in=REGION_KINDS)

    def standing(self, day: datetime.date) -> Self:
        """Keep the organisations that exist on ``day``."""
        return self.filter(
            Q(from_on__isnull=True) | Q(from_on__lte=day),
            Q(to_on__isnull=True) | Q(to_on__gt=day),
        )

    def forces(self) -> Self:
        """Keep police forces."""
        return self.filter(kind=Kind.FORCE)

    def placed_in(self, region_id: int, day: datetime.date) -> Self:
        """Keep the region itself and what was placed under it on ``day``."""
        placements = OrganisationPlacement.objects.on(day).filter(parent_id=region_id)
        return self.filter(
            Q(id=region_id) | Q(id__in=placements.values("organisation"))
        )

    def outside_regions(self, day: datetime.date) -> Self:
        """Keep what is no region on ``day`` and is placed under none."""
        regions = Organisation.objects.regions(day).values("id")
        placements = OrganisationPlacement.objects.on(day).filter(parent__in=regions)
        return self.exclude(id__in=regions).exclude(
            id__in=placements.values("organisation")
        )


class Organisation(models.Model):
    """A body that owns records: a force, a region's unit, an agency or a partner."""

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=60)
    region_name = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=24, choices=Kind)
    jurisdiction = models.CharField(max_length=20, choices=Jurisdiction)
    ons_code = models.CharField(max_length=9, blank=True)
    population = models.PositiveIntegerField(null=True, blank=True)
    from_on = models.DateField(null=True, blank=True)
    to_on = models.DateField(null=True, blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class PlacementQuerySet(models.QuerySet["OrganisationPlacement"]):
    """Which placements?"""

    def on(self, day: datetime.date) -> Self:
        """Keep the placements that hold on ``day``."""
        return self.filter(
            Q(from_on__isnull=True) | Q(from_on__lte=day),
            Q(to_on__isnull=True) | Q(to_on__gt=day),
        )


class OrganisationPlacement(models.Model):
    """That an organisation belongs to a region, from a day until before another."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="placements"
    )
    parent = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="members"
    )
    from_on = models.DateField(null=True, blank=True)
    to_on = models.DateField(null=True, blank=True)

    objects = PlacementQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="accounts_placement_no_overlap",
                expressions=[
                    ("organisation", RangeOperators.EQUAL),
                    (
                        DateRange(F("from_on"), F("to_on"), Value("[)")),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message="The organisation is already placed in a "
                "region on some of these days. End that placement first.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation} in {self.parent}"


class OrganisationSuccession(models.Model):
    """That one organisation took over from another on a day."""

    predecessor = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="successions"
    )
    successor = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="precursors"
    )
    on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["predecessor", "successor", "on"],
                name="accounts_succession_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} became {self.successor}"
