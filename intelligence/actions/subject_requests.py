"""What people ask about their data: kept, timed, and answered with recorded reasons.

Source: Data Protection Act 2018, Part 3, ss.44 to 54.
"""

import datetime
from collections.abc import Collection
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.actions import labels
from accounts.exceptions import NotOwner
from accounts.models import Organisation
from accounts.models.access_class import TagKind
from accounts.models.audit_event import AuditKind
from accounts.permissions import check_has
from accounts.roles import Right
from accounts.visibility import Viewer
from groups.actions.records import because, check_fields, check_version, held, swap
from groups.exceptions import InvalidRecord
from groups.permissions import check_sees
from intelligence.models import SubjectFinding, SubjectRequest
from intelligence.subject_rights import (
    STATES,
    Decision,
    Section,
    State,
    Timing,
    Whole,
    due_on,
    outcome_of,
)
from ocgmap.common.errors import InvalidTransition
from ocgmap.common.records import ProtectedRecord

REASON_MAX_LENGTH = 1000


class Asked(TypedDict, total=False):
    """What is kept of a request: who asks, for what, since when."""

    section: str
    given_names: str
    surname: str
    born_on: datetime.date | None
    identifiers: str
    asked_for: str
    received_on: datetime.date
    is_identity_asked: bool


def check_answers(by: Viewer, record: ProtectedRecord) -> None:
    """Raise unless ``by`` answers what people ask of the owner of ``record``.

    Raises:
        NotFound: it is hidden; the answer is the same as for one that is absent.
        RightMissing: the right to answer is missing.
        NotOwner: the record is another organisation's.
    """
    check_sees(by, record)
    check_has(by, Right.ANSWER_SUBJECT_REQUESTS)
    if record.owner_id != by.organisation_id:
        raise NotOwner(
            f"This record belongs to {record.owner.short_name}. Only its own people "
            "answer for it: the person has to ask them.",
            owner=record.owner.code,
        )


def register(*, by: Viewer, **asked: Unpack[Asked]) -> SubjectRequest:
    """Keep a request of a person under the organisation's own label; return it.

    Raises:
        RightMissing: ``by`` does not answer such requests.
        InvalidRecord: a value is missing or not allowed.
    """
    check_has(by, Right.ANSWER_SUBJECT_REQUESTS)
    owner = Organisation.objects.get(pk=by.organisation_id)
    made = SubjectRequest(owner=owner, **asked)
    if made.section not in set(Section):
        raise InvalidRecord("Choose what is asked for.", field="section")
    if not made.surname.strip():
        raise InvalidRecord("Enter the surname of the person.", field="surname")
    _check_past(made.received_on, "received_on")
    if made.born_on:
        _check_past(made.born_on, "born_on")
    made.due_on = _due(made)
    check_fields(made)
    with transaction.atomic():
        made.access_class_id = labels.class_for(
            owner=owner, sharing=TagKind.ORGANISATION, by=by
        )
        made.save(force_insert=True)
        made.refresh_from_db()
        _audit(AuditKind.COLLECTION, made, detail={"section": made.section})
    return made


def confirm_identity(
    *, by: Viewer, request: SubjectRequest, version: int, on: datetime.date
) -> SubjectRequest:
    """Note the day on which the person proved who they are; the month runs from it.

    Raises:
        NotFound, RightMissing, NotOwner: as `check_answers`.
        InvalidTransition: nobody asked them to, or the request is closed.
        InvalidRecord: the day is in the future, or before the request came.
        StaleVersion: someone changed it meanwhile; nothing was written.
    """
    check_answers(by, request)
    with transaction.atomic():
        now = _open(by, request, version)
        if not now.is_identity_asked:
            raise InvalidTransition(
                "The person was not asked to prove who they are.", field="on"
            )
        _check_past(on, "on")
        if on < now.received_on:
            raise InvalidRecord(
                "This day is before the request was received. Enter a later one.",
                field="on",
            )
        now.identity_confirmed_on = on
        changes = {"identity_confirmed_on": on, "due_on": _due(now)}
        fresh = swap(by, now, version, changes)
        _audit(AuditKind.ALTERATION, fresh, detail={"fields": sorted(changes)})
    return fresh


def extend(
    *, by: Viewer, request: SubjectRequest, version: int, reason: str
) -> SubjectRequest:
    """Take two months more for a complex request, once, and say why.

    Raises:
        NotFound, RightMissing, NotOwner: as `check_answers`.
        InvalidTransition: it was extended already, has no day yet, or is past it.
        InvalidRecord: the reason is missing or too long.
        StaleVersion: someone changed it meanwhile; nothing was written.
    """
    check_answers(by, request)
    why = worded(reason)
    with because(why), transaction.atomic():
        now = _open(by, request, version)
        if now.is_extended:
            raise InvalidTransition(
                "It was extended already; there is no second time.", field="reason"
            )
        if now.due_on is None or now.due_on < timezone.localdate():
            raise InvalidTransition(
                "A request is extended while its month runs. Answer this one now.",
                field="reason",
            )
        now.is_extended = True
        changes = {"is_extended": True, "extension_reason": why, "due_on": _due(now)}
        fresh = swap(by, now, version, changes)
        _audit(AuditKind.ALTERATION, fresh, why, {"fields": sorted(changes)})
    return fresh


def withdraw(
    *, by: Viewer, request: SubjectRequest, version: int, reason: str
) -> SubjectRequest:
    """Close a request that the person took back.

    Raises:
        AppError: as `answer`.
    """
    return _close(by, request, version, State.WITHDRAWN, reason)


def answer(
    *, by: Viewer, request: SubjectRequest, version: int, reason: str
) -> SubjectRequest:
    """Close a request by what was decided on each record; nothing of it was refused.

    Raises:
        NotFound, RightMissing, NotOwner: as `check_answers`.
        InvalidTransition: it is closed, a record is undecided, or one was refused.
        InvalidRecord: the reason is missing or too long.
        StaleVersion: someone changed it meanwhile; nothing was written.
    """
    return _close(by, request, version, State.ANSWERED, reason)


def refuse(
    *,
    by: Viewer,
    request: SubjectRequest,
    version: int,
    reason: str,
    whole_ground: str = "",
) -> SubjectRequest:
    """Close a request that is refused: in part or wholly by its records, or as a whole.

    Raises:
        AppError: as `answer`; or nothing of it was refused and no ground is given.
    """
    if whole_ground and whole_ground not in set(Whole):
        raise InvalidRecord("Choose a ground from the list.", field="whole_ground")
    return _close(
        by, request, version, State.REFUSED, reason, whole_ground=whole_ground
    )


def decisions_of(by: Viewer, request: SubjectRequest) -> list[Decision]:
    """Return what was decided on the records that ``by`` sees. One query."""
    rows = SubjectFinding.objects.visible_to(by).standing().filter(request=request)
    return [Decision(one) for one in rows.values_list("decision", flat=True)]


def _close(
    by: Viewer,
    request: SubjectRequest,
    version: int,
    wanted: State,
    reason: str,
    *,
    whole_ground: str = "",
) -> SubjectRequest:
    check_answers(by, request)
    why = worded(reason)
    with because(why), transaction.atomic():
        now = _open(by, request, version)
        state = wanted
        if wanted != State.WITHDRAWN and not whole_ground:
            state = _outcome(wanted, decisions_of(by, now))
        changes = {
            "state": state.value,
            "whole_ground": whole_ground,
            "decided_at": timezone.now(),
            "decided_by_id": by.user_id,
            "decision_reason": why,
        }
        fresh = swap(by, now, version, changes)
        _audit(AuditKind.ALTERATION, fresh, why, {"state": state.value})
    return fresh


def _outcome(wanted: State, decisions: Collection[Decision]) -> State:
    """Return what the request comes to; raise where that is not what was wanted."""
    found = outcome_of(decisions)
    if found is None:
        raise InvalidTransition(
            "Decide on every record that was found first, then answer the request.",
            field="reason",
        )
    if wanted == State.ANSWERED and found != State.ANSWERED:
        raise InvalidTransition(
            "A record was refused. Close the request as refused: it is then refused in "
            "part or wholly.",
            field="reason",
        )
    if wanted == State.REFUSED and found == State.ANSWERED:
        raise InvalidTransition(
            "No record was refused. Choose why the request is refused as a whole, or "
            "answer it.",
            field="whole_ground",
        )
    return found


def _open(by: Viewer, request: SubjectRequest, version: int) -> SubjectRequest:
    """Return the request as it stands, kept from change; raise unless it is open."""
    now = held(by, request)
    check_open(now)
    check_version(now, version)
    return now


def check_open(request: SubjectRequest) -> None:
    """Raise unless the request waits for an answer.

    Raises:
        InvalidTransition: it is closed.
    """
    if request.state != State.OPEN:
        raise InvalidTransition(
            f"This request is closed: {STATES[State(request.state)].lower()}. Register a "
            "new one if the person asks again.",
            field="reason",
        )


def _due(request: SubjectRequest) -> datetime.date | None:
    return due_on(
        Timing(
            request.received_on,
            request.identity_confirmed_on,
            is_identity_asked=request.is_identity_asked,
            is_extended=request.is_extended,
        )
    )


def _check_past(day: datetime.date, field: str) -> None:
    if day > timezone.localdate():
        raise InvalidRecord(
            "This day must not be in the future. Enter today or an earlier day.",
            field=field,
        )


def worded(reason: str) -> str:
    """Return a reason without blanks around it.

    Raises:
        InvalidRecord: it is missing or too long.
    """
    text = reason.strip()
    if not text:
        raise InvalidRecord("Enter a reason.", field="reason")
    if len(text) > REASON_MAX_LENGTH:
        raise InvalidRecord(
            f"The reason must be {REASON_MAX_LENGTH:,} characters or fewer; it has "
            f"{len(text):,}. Shorten it.",
            field="reason",
        )
    return text


def _audit(
    kind: AuditKind, request: SubjectRequest, why: str = "", detail: Any = None
) -> None:
    audit.record(
        kind, "intelligence.SubjectRequest", [request.pk], reason=why, detail=detail
    )
