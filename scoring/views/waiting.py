"""What of a place's records and groups waits for a person; each number has its list."""

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from accounts.permissions import can
from accounts.roles import Right
from accounts.visibility import Viewer
from groups.models import CrimeGroup
from groups.permissions import check_moderates, owners_to_moderate
from scoring import picture
from scoring.filters import groups_url, groups_with_newer_evidence
from scoring.picture import PictureFilters, PictureScope, ScopeKind
from scoring.views.figure_tables import Cell


def records(by: Viewer, place: PictureScope, *, is_mine: bool = False) -> list[Cell]:
    """Return how many records of a place wait at each step. One query.

    Empty for those who record nothing. On the page of whose place it is, what they
    decide on opens their queue.
    """
    if not by.has(Right.CONTRIBUTE):
        return []
    asked = {
        "draft": ("Drafts", "not submitted yet"),
        "returned": ("Returned", "to be corrected by their owner"),
        "submitted": _moderation(by),
    }
    rows = CrimeGroup.objects.visible_to(by).filter(merged_into__isnull=True)
    owners = picture.owners_in(place, timezone.localdate())
    if owners is not None:
        rows = rows.filter(owner_id__in=owners)
    counts = rows.aggregate(
        **{
            state: Count("id", filter=PictureFilters(state=state).of_groups())
            for state in asked
        }
    )
    urls = {state: groups_url(place.key, state=state) for state in asked}
    if is_mine and _decides(by, place):
        asked["submitted"] = ("To moderate", "wait for your decision")
        urls["submitted"] = reverse("groups:moderation")
    return [
        tile(state, label, counts[state], note, urls[state])
        for state, (label, note) in asked.items()
    ]


def _decides(by: Viewer, place: PictureScope) -> bool:
    """Return whether all that is submitted in a place waits for this reader."""
    if place.kind is ScopeKind.NATIONAL or not can(check_moderates, by):
        return False
    return bool(owners_to_moderate(by))


def _moderation(by: Viewer) -> tuple[str, str]:
    if by.has(Right.MODERATE):
        return "To moderate", "submitted by the forces of the region"
    return "Submitted", "wait for moderation"


def newer_evidence(by: Viewer, place: PictureScope) -> Cell:
    """Return how many groups have a later report than their judgement. One query."""
    newer = groups_with_newer_evidence(by)
    count = picture.lines(by, place).filter(group_id__in=newer).count()
    return tile(
        "newer_evidence",
        "New evidence since judged",
        count,
        "a later report speaks of it",
        groups_url(place.key, newer="true"),
    )


def tile(key: str, label: str, value: int, note: str, url: str) -> Cell:
    """Return a headline figure for the tiles component."""
    return {"key": key, "label": label, "value": f"{value:,}", "note": note, "url": url}
