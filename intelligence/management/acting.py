"""Who acts when a command writes: a person, or the import service of an organisation."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import CommandError
from django.db import transaction

from accounts import audit
from accounts.access import scope_of, viewer_of
from accounts.models import Organisation, User
from accounts.models.audit_event import AuditKind
from accounts.roles import Role
from accounts.visibility import Viewer
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system


@contextmanager
def acting(
    email: str | None, code: str, *, route: str
) -> Iterator[tuple[Viewer, Organisation]]:
    """Run the block in one transaction as the person named, or the owner's service.

    Raises:
        CommandError: there is no such organisation or active account.
    """
    with acting_as(system(route)), transaction.atomic():
        owner = Organisation.objects.filter(code=code).first()
        if owner is None:
            raise CommandError(
                f"owner: there is no organisation {code}. Give a code such as durham.",
                returncode=2,
            )
        user = _user(email) if email else _service_of(owner, route)
        viewer = viewer_of(user)
        scope = scope_of(viewer, route=route)
        scope.on_behalf_of = _operator()
        with acting_as(scope):
            yield viewer, owner


def _operator() -> str:
    """Return who called the command, as the machine knows them."""
    try:
        return getpass.getuser()[:60]
    except (KeyError, OSError):  # a container may know no name for its user
        return ""


def _user(email: str) -> User:
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is None:
        raise CommandError(
            f"user: there is no active account {email}. Give the email address of one.",
            returncode=2,
        )
    return user


def _service_of(owner: Organisation, route: str) -> User:
    """Return the account under which the owner's imports run; nobody can sign in to it."""
    user, is_new = User.objects.get_or_create(
        email=f"import.{owner.code}@service.invalid",
        defaults={
            "name": f"Import service of {owner.short_name}",
            "organisation": owner,
            "role": Role.SERVICE,
            "password": "!",
        },
    )
    if is_new:
        audit.record(AuditKind.GRANT, "accounts.User", [user.pk], reason=route)
    return user
