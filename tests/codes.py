"""The second factor of a test: an app with a known secret, and what it shows now."""

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core.cache import cache
from django.db import transaction

from accounts.models import User
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import Scope

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def give_app(user: User) -> Authenticator:
    """Set up an authenticator app for ``user``."""
    with acting_as(Scope(role="web")), transaction.atomic():
        return TOTP.activate(user, SECRET).instance


def code_now() -> str:
    """Return what the app shows now; that an earlier test used it is forgotten."""
    cache.clear()
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))
