"""Tell Django of this app, and load its schemes after each migrate."""

from typing import Any

from django.apps import AppConfig
from django.db import connection
from django.db.models.signals import post_migrate
from django.utils.module_loading import import_string


def after_migrate(**_: Any) -> None:
    """Load the published schemes, once their table is there."""
    if "scoring_schemeversion" in connection.introspection.table_names():
        import_string("scoring.actions.reference.load_schemes")()  # needs loaded models


class ScoringConfig(AppConfig):
    """The scoring app."""

    name = "scoring"

    def ready(self) -> None:
        """Load the schemes whenever the tables were brought up to date."""
        post_migrate.connect(after_migrate, sender=self)
