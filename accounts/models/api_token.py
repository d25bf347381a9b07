"""Credentials of programs: hashed, scoped, expiring."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from accounts.models.user import User


class TokenScope(models.TextChoices):
    """What a token may be used for; always within what its account may do."""

    GROUPS_READ = (
        "groups:read",
        "Read groups with their current score, nominals and memberships",
    )
    GROUPS_WRITE = (
        "groups:write",
        "Change groups and memberships, and transfer groups, as the account may",
    )
    INTEL_READ = "intel:read", "Read reports"
    INTEL_SUBMIT = "intel:submit", "Submit reports"
    INTEL_DECIDE = (
        "intel:decide",
        "Withdraw reports, and assure them, as the account may",
    )
    RECORDS_REVIEW = (
        "records:review",
        "See reviews that fell due, and set legal holds, as the account may",
    )
    NOTICES_READ = (
        "notices:read",
        "Read what the account watches, and what happened to it",
    )
    NOTICES_WRITE = "notices:write", "Watch records, and stop watching them"
    SCORE_READ = "score:read", "Read assessments with their reasons, and the picture"
    SCORE_DECIDE = (
        "score:decide",
        "Confirm bands, and approve overrides, as the account may",
    )


class ApiToken(models.Model):
    """A token: only a keyed hash of its secret is kept. Lives at most 90 days."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=80, blank=True)
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    scopes = ArrayField(models.CharField(max_length=20, choices=TokenScope))
    # Whether people stand behind it: then each call must name the officer.
    is_interactive = models.BooleanField(default=False)
    networks = ArrayField(models.CharField(max_length=43), default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | models.Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="accounts_apitoken_revoked_both_or_neither",
            )
        ]

    def __str__(self) -> str:
        return f"{self.prefix} of {self.user}"
