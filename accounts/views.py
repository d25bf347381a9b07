"""Going on after a lost session: sign in again, then send what was typed."""

from typing import Any

from allauth.account.forms import LoginForm
from allauth.account.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts import gate
from ocgmap.common.errors import AppError, PermissionDenied


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
