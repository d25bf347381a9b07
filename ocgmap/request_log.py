"""One log line and one count for every request; and the operators' figures.

`/metrics` is no address of the site: it is answered here to whoever brings the secret.
To everyone else it is an unknown address, because it is one.
"""

import hmac
import time
import uuid
from collections.abc import Callable
from typing import Any, Final

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from prometheus_client import CONTENT_TYPE_LATEST
from structlog.contextvars import bound_contextvars

from ocgmap import metrics

GetResponse = Callable[[HttpRequest], HttpResponse]
METRICS_PATH: Final = "/metrics"
logger = structlog.get_logger(__name__)


def seen(get_response: GetResponse) -> GetResponse:
    """Log and count each request by the name of its address, never by its words."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path == METRICS_PATH and _is_operator(request):
            return _figures()
        began = time.perf_counter()
        request_id = str(uuid.uuid4())
        request.request_id = request_id  # type: ignore[attr-defined]
        with bound_contextvars(request_id=request_id):
            response = get_response(request)
            seconds = time.perf_counter() - began
            _tell(request, response.status_code, seconds)
        return response

    return middleware


def _tell(request: HttpRequest, status: int, seconds: float) -> None:
    route = _route(request)
    metrics.count(route, str(request.method), status, seconds)
    viewer: Any = getattr(request, "viewer", None)
    logger.info(
        "request",
        route=route,
        method=request.method,
        status=status,
        milliseconds=round(seconds * 1000, 1),
        actor_id=viewer.user_id if viewer else None,
        organisation_id=viewer.organisation_id if viewer else None,
        organisation=getattr(request, "organisation_code", None),
    )


def _route(request: HttpRequest) -> str:
    """Return the name of the address, also where a redirect came before its view."""
    if request.path.startswith(settings.STATIC_URL):
        return "static"
    try:
        match = request.resolver_match or resolve(request.path_info)
    except Resolver404:
        return "unmatched"
    return match.view_name or "unnamed"


def _is_operator(request: HttpRequest) -> bool:
    """Return whether the request brings the operators' secret, compared at length."""
    if not settings.METRICS_TOKEN:
        return False
    given = request.headers.get("Authorization", "").encode()
    return hmac.compare_digest(given, f"Bearer {settings.METRICS_TOKEN}".encode())


def _figures() -> HttpResponse:
    return HttpResponse(
        metrics.text(),
        content_type=CONTENT_TYPE_LATEST,
        headers={"Cache-Control": "no-store"},
    )
