"""Pages that belong to no app."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template import loader
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ocgmap.common.errors import AppError, PermissionDenied
from ocgmap.health import Health, health
from ocgmap.oversized import oversized


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the form's ticket is no longer valid, and what to do."""
    request.refused = True  # type: ignore[attr-defined]
    error = PermissionDenied(
        "This form was opened before you last signed in, so it was not accepted. "
        "Go back, copy what you typed, reload the page and send it again."
    )
    return render(request, "403.html", {"error": error}, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that the fault is ours: as data under /api/, else as a page.

    No query and no context: the transaction it runs in has failed.
    """
    if request.path.startswith("/api/"):
        body = {
            "code": "error",
            "message": "Something went wrong here. Nothing was written; try again.",
            "details": {"request_id": getattr(request, "request_id", "")},
        }
        return JsonResponse(body, status=500, content_type="application/problem+json")
    return HttpResponse(loader.get_template("500.html").render(), status=500)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say why a request was not taken at all; of a form too large, which field is."""
    request.refused = True  # type: ignore[attr-defined]
    if not isinstance(exception, RequestDataTooBig):
        return render(request, "400.html", status=400)
    limit = (settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0) // 1_048_576
    error = AppError(
        f"What you sent is too large: a form takes at most {limit} megabytes. Shorten "
        "the text, or send it in parts."
    )
    context = {"error": error, "found": oversized(request)}
    return render(request, "413.html", context, status=413)


@require_safe
@never_cache
def health_json(request: HttpRequest) -> JsonResponse:
    """Answer a monitor: 200 when records are stored and scores move, else 503."""
    found = health()
    return JsonResponse(found.as_json(), status=200 if found.is_well else 503)


@require_safe
@never_cache
def status_page(request: HttpRequest) -> HttpResponse:
    """Tell people how the service stands; nothing about records."""
    found = health()
    return render(request, "status.html", {"health": found, "rows": _rows(found)})


def _rows(found: Health) -> list[dict[str, object]]:
    parts = [
        ("Database", _tag(found.database)),
        ("Message broker", _tag(found.broker)),
        ("Worker last seen", {"text": _ago(found.worker_seen_seconds)}),
        ("Scores last brought up to date", {"text": _ago(found.last_drain_seconds)}),
        ("Version", {"text": found.version}),
    ]
    return [{"key": key, "value": value} for key, value in parts]


def _tag(state: str) -> dict[str, dict[str, str]]:
    if state == "ok":
        return {"tag": {"text": "Working", "colour": "green"}}
    return {"tag": {"text": "Not answering", "colour": "red"}}


def _ago(seconds: float | None) -> str:
    if seconds is None:
        return "Never"
    whole = round(seconds)
    return f"{whole} second{'' if whole == 1 else 's'} ago"
