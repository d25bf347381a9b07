"""How allauth behaves here: nobody signs up; accounts are made by administrators."""

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts import second_factor
from accounts.models import User

_FERNET = "gAAAA"  # its version and the first bytes of its time; no secret has these


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


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # untyped library
    """The last second factor stays where one is needed; secrets are kept encrypted."""

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Return whether its account may go on without it.

        The account's row is locked until the transaction ends, so that two who take
        away its last two do not both find the other there.
        """
        is_one = authenticator.type in second_factor.SECOND_FACTORS
        if not settings.REQUIRE_MFA or not is_one:
            return True
        User.objects.select_for_update().get(pk=authenticator.user_id)
        return second_factor.others_of(authenticator) > 0

    def encrypt(self, text: str) -> str:
        """Return the secret as it stands in the database."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret that `encrypt` was given; older ones were kept as they are."""
        if not encrypted_text.startswith(_FERNET):
            return encrypted_text
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> Fernet:
    """Return the cipher of secrets; its key is not in the database."""
    key = hashlib.sha256(b"second factor" + settings.TOKEN_PEPPER.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
