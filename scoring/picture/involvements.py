"""Who has to do with the groups of a scope: members by standing, and everyone else."""

from typing import Any

from django.db.models import Count, Q, QuerySet

from accounts.visibility import Viewer
from groups.models import CrimeGroup, Involvement, Membership
from groups.models.participation import InvolvementKind, Standing
from scoring.picture.lines import lines, live_lines
from scoring.picture.scopes import PictureScope


def involvements(viewer: Viewer, scope: PictureScope) -> QuerySet[Involvement, Any]:
    """Return the open involvements with the groups of the headline figures, as now.

    Only what the reader may see. One query more than the rows cost.
    """
    rows = Involvement.objects.visible_to(viewer).open()
    return rows.filter(_of_counted(viewer, scope))


def members(viewer: Viewer, scope: PictureScope) -> QuerySet[Membership, Any]:
    """Return the open memberships in the groups of the headline figures, as now.

    Only what the reader may see. One query more than the rows cost.
    """
    rows = Membership.objects.visible_to(viewer).open()
    return rows.filter(_of_counted(viewer, scope))


def involvements_by_kind(viewer: Viewer, scope: PictureScope) -> dict[str, int]:
    """Return how many involvements there are of each kind; people may have several."""
    rows = involvements(viewer, scope).order_by().values_list("kind")
    found = dict.fromkeys(InvolvementKind.values, 0)
    return found | dict(rows.annotate(Count("id")))


def members_by_standing(viewer: Viewer, scope: PictureScope) -> dict[str, int]:
    """Return how many memberships there are of each standing; no victim is among them."""
    rows = members(viewer, scope).order_by().values_list("standing")
    found = dict.fromkeys(Standing.values, 0)
    return found | dict(rows.annotate(Count("id")))


def _of_counted(viewer: Viewer, scope: PictureScope) -> Q:
    """Return the condition that a row counts with a group of the headline figures."""
    live = [line.group_id for line in live_lines(viewer, scope)]
    counted = lines(viewer, scope).values("group_id")
    merged = CrimeGroup.objects.visible_to(viewer).filter(merged_into__isnull=False)
    parts = merged.filter(Q(merged_into__in=counted) | Q(merged_into__in=live))
    return (
        Q(group_id__in=counted)
        | Q(group_id__in=live)
        | Q(group_id__in=parts.values("pk"))
    )
