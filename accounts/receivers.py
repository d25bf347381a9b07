"""Sign-ins, sign-outs and refused attempts leave an audit row, whatever their way.

These come from Django's and allauth's own code, so there is no action of ours to write
them in. News of our records never travels by signals.
"""

from dataclasses import replace
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.signals import authentication_step_completed, password_changed
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.contrib.auth.signals import (
    user_logged_in,
    user_logged_out,
    user_login_failed,
)
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest

from accounts import audit
from accounts.actions import sessions
from accounts.models import User
from accounts.models.audit_event import AuditKind
from accounts.second_factor import ENROLLED, SECOND_FACTORS
from accounts.sessions import OPENED, opening
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
def signed_in(request: HttpRequest, user: User, **_: Any) -> None:
    """Record a sign-in, all of its steps done; from now on the session lasts so long."""
    request.session[OPENED] = opening(request)
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
def changed_password(request: HttpRequest, user: User, **_: Any) -> None:
    """Record that a password was changed; the account's other sessions end."""
    _record(AuditKind.ALTERATION, user, "password")
    sessions.end_but(
        str(request.session.session_key), user_id=user.pk, why="ended by a new password"
    )


@receiver(authenticator_added)
def added_step(
    request: HttpRequest, user: User, authenticator: Authenticator, **_: Any
) -> None:
    """Record that a second step of sign-in was added; the session is open with it."""
    _record(AuditKind.ALTERATION, user, "second step added")
    if authenticator.type in SECOND_FACTORS:
        record_authentication(request, user, ENROLLED, type=authenticator.type)
        # This may come after the commit, when the session was saved already.
        with acting_as(current.get() or Scope(role="web")), transaction.atomic():
            request.session.save()


@receiver(authenticator_removed)
def removed_step(user: User, **_: Any) -> None:
    """Record that a second step of sign-in was removed."""
    _record(AuditKind.ALTERATION, user, "second step removed")
