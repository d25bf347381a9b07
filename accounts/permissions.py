"""May they? Each check raises; `can` turns a check into a question."""

from collections.abc import Callable
from typing import Any

from accounts.exceptions import OwnAccountNeeded, RightMissing
from accounts.roles import Right
from accounts.visibility import Viewer
from ocgmap.common.errors import PermissionDenied


def check_has(viewer: Viewer, right: Right) -> None:
    """Raise unless ``viewer`` has ``right``.

    Raises:
        RightMissing: it does not; the message names the right.
    """
    if not viewer.has(right):
        raise RightMissing(
            f"Your role does not allow this step: it needs the right "
            f"“{right.replace('_', ' ')}”. Ask a supervisor.",
            right=str(right),
        )


def check_own_account(viewer: Viewer) -> None:
    """Raise where people work through the token of ``viewer``.

    For each step that is, or that later needs, a second person: two persons are two
    accounts, and behind such a token stands whoever the call says.

    Raises:
        OwnAccountNeeded: they do; the message says where the step is taken instead.
    """
    if viewer.is_shared:
        raise OwnAccountNeeded


def can(check: Callable[..., None], *args: Any, **kwargs: Any) -> bool:
    """Return whether ``check`` passes."""
    try:
        check(*args, **kwargs)
    except PermissionDenied:
        return False
    return True
