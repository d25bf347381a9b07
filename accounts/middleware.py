"""One transaction wraps the whole request, and knows who is asking.

`scoped_transaction` is outermost: it opens as nobody. `viewer` runs once the session is
read: from then on the transaction shows what that viewer may see. Errors of ours become
pages here, and roll the transaction back; the refusal is audited in a second one.
"""

import dataclasses
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.deprecation import MiddlewareMixin

from accounts import audit, second_factor
from accounts.access import scope_of, viewer_of
from accounts.actions import sessions, tokens
from accounts.exceptions import TokenRefused
from accounts.lasting import session_over
from accounts.models import User
from accounts.models.audit_event import AuditKind
from ocgmap.common.acting import acting_as
from ocgmap.common.errors import AppError
from ocgmap.common.plain_text import is_readable
from ocgmap.common.scope import Scope, anonymous, current

GetResponse = Callable[[HttpRequest], HttpResponse]

SAFE = {"GET", "HEAD", "OPTIONS"}
OUTSIDE = ("/health/", "/static/")
API = "/api/"
REHEARSED, PRINTED, SIGNING_IN = "/entry/", "/profile/", "/accounts/"
COUNTED = "/search/paste/file/"


def scoped_transaction(get_response: GetResponse) -> GetResponse:
    """Wrap each request in one transaction under a scope.

    What only reads runs REPEATABLE READ, so that the classes a viewer sees and the
    figures shown come from one snapshot. A failed or refused request leaves nothing behind but its
    audit row.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path.startswith(OUTSIDE):
            return get_response(request)
        if not getattr(request, "request_id", ""):
            request.request_id = str(uuid.uuid4())  # type: ignore[attr-defined]
        request.viewer = None  # type: ignore[attr-defined]
        scope = anonymous(repeatable_read=_only_reads(request))
        scope.request_id = request.request_id  # type: ignore[attr-defined]
        scope.route = f"{request.method} {_told(request.path)}"
        with acting_as(scope), transaction.atomic():
            response = get_response(request)
            failed = response.status_code >= 500 or getattr(request, "refused", False)
            if failed:
                transaction.set_rollback(True)
        if failed or response.status_code in {403, 404, 429}:
            _audit_refusal(request, scope, response.status_code)
        if getattr(request, "api_token", None) and not failed:
            _touch(request, scope)
        _note_session(request, scope)
        response["X-Request-ID"] = request.request_id  # type: ignore[attr-defined]
        return response

    return middleware


def _only_reads(request: HttpRequest) -> bool:
    """Return whether all of the answer must be of one moment.

    A profile is printed by POST, so that no answer stands in an address. The pages of an
    entry rehearse it, which writes and takes back. Pages of signing in write into the
    session by GET, which another tab may do at the same time. A list taken out counts
    with those that were, also a moment ago.
    """
    if request.path.startswith((REHEARSED, SIGNING_IN, COUNTED)):
        return False
    return request.method in SAFE or request.path.endswith(PRINTED)


def _told(path: str) -> str:
    """Return the path as the audit can hold it: what is no text, as it was sent."""
    return "".join(
        one if is_readable(one) else quote(one, errors="surrogatepass") for one in path
    )


def _touch(request: HttpRequest, opened: Scope) -> None:
    """Note the token's use apart from the request: concurrent GETs must not clash."""
    token = request.api_token  # type: ignore[attr-defined]
    opened.repeatable_read = False
    with acting_as(opened), transaction.atomic():
        tokens.touch(token)


def _note_session(request: HttpRequest, opened: Scope) -> None:
    """Take away a session that is over, or note that it was used: apart, as `_touch`."""
    over = getattr(request, "session_over", None)
    used = getattr(request, "session_used", "")
    if not over and not used:
        return
    scope = getattr(request, "scope", None) or opened
    scope.repeatable_read = False
    with acting_as(scope), transaction.atomic():
        if over:
            sessions.over(over.key, user_id=over.user_id, why=over.why)
        else:
            sessions.touch(used)


def _audit_refusal(request: HttpRequest, opened: Scope, status: int) -> None:
    scope = getattr(request, "scope", None) or opened
    scope.repeatable_read = False
    kind, ids = "request", []
    refused = getattr(request, "token_refused", None)
    if refused is not None and refused.token is not None:
        # The secret was right: it is known whose token was refused.
        kind, ids, user = "accounts.ApiToken", [refused.token.pk], refused.token.user
        scope = dataclasses.replace(
            scope, actor_id=user.pk, organisation_id=user.organisation_id
        )
    with acting_as(scope), transaction.atomic():
        audit.record(AuditKind.REFUSAL, kind, ids, detail={"status": status})


def viewer(get_response: GetResponse) -> GetResponse:
    """Find who asks, by session or token, and let the transaction show what they see."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path.startswith(OUTSIDE):
            return get_response(request)
        try:
            user = _user_of(request)
        except TokenRefused as refused:
            request.token_refused = refused  # type: ignore[attr-defined]
            user = None
        if user is None:
            return get_response(request)
        request.viewer = dataclasses.replace(  # type: ignore[attr-defined]
            viewer_of(user), is_shared=_is_shared(request)
        )
        opened = current.get()
        scope = scope_of(
            request.viewer,  # type: ignore[attr-defined]
            request_id=request.request_id,  # type: ignore[attr-defined]
            on_behalf_of=getattr(request, "on_behalf_of", ""),
            route=opened.route if opened else "",
        )
        request.scope = scope  # type: ignore[attr-defined]
        with acting_as(scope):
            response = get_response(request)
        if isinstance(user, User) and User.organisation.is_cached(user):
            # For the log, and only where the page has asked for it anyway.
            request.organisation_code = user.organisation.code  # type: ignore[attr-defined]
        return response

    return middleware


def _user_of(request: HttpRequest) -> User | None:
    if request.path.startswith(API):
        header = request.headers.get("Authorization", "")
        if not header:
            return None
        token = tokens.authenticate(
            header, address=str(request.META.get("REMOTE_ADDR", ""))
        )
        officer = tokens.officer_of(token, request.headers.get("X-On-Behalf-Of", ""))
        request.on_behalf_of = officer  # type: ignore[attr-defined]
        request.api_token = token  # type: ignore[attr-defined]
        return token.user
    user: Any = request.user
    if not isinstance(user, User) or not user.is_active or session_over(request, user):
        return None
    if not second_factor.is_met(request, user):
        request.lacks_factor = True  # type: ignore[attr-defined]
        return None
    return user


def _is_shared(request: HttpRequest) -> bool:
    """Return whether people work through the token, as it is or as the call says."""
    token = getattr(request, "api_token", None)
    return bool(token and (token.is_interactive or request.on_behalf_of))  # type: ignore[attr-defined]


class ErrorPages(MiddlewareMixin):
    """Turn our errors into pages that name field, rule and cure; nothing is kept."""

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponse | None:
        """Return the page for an `AppError`; other exceptions go on."""
        if not isinstance(exception, AppError):
            return None
        request.refused = True  # type: ignore[attr-defined]
        template = {403: "403.html", 404: "404.html"}.get(exception.status, "400.html")
        return render(request, template, {"error": exception}, status=exception.status)
