"""The ticket of a form, by which it is known when it comes again; and an account's own."""

import uuid
from typing import Any

from allauth.account.forms import ChangePasswordForm
from allauth.mfa.base.forms import (
    AuthenticateForm,
    BaseAuthenticateForm,
    ReauthenticateForm,
)
from django import forms
from django.core import signing
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from accounts import second_factor
from accounts.actions.sent_forms import KNOWN_SECONDS, Sending
from accounts.visibility import Viewer
from ocgmap.common.forms import GovukForm, GovukRadios

# The hidden field that carries it.
FIELD = "entry"
USED = (
    "This code was used already. Wait until your app shows the next one, half a minute at "
    "most, and enter that."
)
_SALT = "accounts.forms.ticket"
# Which page it was sent from, and which draft that kept, are no words of the form.
_NOT_SAID = ("csrfmiddlewaretoken", FIELD, "tab", "draft")


def new_ticket(viewer: Viewer) -> str:
    """Return a ticket for one form of this viewer's."""
    return signing.dumps([str(uuid.uuid4()), viewer.user_id], salt=_SALT)


def ticket_after(sending: Sending | None, viewer: Viewer) -> str:
    """Return the ticket for the page shown next: the same while it is not spent."""
    return sending.ticket if sending and sending.id else new_ticket(viewer)


def ticket_again(ticket: str, viewer: Viewer) -> str:
    """Return the ticket of a form that was put aside; a new one where it is too old."""
    return ticket if _id_in(ticket, viewer) else new_ticket(viewer)


def sending_of(request: HttpRequest, viewer: Viewer) -> Sending:
    """Return the form that the request carries."""
    ticket = request.POST.get(FIELD, "")
    said = sorted(
        (name, value)
        for name, values in request.POST.lists()
        if name not in _NOT_SAID
        for value in values
    )
    digest = salted_hmac(_SALT, repr((request.path, said)), algorithm="sha256")
    return Sending(ticket, _id_in(ticket, viewer), digest.hexdigest())


def _id_in(ticket: str, viewer: Viewer) -> uuid.UUID | None:
    try:
        one, user_id = signing.loads(ticket, salt=_SALT, max_age=KNOWN_SECONDS)
        return uuid.UUID(one) if user_id == viewer.user_id else None
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        return None


class ShortcutForm(GovukForm):
    """Whether single keys do something."""

    single_keys = forms.ChoiceField(
        label="Single-key shortcuts",
        choices=[("on", "On"), ("off", "Off: single keys do nothing")],
        widget=GovukRadios(),
    )

    def clean(self) -> dict[str, Any]:
        """Say the choice as the action takes it."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        values["are_off"] = values.get("single_keys") == "off"
        return values


class AccountForm(GovukForm):
    """Which account is meant."""

    email = forms.EmailField(label="Email address of the account")


class PasswordForm(ChangePasswordForm):  # type: ignore[misc]  # untyped
    """A new password, asked for as every other page asks."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in (
            ("oldpassword", "Current password"),
            ("password1", "New password"),
            ("password2", "New password (again)"),
        ):
            self.fields[name].label = label


class _CodeOnce(BaseAuthenticateForm):  # type: ignore[misc]  # untyped
    """A code of an app is taken once, whichever process takes it.

    One that was used is no try: it says nothing that its sender did not know.
    """

    def clean_code(self) -> str:
        """Refuse a code that is not newer than the last one taken; note the others."""
        app = second_factor.app_of(self.user)
        shown = second_factor.period_of(app, self.cleaned_data["code"]) if app else None
        if app and shown is not None and second_factor.is_used(app, shown):
            raise forms.ValidationError(USED)
        code: str = super().clean_code()
        if app and shown is not None:
            second_factor.note_used(app, shown)
        return code


class SignInCodeForm(_CodeOnce, AuthenticateForm):  # type: ignore[misc]  # untyped
    """The code as the second step of a sign-in."""


class ConfirmCodeForm(_CodeOnce, ReauthenticateForm):  # type: ignore[misc]  # untyped
    """The code that confirms who sits there."""
