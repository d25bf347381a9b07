"""Reference tables: threat types and offences. Dated rows, never enums in code."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class ThreatType(models.Model):
    """One of the serious and organised crime threats.

    `crosswalk` lists the OCGM criminality attributes that speak of the same thing.
    Source: the NCA's ten threats, PAC HC 2049 (2019).
    """

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    crosswalk = ArrayField(models.CharField(max_length=60), default=list)
    from_on = models.DateField(null=True, blank=True)
    to_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Offence(models.Model):
    """A Home Office offence code.

    Source: Home Office counting rules offence code list, 2017.
    """

    code = models.CharField(max_length=10, unique=True)
    name = models.CharField(max_length=200)
    subgroup = models.CharField(max_length=120, blank=True)
    offence_group = models.CharField(max_length=120, blank=True)
    threat_type = models.ForeignKey(
        ThreatType, on_delete=models.PROTECT, null=True, related_name="offences"
    )
    from_on = models.DateField(null=True, blank=True)
    to_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
