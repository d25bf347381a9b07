"""Tell Django of this app."""

from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The accounts app."""

    name = "accounts"

    def ready(self) -> None:
        """Listen to sign-ins, once the models that this needs are loaded."""
        import_module("accounts.receivers")
