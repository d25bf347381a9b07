"""Keep a pasted list for the one who pasted it, so that its address can be opaque."""

import datetime

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import PastedList
from accounts.models.audit_event import AuditKind
from accounts.permissions import check_has
from accounts.roles import Right
from accounts.visibility import Viewer
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system

KEPT_DAYS = 7


def keep(*, by: Viewer, text: str, kind: str) -> PastedList:
    """Keep the list; forget this user's older ones.

    Raises:
        RightMissing: ``by`` may not see intelligence.
    """
    check_has(by, Right.VIEW)
    own = PastedList.objects.filter(user_id=by.user_id)
    with transaction.atomic():
        own.filter(created_at__lt=oldest_kept()).delete()
        kept = own.create(user_id=by.user_id, text=text.replace("\0", ""), kind=kind)
        audit.record(
            AuditKind.CONSULTATION,
            "accounts.PastedList",
            [],
            detail={"list": str(kept.pk), "lines": text.count("\n") + 1},
        )
    return kept


def oldest_kept() -> datetime.datetime:
    """Return the moment before which a list is too old to be shown again."""
    return timezone.now() - datetime.timedelta(days=KEPT_DAYS)


def forget_old() -> int:
    """Delete the lists of everybody that are too old; return how many."""
    with acting_as(system("forget_lists")), transaction.atomic():
        gone = PastedList.objects.filter(created_at__lt=oldest_kept()).delete()[0]
        if gone:
            audit.record(
                AuditKind.ERASURE, "accounts.PastedList", [], detail={"lists": gone}
            )
    return gone
