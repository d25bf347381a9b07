"""Let the version of the primary scheme that is in effect give the figures of now."""

import datetime

from accounts import audit
from accounts.models.audit_event import AuditKind
from scoring.engine import PRIMARY
from scoring.models import SchemeVersion
from scoring.outbox.marking import mark_all


def take_effect(day: datetime.date) -> bool:
    """Make the version in effect on ``day`` the primary one; say whether it is another.

    Its lines were written since it was adopted. All groups are marked, so that those of
    the version before it end. Needs an open transaction.
    """
    rows = SchemeVersion.objects.primary_on(max(day, PRIMARY.effective_on), PRIMARY.key)
    found = rows.first()
    if found is None or found.is_primary:
        return False
    former = SchemeVersion.objects.filter(is_primary=True)
    had_one = former.update(is_primary=False)
    SchemeVersion.objects.filter(pk=found.pk).update(is_primary=True)
    audit.record(
        AuditKind.ALTERATION,
        "scoring.SchemeVersion",
        [found.pk],
        reason=f"{found} took effect",
    )
    if had_one:
        mark_all()
    return True
