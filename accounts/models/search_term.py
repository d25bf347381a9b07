"""Searched names and free text, kept out of addresses: a URL carries only an id."""

import uuid

from django.db import models

from accounts.models.user import User


class SearchTerm(models.Model):
    """What one user searched for; visible to that user alone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    text = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.id)
