"""The project itself as an app: it loads Celery and lays the database's rules."""

import sys
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.db.models.signals import post_migrate
from django.utils.module_loading import import_string

from ocgmap.celery import app as celery_app
from ocgmap.log_config import last_words

__all__ = ["OcgmapConfig", "celery_app"]


def after_migrate(**_: Any) -> None:
    """Give every table its policies, grants and triggers; idempotent."""
    import_string("ocgmap.security.lay_rules")()  # it needs the loaded models


class OcgmapConfig(AppConfig):
    """The wiring on top of the apps."""

    name = "ocgmap"

    def ready(self) -> None:
        """Lay the rules after each migrate, once every app has its tables.

        What ends a process is logged without its words, but on a developer's machine.
        """
        if not settings.DEBUG and not settings.TESTING:
            sys.excepthook = last_words
        last = [config for config in apps.get_app_configs() if config.models_module][-1]
        post_migrate.connect(after_migrate, sender=last)
