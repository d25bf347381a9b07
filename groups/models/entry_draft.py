"""What somebody typed and did not send yet: never part of the record."""

import uuid
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.http import QueryDict

from ocgmap.common.records import ProtectedQuerySet, ProtectedRecord, Sees
from ocgmap.common.scope import current


class DraftKind(models.TextChoices):
    """What is being recorded."""

    GROUP = "group", "Group"
    REPORT = "report", "Report"
    PERSON = "person", "Person"


class EntryDraftQuerySet(ProtectedQuerySet["EntryDraft"]):
    """Which drafts?"""

    def visible_to(self, viewer: Sees) -> Self:
        """Keep the viewer's own drafts whose label they still dominate."""
        scope = current.get()
        own = Q(created_by_id=scope.actor_id if scope else None)
        return super().visible_to(viewer).filter(own)

    def begun(self) -> Self:
        """Keep the drafts in which anything was typed."""
        return self.exclude(data={})


class EntryDraft(ProtectedRecord):
    """A form as far as it was typed, for its author alone.

    `data` maps each field of the form to the texts typed into it. `tab` is the page that
    saved it last. No history is kept of it: a draft that was sent or discarded is gone.
    """

    kind = models.CharField(max_length=10, choices=DraftKind)
    data = models.JSONField(default=dict, blank=True)
    tab = models.UUIDField(default=uuid.uuid4)

    objects = EntryDraftQuerySet.as_manager()

    class Meta(ProtectedRecord.Meta):
        indexes = [models.Index(fields=["created_by", "kind"])]

    def __str__(self) -> str:
        return f"draft {self.pk}"

    @property
    def typed(self) -> QueryDict:
        """Return what was typed as a browser sends it."""
        typed = QueryDict(mutable=True)
        for name, values in self.data.items():
            typed.setlist(name, [str(value) for value in values])
        return typed

    def text_of(self, name: str) -> str:
        """Return the text of one field; empty where nothing was typed."""
        values: list[Any] = self.data.get(name) or [""]
        return str(values[-1])
