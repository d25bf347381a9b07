"""Confirming that it is still you, before what is highly sensitive.

A step counts as confirmed for five minutes after the account signed in or confirmed in
this session: by its second factor where it has one, else by its password. A form that
comes later is carried through the confirmation, signed, and nothing typed is lost.
Source: OWASP ASVS 5.0, 7.5.3.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.account.forms import ReauthenticateForm as PasswordForm
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.core import ratelimit
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn.forms import ReauthenticateWebAuthnForm as KeyForm
from allauth.mfa.webauthn.internal.auth import begin_authentication
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts import gate
from accounts.forms import ConfirmCodeForm as CodeForm
from accounts.second_factor import SECOND_FACTORS, is_second
from ocgmap.common.forms import ErrorLink, error_links

FRESH_SECONDS = 5 * 60
NO_KEY = "The key was not taken. Try again, or use another way."
TOO_MANY = "Too many tries. Wait fifteen minutes, then try again."
View = Callable[..., HttpResponse]


def step_up_required(view: View) -> View:
    """Let the view answer only to someone who confirmed within five minutes."""

    @wraps(view)
    def confirmed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return ask_unless_fresh(request) or view(request, *args, **kwargs)

    return confirmed


class StepUpRequired:
    """A view that answers only to someone who confirmed within five minutes.

    Name it before the view's own class.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask first, then go on."""
        asked = ask_unless_fresh(request)
        if asked is not None:
            return asked
        response: HttpResponse = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return response


def ask_unless_fresh(request: HttpRequest) -> HttpResponse | None:
    """Return the question that keeps what was sent; None if it was answered lately.

    For views that check a right first: nothing may have been written before.
    """
    if is_fresh(request):
        return None
    if request.method == "POST":
        return question(request, form_for(request), kept=gate.kept_from(request))
    here = urlencode({"next": request.get_full_path()})
    return redirect(f"{reverse('accounts:step_up')}?{here}")


def is_fresh(request: HttpRequest) -> bool:
    """Return whether this session's account proved itself within five minutes."""
    user = request.user
    since = time.time() - FRESH_SECONDS
    steps = get_authentication_records(request, user)
    fresh = [one for one in steps if one["at"] > since]
    return any(map(is_second, fresh)) or (bool(fresh) and not has_second_factor(user))


def has_second_factor(user: Any) -> bool:
    """Return whether the account has an app or a key. One query."""
    return bool(is_mfa_enabled(user, types=SECOND_FACTORS))


def form_for(request: HttpRequest, data: Any = None) -> Any:
    """Return the form that asks for a code, or for the password where there is none.

    Where ``data`` is the answer of a security key, it is the form of that.
    """
    if data is not None and "credential" in data:
        return KeyForm(user=request.user, data=data)
    kind = CodeForm if has_second_factor(request.user) else PasswordForm
    return kind(user=request.user, data=data)


def is_confirmed(request: HttpRequest, form: Any) -> bool:
    """Return whether the form is right, and note that in the session."""
    if not ratelimit.consume(request, action="reauthenticate", user=request.user):
        form.add_error(None, TOO_MANY)
        return False
    if not form.is_valid():
        return False
    if isinstance(form, PasswordForm):
        reauthenticate_by_password(request)
    else:
        form.save()
    return True


def question(
    request: HttpRequest,
    form: Any,
    *,
    kept: gate.Kept | None = None,
    then: str = "",
) -> HttpResponse:
    """Return the page that asks, with what was sent or where to go in it."""
    links = error_links(form)
    if isinstance(form, KeyForm):
        links, form = [ErrorLink(NO_KEY, "key")], form_for(request)
    options = _key_options(request)
    context = {
        "form": form,
        "links": links,
        "is_in_error": bool(links),
        "is_code": isinstance(form, CodeForm),
        "key_form": KeyForm(user=request.user) if options else None,
        "key_options": options,
        "kept": kept,
        "sealed": kept.sealed() if kept and kept.is_small else "",
        "then": then,
    }
    return render(
        request, "accounts/step_up.html", context, status=401 if kept else 200
    )


def _key_options(request: HttpRequest) -> dict[str, Any]:
    """Return what the browser asks a security key; empty where the account has none."""
    if not is_mfa_enabled(request.user, types=[Authenticator.Type.WEBAUTHN]):
        return {}
    return dict(begin_authentication(request.user))
