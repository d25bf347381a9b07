"""Decisions of people on the band of a group: to confirm it, or to override it."""

import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models.audit_event import AuditKind
from accounts.permissions import check_own_account
from accounts.visibility import Viewer
from groups.actions import groups
from groups.actions.groups import check_review
from groups.actions.reviewing import check_within_policy
from groups.models import CrimeGroup
from intelligence.models import Report
from ocgmap.common.date_fields import date_text
from ocgmap.common.errors import NotFound
from scoring.actions.judgements import worded
from scoring.engine import INSUFFICIENT, PRIMARY, fragility, rests_on_own
from scoring.engine.reading import leaves_window_on
from scoring.exceptions import (
    BadExpiry,
    NotProposed,
    OverrideNeedsExpiry,
    OwnConfirmation,
    RestsOnOneReport,
    UnknownBand,
)
from scoring.models import BandDecision, Judgement
from scoring.permissions import check_can_confirm
from scoring.scores import BandSeen, band_as_seen, proposed_band

_REVIEW_LATER = "; for a later one change the group, and say why"
_WHO_ELSE = "Ask another supervisor of the owner, or the lead of its region."


def confirm(
    *,
    by: Viewer,
    group: CrimeGroup,
    band: str,
    reason: str,
    expires_on: datetime.date | None = None,
    review_on: datetime.date | None = None,
    knows_it_rests_on_one_report: bool = False,
) -> BandDecision:
    """Record which band a person puts a group in; the computed one stays advisory.

    It rests on the score that the person saw, so it carries that score's label, and
    keeps the computed band of that moment beside the decision. Another band than that
    is an override: it needs an end, and counts once a second person has approved it.
    With `review_on` the group is looked at again on that day.

    Raises:
        PermissionDenied: the right to confirm is missing, or the group is another's.
        OwnAccountNeeded: people work through the token of ``by``.
        NotFound: the group is hidden.
        UnknownBand: the primary scheme has no such band.
        BadExpiry: it would end today or earlier, or too late.
        OverrideNeedsExpiry: an override without an end.
        OwnConfirmation: the computed band rests on this person's own work alone.
        RestsOnOneReport: it hangs on one report, and they did not say that they know.
        ReviewTooLate: the review policy wants the group looked at sooner.
        AppError: names the reason that cannot stand.
    """
    check_can_confirm(by, group)
    check_own_account(by)
    bands = (*PRIMARY.bands(), INSUFFICIENT)
    if band not in bands:
        raise UnknownBand(f"Choose one of the bands: {', '.join(bands)}.", field="band")
    _check_end(expires_on)
    check_review(review_on)
    check_within_policy(group.owner, group.tier, review_on, cure=_REVIEW_LATER)
    words = worded(reason, field="reason", longest=2000)
    with transaction.atomic():
        seen = band_as_seen(by, group)
        if band != seen.band:
            _check_override(expires_on, seen.band)
        else:
            _check_not_own(by, group, seen)
            if not knows_it_rests_on_one_report:
                _check_not_on_one_report(by, seen)
        decision = BandDecision.objects.create(
            owner_id=group.owner_id,
            access_class_id=seen.class_id,
            group=group,
            scheme_version_id=seen.scheme_version_id,
            band=band,
            computed_band=seen.band,
            reason=words,
            decided_at=timezone.now(),
            expires_on=expires_on,
        )
        audit.record(
            AuditKind.COLLECTION,
            "scoring.BandDecision",
            [decision.pk],
            detail={"group": group.pk, "band": band, "computed_band": seen.band},
        )
        _set_review(by, group, review_on, words)
    return decision


def approve(*, by: Viewer, decision: BandDecision) -> BandDecision:
    """Approve the override that another person proposed; from now on it counts.

    Raises:
        PermissionDenied: the right to confirm is missing, or the group is another's.
        OwnAccountNeeded: people work through the token of ``by``.
        NotFound: the decision is hidden.
        OwnConfirmation: this person proposed it, or it rests on their own work alone.
        NotProposed: it does not await approval, or is not the newest decision.
    """
    with transaction.atomic():
        fresh = (
            BandDecision.objects.visible_to(by)
            .select_for_update(of=("self",))
            .filter(pk=decision.pk)
            .first()
        )
        if fresh is None:
            raise NotFound
        group = CrimeGroup.objects.visible_to(by).get(pk=fresh.group_id)
        check_can_confirm(by, group)
        check_own_account(by)
        if proposed_band(by, group) != fresh:
            raise NotProposed(
                "This override does not await approval: it was approved, has expired, or "
                "a newer decision took its place. Look at the score again."
            )
        if fresh.created_by_id == by.user_id:
            raise OwnConfirmation(
                "You proposed this override, so another person must approve it. "
                f"{_WHO_ELSE}",
            )
        seen = band_as_seen(by, group)
        _check_not_own(by, group, seen)
        fresh.approved_by_id = by.user_id
        fresh.save(update_fields=["approved_by"])
        audit.record(
            AuditKind.ALTERATION,
            "scoring.BandDecision",
            [fresh.pk],
            detail={"group": group.pk, "approved": fresh.band},
        )
    return fresh


def _set_review(
    by: Viewer, group: CrimeGroup, review_on: datetime.date | None, reason: str
) -> None:
    now = CrimeGroup.objects.visible_to(by).select_related("owner").get(pk=group.pk)
    if review_on is not None and now.review_on != review_on:
        groups.edit(
            by=by, group=now, version=now.version, review_on=review_on, reason=reason
        )


def latest_end() -> datetime.date:
    """Return the last day until which a decision of today may hold."""
    months = settings.LONGEST_DECISION_MONTHS
    past = leaves_window_on(timezone.localdate(), months)
    return past - datetime.timedelta(days=1)


def _check_end(expires_on: datetime.date | None) -> None:
    if expires_on is None:
        return
    if expires_on <= timezone.localdate():
        raise BadExpiry(
            "A decision holds at least until tomorrow. Enter a later day, or none.",
            field="expires_on",
        )
    if expires_on > latest_end():
        raise BadExpiry(
            f"A decision holds at most {settings.LONGEST_DECISION_MONTHS} months. Enter "
            f"a day up to {date_text(latest_end())}.",
            field="expires_on",
        )


def _check_override(expires_on: datetime.date | None, computed: str) -> None:
    if expires_on is None:
        raise OverrideNeedsExpiry(
            f"The computed band is {computed}, so this is an override, and an override "
            f"has an end. Enter a day up to {date_text(latest_end())}.",
            field="expires_on",
        )


def _check_not_own(by: Viewer, group: CrimeGroup, seen: BandSeen) -> None:
    """Raise where ``by`` submitted the group, or it rests on their judgements alone."""
    if by.user_id == group.submitted_by_id:
        raise OwnConfirmation(
            "You submitted this group for moderation, and nobody confirms their own. "
            f"{_WHO_ELSE}",
            field="band",
        )
    decided = BandDecision.objects.visible_to(by).filter(
        group=group, scheme_version_id=seen.scheme_version_id
    )
    settled = decided.settled()
    last = settled.order_by("-decided_at", "-id").first()
    judged = Judgement.objects.visible_to(by).filter(group=group)
    if last is not None:
        judged = judged.filter(decided_at__gt=last.decided_at)
    authors = dict(judged.values_list("pk", "created_by_id"))
    own = {pk for pk, author in authors.items() if author == by.user_id}
    if own and rests_on_own(seen.facts, seen.scheme, new=authors, own=own):
        raise OwnConfirmation(
            "The band rests on judgements that you alone made since it was last "
            f"confirmed, and nobody confirms their own. {_WHO_ELSE}",
            field="band",
        )


def _check_not_on_one_report(by: Viewer, seen: BandSeen) -> None:
    """Raise where one report alone holds the band, as far as ``by`` sees."""
    found = fragility(seen.facts, seen.scheme)
    if len(found.reports) != 1 or found.band != seen.band:
        return
    report = Report.objects.visible_to(by).get(pk=found.reports[0])
    grading = f"{report.source_grade}{report.assessment_grade}{report.handling}"
    raise RestsOnOneReport(
        report=report,
        named=f"report {report.reference} (graded {grading})",
        band=seen.band,
        band_without=found.band_without or "",
        rests_on={
            "id": str(report.public_id),
            "reference": report.reference,
            "grading": grading,
        },
    )
