"""The attributes that a report may make a claim about."""

from django.db import models


class Attribute(models.Model):
    """One thing about a group that can be claimed or judged, with its meaning.

    The same catalogue as `scoring.engine.attributes`, as rows, so that this app needs
    nothing of scoring. A new attribute of the engine needs a migration here; a test
    compares the two.
    """

    key = models.CharField(max_length=60, primary_key=True)
    title = models.CharField(max_length=80)
    meaning = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField(unique=True)

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.title
