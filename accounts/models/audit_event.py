"""The audit: one row a step, insert-only, partitioned by month."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class AuditKind(models.TextChoices):
    """What was done.

    Source: Data Protection Act 2018 s.62(1) for the first six; the rest is policy.
    """

    COLLECTION = "collection", "Collection"
    ALTERATION = "alteration", "Alteration"
    CONSULTATION = "consultation", "Consultation"
    DISCLOSURE = "disclosure", "Disclosure"
    COMBINATION = "combination", "Combination"
    ERASURE = "erasure", "Erasure"
    SIGN_IN = "sign_in", "Sign-in"
    REFUSAL = "refusal", "Refusal"
    GRANT = "grant", "Grant"


class AuditEvent(models.Model):
    """Who did what to which records.

    No foreign keys: the row must outlive what it tells of. The table is made by hand
    (partitioned by month of `at`), so Django does not manage it. Its column `tx`, the
    transaction that wrote the row, is for sealing alone (`accounts.sealing`).
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    # Which numbering of transactions `tx` is of: a restored database begins anew.
    era = models.IntegerField()
    kind = models.CharField(max_length=12, choices=AuditKind)
    actor_id = models.BigIntegerField(null=True)
    on_behalf_of = models.CharField(max_length=60, blank=True)
    organisation_id = models.BigIntegerField(null=True)
    request_id = models.UUIDField(null=True)
    route = models.CharField(max_length=120)
    object_type = models.CharField(max_length=60)
    object_ids = ArrayField(models.BigIntegerField(), default=list)
    reason = models.TextField(blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        managed = False
        db_table = "accounts_auditevent"

    def __str__(self) -> str:
        return f"{self.kind} {self.object_type} at {self.at}"
