"""Sessions: seen again, over, and ended by their owner or by whoever manages accounts."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts import audit
from accounts.models import BrowserSession, User
from accounts.models.audit_event import AuditKind
from accounts.permissions import check_has
from accounts.roles import Right
from accounts.visibility import Viewer
from ocgmap.common.errors import AppError


@dataclass(frozen=True, slots=True)
class OwnSession:
    """One session as its owner sees it; `handle` names it without its key."""

    handle: str
    started_at: datetime | None
    seen_at: datetime | None
    network: str
    browser: str
    is_this: bool


def handle_of(key: str) -> str:
    """Return a name for a session by which its key cannot be told."""
    return hashlib.sha256(f"session {key}".encode()).hexdigest()[:32]


def own(by: Viewer, *, this: str) -> list[OwnSession]:
    """Return the viewer's running sessions, the one last seen first.

    ``this`` is the key of the one that asks.
    """
    rows = _of(by.user_id).order_by("-seen_at")
    return [
        OwnSession(
            handle=handle_of(row.session_key),
            started_at=row.started_at,
            seen_at=row.seen_at,
            network=row.network,
            browser=row.browser,
            is_this=row.session_key == this,
        )
        for row in rows
    ]


def end(*, by: Viewer, handle: str) -> None:
    """End one of the viewer's own sessions; nothing if it has ended already."""
    keys = _of(by.user_id).values_list("session_key", flat=True)
    _end([key for key in keys if handle_of(key) == handle], by.user_id, "ended")


def end_others(*, by: Viewer, this: str) -> int:
    """End all of the viewer's sessions but the one that asks; return how many."""
    return end_but(this, user_id=by.user_id, why="others ended")


def end_but(this: str, *, user_id: int, why: str) -> int:
    """End every session of an account but ``this``, as after a new password."""
    keys = _of(user_id).exclude(session_key=this)
    return _end(keys.values_list("session_key", flat=True), user_id, why)


def end_all_of(*, by: Viewer, email: str) -> int:
    """End every session of an account, and return how many there were.

    Raises:
        RightMissing: the viewer may not manage accounts.
        AppError: there is no such account.
    """
    check_has(by, Right.ADMINISTER_ACCOUNTS)
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        raise AppError(
            f"There is no account {email}. Enter the address that it signs in with.",
            field="email",
        )
    keys = _of(user.pk).values_list("session_key", flat=True)
    return _end(keys, user.pk, "ended by an administrator")


def over(key: str, *, user_id: int, why: str) -> None:
    """Take away a session that passed one of its limits."""
    _end([key], user_id, why)


def forget_ended() -> int:
    """Delete what is left of sessions that expired; return how many."""
    count, _ = BrowserSession.objects.filter(expire_date__lt=timezone.now()).delete()
    return count


def touch(key: str) -> None:
    """Note that the session was used just now."""
    BrowserSession.objects.filter(session_key=key).update(seen_at=timezone.now())


def _of(user_id: int) -> QuerySet[BrowserSession]:
    return BrowserSession.objects.filter(user=user_id, expire_date__gt=timezone.now())


def _end(keys: Iterable[str], user_id: int, step: str) -> int:
    with transaction.atomic():
        found = BrowserSession.objects.filter(session_key__in=list(keys))
        count, _ = found.delete()
        audit.record(
            AuditKind.SIGN_IN,
            "accounts.User",
            [user_id],
            detail={"step": step, "sessions": count},
        )
    return count
