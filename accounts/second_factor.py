"""The second factor: who must have one, and whether this session was opened with one.

Where the settings ask for it, an account without an app or a key is led to set one up,
and nowhere else.
"""

from collections.abc import Mapping
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.http import HttpRequest

SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
# How the session says that a second factor was set up in it. That opens the session, and
# is no proof of who sits there: whoever set it up may know the password alone.
ENROLLED = "enrolled"
# In the data of an app: the period of the last code that was taken from it.
_LAST_USED = "last_used"
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
    return any(
        is_second(step) or step["method"] == ENROLLED
        for step in get_authentication_records(request, user)
    )


def is_second(step: Mapping[str, Any]) -> bool:
    """Return whether a step of signing in was, or held, a second factor."""
    return step["method"] == "mfa" or bool(step.get("is_two_factor"))


def others_of(authenticator: Authenticator) -> int:
    """Return how many other apps and keys its account has."""
    own = Authenticator.objects.filter(
        user_id=authenticator.user_id, type__in=SECOND_FACTORS
    )
    return int(own.exclude(pk=authenticator.pk).count())


def app_of(user: Any) -> Authenticator | None:
    """Return the account's app, locked until the transaction ends; None without one."""
    rows = Authenticator.objects.select_for_update()
    return rows.filter(user_id=user.pk, type=Authenticator.Type.TOTP).first()


def period_of(app: Authenticator, code: str) -> int | None:
    """Return in which period of half a minute the app shows ``code``; None if in none.

    Only the periods that count now are asked, and the latest one is returned.
    """
    secret = decrypt(app.data["secret"])
    shown = [
        period
        for period in totp.yield_hotp_counters_from_time()
        if compare_user_code(
            actual=code,
            expected=totp.format_hotp_value(totp.hotp_value(secret, period)),
        )
    ]
    return max(shown, default=None)


def is_used(app: Authenticator, period: int) -> bool:
    """Return whether a code of this period, or of a later one, was taken already.

    Source: RFC 6238, 5.2: a code is accepted once.
    """
    return period <= int(app.data.get(_LAST_USED, -1))


def note_used(app: Authenticator, period: int) -> None:
    """Take no code of this period, or of an earlier one, from the app again."""
    app.data[_LAST_USED] = period
    app.save(update_fields=["data"])
