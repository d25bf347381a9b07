"""How allauth behaves here: nobody signs up; accounts are made by administrators."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.models import User


class ClosedAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # untyped library
    """No public sign-up, and no mail that could tell anything."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return false: an administrator makes accounts."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: Any) -> None:
        """Send nothing: password resets go through an administrator."""

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count nothing: django-axes counts passwords, and notes each refused one."""

    def set_password(self, user: User, password: str) -> None:
        """Write the password alone: the web may change nothing else of an account."""
        user.set_password(password)
        user.save(update_fields=["password"])

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """Say so on the page of sign-in; only who knows the password gets here."""
        messages.error(
            request,
            "This account is closed. Ask your organisation's administrator.",
        )
        return redirect("account_login")
