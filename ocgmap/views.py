"""Pages that belong to no app."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ocgmap.common.errors import PermissionDenied


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the form's ticket is no longer valid, and what to do."""
    request.refused = True  # type: ignore[attr-defined]
    error = PermissionDenied(
        "This form was opened before you last signed in, so it was not accepted. "
        "Go back, copy what you typed, reload the page and send it again."
    )
    return render(request, "403.html", {"error": error}, status=403)
