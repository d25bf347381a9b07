"""What a region, or an organisation in none, wants from a day on."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models.functions import Now

from accounts.models.organisation import Organisation


class BodyRuleQuerySet(models.QuerySet[Any]):
    """Which rules?"""

    def in_force(self, body_id: int, day: date) -> Any:
        """Return the rule of a body that holds on ``day``, None if it never had one.

        The latest start decides, and of one day the rule that was entered last.
        """
        return (
            self.filter(body_id=body_id, from_on__lte=day)
            .order_by("-from_on", "-id")
            .first()
        )


class BodyRule(models.Model):
    """That a body requires something, or no longer does, from a day on.

    The body is a region, for itself and every organisation placed in it, or an
    organisation without a region. Rows are added and never changed; a body without any
    requires nothing. Public inside the system: it says nothing of any record.
    """

    body = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    is_required = models.BooleanField()
    from_on = models.DateField()
    reason = models.TextField(max_length=2000)
    set_at = models.DateTimeField(db_default=Now(), editable=False)
    set_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = BodyRuleQuerySet.as_manager()

    class Meta:
        abstract = True
        indexes = [models.Index(fields=["body", "-from_on", "-id"])]
