"""Pages of the second factor: what adds, shows or takes one away asks who one is first.

The library's own question is met by a password, also where the account has a second
factor, and by nothing where it has no password. Its confirmation is asked for besides.
"""

from collections.abc import Callable
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpResponse
from django.urls import path

from accounts.step_up import step_up_required

View = Callable[..., HttpResponse]
LAST_ONE = (
    "This is your last second factor, and your account needs one. Add another key or an "
    "authenticator app first."
)


class RemoveKey(webauthn.RemoveWebAuthnView):  # type: ignore[misc]  # untyped library
    """Take a key away, unless it is the last second factor of who needs one."""

    def form_valid(self, form: Form) -> HttpResponse:
        """Ask the adapter, which the library does for apps alone."""
        if not get_adapter().can_delete_authenticator(self.get_object()):
            form.add_error(None, LAST_ONE)
            refused: HttpResponse = self.form_invalid(form)
            return refused
        response: HttpResponse = super().form_valid(form)
        return response


def _confirmed(view: Any) -> View:
    asked: View = login_required(step_up_required(view))
    return asked


urlpatterns = [
    path("", base.index, name="mfa_index"),
    path("authenticate/", base.authenticate, name="mfa_authenticate"),
    path("reauthenticate/", base.reauthenticate, name="mfa_reauthenticate"),
    path("totp/activate/", _confirmed(totp.activate_totp), name="mfa_activate_totp"),
    path(
        "totp/deactivate/",
        _confirmed(totp.deactivate_totp),
        name="mfa_deactivate_totp",
    ),
    path(
        "recovery-codes/",
        _confirmed(recovery.view_recovery_codes),
        name="mfa_view_recovery_codes",
    ),
    path(
        "recovery-codes/generate/",
        _confirmed(recovery.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "recovery-codes/download/",
        _confirmed(recovery.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    path("webauthn/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("webauthn/add/", _confirmed(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path(
        "webauthn/reauthenticate/",
        webauthn.reauthenticate_webauthn,
        name="mfa_reauthenticate_webauthn",
    ),
    path(
        "webauthn/keys/<int:pk>/remove/",
        _confirmed(RemoveKey.as_view()),
        name="mfa_remove_webauthn",
    ),
    path(
        "webauthn/keys/<int:pk>/edit/",
        _confirmed(webauthn.edit_webauthn),
        name="mfa_edit_webauthn",
    ),
]
