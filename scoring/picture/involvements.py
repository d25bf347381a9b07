"""Who is involved with the groups of a scope without being a member."""

from typing import Any

from django.db.models import Count, Q, QuerySet

from accounts.visibility import Viewer
from groups.models import Involvement
from groups.models.participation import InvolvementKind
from scoring.picture.lines import lines, live_lines
from scoring.picture.scopes import PictureScope


def involvements(viewer: Viewer, scope: PictureScope) -> QuerySet[Involvement, Any]:
    """Return the open involvements with the groups of the headline figures, as now.

    Only what the reader may see. One query more than the rows cost.
    """
    live = [line.group_id for line in live_lines(viewer, scope)]
    counted = lines(viewer, scope).values("group_id")
    return (
        Involvement.objects.visible_to(viewer)
        .open()
        .filter(Q(group_id__in=counted) | Q(group_id__in=live))
    )


def involvements_by_kind(viewer: Viewer, scope: PictureScope) -> dict[str, int]:
    """Return how many involvements there are of each kind; people may have several."""
    rows = involvements(viewer, scope).order_by().values_list("kind")
    found = dict.fromkeys(InvolvementKind.values, 0)
    return found | dict(rows.annotate(Count("id")))
