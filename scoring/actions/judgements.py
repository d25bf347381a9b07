"""Decisions of people: the level of an attribute, and the band of a group."""

import datetime
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
from scoring.engine import INSUFFICIENT, PRIMARY, parse_attribute, parse_level
from scoring.exceptions import UnknownBand
from scoring.models import BandDecision, Judgement, JudgementCitation
from scoring.models.outbox import NOT_COUNTED
from scoring.permissions import check_can_confirm, check_can_judge
from scoring.scores import band_as_seen


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
    reason = _worded(rationale, field="rationale", longest=4000)
    with transaction.atomic():
        cited = _visible(by, reports)
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


def confirm_band(
    *,
    by: Viewer,
    group: CrimeGroup,
    band: str,
    reason: str,
    expires_on: datetime.date | None = None,
) -> BandDecision:
    """Record which band a person puts a group in; the computed one stays advisory.

    It rests on the score that the person saw, so it carries that score's label, and
    keeps the computed band of that moment beside the decision.

    Raises:
        PermissionDenied: the right to confirm is missing, or the group is another's.
        NotFound: the group is hidden.
        UnknownBand: the primary scheme has no such band.
        AppError: names the reason or date that cannot stand.
    """
    check_can_confirm(by, group)
    bands = (*PRIMARY.bands(), INSUFFICIENT)
    if band not in bands:
        raise UnknownBand(f"Choose one of the bands: {', '.join(bands)}.", field="band")
    if expires_on is not None and expires_on <= timezone.localdate():
        raise AppError(
            "A decision holds at least until tomorrow. Enter a later day, or none.",
            field="expires_on",
        )
    worded = _worded(reason, field="reason", longest=2000)
    with transaction.atomic():
        in_use, computed, class_id = band_as_seen(by, group, PRIMARY)
        decision = BandDecision.objects.create(
            owner_id=group.owner_id,
            access_class_id=class_id,
            group=group,
            scheme_version_id=in_use.id,
            band=band,
            computed_band=computed,
            reason=worded,
            decided_at=timezone.now(),
            expires_on=expires_on,
        )
        audit.record(
            AuditKind.COLLECTION,
            "scoring.BandDecision",
            [decision.pk],
            detail={"group": group.pk, "band": band, "computed_band": computed},
        )
    return decision


def _visible(by: Viewer, reports: Iterable[Report]) -> Collection[Report]:
    """Return the reports afresh, as ``by`` may see them.

    Raises:
        NotFound: one is hidden.
        AppError: one is not assured: a judgement would let it into the score.
    """
    wanted = {report.pk for report in reports}
    found = Report.objects.visible_to(by).in_bulk(wanted)
    if found.keys() != wanted:
        raise NotFound
    for report in found.values():
        if report.state in NOT_COUNTED:
            raise AppError(
                f"Report {report.reference} is not assured, so no judgement can rest on "
                "it. Leave it out, or wait until an assurer has passed it.",
                field="reports",
            )
    return found.values()


def _worded(text: str, *, field: str, longest: int) -> str:
    worded = plain_text.plain(text).strip()
    if not worded:
        raise AppError("Say why. A decision needs its reason in words.", field=field)
    if len(worded) > longest:
        raise AppError(
            f"This holds at most {longest:,} characters. Shorten it.", field=field
        )
    if not plain_text.is_readable(worded):
        raise AppError(f"This {plain_text.FAULT} {plain_text.CURE}", field=field)
    return worded
