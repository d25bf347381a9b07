"""That who received a person's data is told that they were wrong, restricted or erased."""

import uuid
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from accounts.models import AccessClass, Organisation, User
from accounts.visibility import Viewer
from groups.models import Nominal
from ocgmap.common.records import visible_classes


class Correction(models.TextChoices):
    """What became of the data after they were given out."""

    CORRECTED = "corrected", "Corrected"
    WITHDRAWN = "withdrawn", "Withdrawn: recorded in error"
    RESTRICTED = "restricted", "Processing restricted"
    UNRESTRICTED = "unrestricted", "Restriction lifted"
    ERASED = "erased", "Erased"


class CorrectionNoticeQuerySet(models.QuerySet["CorrectionNotice"]):
    """Which notices?"""

    def received_by(self, by: Viewer) -> Self:
        """Keep those for the organisation of ``by`` of what they received or may see."""
        seen = Nominal.objects.visible_to(by).filter(reference=OuterRef("reference"))
        return self.filter(recipient_id=by.organisation_id).filter(
            Q(received_by__contains=[by.user_id])
            | (Q(source_class_id__in=visible_classes(by)) & Q(Exists(seen)))
        )

    def sent_by(self, by: Viewer) -> Self:
        """Keep those about the data of the organisation of ``by``, where it sees them."""
        return self.filter(
            sender_id=by.organisation_id, source_class_id__in=visible_classes(by)
        )

    def to_read(self) -> Self:
        """Keep those to an organisation here that nobody there acknowledged."""
        return self.filter(recipient__isnull=False, acknowledged_at__isnull=True)

    def to_post(self) -> Self:
        """Keep those to somebody outside that were not sent yet."""
        return self.filter(recipient__isnull=True, sent_at__isnull=True)


class CorrectionNotice(models.Model):
    """What one recipient is told. Written by the database when the data change.

    Its rows are for two organisations: the sender, and the recipient, in which those see
    it who received the data or may see the person now. It holds the reference that was
    given out and what sort of change it was, never what changed. It outlives the person's
    record, since an erasure is told too. Where `recipient` is empty, the data left on
    paper or as a file, and the sender tells who got it.
    Source: Data Protection Act 2018 ss.38(5) and 48.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sender = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    recipient = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+"
    )
    source_class = models.ForeignKey(
        AccessClass, on_delete=models.PROTECT, related_name="+"
    )
    reference = models.CharField(max_length=14)
    correction = models.CharField(max_length=12, choices=Correction)
    received_by = ArrayField(models.BigIntegerField(), default=list)
    # Of what left on paper or as a file: how, which print, and for whom as it was typed.
    way = models.CharField(max_length=12, blank=True, default="")
    copy_number = models.CharField(max_length=40, blank=True, default="")
    copied_for = models.TextField(blank=True, default="")
    copied_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+"
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = CorrectionNoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True, acknowledged_by__isnull=True)
                | Q(
                    acknowledged_at__isnull=False,
                    acknowledged_by__isnull=False,
                    recipient__isnull=False,
                ),
                name="intelligence_correctionnotice_acknowledged_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True, sent_by__isnull=True)
                | Q(
                    sent_at__isnull=False,
                    sent_by__isnull=False,
                    recipient__isnull=True,
                ),
                name="intelligence_correctionnotice_sent_by_someone",
            ),
        ]
        indexes = [
            models.Index(fields=["recipient", "acknowledged_at"]),
            models.Index(fields=["sender", "sent_at"]),
        ]

    def __str__(self) -> str:
        return f"notice {self.pk}"
