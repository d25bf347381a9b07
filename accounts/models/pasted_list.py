"""Pasted lists, kept out of addresses as searches are: a URL carries only an id."""

import uuid

from django.db import models

from accounts.models.user import User


class PastedList(models.Model):
    """A list that one user pasted to be looked up; visible to that user alone.

    `taken_at` and `taken_size` say when it last left as a file without a second person,
    and with how many lines or records, whichever were more.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12)
    text = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)
    taken_at = models.DateTimeField(null=True)
    taken_size = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.id)
