"""Intelligence requirements: ask what is not known, answer it, or withdraw it."""

import datetime

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.actions.holders import organisations_holding, people_holding
from accounts.actions.labels import join_of
from accounts.models import Organisation, User
from accounts.models.audit_event import AuditKind
from accounts.visibility import Viewer
from groups.models import CrimeGroup
from intelligence.models import Report
from intelligence.models.report import ReportState
from ocgmap.common.errors import AppError, NotFound
from scoring.actions.analysis import check_day
from scoring.actions.judgements import citable, worded
from scoring.engine import parse_attribute
from scoring.exceptions import NotAskable, RequirementClosed
from scoring.models import Requirement, RequirementAnswer
from scoring.permissions import check_can_note, check_can_settle

LONGEST = 1000
LONGEST_ANSWER = 2000


def ask(
    *,
    by: Viewer,
    group: CrimeGroup,
    attribute: str,
    question: str,
    asked_of: Organisation | User,
    due_on: datetime.date,
) -> Requirement:
    """Ask an organisation, or one of one's own people, what is not known of a group.

    Raises:
        PermissionDenied: the right to contribute is missing.
        NotFound: the group is hidden.
        NotAskable: they may not see the group, or are another organisation's people.
        BadDay: the day is past, or too far ahead.
        AppError: names the attribute or the question that cannot stand.
    """
    check_can_note(by, group)
    key = parse_attribute(attribute).key
    check_day(due_on, field="due_on")
    words = worded(
        question, field="question", longest=LONGEST, missing="Say what is asked."
    )
    organisation_id, person = _asked(by, group, asked_of)
    with transaction.atomic():
        made = Requirement.objects.create(
            owner_id=group.owner_id,
            access_class_id=group.access_class_id,
            group=group,
            attribute=key,
            question=words,
            asked_of_id=organisation_id,
            asked_person=person,
            due_on=due_on,
        )
        audit.record(
            AuditKind.COLLECTION,
            "scoring.Requirement",
            [made.pk],
            detail={"group": group.pk, "attribute": key, "asked_of": organisation_id},
        )
    return made


def answer(
    *, by: Viewer, requirement: Requirement, report: Report, text: str
) -> RequirementAnswer:
    """Answer a question by a report, and say what the report says to it.

    The answer carries the join of both labels. To whoever may not see the report the
    question stays open.

    Raises:
        NotFound: the question or the report is hidden.
        PermissionDenied: it is none of theirs.
        RequirementClosed: it was answered or withdrawn before.
        AppError: names the report or the text that cannot stand.
    """
    words = worded(
        text,
        field="text",
        longest=LONGEST_ANSWER,
        missing="Say what the report says to the question.",
    )
    with transaction.atomic():
        fresh = _open(by, requirement)
        [cited] = citable(by, [report])
        if cited.state == ReportState.WITHDRAWN:
            raise AppError(
                f"Report {cited.reference} was withdrawn, so it answers nothing. Cite "
                "another, or withdraw the question with the reason.",
                field="report",
            )
        made = RequirementAnswer.objects.create(
            owner_id=fresh.owner_id,
            access_class_id=join_of([fresh.access_class_id, cited.access_class_id]),
            requirement=fresh,
            report=cited,
            text=words,
        )
        audit.record(
            AuditKind.COLLECTION,
            "scoring.RequirementAnswer",
            [made.pk],
            detail={"requirement": fresh.pk, "report": cited.pk},
        )
    return made


def withdraw(*, by: Viewer, requirement: Requirement, reason: str) -> Requirement:
    """Withdraw a question that needs no answer any more, with the reason.

    Raises:
        NotFound: it is hidden.
        PermissionDenied: it is none of theirs.
        RequirementClosed: it was answered or withdrawn before.
        AppError: names the reason that cannot stand.
    """
    words = worded(reason, field="reason", longest=LONGEST)
    with transaction.atomic():
        fresh = _open(by, requirement)
        fresh.withdrawn_at, fresh.withdrawn_by_id = timezone.now(), by.user_id
        fresh.withdrawn_reason = words
        fresh.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
        audit.record(
            AuditKind.ALTERATION,
            "scoring.Requirement",
            [fresh.pk],
            reason=words,
            detail={"group": fresh.group_id},
        )
    return fresh


def askable(by: Viewer, group: CrimeGroup) -> tuple[list[Organisation], list[User]]:
    """Return of whom ``by`` may ask something: who may see the group. Three queries.

    Organisations, and of one's own the people, the one who asks included.
    """
    label = group.access_class.label
    people = people_holding(label, by.organisation_id)
    return organisations_holding(label), people


def _asked(
    by: Viewer, group: CrimeGroup, asked_of: Organisation | User
) -> tuple[int, User | None]:
    """Return the organisation that is asked, and the person where it is one.

    Raises:
        NotAskable: they may not see the group, or are another organisation's people.
    """
    organisations, people = askable(by, group)
    if isinstance(asked_of, User) and asked_of in people:
        return asked_of.organisation_id, asked_of
    if isinstance(asked_of, Organisation) and asked_of in organisations:
        return asked_of.pk, None
    raise NotAskable(
        "Ask an organisation that may see this group, or one of your own people who "
        "may: nobody can answer what they may not read.",
        field="asked_of",
    )


def _open(by: Viewer, requirement: Requirement) -> Requirement:
    """Return the question afresh, held for a change.

    Raises:
        NotFound: it is hidden.
        PermissionDenied: it is none of theirs.
        RequirementClosed: it is answered, as far as ``by`` sees, or withdrawn.
    """
    rows = Requirement.objects.visible_to(by).filter(pk=requirement.pk)
    # An answer is another row: whether there is one is asked once the question is held.
    if rows.select_for_update(of=("self",)).first() is None:
        raise NotFound
    fresh = rows.as_seen_by(by).select_related("group__owner").get()
    check_can_settle(by, fresh)
    if fresh.withdrawn_at is not None or fresh.is_answered:
        raise RequirementClosed(
            "This question was answered or withdrawn already. Ask anew if something is "
            "still not known."
        )
    return fresh
