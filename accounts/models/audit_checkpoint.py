"""The checkpoints that seal the audit, batch after batch."""

from django.db import models


class AuditCheckpoint(models.Model):
    """One sealed batch of the audit; insert-only, and written outside the database too.

    The batch holds every row whose era and transaction lie in the half-open range
    `from` to `to`; ranges follow on one another without a gap. `leaves` holds the id and
    the digest of each row in the order of their ids, so that a fault can name the row.
    At `at`, by the database's clock, no transaction from `next_tx` of `now_era` on had
    begun: no row of one can be older.
    """

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    from_era = models.IntegerField()
    from_tx = models.BigIntegerField()
    to_era = models.IntegerField()
    to_tx = models.BigIntegerField()
    now_era = models.IntegerField()
    next_tx = models.BigIntegerField()
    row_count = models.IntegerField()
    rows_digest = models.CharField(max_length=64)
    previous_digest = models.CharField(max_length=64)
    key = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)
    leaves = models.BinaryField()

    class Meta:
        indexes = [
            models.Index(fields=["to_era", "to_tx"], name="accounts_checkpoint_to")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["previous_digest"], name="accounts_checkpoint_one_chain"
            )
        ]

    def __str__(self) -> str:
        return f"batch {self.number}, sealed at {self.at}"
