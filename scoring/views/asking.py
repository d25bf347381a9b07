"""Who asks, and which part of the country is theirs."""

from typing import cast

from django.http import HttpRequest

from accounts.gate import asker
from accounts.models import User
from accounts.permissions import check_has
from accounts.roles import Right
from accounts.visibility import Viewer
from scoring.filters import usual_scope


def reader(request: HttpRequest) -> Viewer:
    """Return who asks, who may see intelligence at all.

    An administrator would else see empty figures, which look like facts.

    Raises:
        RightMissing: the account may not read.
    """
    viewer = asker(request)
    check_has(viewer, Right.VIEW)
    return viewer


def account(request: HttpRequest) -> User:
    """Return the account that is signed in."""
    return cast("User", request.user)


def own_scope(user: User) -> str:
    """Return the scope whose figures an account opens first: its organisation's."""
    return usual_scope(user.organisation)
