"""Django's own connection inside a scratch database, for tests that ask in-process."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.http import SimpleCookie
from django.test import Client

from accounts.models import User
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import Scope
from tests import signed_in

Inside = Callable[[str, str], AbstractContextManager[None]]


@pytest.fixture(scope="session")
def inside(django_test_environment: None, django_db_blocker: Any) -> Inside:
    """Let this process use a scratch database under a login: `inside(name, "web")`.

    Nothing is rolled back: open a transaction for that. Not with the fixture `db`.
    """

    @contextmanager
    def use(database: str, login: str) -> Iterator[None]:
        settled = connection.settings_dict
        kept = {key: settled[key] for key in ("NAME", "USER", "PASSWORD")}
        parts = urlsplit(os.environ[f"DATABASE_{login.upper()}_URL"])
        with django_db_blocker.unblock():
            connection.close()
            settled["NAME"] = database
            settled["USER"] = unquote(parts.username or "")
            settled["PASSWORD"] = unquote(parts.password or "")
            try:
                yield
            finally:
                connection.close()
                settled.update(kept)

    return use


def sign_in(email: str) -> str:
    """Sign someone in for hours and return the session's key."""
    client = Client()
    with acting_as(Scope(role="web")), transaction.atomic():
        user = User.objects.get(email=email)
    signed_in.sign_in(client, user)
    signed_in.make_last(client)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def with_session(key: str) -> Client:
    """Return a client that holds a session; without a key that of a stranger."""
    client = Client()
    if key:
        client.cookies = SimpleCookie({settings.SESSION_COOKIE_NAME: key})
    return client
