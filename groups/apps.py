"""Tell Django of this app."""

from django.apps import AppConfig


class GroupsConfig(AppConfig):
    """The groups app."""

    name = "groups"
