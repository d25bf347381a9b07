"""Notices of correction: read by who received the data, posted to who is outside.

They are written by the database when the data change (`ocgmap/sql/subject_rights.sql`).
Source: Data Protection Act 2018 ss.38(5) and 48.
"""

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models.audit_event import AuditKind
from accounts.permissions import check_has
from accounts.roles import Right
from accounts.visibility import Viewer
from intelligence.models import CorrectionNotice
from ocgmap.common.errors import InvalidTransition, NotFound


def acknowledge(*, by: Viewer, notice: CorrectionNotice) -> CorrectionNotice:
    """Say for the recipient that the notice was read and acted upon.

    Raises:
        NotFound: it is not for ``by`` to read.
        InvalidTransition: a colleague acknowledged it before.
    """
    check_has(by, Right.VIEW)
    mine = CorrectionNotice.objects.received_by(by).filter(pk=notice.pk)
    if not mine.exists():
        raise NotFound
    changes = {"acknowledged_at": timezone.now(), "acknowledged_by_id": by.user_id}
    with transaction.atomic():
        if not mine.to_read().update(**changes):
            raise InvalidTransition("A colleague acknowledged this notice already.")
        _audit(notice, "acknowledged")
    notice.refresh_from_db()
    return notice


def mark_sent(*, by: Viewer, notice: CorrectionNotice) -> CorrectionNotice:
    """Say that everybody who got a copy outside this system was told.

    Raises:
        RightMissing: ``by`` does not answer for the data of its organisation.
        NotFound: it is no notice of the organisation of ``by`` that it sees.
        InvalidTransition: it was marked before.
    """
    check_has(by, Right.ANSWER_SUBJECT_REQUESTS)
    own = CorrectionNotice.objects.sent_by(by).filter(
        pk=notice.pk, recipient__isnull=True
    )
    if not own.exists():
        raise NotFound
    changes = {"sent_at": timezone.now(), "sent_by_id": by.user_id}
    with transaction.atomic():
        if not own.to_post().update(**changes):
            raise InvalidTransition("This notice was marked as sent already.")
        _audit(notice, "sent")
    notice.refresh_from_db()
    return notice


def _audit(notice: CorrectionNotice, what: str) -> None:
    audit.record(
        AuditKind.ALTERATION,
        "intelligence.CorrectionNotice",
        [notice.pk],
        detail={"notice": what},
    )
