"""Who asks: every page here is for people who are signed in and may read."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse

from accounts.models import User
from accounts.permissions import check_has
from accounts.roles import Right
from accounts.visibility import Viewer


class Request(HttpRequest):
    """A request whose viewer is known."""

    viewer: Viewer
    user: User


Page = Callable[..., HttpResponse]


def signed_in(page: Page) -> Page:
    """Send everyone who is not signed in to do so first."""
    return login_required(page)


def for_readers(page: Page) -> Page:
    """Show the page only to accounts that may see intelligence at all.

    An administrator would else see empty figures, which look like facts.
    """

    @wraps(page)
    def checked(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        check_has(request.viewer, Right.VIEW)
        return page(request, *args, **kwargs)

    return signed_in(checked)
