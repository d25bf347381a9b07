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


def code_now(secret: str = SECRET) -> str:
    """Return what the app shows now; that it was used before is forgotten."""
    cache.clear()
    with acting_as(Scope(role="web")), transaction.atomic():
        for app in Authenticator.objects.filter(type=Authenticator.Type.TOTP):
            app.data = {"secret": app.data["secret"]}
            app.save(update_fields=["data"])
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))
