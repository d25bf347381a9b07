"""Searches that somebody keeps under a name: the question, never the answer."""

import uuid
from typing import Self

import pghistory
from django.db import models
from django.db.models import Q
from django.http import QueryDict

from ocgmap.common.records import ProtectedQuerySet, ProtectedRecord, Sees
from ocgmap.common.scope import current


class SearchKind(models.TextChoices):
    """What a saved search looks for."""

    GROUPS = "groups", "Groups"
    PEOPLE = "people", "People"
    REPORTS = "reports", "Reports"
    EVERYTHING = "everything", "Everything"


class SearchAudience(models.TextChoices):
    """Who finds a saved search; what it finds for them is a matter of their rights."""

    PRIVATE = "private", "Only me"
    TEAM = "team", "My organisation"
    FORCE = "force", "My force, its ROCU and the NCA"
    REGION = "region", "My region and the NCA"


class SavedSearchQuerySet(ProtectedQuerySet["SavedSearch"]):
    """Which saved searches?"""

    def visible_to(self, viewer: Sees) -> Self:
        """Keep those whose label ``viewer`` dominates, and of the private ones the own."""
        scope = current.get()
        own = Q(created_by_id=scope.actor_id if scope else None)
        seen = super().visible_to(viewer)
        return seen.filter(~Q(audience=SearchAudience.PRIVATE) | own)


@pghistory.track()
class SavedSearch(ProtectedRecord):
    """A search as a question, asked anew with the rights of whoever runs it.

    `query` maps names of filters to their codes, days and organisations. `text` is what
    is looked for; it never stands in an address: a run keeps it as a `SearchTerm`.
    """

    kind = models.CharField(max_length=10, choices=SearchKind)
    name = models.CharField(max_length=80)
    audience = models.CharField(max_length=8, choices=SearchAudience)
    query = models.JSONField(default=dict, blank=True)
    text = models.CharField(max_length=200, blank=True)

    objects = SavedSearchQuerySet.as_manager()

    def __str__(self) -> str:
        return f"search {self.pk}"

    @property
    def asked(self) -> QueryDict:
        """Return its filters as an address has them, with `q` where it has a text.

        That `q` stands for the text and is nobody's term.
        """
        query = QueryDict(mutable=True)
        for name, values in self.query.items():
            query.setlist(name, [str(value) for value in values])
        if self.text:
            query["q"] = str(uuid.UUID(int=0))
        return query
