"""Sessions of browsers: whose, since when, last seen, from which network and browser."""

from typing import ClassVar

from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models

from accounts.models.user import User


class BrowserSession(AbstractBaseSession):
    """One session; without a user while someone is signing in.

    When the role, organisation, clearance or state of its account changes, the database
    ends it.
    """

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, null=True, related_name="+"
    )
    started_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    network = models.CharField(max_length=43, blank=True)
    browser = models.CharField(max_length=40, blank=True)

    objects: ClassVar[BaseSessionManager["BrowserSession"]] = BaseSessionManager()  # type: ignore[assignment]

    class Meta(AbstractBaseSession.Meta):
        abstract = False
        constraints = [
            models.CheckConstraint(
                condition=models.Q(user__isnull=True)
                | models.Q(started_at__isnull=False, seen_at__isnull=False),
                name="accounts_browsersession_of_someone_has_times",
            )
        ]

    def __str__(self) -> str:
        return f"session of {self.user_id} since {self.started_at}"
