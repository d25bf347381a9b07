"""What a saved search finds, with the rights of whoever runs it."""

from collections.abc import Mapping
from typing import Final

from django.urls import reverse

from accounts import audit
from accounts.visibility import Viewer
from groups.models import SavedSearch
from groups.models.saved_search import SearchKind
from groups.search import keep_term
from ocgmap.common.errors import AppError
from ocgmap.common.ranking import COUNTED_UP_TO
from scoring.notices import rows_of
from scoring.views.search_kinds import KINDS

LISTS: Final[Mapping[str, str]] = {
    SearchKind.GROUPS: "scoring:groups",
    SearchKind.PEOPLE: "groups:people_list",
    SearchKind.REPORTS: "intelligence:reports",
    SearchKind.EVERYTHING: "scoring:search_all",
}
# Tiles on the first page; more are on the page of saved searches.
MOST_TILES = 4


def address_of(by: Viewer, saved: SavedSearch) -> str:
    """Return the list that a saved search opens; its text becomes the runner's term."""
    query = saved.asked
    if saved.text:
        query["q"] = str(keep_term(by, saved.text).pk)
    address = reverse(LISTS[saved.kind])
    return f"{address}?{query.urlencode()}" if query else address


def count_text(by: Viewer, saved: SavedSearch, usual: str) -> str:
    """Return how many a saved search finds for ``by``, as it is shown; “–” if it cannot.

    Exact up to 10,000.
    """
    try:
        count = _count(by, saved, usual)
    except AppError:
        return "–"
    return f"{count:,}" if count <= COUNTED_UP_TO else f"{COUNTED_UP_TO:,}+"


def _count(by: Viewer, saved: SavedSearch, usual: str) -> int:
    if saved.kind == SearchKind.EVERYTHING:
        found = [kind.find(by, saved.text) for kind in KINDS.values()]
        return sum(one.count for one in found)
    rows = rows_of(by, saved, usual)
    return rows.order_by()[: COUNTED_UP_TO + 1].count()


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
            "value": count_text(by, one, usual),
            "note": one.get_kind_display(),
            "url": reverse("scoring:run_search", args=[one.public_id]),
        }
        for one in own
    ]
