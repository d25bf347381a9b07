"""The saved searches that a reader chose for dashboards, narrowed to a place."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from accounts import audit
from accounts.visibility import Viewer
from groups.models import SavedSearch
from ocgmap.common.errors import AppError
from scoring import picture
from scoring.filters import matching
from scoring.models import SearchPin
from scoring.models.pin import MOST_PINNED
from scoring.picture import PictureScope, Place
from scoring.views.figure_tables import Cell
from scoring.views.saved_rows import NOT_MEANT, texts_of


def narrowed(
    saved: SavedSearch, place: PictureScope, places: Iterable[Place]
) -> QueryDict | None:
    """Return a search's filters within a place; None where it is of another place.

    Raises:
        UnknownScope: the search names a place that is none any more.
    """
    query = saved.asked
    own = query.get("scope")
    common = (
        picture.common_to(picture.parse_scope(own), place, places) if own else place
    )
    if common is None:
        return None
    query["scope"] = common.key
    return query


def tiles_of(by: Viewer, place: PictureScope) -> list[Cell]:
    """Return the searches that ``by`` chose, with how many groups each finds in a place.

    A search of another place is left out. One query counts them all.
    """
    chosen = SearchPin.objects.visible_to(by).select_related("search").order_by("pk")
    searches = [one.search for one in chosen[:MOST_PINNED]]
    if not searches:
        return []
    audit.consulted("groups.SavedSearch", [one.pk for one in searches])
    places = picture.places_on(timezone.localdate())
    asked = [(one, _asked(by, one, place, places)) for one in searches]
    kept = [(one, rows) for one, rows in asked if rows is not None]
    texts = texts_of([rows for _, rows in kept])
    return [
        {
            "key": f"search.{one.public_id}",
            "label": one.name,
            "value": text,
            "note": "",
            "url": f"{reverse('scoring:run_search', args=[one.public_id])}"
            f"?{urlencode({'scope': place.key})}",
        }
        for (one, _), text in zip(kept, texts, strict=True)
    ]


def _asked(
    by: Viewer, saved: SavedSearch, place: PictureScope, places: Iterable[Place]
) -> QuerySet[Any] | str | None:
    try:
        query = narrowed(saved, place, places)
        if query is None:
            return None
        return matching(by, query, place.key, saved.text)
    except AppError:
        return NOT_MEANT
