"""The crime group itself, its aliases, threats and links to other groups."""

from typing import ClassVar, Self

import pghistory
from django.db import models
from django.db.models import Q

from groups.models.reference import ThreatType
from ocgmap.common.identifiers import new_group_reference
from ocgmap.common.records import (
    Fact,
    FactQuerySet,
    TopQuerySet,
    TopRecord,
)


class RecordState(models.TextChoices):
    """How far a record has come; only mapped groups are in headline figures."""

    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "Submitted"
    RETURNED = "returned", "Returned"
    MAPPED = "mapped", "Mapped"


class ActivityStatus(models.TextChoices):
    """Whether the group is believed to be at work."""

    ACTIVE = "active", "Active"
    DORMANT = "dormant", "Dormant"
    ARCHIVED = "archived", "Archived"


class GroupKind(models.TextChoices):
    """What sort of threat the record is about."""

    CRIME_GROUP = "crime_group", "Organised crime group"
    STREET_GANG = "street_gang", "Street gang"
    COUNTY_LINE = "county_line", "County line"
    PRIORITY_INDIVIDUAL = "priority_individual", "Priority individual"


class Tier(models.TextChoices):
    """Which level of tasking owns the response. Source: HMICFRS 2018 (partly)."""

    FORCE = "force", "Force"
    REGIONAL = "regional", "Regional"
    NATIONAL = "national", "National"
    NONE = "none", "Not tiered"


class Answer(models.TextChoices):
    """Yes, no, or not known: never a guess."""

    YES = "yes", "Yes"
    NO = "no", "No"
    UNKNOWN = "unknown", "Not known"


class Trigger(models.TextChoices):
    """What made the owner put a group forward for mapping."""

    INTELLIGENCE = "intelligence", "Own intelligence"
    INVESTIGATION = "investigation", "An investigation or arrest"
    CRIME = "crime", "A crime reported, or a victim"
    FORCE = "force", "Another force or regional unit"
    PARTNER = "partner", "A referral from a partner agency"
    NATIONAL = "national", "National tasking"


class ReviewOutcome(models.TextChoices):
    """What a review of a mapped group came to."""

    KEPT = "kept", "It stays as it is"
    CORRECTED = "corrected", "It was corrected"
    RESCORE = "rescore", "It is to be scored again"
    REST = "rest", "It is to rest"
    ARCHIVE = "archive", "It is to be archived"


class CrimeGroupQuerySet(TopQuerySet["CrimeGroup"]):
    """Which crime groups?"""

    def headline(self) -> Self:
        """Keep mapped, active groups that were not merged into another."""
        return self.filter(
            record_state=RecordState.MAPPED,
            activity_status=ActivityStatus.ACTIVE,
            merged_into__isnull=True,
        )

    def submitted(self) -> Self:
        """Keep what was submitted and waits for a decision."""
        return self.filter(record_state=RecordState.SUBMITTED, merged_into__isnull=True)

    def whole(self, *group_ids: int) -> Self:
        """Keep these groups and the records that were merged into them."""
        return self.filter(Q(pk__in=group_ids) | Q(merged_into__in=group_ids))


@pghistory.track()
class CrimeGroup(TopRecord):
    """An organised crime group as a force records it: intelligence, not a finding.

    Source for `s45_test`: Serious Crime Act 2015 s.45(6), three or more persons.
    """

    reference = models.CharField(
        max_length=14, unique=True, default=new_group_reference, editable=False
    )
    owner_reference = models.CharField(max_length=40, blank=True)
    kind = models.CharField(
        max_length=20, choices=GroupKind, default=GroupKind.CRIME_GROUP
    )
    name = models.CharField(max_length=120)
    summary = models.TextField(blank=True, max_length=4000)
    record_state = models.CharField(
        max_length=10, choices=RecordState, default=RecordState.DRAFT
    )
    activity_status = models.CharField(
        max_length=10, choices=ActivityStatus, default=ActivityStatus.ACTIVE
    )
    tier = models.CharField(max_length=10, choices=Tier, default=Tier.NONE)
    lead_officer = models.CharField(max_length=120, blank=True)
    s45_test = models.CharField(max_length=8, choices=Answer, default=Answer.UNKNOWN)
    soc_test = models.CharField(max_length=8, choices=Answer, default=Answer.UNKNOWN)
    # Of the submission that waits, or was the last to be decided on.
    submitted_at = models.DateTimeField(null=True, editable=False)
    submitted_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    # Of the first submission that named it.
    trigger = models.CharField(
        max_length=20,
        choices=Trigger,
        blank=True,
        default="",
        db_default="",
        editable=False,
    )
    # Of the latest review; its reason and those before stand in the history.
    review_outcome = models.CharField(
        max_length=10,
        choices=ReviewOutcome,
        blank=True,
        default="",
        db_default="",
        editable=False,
    )
    reviewed_at = models.DateTimeField("reviewed", null=True, editable=False)
    reviewed_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="absorbed"
    )

    objects = CrimeGroupQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["owner", "record_state", "activity_status"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(reviewed_at=None, reviewed_by=None, review_outcome="")
                | Q(reviewed_at__isnull=False, reviewed_by__isnull=False)
                & ~Q(review_outcome=""),
                name="groups_crimegroup_review_is_whole",
            )
        ]

    def __str__(self) -> str:
        return self.reference


class GroupAliasQuerySet(FactQuerySet["GroupAlias"]):
    """Which aliases?"""


@pghistory.track()
class GroupAlias(Fact):
    """Another name by which a group is known."""

    group = models.ForeignKey(
        CrimeGroup, on_delete=models.PROTECT, related_name="aliases"
    )
    name = models.CharField(max_length=120)
    kind = models.CharField(
        max_length=20,
        choices=[("alias", "Alias"), ("operation", "Operation name")],
        default="alias",
    )

    label_parents: ClassVar[tuple[str, ...]] = ("group",)
    objects = GroupAliasQuerySet.as_manager()

    def __str__(self) -> str:
        return f"alias {self.pk}"


class GroupThreatQuerySet(FactQuerySet["GroupThreat"]):
    """Which threats?"""

    def open(self) -> Self:
        """Keep the threats that have not ended."""
        return self.filter(to_on__isnull=True)


@pghistory.track()
class GroupThreat(Fact):
    """That a group poses a threat of a type; one open row is the predominant one."""

    group = models.ForeignKey(
        CrimeGroup, on_delete=models.PROTECT, related_name="threats"
    )
    threat_type = models.ForeignKey(
        ThreatType, on_delete=models.PROTECT, related_name="+"
    )
    is_predominant = models.BooleanField(default=False)

    label_parents: ClassVar[tuple[str, ...]] = ("group",)
    objects = GroupThreatQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["group", "access_class"],
                condition=Q(
                    is_predominant=True, to_on__isnull=True, withdrawn_at__isnull=True
                ),
                name="groups_groupthreat_one_predominant",
                violation_error_message="A group has one predominant threat. "
                "Unmark the other first.",
            ),
        ]

    def __str__(self) -> str:
        return f"threat {self.pk}"


class GroupLinkQuerySet(FactQuerySet["GroupLink"]):
    """Which links between groups?"""


@pghistory.track()
class GroupLink(Fact):
    """A link between two groups."""

    a = models.ForeignKey(
        CrimeGroup, on_delete=models.PROTECT, related_name="links_out"
    )
    b = models.ForeignKey(CrimeGroup, on_delete=models.PROTECT, related_name="links_in")
    kind = models.CharField(
        max_length=20,
        choices=[
            ("cooperation", "Co-operation"),
            ("supply", "Supply"),
            ("conflict", "Conflict"),
            ("shared_members", "Shared members"),
            ("other", "Other"),
        ],
    )
    is_directed = models.BooleanField(default=False)

    label_parents: ClassVar[tuple[str, ...]] = ("a", "b")
    objects = GroupLinkQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(a=models.F("b")), name="groups_grouplink_two_groups"
            ),
        ]

    def __str__(self) -> str:
        return f"link {self.pk}"
