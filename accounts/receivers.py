"""Sign-ins, sign-outs and refused attempts leave an audit row, whatever their way.

These come from Django's and allauth's own code, so there is no action of ours to write
them in. News of our records never travels by signals.
"""

from dataclasses import replace
from typing import Any

from allauth.account.signals import authentication_step_completed, password_changed
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.contrib.auth.signals import (
    user_logged_in,
    user_logged_out,
    user_login_failed,
)
from django.db import transaction
from django.dispatch import receiver

from accounts import audit
from accounts.models import User
from accounts.models.audit_event import AuditKind
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import Scope, current


def _record(kind: AuditKind, user: User, step: str, *, is_known: bool = True) -> None:
    """Write one row about an account; it acts itself only when it is known to be it."""
    scope = current.get() or Scope(role="web")
    if is_known:
        scope = replace(
            scope, actor_id=user.pk, organisation_id=user.organisation_id, classes=()
        )
    with acting_as(scope), transaction.atomic():
        audit.record(kind, "accounts.User", [user.pk], detail={"step": step})


@receiver(user_logged_in)
def signed_in(user: User, **_: Any) -> None:
    """Record a sign-in, all of its steps done."""
    _record(AuditKind.SIGN_IN, user, "in")


@receiver(user_logged_out)
def signed_out(user: User | None, **_: Any) -> None:
    """Record a sign-out; signing out twice is nothing."""
    if user is not None:
        _record(AuditKind.SIGN_IN, user, "out")


@receiver(authentication_step_completed)
def confirmed(user: User, *, reauthenticated: bool = False, **_: Any) -> None:
    """Record that someone signed in confirmed who they are, before a sensitive step."""
    if reauthenticated:
        _record(AuditKind.SIGN_IN, user, "confirmed")


@receiver(user_login_failed)
def refused(credentials: dict[str, Any], **_: Any) -> None:
    """Record a refused attempt on an account; what was typed is never kept."""
    typed = str(credentials.get("email") or credentials.get("username") or "")
    scope = current.get() or Scope(role="web")
    with acting_as(scope), transaction.atomic():
        user = User.objects.filter(email__iexact=typed).first() if typed else None
        audit.record(
            AuditKind.REFUSAL,
            "accounts.User",
            [user.pk] if user else [],
            detail={"step": "refused"},
        )


@receiver(password_changed)
def changed_password(user: User, **_: Any) -> None:
    """Record that a password was changed."""
    _record(AuditKind.ALTERATION, user, "password")


@receiver(authenticator_added)
def added_step(user: User, **_: Any) -> None:
    """Record that a second step of sign-in was added."""
    _record(AuditKind.ALTERATION, user, "second step added")


@receiver(authenticator_removed)
def removed_step(user: User, **_: Any) -> None:
    """Record that a second step of sign-in was removed."""
    _record(AuditKind.ALTERATION, user, "second step removed")
