"""What a region asks for before a step, beyond what holds for all."""

from django.db import models

from accounts.models.body_rule import BodyRule
from groups.guards import MAY_ADD


class StepRule(BodyRule):
    """That a step of a body's groups asks for one more thing, from a day on.

    Where it is no longer required, the table for all holds again.
    """

    step = models.CharField(max_length=20, choices=[(one, one) for one in MAY_ADD])
    demand = models.CharField(max_length=20)

    def __str__(self) -> str:
        return f"step rule {self.pk}"
