"""A test client whose session is as if someone had just typed their password."""

import datetime
import time

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY as METHODS
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.models import BrowserSession, User
from accounts.sessions import OPENED
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import Scope

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def sign_in(client: Client, user: User, *, seconds_ago: float = 0) -> None:
    """Sign ``user`` in; the password was typed that long ago."""
    typed = {"method": "password", "at": time.time() - seconds_ago}
    with acting_as(Scope(role="web")), transaction.atomic():
        client.force_login(user, backend=BACKEND)
        session = client.session
        session[METHODS] = [typed]
        session[f"{METHODS}_user"] = str(user.pk)
        session.save()


def make_last(client: Client, *, hours: int = 10) -> None:
    """Date the session so far ahead that no limit ends it and no use of it is noted."""
    ahead = timezone.now() + datetime.timedelta(hours=hours)
    with acting_as(Scope(role="web")), transaction.atomic():
        session = client.session
        session[OPENED] = {**session[OPENED], "at": ahead.timestamp()}
        session[METHODS] = [{"method": "password", "at": ahead.timestamp()}]
        session.save()
        row = BrowserSession.objects.filter(session_key=session.session_key)
        row.update(seen_at=ahead)
