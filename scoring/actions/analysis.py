"""Challenges, assumptions and alternative hypotheses on the score of a group."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.actions.labels import join_of
from accounts.models.audit_event import AuditKind
from accounts.visibility import Viewer
from groups.models import CrimeGroup
from intelligence.models import Report
from ocgmap.common.date_fields import date_text
from ocgmap.common.errors import NotFound
from scoring.actions.judgements import citable, worded
from scoring.engine import Estimate
from scoring.engine.reading import leaves_window_on
from scoring.exceptions import BadDay, NoteClosed, NotItsAuthor, OwnAnswer
from scoring.models import AnalyticNote, BandDecision, Judgement, NoteCitation
from scoring.models.analysis import NoteKind, NoteOutcome
from scoring.permissions import check_can_answer_note, check_can_note
from scoring.scores import band_as_seen

LONGEST = 2000
LATEST_MONTHS = 12


def challenge(
    *,
    by: Viewer,
    group: CrimeGroup,
    text: str,
    target: Judgement | BandDecision | None = None,
    reports: Iterable[Report] = (),
) -> AnalyticNote:
    """Say what speaks against a judgement or a decided band; None: the computed band.

    Raises:
        PermissionDenied: the right to contribute is missing.
        NotFound: the group, the target or a report is hidden.
        AppError: names the field that cannot stand.
    """
    check_can_note(by, group)
    against: dict[str, Any] = {}
    if target is not None:
        found = type(target)._default_manager.visible_to(by)  # noqa: SLF001
        fresh = found.filter(pk=target.pk, group=group).first()
        if fresh is None:
            raise NotFound
        name = "judgement" if isinstance(fresh, Judgement) else "decision"
        against[name] = fresh
    return _record(by, group, NoteKind.CHALLENGE, text, reports, **against)


def assume(
    *,
    by: Viewer,
    group: CrimeGroup,
    text: str,
    would_change: str,
    review_on: datetime.date,
    reports: Iterable[Report] = (),
) -> AnalyticNote:
    """Record what the score takes for granted, what would change it, and a day to look.

    Raises:
        PermissionDenied: the right to contribute is missing.
        NotFound: the group or a report is hidden.
        BadDay: the day is past, or too far ahead.
        AppError: names the field that cannot stand.
    """
    check_can_note(by, group)
    check_day(review_on, field="review_on")
    reason = worded(
        would_change,
        field="would_change",
        longest=LONGEST,
        missing="Say what would change this assumption.",
    )
    return _record(
        *(by, group, NoteKind.ASSUMPTION, text, reports),
        would_change=reason,
        review_on=review_on,
    )


def suggest(
    *,
    by: Viewer,
    group: CrimeGroup,
    text: str,
    estimate: Estimate,
    reports: Iterable[Report] = (),
) -> AnalyticNote:
    """Record what else could explain the evidence, and how likely that is.

    Raises:
        PermissionDenied: the right to contribute is missing.
        NotFound: the group or a report is hidden.
        AppError: names the field that cannot stand.
    """
    check_can_note(by, group)
    return _record(
        *(by, group, NoteKind.ALTERNATIVE, text, reports),
        likelihood=estimate.likelihood.key,
        percent=estimate.percent,
        yardstick=estimate.yardstick.version,
    )


def answer(
    *, by: Viewer, note: AnalyticNote, outcome: NoteOutcome, answer: str
) -> AnalyticNote:
    """Close a note, with an answer in words.

    Raises:
        NotFound: it is hidden.
        PermissionDenied: the group is another's.
        NoteClosed: it was closed before.
        OwnAnswer: a challenge is answered by its author.
        NotItsAuthor: it would be withdrawn by another than its author.
        AppError: names the answer that cannot stand.
    """
    words = worded(answer, field="answer", longest=LONGEST)
    with transaction.atomic():
        fresh = _open(by, note)
        is_own = fresh.created_by_id == by.user_id
        if outcome == NoteOutcome.WITHDRAWN and not is_own:
            raise NotItsAuthor(
                "Only its author withdraws this. Say whether it is upheld.",
                field="outcome",
            )
        if outcome != NoteOutcome.WITHDRAWN and is_own and _is_challenge(fresh):
            raise OwnAnswer(
                "Nobody answers their own challenge. You may withdraw it, or ask "
                "another analyst of the owner, or the lead of its region, to answer it.",
                field="outcome",
            )
        fresh.outcome, fresh.answer = outcome, words
        fresh.answered_at, fresh.answered_by_id = timezone.now(), by.user_id
        fresh.save(update_fields=["outcome", "answer", "answered_at", "answered_by"])
        _altered(fresh, outcome=str(outcome))
    return fresh


def look_again(
    *, by: Viewer, note: AnalyticNote, answer: str, review_on: datetime.date
) -> AnalyticNote:
    """Say that an assumption still holds, why, and when to look at it again.

    Raises:
        NotFound: it is hidden, or no assumption.
        PermissionDenied: the group is another's.
        NoteClosed: it was closed before.
        BadDay: the day is past, or too far ahead.
        AppError: names the answer that cannot stand.
    """
    words = worded(answer, field="answer", longest=LONGEST)
    check_day(review_on, field="review_on")
    with transaction.atomic():
        fresh = _open(by, note)
        if fresh.kind != NoteKind.ASSUMPTION:
            raise NotFound
        fresh.answer, fresh.review_on = words, review_on
        fresh.save(update_fields=["answer", "review_on"])
        _altered(fresh, review_on=str(review_on))
    return fresh


def check_day(day: datetime.date, *, field: str) -> None:
    """Raise unless a day to come is today or later, and within the next months.

    Raises:
        BadDay: the message names the rule and the latest day.
    """
    today = timezone.localdate()
    latest = leaves_window_on(today, LATEST_MONTHS) - datetime.timedelta(days=1)
    if not today <= day <= latest:
        raise BadDay(
            f"Enter a day from today up to {date_text(latest)}: what is to be looked at "
            f"is looked at within {LATEST_MONTHS} months.",
            field=field,
        )


def _is_challenge(note: AnalyticNote) -> bool:
    return note.kind == NoteKind.CHALLENGE


def _record(
    by: Viewer,
    group: CrimeGroup,
    kind: NoteKind,
    text: str,
    reports: Iterable[Report],
    **said: Any,
) -> AnalyticNote:
    """Write a note; it carries the join of the labels of all that it speaks of.

    A challenge to the computed band speaks of all that the author's band rests on.
    """
    words = worded(
        text, field="text", longest=LONGEST, missing="Say in words what this is."
    )
    with transaction.atomic():
        cited = citable(by, reports)
        targets = [said[key] for key in ("judgement", "decision") if key in said]
        labels = [row.access_class_id for row in (group, *targets, *cited)]
        if kind == NoteKind.CHALLENGE and not targets:
            labels.append(band_as_seen(by, group).class_id)
        note = AnalyticNote.objects.create(
            owner_id=group.owner_id,
            access_class_id=join_of(labels),
            group=group,
            kind=kind,
            text=words,
            **said,
        )
        NoteCitation.objects.bulk_create(
            NoteCitation(
                owner_id=group.owner_id,
                access_class_id=note.access_class_id,
                note=note,
                report=report,
            )
            for report in cited
        )
        audit.record(
            AuditKind.COLLECTION,
            "scoring.AnalyticNote",
            [note.pk],
            detail={"group": group.pk, "kind": str(kind)},
        )
    return note


def _open(by: Viewer, note: AnalyticNote) -> AnalyticNote:
    """Return the note afresh, held for a change.

    Raises:
        NotFound: it is hidden.
        PermissionDenied: ``by`` may not close it.
        NoteClosed: somebody closed it meanwhile.
    """
    rows = AnalyticNote.objects.visible_to(by).select_for_update(of=("self",))
    fresh = rows.select_related("group__owner").filter(pk=note.pk).first()
    if fresh is None:
        raise NotFound
    check_can_answer_note(by, fresh)
    if fresh.outcome:
        raise NoteClosed(
            "This was answered or withdrawn already. Look at it again; what is closed "
            "stays closed, and you may record it anew."
        )
    return fresh


def _altered(note: AnalyticNote, **detail: str) -> None:
    audit.record(
        AuditKind.ALTERATION,
        "scoring.AnalyticNote",
        [note.pk],
        detail={"group": note.group_id, **detail},
    )
