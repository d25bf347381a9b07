"""Whether the session of a request still lasts, by the limits of its account's role."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from accounts.session_limits import LIMITS, NOTED_EVERY_SECONDS, seconds_left
from accounts.sessions import OPENED


@dataclass(frozen=True, slots=True)
class Over:
    """A session that passed a limit, to be taken away after the request."""

    key: str
    user_id: int
    why: str


def session_over(request: HttpRequest, user: User) -> bool:
    """Return whether the session is over; then whoever asks is nobody.

    One that goes on is noted as used, unless the page asked by itself: what htmx fetches
    by GET is no sign of a person.
    """
    key = str(request.session.session_key)
    now = timezone.now().timestamp()
    left, why = left_of(request, user)
    if left <= 0:
        request.session_over = Over(key, user.pk, f"over: {why}")  # type: ignore[attr-defined]
        request.user = AnonymousUser()
        return True
    asks_itself = request.method == "GET" and "HX-Request" in request.headers
    if not asks_itself and now - seen_by(request.session) >= NOTED_EVERY_SECONDS:
        request.session_used = key  # type: ignore[attr-defined]
    return False


def left_of(request: HttpRequest, user: User) -> tuple[float, str]:
    """Return the seconds that the session lasts without activity, and what ends it."""
    opened = request.session.get(OPENED, {"at": 0})
    return seconds_left(
        LIMITS[Role(user.role)],
        started=opened["at"],
        seen=seen_by(request.session),
        now=timezone.now().timestamp(),
    )


def seen_by(session: Any) -> float:
    """Return when the session was last seen; when it was opened, until it is saved."""
    seen = session.seen
    return float(seen.timestamp() if seen else session.get(OPENED, {"at": 0})["at"])
