"""Tell Django of this app."""

from django.apps import AppConfig


class IntelligenceConfig(AppConfig):
    """The intelligence app."""

    name = "intelligence"
