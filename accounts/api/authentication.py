"""DRF asks here who calls; the middleware has already found out."""

from collections.abc import Mapping
from typing import Any, Final

from django.contrib.auth import get_user
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, MethodNotAllowed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts import second_factor
from accounts.exceptions import OfficerMissing
from accounts.lasting import session_over
from accounts.models import ApiToken, User
from accounts.visibility import Viewer

ANY: Final = "*"  # any token at all: for code lists and the like
Scopes = Mapping[str, str | tuple[str, ...]]


def viewer_of(request: Request) -> Viewer:
    """Return who asks, as the middleware found them; there is one behind `HasScope`."""
    viewer: Viewer = request._request.viewer  # type: ignore[attr-defined]  # noqa: SLF001
    return viewer


class TokenAuthentication(BaseAuthentication):
    """Take the account that the middleware found for the bearer token."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """Return account and token, or None without a header.

        Raises:
            AuthenticationFailed: a token was sent and refused.
            OfficerMissing: the call does not name the officer behind it.
        """
        refused = getattr(request._request, "token_refused", None)  # noqa: SLF001
        if isinstance(refused, OfficerMissing):
            raise refused
        if refused is not None:
            raise AuthenticationFailed(refused.message, code=refused.code)
        token = getattr(request._request, "api_token", None)  # noqa: SLF001
        return (token.user, token) if token else None

    def authenticate_header(self, request: Request) -> str:
        """Return the scheme to ask for, so that the answer is 401 and not 403."""
        return "Bearer"


class HasScope(BasePermission):
    """The token must carry the scope that the view names for this method."""

    message = "The token lacks the scope that this resource needs."

    def has_permission(self, request: Request, view: Any) -> bool:
        """Return whether the token has the view's scope and the account may view.

        Raises:
            MethodNotAllowed: the view names no scope for the method.
        """
        token: Any = request.auth
        if not isinstance(token, ApiToken):
            return False
        method = "GET" if request.method == "HEAD" else str(request.method)
        wanted = scopes_for(view, method)
        if not wanted:
            raise MethodNotAllowed(method)
        self.message = _lacks(wanted)
        has_scope = ANY in wanted or not set(wanted).isdisjoint(token.scopes)
        return has_scope and viewer_of(request).can_view


def scopes_for(view: Any, method: str) -> tuple[str, ...]:
    """Return the scopes of which a token needs one; empty where none opens the door."""
    needed: Scopes = getattr(view, "scopes", {})
    wanted = needed.get(method, ())
    return (wanted,) if isinstance(wanted, str) else wanted


def _lacks(wanted: tuple[str, ...]) -> str:
    if ANY in wanted:
        return "The token's account may not read intelligence."
    return (
        f"This needs a token with the scope {' or '.join(wanted)}, of an account that "
        "may read intelligence. Ask an administrator for one."
    )


class HasTokenOrSession(BasePermission):
    """Any live token, or any signed-in session: for what tells of no record."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Return whether the caller is known at all."""
        if isinstance(request.auth, ApiToken):
            return True
        page = request._request  # noqa: SLF001 - DRF has set its user to None
        user = get_user(page)
        if not isinstance(user, User) or not user.is_active:
            return False
        return second_factor.is_met(page, user) and not session_over(page, user)
