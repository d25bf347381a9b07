"""Forms that were taken already, so that the same form sent again does nothing twice."""

import uuid

from django.db import models

from accounts.models.user import User


class SentForm(models.Model):
    """One form of one user that was taken; visible to that user alone.

    `digest` tells the same words from others without holding them; `address` is where
    the form led.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    address = models.CharField(max_length=300)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.id)
