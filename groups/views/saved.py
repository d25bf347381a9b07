"""The saved searches of a list, for its page."""

from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from accounts import audit
from accounts.visibility import Viewer
from groups.models import SavedSearch

_MOST = 100


def choices(by: Viewer, kind: str, query: QueryDict) -> dict[str, Any]:
    """Return the saved searches of a list, and where its present filters are saved."""
    kept = SavedSearch.objects.visible_to(by).filter(kind=kind).order_by("name", "pk")
    found = list(kept[:_MOST])
    if found:
        audit.consulted("groups.SavedSearch", [one.pk for one in found])
    rest = query.copy()
    for name in ("cursor", "columns"):
        rest.pop(name, None)
    new = {"kind": kind, "query": rest.urlencode()}
    return {
        "searches": [{"value": str(one.public_id), "text": one.name} for one in found],
        "save_url": f"{reverse('scoring:save_search')}?{urlencode(new)}",
    }
