"""The base of every protected row, and the one way to read such rows."""

import datetime
import uuid
from typing import Any, Protocol, Self, TypeVar

from django.db import models
from django.db.models.functions import Now

from ocgmap.common.scope import current


class Sees(Protocol):
    """Anyone who reads: what `accounts.visibility.Viewer` offers to this leaf package."""

    @property
    def tags(self) -> frozenset[int]:
        """Return the ids of the tags held."""

    @property
    def clearance(self) -> int:
        """Return the highest marking that may be read."""

    @property
    def can_view(self) -> bool:
        """Return whether the reader may see intelligence at all."""


class NotInScope(Exception):
    """Rows were asked for on behalf of a viewer other than the one acting: a fault."""


def visible_classes(viewer: Sees) -> tuple[int, ...]:
    """Return the ids of the access classes that ``viewer`` sees in this transaction.

    They were computed by the statement that opened the transaction, in its snapshot.

    Raises:
        NotInScope: another viewer's scope, or none, is bound.
    """
    scope = current.get()
    if scope is None or (scope.tags, scope.clearance, scope.can_view) != (
        viewer.tags,
        viewer.clearance,
        viewer.can_view,
    ):
        raise NotInScope("bind the viewer's scope first: accounts.access.acting_for")
    return scope.classes


M_co = TypeVar("M_co", bound=models.Model, covariant=True)


class ProtectedQuerySet(models.QuerySet[M_co]):
    """Rows that carry an access class: the first of the two locks."""

    def visible_to(self, viewer: Sees) -> Self:
        """Keep the rows whose label ``viewer`` dominates."""
        return self.filter(access_class_id__in=visible_classes(viewer))


class TopQuerySet(ProtectedQuerySet[M_co]):
    """Records that are reviewed, kept and disposed of as a whole."""

    def review_due_by(self, day: datetime.date) -> Self:
        """Keep the records whose day of review is before ``day``, hold or no hold."""
        return self.filter(review_on__lt=day)

    def on_legal_hold(self) -> Self:
        """Keep the records that are kept whatever their retention class says."""
        return self.filter(legal_hold=True)


class FactQuerySet(ProtectedQuerySet[M_co]):
    """Rows that may turn out to have been recorded in error."""

    def visible_to(self, viewer: Sees) -> Self:
        """Keep the rows that stand, of those whose label ``viewer`` dominates.

        What was withdrawn is in no figure, list, search or export: whoever reads facts
        leaves it out without having to think of it.
        """
        return super().visible_to(viewer).filter(withdrawn_at__isnull=True)

    def ever_visible_to(self, viewer: Sees) -> Self:
        """Keep the rows whose label ``viewer`` dominates, withdrawn or not: history."""
        return super().visible_to(viewer)


class ProtectedRecord(models.Model):
    """The base of every protected row: owner, label, version, who and when.

    `version`, `created_*` and `changed_*` are written by a database trigger, so no
    caller can forge or forget them. `public_id` is the only id shown outside.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    access_class = models.ForeignKey(
        "accounts.AccessClass", on_delete=models.PROTECT, related_name="+"
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    created_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    changed_at = models.DateTimeField(db_default=Now(), editable=False)
    changed_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the row; a new one says who made it, as the trigger writes it."""
        scope = current.get()
        if self._state.adding and scope is not None and scope.actor_id is not None:
            self.created_by_id = scope.actor_id
        super().save(*args, **kwargs)


class Withdrawable(ProtectedRecord):
    """A row that is kept, and counts nowhere, once it proves recorded in error."""

    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    withdrawn_reason = models.TextField(
        blank=True, default="", db_default="", max_length=1000
    )

    class Meta(ProtectedRecord.Meta):
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    withdrawn_at__isnull=True,
                    withdrawn_by__isnull=True,
                    withdrawn_reason="",
                )
                | (
                    models.Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False)
                    & ~models.Q(withdrawn_reason="")
                ),
                name="%(app_label)s_%(class)s_withdrawn_with_reason",
                violation_error_message="A withdrawal says when, by whom and why.",
            )
        ]


class RetentionClass(models.TextChoices):
    """Review groups for retention.

    Source: recalled from MoPI guidance 2006; the current APP is to be confirmed, so
    these are local configuration.
    """

    PUBLIC_PROTECTION = "1", "1: public protection matters"
    SERIOUS = "2", "2: other sexual, violent or serious offences"
    OTHER_OFFENCES = "3", "3: all other offences"
    UNDETECTED = "4", "4: undetected crime and other records"


class TopRecord(ProtectedRecord):
    """A record that is reviewed, kept and disposed of as a whole."""

    retention_class = models.CharField(
        max_length=1, choices=RetentionClass, default=RetentionClass.SERIOUS
    )
    review_on = models.DateField(null=True, blank=True)
    legal_hold = models.BooleanField(default=False)

    class Meta(ProtectedRecord.Meta):
        abstract = True


class Basis(models.TextChoices):
    """Whether a fact was reported, assessed by a person, or published research.

    Source: Data Protection Act 2018 s.38(2): facts are told apart from assessments.
    """

    REPORTED = "reported", "Reported"
    ASSESSED = "assessed", "Assessed"
    RESEARCH = "research", "Published research"


class Precision(models.TextChoices):
    """How exactly a date is known."""

    DAY = "day", "Exact day"
    MONTH = "month", "Month"
    YEAR = "year", "Year"
    CIRCA = "circa", "About"
    UNKNOWN = "unknown", "Not known"


class Fact(Withdrawable):
    """A statement about the world: on what basis, who says so, and when it held."""

    basis = models.CharField(max_length=10, choices=Basis, default=Basis.REPORTED)
    asserted_by = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    rationale = models.TextField(blank=True)
    from_on = models.DateField(null=True, blank=True)
    to_on = models.DateField(null=True, blank=True)
    precision = models.CharField(
        max_length=10, choices=Precision, default=Precision.UNKNOWN
    )

    class Meta(Withdrawable.Meta):
        abstract = True
        constraints = [
            *Withdrawable.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(from_on__isnull=True)
                | models.Q(to_on__isnull=True)
                | models.Q(from_on__lte=models.F("to_on")),
                name="%(app_label)s_%(class)s_period_in_order",
                violation_error_message="The end date is before the start date. "
                "Correct one of them.",
            ),
        ]
