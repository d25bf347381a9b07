"""Codes of the audit as people say them."""

import re
from collections.abc import Mapping
from typing import Any, Final

from django.apps import apps

# Where something was done, by the beginning of its address; and the words for it.
PARTS: Final[Mapping[str, tuple[str, str]]] = {
    "api": ("Over the API", r"^[A-Z]+ /api/"),
    "groups": ("Pages of groups", r"^[A-Z]+ /groups/"),
    "people": ("Pages of people", r"^[A-Z]+ /people/"),
    "reports": ("Pages of reports", r"^[A-Z]+ /reports/"),
    "dashboards": ("Dashboards", r"^[A-Z]+ /dashboard/"),
    "sign-in": ("Sign-in", r"^[A-Z]+ /accounts/"),
    "audit": ("The audit", r"^[A-Z]+ /(audit|readers)/"),
    "system": ("The system itself", r"^[^/]*$"),
}
_NO_MODELS: Final = {
    "request": "a request",
    "scoring.Picture": "the picture",
    "scoring.Hindsight": "a comparison of then and now",
    "scoring.Quality": "what is missing",
}


def said(label: str) -> str:
    """Return the kind of a record as people say it: `groups.CrimeGroup` is crime group."""
    if label in _NO_MODELS:
        return _NO_MODELS[label]
    app, _, name = label.partition(".")
    try:
        return str(apps.get_model(app, name)._meta.verbose_name)  # noqa: SLF001
    except (LookupError, ValueError):
        return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name or label).lower()


def lines_of(detail: Mapping[str, Any]) -> list[str]:
    """Return what an event holds besides, a line each."""
    return [
        f"{key.replace('_', ' ')}: {_plain(value)}" for key, value in detail.items()
    ]


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return str(value)
