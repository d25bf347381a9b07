"""Decisions of people on the level of an attribute."""

from collections.abc import Collection, Iterable

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.actions.labels import join_of
from accounts.models.audit_event import AuditKind
from accounts.visibility import Viewer
from groups.models import CrimeGroup
from intelligence.models import Report
from ocgmap.common import plain_text
from ocgmap.common.errors import AppError, NotFound
from scoring.engine import parse_attribute, parse_level
from scoring.models import Judgement, JudgementCitation
from scoring.models.outbox import NOT_COUNTED
from scoring.permissions import check_can_judge


def judge(
    *,
    by: Viewer,
    group: CrimeGroup,
    attribute: str,
    level: str,
    rationale: str,
    reports: Iterable[Report] = (),
) -> Judgement:
    """Record a person's decision on the level of one attribute of a group.

    It holds until a newer one; no report moves the attribute meanwhile. It carries the
    join of the group's label and those of the reports that it cites.

    Raises:
        PermissionDenied: not the owner's people, nor the lead of its region.
        NotFound: the group or a report is hidden.
        AppError: names the attribute, level or rationale that cannot stand.
    """
    check_can_judge(by, group)
    key, stands_at = parse_attribute(attribute).key, parse_level(level)
    reason = worded(rationale, field="rationale", longest=4000)
    with transaction.atomic():
        cited = citable(by, reports)
        class_id = join_of(
            [group.access_class_id, *(report.access_class_id for report in cited)]
        )
        seen = Judgement.objects.visible_to(by).filter(group=group, attribute=key)
        judgement = Judgement.objects.create(
            owner_id=group.owner_id,
            access_class_id=class_id,
            group=group,
            attribute=key,
            level=str(stands_at),
            rationale=reason,
            decided_at=timezone.now(),
            supersedes=seen.current().first(),
        )
        JudgementCitation.objects.bulk_create(
            JudgementCitation(
                owner_id=group.owner_id,
                access_class_id=class_id,
                judgement=judgement,
                report=report,
            )
            for report in cited
        )
        audit.record(
            AuditKind.COLLECTION,
            "scoring.Judgement",
            [judgement.pk],
            detail={"group": group.pk, "attribute": key, "level": str(stands_at)},
        )
    return judgement


def citable(by: Viewer, reports: Iterable[Report]) -> Collection[Report]:
    """Return the reports afresh, as ``by`` may see them.

    Raises:
        NotFound: one is hidden.
        AppError: one is not assured: what cites it would let it into the score.
    """
    wanted = {report.pk for report in reports}
    found = Report.objects.visible_to(by).in_bulk(wanted)
    if found.keys() != wanted:
        raise NotFound
    for report in found.values():
        if report.state in NOT_COUNTED:
            raise AppError(
                f"Report {report.reference} is not assured, so nothing can rest on it. "
                "Leave it out, or wait until an assurer has passed it.",
                field="reports",
            )
    return found.values()


def worded(
    text: str,
    *,
    field: str,
    longest: int,
    missing: str = "Say why. A decision needs its reason in words.",
) -> str:
    """Return the words of a decision, without blanks around them.

    Raises:
        AppError: they are missing, too long or not readable.
    """
    words = plain_text.plain(text).strip()
    if not words:
        raise AppError(missing, field=field)
    if len(words) > longest:
        raise AppError(
            f"This holds at most {longest:,} characters. Shorten it.", field=field
        )
    if not plain_text.is_readable(words):
        raise AppError(f"This {plain_text.FAULT} {plain_text.CURE}", field=field)
    return words
