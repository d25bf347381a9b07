"""Choose the saved searches that one's dashboards show, and take them off again."""

from django.db import transaction

from accounts import audit
from accounts.models import User
from accounts.models.audit_event import AuditKind
from accounts.permissions import check_has
from accounts.roles import Right
from accounts.visibility import Viewer
from groups.models import SavedSearch
from ocgmap.common.errors import NotFound
from scoring.exceptions import NotPinnable, TooManyPinned
from scoring.models import SearchPin
from scoring.models.pin import MOST_PINNED, is_pinnable


def pin(*, by: Viewer, saved: SavedSearch) -> None:
    """Show ``saved`` on the dashboards of ``by``; one that is there already stays.

    Raises:
        NotFound, RightMissing: ``by`` does not find it, or may see nothing at all.
        NotPinnable: it is not of groups, or of a past day.
        TooManyPinned: their dashboards show as many as they can.
    """
    check_has(by, Right.VIEW)
    with transaction.atomic():
        now = SavedSearch.objects.visible_to(by).filter(pk=saved.pk).first()
        if now is None:
            raise NotFound
        if not is_pinnable(now):
            raise NotPinnable(
                "Dashboards show searches of groups as they stand now. Save a search of "
                "groups that names no day."
            )
        User.objects.select_for_update(no_key=True).get(pk=by.user_id)  # one at a time
        mine = SearchPin.objects.visible_to(by)
        if mine.filter(search=now).exists():
            return
        if mine.count() >= MOST_PINNED:
            raise TooManyPinned(
                f"Dashboards show {MOST_PINNED} searches. Take one of them off first."
            )
        made = SearchPin(user_id=by.user_id, search=now)
        made.save(force_insert=True)
        _audit(AuditKind.COLLECTION, made)


def unpin(*, by: Viewer, saved: SavedSearch) -> None:
    """Take ``saved`` off the dashboards of ``by``; what is not there stays so."""
    check_has(by, Right.VIEW)
    with transaction.atomic():
        pinned = SearchPin.objects.visible_to(by).filter(search=saved).first()
        if pinned is None:
            return
        _audit(AuditKind.ERASURE, pinned)
        pinned.delete()


def _audit(kind: AuditKind, one: SearchPin) -> None:
    audit.record(kind, "groups.SavedSearch", [one.search_id], detail={"pin": one.pk})
