"""What can go wrong with accounts, worded for those who meet it."""

from typing import Any

from ocgmap.common.errors import AppError, Conflict, PermissionDenied


class RightMissing(PermissionDenied):
    """The account's role does not carry the right that this step needs."""


class NotOwner(PermissionDenied):
    """Only the owner, or the moderating unit of its region, may take this step."""

    code = "not_owner"


class InvalidRule(AppError):
    """A rule of a region cannot stand so; nothing was written."""


class UnknownSharing(AppError):
    """The sharing option or compartment is not one that this person may choose."""


class TokenRefused(PermissionDenied):
    """The API token is unknown, expired, revoked, or used from elsewhere.

    Where its secret was right, ``token`` says whose it is: for the audit, not the caller.
    """

    status = 401
    code = "token_refused"

    def __init__(self, message: str, *, token: Any = None) -> None:
        super().__init__(message)
        self.token = token


class OfficerMissing(TokenRefused):
    """People work through this token, and the call does not say who."""

    status = 400
    code = "on_behalf_of_missing"


class SentBefore(Conflict):
    """The form was taken before, with other words: those stand."""

    def __init__(self) -> None:
        super().__init__(
            "This form was sent before, with other words, and what was recorded then "
            "stands. To correct that, open it and change it. To record this as well, "
            "send it again."
        )


class NoSealKey(AppError):
    """No key is at hand to seal the audit, or to know its seal by."""

    code = "no_seal_key"


class SealBroken(AppError):
    """The sealer found what it must not build upon; an operator has to look."""

    code = "seal_broken"


class CopyDamaged(SealBroken):
    """The copy of the checkpoints outside the database holds what cannot be read."""

    code = "seal_copy_damaged"


class InvalidMembership(AppError):
    """A membership of a compartment cannot stand so; nothing was written."""

    code = "invalid_membership"


class SecondPerson(PermissionDenied):
    """The step is for another person than the one who proposed it."""

    code = "second_person"


class OwnAccountNeeded(PermissionDenied):
    """People work through the token: nothing proves that the second is not the first."""

    code = "own_account_needed"

    def __init__(self) -> None:
        super().__init__(
            "This step is one of two persons, or leads to one, and people work through "
            "this token: nothing proves who they are, so the second could be the first. "
            "Sign in to the site under your own account and take the step there."
        )


class InvalidExport(AppError):
    """A long list cannot be asked for so; nothing was written."""

    code = "invalid_export"
