"""Going on after a lost session, confirming who one is, and the list of shortcuts."""

from typing import Any

from allauth.account.forms import LoginForm
from allauth.account.views import LoginView
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from accounts import audit, gate, step_up
from accounts.actions import shortcuts as shortcut_actions
from accounts.forms import ShortcutForm
from accounts.models import User
from ocgmap.common.errors import AppError, PermissionDenied
from ocgmap.common.forms import error_links

# What a key does on every page; those of the main parts stand beside their names.
SHORTCUTS = (
    ("?", "Show this list"),
    ("/", "Go to the search field"),
    ("j", "In a list: go to the next row; Enter opens it"),
    ("k", "In a list: go to the row before"),
)


class KeptTooLong(AppError):
    """What was kept is older than a day, or is not what we gave out."""

    code = "kept_too_long"


def _kept(request: HttpRequest) -> gate.Kept:
    """Return the form that the page carries.

    Raises:
        PermissionDenied: another site sent it.
        KeptTooLong: it is too old, or was altered.
    """
    if not gate.is_own_form(request):
        raise PermissionDenied("Another site sent this. Nothing was changed.")
    kept = gate.opened(request.POST.get(gate.KEPT_FIELD, ""))
    if kept is None:
        raise KeptTooLong(
            "What you typed was kept for a day only. Open the form again."
        )
    return kept


class SignInAgain(LoginView):  # type: ignore[misc]  # untyped library
    """Sign in on the page that carries a form, and get the form back to send it.

    With a second step the page stays as it is, and the code is entered beside it.
    """

    http_method_names = ("post",)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Go on at once if someone signed in meanwhile, in another tab."""
        self.kept = _kept(request)
        if request.user.is_authenticated:
            return gate.send_again(request, self.kept)
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response

    def form_valid(self, form: LoginForm) -> HttpResponse:
        """Offer the form to send, or say that the second step comes first."""
        response: HttpResponse = super().form_valid(form)
        if response.status_code >= 400:  # as after too many tries
            return response
        if self.request.user.is_authenticated:
            return gate.send_again(self.request, self.kept)
        return gate.session_ended(self.request, self.kept, needs_second_step=True)

    def form_invalid(self, form: LoginForm) -> HttpResponse:
        """Say what was wrong; what was typed stays in the page."""
        return gate.session_ended(self.request, self.kept, form=form)


@csrf_exempt  # its token is from before the sign-in; it changes nothing
@require_POST
def resume(request: HttpRequest) -> HttpResponse:
    """Show the kept form with a button that sends it, once someone is signed in."""
    kept = _kept(request)
    if not request.user.is_authenticated:
        return gate.session_ended(request, kept)
    return gate.send_again(request, kept)


@csrf_exempt  # asked below: after a sign-in in another tab its ticket is of before
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Ask for the code or the password, then lead on to what it was asked for."""
    has_ticket = _has_ticket(request)
    kept = _kept(request) if gate.KEPT_FIELD in request.POST else None
    then = _own_address(request)
    if not request.user.is_authenticated:
        return gate.session_ended(request, kept) if kept else redirect_to_login(then)
    if request.method != "POST":
        return step_up.question(request, step_up.form_for(request), then=then)
    # It may have been confirmed in another tab meanwhile, as at an identity provider.
    if not step_up.is_fresh(request):
        form = step_up.form_for(request, request.POST if has_ticket else None)
        if not has_ticket:
            return step_up.question(request, form, kept=kept, then=then)
        if not step_up.is_confirmed(request, form):
            audit.refused("step_up")
            return step_up.question(request, form, kept=kept, then=then)
    if kept:
        return gate.send_again(request, kept, is_confirmed=True)
    return redirect(then)


def _has_ticket(request: HttpRequest) -> bool:
    """Return whether what was sent bears the ticket of this session.

    Raises:
        PermissionDenied: it does not, and no page of ours sent it.
    """
    if request.method != "POST" or gate.has_ticket(request):
        return True
    if not gate.is_own_form(request):
        raise PermissionDenied("Another site sent this. Nothing was changed.")
    return False


def _own_address(request: HttpRequest) -> str:
    """Return the address that is asked for next, where it is one of this site's."""
    asked = request.POST.get("next") or request.GET.get("next", "")
    is_own = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, None)
    return asked if is_own else "/"


@require_http_methods(["GET", "HEAD", "POST"])
def shortcuts(request: HttpRequest) -> HttpResponse:
    """List what single keys do; let the account turn them off."""
    viewer = gate.asker(request)
    user = request.user
    are_off = isinstance(user, User) and user.shortcuts_off
    form = ShortcutForm(
        request.POST if request.method == "POST" else None,
        initial={"single_keys": "off" if are_off else "on"},
    )
    if form.is_valid():
        shortcut_actions.switch(by=viewer, are_off=form.cleaned_data["are_off"])
        messages.success(request, "Your choice is saved")
        return redirect("accounts:shortcuts")
    links = error_links(form)
    context = {
        "form": form,
        "links": links,
        "is_in_error": bool(links),
        "shortcuts": SHORTCUTS,
    }
    return render(request, "accounts/shortcuts.html", context)
