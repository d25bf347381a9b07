"""Let the version of the primary scheme that is in effect give the figures of now."""

import datetime

import structlog

from accounts import audit
from accounts.models.audit_event import AuditKind
from scoring.engine import PRIMARY
from scoring.models import OutboxDead, PictureLine, SchemeVersion
from scoring.outbox.marking import mark_all

logger = structlog.get_logger(__name__)


def take_effect(day: datetime.date) -> bool:
    """Make the version in effect on ``day`` the primary one; say whether it is another.

    Its lines were written since it was adopted; while one is missing it waits, so that no
    figure mixes two versions. All groups are marked, so that the lines of the version
    before it end. Needs an open transaction.
    """
    rows = SchemeVersion.objects.primary_on(max(day, PRIMARY.effective_on), PRIMARY.key)
    found = rows.first()
    if found is None or found.is_primary:
        return False
    if _is_missing_lines(found):
        logger.warning(
            "a version waits until all groups are scored", version=str(found)
        )
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


def _is_missing_lines(version: SchemeVersion) -> bool:
    """Return whether a group has a line of the primary version and none of this one.

    Groups that were set aside are not waited for.
    """
    lines = PictureLine.objects.filter(valid_to__isnull=True)
    scored = lines.filter(scheme_version=version)
    return (
        lines.filter(scheme_version__is_primary=True)
        .exclude(group__in=scored.values("group"))
        .exclude(group__in=OutboxDead.objects.values("group_id"))
        .exists()
    )
