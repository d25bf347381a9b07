"""How allauth behaves here: nobody signs up; accounts are made by administrators."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # untyped library
    """No public sign-up, and no mail that could tell anything."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return false: an administrator makes accounts."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: Any) -> None:
        """Send nothing: password resets go through an administrator."""
