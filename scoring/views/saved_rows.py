"""What a saved search finds, with the rights of whoever runs it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse

from accounts import audit
from accounts.visibility import Viewer
from groups.models import SavedSearch
from groups.models.saved_search import SearchKind
from groups.search import keep_term
from ocgmap.common.errors import AppError
from ocgmap.common.ranking import COUNTED_UP_TO, counts
from scoring.notices import rows_of

LISTS: Final[Mapping[str, str]] = {
    SearchKind.GROUPS: "scoring:groups",
    SearchKind.PEOPLE: "groups:people_list",
    SearchKind.REPORTS: "intelligence:reports",
    SearchKind.EVERYTHING: "scoring:search_all",
}
# What stands for a number where a search's filters can no longer be meant.
NOT_MEANT: Final = "–"
# Tiles on the first page; more are on the page of saved searches.
MOST_TILES = 4


def address_of(by: Viewer, saved: SavedSearch, asked: QueryDict | None = None) -> str:
    """Return the list that a saved search opens; its text becomes the runner's term.

    ``asked`` takes the place of its own filters.
    """
    query = saved.asked if asked is None else asked
    if saved.text:
        query["q"] = str(keep_term(by, saved.text).pk)
    address = reverse(LISTS[saved.kind])
    return f"{address}?{query.urlencode()}" if query else address


def count_texts(by: Viewer, searches: Sequence[SavedSearch], usual: str) -> list[str]:
    """Return how many each saved search finds for ``by``, as it is shown.

    One query counts them all. “–”: its filters can no longer be meant; “Search”: one over
    everything, which is not counted before it runs.
    """
    return texts_of([_asked(by, saved, usual) for saved in searches])


def _asked(by: Viewer, saved: SavedSearch, usual: str) -> QuerySet[Any] | str:
    if saved.kind == SearchKind.EVERYTHING:
        return "Search"
    try:
        return rows_of(by, saved, usual)
    except AppError:
        return NOT_MEANT


def texts_of(asked: Sequence[QuerySet[Any] | str]) -> list[str]:
    """Return how many rows there are of each, exactly up to 10,000; a text stays.

    One query counts them all.
    """
    numbers = iter(counts([rows for rows in asked if not isinstance(rows, str)]))
    return [one if isinstance(one, str) else _text(next(numbers)) for one in asked]


def _text(count: int) -> str:
    return f"{count:,}" if count <= COUNTED_UP_TO else f"{COUNTED_UP_TO:,}+"


def tiles_of(by: Viewer, usual: str) -> list[dict[str, str]]:
    """Return the newest saved searches of ``by`` as tiles with their counts."""
    own = list(
        SavedSearch.objects.visible_to(by)
        .filter(created_by_id=by.user_id)
        .order_by("-pk")[:MOST_TILES]
    )
    if own:
        audit.consulted("groups.SavedSearch", [one.pk for one in own])
    return [
        {
            "key": f"saved.{one.public_id}",
            "label": one.name,
            "value": text,
            "note": one.get_kind_display(),
            "url": reverse("scoring:run_search", args=[one.public_id]),
        }
        for one, text in zip(own, count_texts(by, own, usual), strict=True)
    ]
