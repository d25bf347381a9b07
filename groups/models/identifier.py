"""Telephone numbers, vehicles, addresses and the like, and who uses them."""

from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import Q

from groups.models.crime_group import CrimeGroup
from groups.models.nominal import Nominal
from ocgmap.common.identifiers import new_identifier_reference
from ocgmap.common.records import (
    Fact,
    FactQuerySet,
    TopQuerySet,
    TopRecord,
)


class IdentifierKind(models.TextChoices):
    """What sort of identifier it is."""

    PHONE = "phone", "Telephone"
    VEHICLE = "vehicle", "Vehicle registration"
    ADDRESS = "address", "Address"
    EMAIL = "email", "Email address"
    COMPANY = "company", "Company number"
    ACCOUNT = "account", "Bank account"
    HANDLE = "handle", "Online handle"
    PNC_ID = "pnc_id", "PNC ID"
    CRO = "cro", "CRO number"


class IdentifierQuerySet(TopQuerySet["Identifier"]):
    """Which identifiers?"""


@pghistory.track()
class Identifier(TopRecord):
    """One identifier as one owner recorded it; the same value may stand twice.

    No unique index on the value: it would tell that a hidden row exists.
    """

    reference = models.CharField(
        max_length=14, unique=True, default=new_identifier_reference, editable=False
    )
    kind = models.CharField(max_length=10, choices=IdentifierKind)
    value = models.CharField(max_length=200)
    normalised = models.CharField(max_length=200)

    objects = IdentifierQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["normalised", "kind"])]

    def __str__(self) -> str:
        return self.reference


class IdentifierUseQuerySet(FactQuerySet["IdentifierUse"]):
    """Which uses?"""


@pghistory.track()
class IdentifierUse(Fact):
    """That a person or a group uses an identifier."""

    identifier = models.ForeignKey(
        Identifier, on_delete=models.PROTECT, related_name="uses"
    )
    nominal = models.ForeignKey(
        Nominal, on_delete=models.PROTECT, null=True, related_name="identifier_uses"
    )
    group = models.ForeignKey(
        CrimeGroup, on_delete=models.PROTECT, null=True, related_name="identifier_uses"
    )

    label_parents: ClassVar[tuple[str, ...]] = ("identifier", "nominal", "group")
    objects = IdentifierUseQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=Q(nominal__isnull=True) ^ Q(group__isnull=True),
                name="groups_identifieruse_person_or_group",
            ),
        ]

    def __str__(self) -> str:
        return f"use {self.pk}"
