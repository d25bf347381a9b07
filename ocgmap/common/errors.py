"""Errors that people read: each names the field, the rule and the cure."""

from typing import Any


class AppError(Exception):
    """Something a caller did wrong, worded for them; mapped to 400 or a form error."""

    status = 400
    code = "invalid"

    def __init__(
        self, message: str, *, field: str | None = None, **details: Any
    ) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.details = details


class PermissionDenied(AppError):
    """The right is missing (never used to tell that a hidden record exists)."""

    status = 403
    code = "permission_denied"


class NotFound(AppError):
    """Absent and invisible are this one answer."""

    status = 404
    code = "not_found"

    def __init__(self, message: str = "There is no such record.") -> None:
        super().__init__(message)


class Conflict(AppError):
    """Someone else changed the record, or the same key was used for another body."""

    status = 409
    code = "conflict"


class StaleVersion(AppError):
    """The version in hand is not the newest: nothing was written."""

    status = 412
    code = "stale_version"


class Unprocessable(AppError):
    """The same idempotency key came with a different body: nothing was written."""

    status = 422
    code = "idempotency_key_reused"


class InvalidTransition(AppError):
    """The record's state does not allow this step."""

    status = 409
    code = "invalid_transition"


class OutsideScope(Exception):
    """A query ran with no scope, or outside a transaction: a fault of the program."""
