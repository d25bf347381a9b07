"""One envelope for every error of the API: code, message, details."""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.core.exceptions import RequestDataTooBig
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from ocgmap.common.errors import AppError, NotFound

MISSING = "Send a token: `Authorization: Bearer ocgm_….…`."
KEPT_HEADERS = ("WWW-Authenticate", "Allow", "Retry-After")
CODES = {"not_authenticated": "token_missing", "authentication_failed": "token_refused"}


class BodyTooLarge(AppError):
    """The body is larger than the service takes."""

    status = 413
    code = "too_large"

    def __init__(self) -> None:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0
        super().__init__(
            f"The body is too large: at most {limit:,} bytes are taken. Send less at a "
            "time."
        )


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """Return the answer for ``error``, and have the transaction rolled back.

    Absent and invisible records get the same answer to the byte.
    """
    request = context["request"]._request  # noqa: SLF001
    if isinstance(error, Http404 | exceptions.NotFound):
        error = NotFound()
    if isinstance(error, RequestDataTooBig):
        error = BodyTooLarge()
    if isinstance(error, DjangoPermissionDenied):
        error = exceptions.PermissionDenied()
    if isinstance(error, AppError):
        request.refused = True
        return _envelope(error.status, error.code, error.message, _details(error))
    response = exception_handler(error, context)
    if response is None:
        return None
    request.refused = True
    headers = {name: response[name] for name in KEPT_HEADERS if name in response}
    if isinstance(error, exceptions.ValidationError):
        fields = _by_field(response.data)
        return _envelope(400, "invalid", _summary(fields), {"fields": fields})
    code = str(getattr(error, "default_code", "error"))
    is_missing = isinstance(error, exceptions.NotAuthenticated)
    message = MISSING if is_missing else str(getattr(error, "detail", error))
    return _envelope(response.status_code, CODES.get(code, code), message, {}, headers)


def _details(error: AppError) -> dict[str, Any]:
    details = dict(error.details)
    if error.field:
        details = {"fields": {error.field: [error.message]}, **details}
    return details


def _by_field(data: Any) -> Any:
    return data if isinstance(data, dict) else {"body": data}


def _summary(fields: dict[str, Any]) -> str:
    names = ", ".join(str(name) for name in fields)
    return f"Nothing was done. Correct: {names}."


def _envelope(
    status: int,
    code: str,
    message: str,
    details: Any,
    headers: dict[str, str] | None = None,
) -> Response:
    return Response(
        {"code": code, "message": message, "details": details},
        status=status,
        headers=headers,
        content_type="application/problem+json",
    )
