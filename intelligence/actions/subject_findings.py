"""Which records are about a person who asked, and what is done with each."""

from collections.abc import Collection, Iterable

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.actions import labels
from accounts.models.audit_event import AuditKind
from accounts.visibility import Viewer
from groups.actions.records import because, check_version, held, swap
from groups.exceptions import InvalidRecord
from intelligence.actions.subject_requests import check_answers, check_open, worded
from intelligence.models import SubjectFinding, SubjectRequest
from intelligence.models.subject_request import FOUND
from intelligence.subject_rights import Decision, Ground
from ocgmap.common.records import ProtectedRecord

_COLUMNS = {model: name for name, model in FOUND.items()}
MOST_FINDINGS = 500


def keep(
    *, by: Viewer, request: SubjectRequest, records: Iterable[ProtectedRecord]
) -> list[SubjectFinding]:
    """Note that these records of the owner are about the person; return what is new.

    Raises:
        NotFound: ``by`` may not see one of them.
        RightMissing, NotOwner: as `check_answers`; or a record is another's.
        InvalidTransition: the request is closed.
        InvalidRecord: there would be more than 500.
    """
    check_answers(by, request)
    wanted = list(records)
    for record in wanted:
        check_answers(by, record)
    with transaction.atomic():
        now = held(by, request)
        check_open(now)
        rows = SubjectFinding.objects.visible_to(by).filter(request=now)
        known = {(one.kind, getattr(one, f"{one.kind}_id")) for one in rows}
        fresh = [one for one in wanted if (_column(one), one.pk) not in known]
        if len(known) + len(fresh) > MOST_FINDINGS:
            raise InvalidRecord(
                f"One request keeps {MOST_FINDINGS} records at most. Tick fewer, or "
                "register a second request for the rest."
            )
        made = [_new(by, now, one) for one in fresh]
        if made:
            audit.record(
                AuditKind.COLLECTION,
                "intelligence.SubjectFinding",
                [one.pk for one in made],
                detail={"request": now.pk},
            )
    return made


def decide(
    *, by: Viewer, finding: SubjectFinding, version: int, decision: str, reason: str
) -> SubjectFinding:
    """Decide what is done with one record, short of refusing it.

    Raises:
        NotFound, RightMissing, NotOwner: as `check_answers`.
        InvalidTransition: the request is closed.
        InvalidRecord: the decision is none of the list, or the reason is missing.
        StaleVersion: someone else decided meanwhile; nothing was written.
    """
    if decision not in set(Decision) - {Decision.UNDECIDED, Decision.REFUSE}:
        raise InvalidRecord("Choose what is done with it.", field="decision")
    return _decide(by, finding, version, Decision(decision), reason)


def refuse(
    *,
    by: Viewer,
    finding: SubjectFinding,
    version: int,
    grounds: Collection[str],
    reason: str,
    is_neutral: bool = False,
) -> SubjectFinding:
    """Refuse the person's right over one record, on grounds of the Act and with a reason.

    ``is_neutral``: the answer neither confirms nor denies that it is held.

    Raises:
        AppError: as `decide`; or there is no ground.
    """
    if not grounds or not set(grounds) <= set(Ground):
        raise InvalidRecord(
            "Choose at least one ground: without one the right stands.", field="grounds"
        )
    return _decide(
        by,
        finding,
        version,
        Decision.REFUSE,
        reason,
        grounds=sorted(set(grounds)),
        is_neutral=is_neutral,
    )


def _decide(
    by: Viewer,
    finding: SubjectFinding,
    version: int,
    decision: Decision,
    reason: str,
    *,
    grounds: Collection[str] = (),
    is_neutral: bool = False,
) -> SubjectFinding:
    check_answers(by, finding)
    check_answers(by, finding.record)
    why = worded(reason)
    with because(why), transaction.atomic():
        check_open(held(by, finding.request))
        now = held(by, finding)
        check_version(now, version)
        changes = {
            "decision": decision.value,
            "grounds": list(grounds),
            "is_neutral": is_neutral,
            "reason": why,
            "decided_at": timezone.now(),
            "decided_by_id": by.user_id,
        }
        fresh = swap(by, now, version, changes)
        audit.record(
            AuditKind.ALTERATION,
            "intelligence.SubjectFinding",
            [fresh.pk],
            reason=why,
            detail={
                "request": fresh.request_id,
                "decision": decision.value,
                "grounds": list(grounds),
            },
        )
    return fresh


def _new(
    by: Viewer, request: SubjectRequest, record: ProtectedRecord
) -> SubjectFinding:
    made = SubjectFinding(
        request=request,
        owner_id=request.owner_id,
        access_class_id=labels.join_of(
            [request.access_class_id, record.access_class_id]
        ),
        **{_column(record): record},
    )
    made.save(force_insert=True)
    return made


def _column(record: ProtectedRecord) -> str:
    return _COLUMNS[type(record)]
