"""DRF asks here who calls; the middleware has already found out."""

from typing import Any

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.models import ApiToken, User


class TokenAuthentication(BaseAuthentication):
    """Take the account that the middleware found for the bearer token."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """Return account and token, or None without a header.

        Raises:
            AuthenticationFailed: a token was sent and refused.
        """
        refused = getattr(request._request, "token_refused", None)  # noqa: SLF001
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

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Return whether the token has the view's scope and the account may view."""
        token: Any = request.auth
        if not isinstance(token, ApiToken):
            return False
        needed = getattr(view, "scopes", {})
        scope = needed.get(request.method, needed.get("*"))
        viewer = request._request.viewer  # type: ignore[attr-defined]  # noqa: SLF001
        return bool(scope) and scope in token.scopes and viewer.can_view
