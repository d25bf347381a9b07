"""The gate: nothing is open to the anonymous, and nothing that was typed is lost.

Every address needs a signed-in viewer unless it is listed here. A form that is sent
after the session has ended comes back in a page that carries what was typed, signed, so
that nothing is stored for someone whom we do not know.
"""

from collections.abc import Callable
from dataclasses import dataclass

from allauth.account.forms import LoginForm
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.http import HttpRequest, HttpResponse, QueryDict
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve

from accounts import second_factor
from accounts.visibility import Viewer
from ocgmap.common.errors import PermissionDenied

GetResponse = Callable[[HttpRequest], HttpResponse]

# Sign-in itself; the state of the service, which tells nothing of records; and the API,
# which answers 401 by itself.
_UNOWNED = ("/health/", "/status/", "/static/", "/api/")
OPEN = ("/accounts/", *_UNOWNED)
# What is kept: a day, and no more than the pages themselves take.
KEPT_SECONDS = 24 * 60 * 60
KEPT_CHARACTERS = 500_000
KEPT_FIELD = "kept"
_SALT = "accounts.gate.kept"
_csrf = CsrfViewMiddleware(lambda _: HttpResponse())
_NEVER = ("csrfmiddlewaretoken", KEPT_FIELD)


@dataclass(frozen=True, slots=True)
class Kept:
    """A form as it was sent: to which address, and each field with its value."""

    path: str
    fields: tuple[tuple[str, str], ...]

    @property
    def is_small(self) -> bool:
        """Return whether it is small enough to be carried in a page."""
        held = sum(len(name) + len(value) for name, value in self.fields)
        return held <= KEPT_CHARACTERS

    @property
    def texts(self) -> list[str]:
        """Return the values of several words: what a person would not type again."""
        return [value for _, value in self.fields if " " in value.strip()]

    def sealed(self) -> str:
        """Return it as signed text, which `opened` takes back for a day."""
        return signing.dumps(
            {"path": self.path, "fields": self.fields}, salt=_SALT, compress=True
        )


def default_deny(get_response: GetResponse) -> GetResponse:
    """Ask whoever is not signed in to do so, keeping what they sent.

    Those who signed in anew in another tab send a form of their former session: its
    ticket is refused, and they get what they typed back, to send it with a new one.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if _must_enrol(request):
            return redirect("mfa_index")
        if request.path.startswith(OPEN):
            return get_response(request)
        if _viewer(request) is not None:
            return _ticket_refused(request) or get_response(request)
        if request.method == "POST" and is_own_form(request):
            return session_ended(request, kept_from(request))
        if request.method in {"GET", "HEAD"}:
            return redirect_to_login(request.get_full_path())
        return redirect_to_login("/")

    return middleware


def _must_enrol(request: HttpRequest) -> bool:
    """Return whether a session without its second factor asks for more than to get one."""
    may = (*_UNOWNED, *second_factor.ENROLMENT)
    return getattr(request, "lacks_factor", False) and not request.path.startswith(may)


def has_ticket(request: HttpRequest) -> bool:
    """Return whether the CSRF token of what was sent is of this session."""
    return _csrf.process_view(request, session_ended, (), {}) is None


def _ticket_refused(request: HttpRequest) -> HttpResponse | None:
    """Return the answer to a form whose CSRF token is not of this session, or None."""
    refused = _csrf.process_view(request, session_ended, (), {})
    if refused is None or not is_own_form(request):
        return refused
    return send_again(request, kept_from(request), status=403)


def asker(request: HttpRequest) -> Viewer:
    """Return who asks.

    Raises:
        PermissionDenied: nobody is signed in; the gate lets no such request through.
    """
    viewer = _viewer(request)
    if viewer is None:
        raise PermissionDenied("Sign in first.")
    return viewer


def _viewer(request: HttpRequest) -> Viewer | None:
    viewer = getattr(request, "viewer", None)
    return viewer if isinstance(viewer, Viewer) else None


def is_own_form(request: HttpRequest) -> bool:
    """Return whether the browser says that one of our own pages sent this.

    Browsers set these headers and no page can forge them; the Referer is asked only
    where an old one sends neither of the others. Without any, what was sent is not shown
    again: a strange site could have us present its words as the reader's.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site == "same-origin"
    here = f"{request.scheme}://{request.get_host()}"
    origin = request.headers.get("Origin")
    if origin:
        return origin == here
    return request.headers.get("Referer", "").startswith(f"{here}/")


def kept_from(request: HttpRequest) -> Kept:
    """Return what was typed, without tokens, passwords and files."""
    posted: QueryDict = request.POST
    fields = tuple(
        (name, value)
        for name, values in posted.lists()
        if name not in _NEVER and "password" not in name.lower()
        for value in values
        if isinstance(value, str)
    )
    return Kept(request.get_full_path(), fields)


def opened(text: str) -> Kept | None:
    """Return the form that `Kept.sealed` wrote; None if altered, old, or not of ours."""
    try:
        held = signing.loads(text, salt=_SALT, max_age=KEPT_SECONDS)
        kept = Kept(
            held["path"], tuple((name, value) for name, value in held["fields"])
        )
        resolve(kept.path.partition("?")[0])
    except (signing.BadSignature, Resolver404):
        return None
    return kept


def session_ended(
    request: HttpRequest,
    kept: Kept,
    *,
    form: LoginForm | None = None,
    needs_second_step: bool = False,
) -> HttpResponse:
    """Return the page that says so, with the sign-in and what was typed in it."""
    context = {
        "form": form or LoginForm(request=request),
        "kept": kept,
        "sealed": kept.sealed() if kept.is_small else "",
        "needs_second_step": needs_second_step,
    }
    return render(request, "accounts/session_ended.html", context, status=401)


def send_again(
    request: HttpRequest, kept: Kept, *, status: int = 200, is_confirmed: bool = False
) -> HttpResponse:
    """Return the page that shows what was typed, with a button that sends it.

    `is_confirmed` says that the account confirmed who it is, and did not sign in anew.
    """
    context = {"kept": kept, "is_confirmed": is_confirmed}
    return render(request, "accounts/send_again.html", context, status=status)
