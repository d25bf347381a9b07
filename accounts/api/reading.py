"""Every read through the API is audited: who was shown which records, and whose."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from accounts import audit
from accounts.models.audit_event import AuditKind
from accounts.visibility import Viewer
from ocgmap.common.records import ProtectedRecord


def record_reading(
    viewer: Viewer, records: Iterable[ProtectedRecord], **detail: Any
) -> None:
    """Record that these were sent to ``viewer``.

    What another organisation owns was disclosed to the viewer's, which is named as
    the recipient; the rest was consulted. Nothing is written where nothing was shown.

    Source: Data Protection Act 2018 s.62(1)(c) and (d).
    """
    shown: dict[tuple[AuditKind, str], set[int]] = defaultdict(set)
    for record in records:
        is_own = record.owner_id == viewer.organisation_id
        kind = AuditKind.CONSULTATION if is_own else AuditKind.DISCLOSURE
        shown[kind, record._meta.label].add(record.pk)  # noqa: SLF001
    for (kind, label), ids in sorted(shown.items()):
        recipient = (
            {"recipient": viewer.organisation_id}
            if kind is AuditKind.DISCLOSURE
            else {}
        )
        audit.record(kind, label, ids, detail={**detail, **recipient})
