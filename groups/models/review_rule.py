"""How soon a region wants its groups looked at again, where that is sooner."""

from django.db import models
from django.db.models import Q

from accounts.models.body_rule import BodyRule
from groups.models.crime_group import Tier


class ReviewRule(BodyRule):
    """That a body looks at groups of a tier again within its own months, from a day on.

    Where it is no longer required, the policy for all holds again.
    """

    tier = models.CharField(max_length=10, choices=Tier)
    months = models.PositiveSmallIntegerField(null=True)

    class Meta(BodyRule.Meta):
        abstract = False
        constraints = [
            models.CheckConstraint(
                condition=Q(is_required=True, months__gte=1)
                | Q(is_required=False, months=None),
                name="groups_reviewrule_says_its_months",
            )
        ]

    def __str__(self) -> str:
        return f"review rule {self.pk}"
