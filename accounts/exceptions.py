"""What can go wrong with accounts, worded for those who meet it."""

from ocgmap.common.errors import AppError, PermissionDenied


class RightMissing(PermissionDenied):
    """The account's role does not carry the right that this step needs."""


class UnknownSharing(AppError):
    """The sharing option or compartment is not one that this person may choose."""


class TokenRefused(PermissionDenied):
    """The API token is unknown, expired, revoked, or used from elsewhere."""

    status = 401
    code = "token_refused"
