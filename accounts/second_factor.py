"""The second factor: who must have one, and whether this session was opened with one.

Where the settings ask for it, an account without an app or a key is led to set one up,
and nowhere else.
"""

from collections.abc import Mapping
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
# What someone may open who has yet to set one up: that, and the way out.
ENROLMENT = (
    "/accounts/login/",
    "/accounts/logout/",
    "/accounts/2fa/",
    "/accounts/reauthenticate/",
    "/accounts/confirm/",
    "/accounts/password/",
    "/accounts/oidc/",
)


def is_met(request: HttpRequest, user: Any) -> bool:
    """Return whether ``user``'s session was opened as the settings demand. No query."""
    if not settings.REQUIRE_MFA:
        return True
    return any(map(is_second, get_authentication_records(request, user)))


def is_second(step: Mapping[str, Any]) -> bool:
    """Return whether a step of signing in was, or held, a second factor."""
    return step["method"] == "mfa" or bool(step.get("is_two_factor"))


def others_of(authenticator: Authenticator) -> int:
    """Return how many other apps and keys its account has."""
    own = Authenticator.objects.filter(
        user_id=authenticator.user_id, type__in=SECOND_FACTORS
    )
    return int(own.exclude(pk=authenticator.pk).count())
