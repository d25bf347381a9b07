"""Which scheme versions are in use; their content is frozen in code."""

from django.db import models


class SchemeVersion(models.Model):
    """One published scheme: name, version and the digest of its frozen table."""

    name = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    digest = models.CharField(max_length=64)
    effective_on = models.DateField()
    is_primary = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name", "version"], name="scoring_schemeversion_once"
            ),
            models.UniqueConstraint(
                fields=["is_primary"],
                condition=models.Q(is_primary=True),
                name="scoring_schemeversion_one_primary",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"
