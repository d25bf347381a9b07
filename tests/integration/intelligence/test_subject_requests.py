"""What a person asked is kept for those who answer, found under rights, and decided."""

import datetime
from typing import Any
from unittest import mock

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError, ProgrammingError
from django.utils import timezone

from accounts import audit
from groups.actions import facts
from groups.exceptions import InvalidRecord
from groups.models import Nominal
from intelligence.actions import subject_findings, subject_requests
from intelligence.models import SubjectFinding, SubjectRequest
from ocgmap.common.errors import (
    AppError,
    InvalidTransition,
    NotFound,
    PermissionDenied,
    StaleVersion,
)
from tests.audited import Audited
from tests.cast import As
from tests.factories.groups import (
    MembershipFactory,
    NominalFactory,
)
from tests.subjects import MANAGER, everything, kept, registered

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(acting: As) -> Nominal:
    with acting("owner_analyst") as by:
        return NominalFactory(by=by, given_names="Rowan", surname="Ashdown")


def close(acting: As, step: str, request: SubjectRequest, **more: Any) -> Any:
    with everything():
        request.refresh_from_db()
    with acting(MANAGER) as by:
        return getattr(subject_requests, step)(
            **{"version": request.version, "reason": "All was looked at", **more},
            by=by,
            request=request,
        )


def decided(acting: As, finding: SubjectFinding, decision: str) -> SubjectFinding:
    with acting(MANAGER) as by:
        return subject_findings.decide(
            by=by,
            finding=finding,
            version=finding.version,
            decision=decision,
            reason="It is theirs",
        )


def refused(acting: As, finding: SubjectFinding, **more: Any) -> SubjectFinding:
    given = {"version": finding.version, "grounds": ["b"], "reason": "Under watch"}
    with acting(MANAGER) as by:
        return subject_findings.refuse(by=by, finding=finding, **{**given, **more})


def test_a_request_is_kept_for_those_who_answer_alone(
    acting: As, audited: Audited
) -> None:
    request = registered(acting)
    assert request.reference.startswith("S-")
    assert request.due_on is not None
    assert request.due_on > request.received_on
    [row] = audited(object_type="intelligence.SubjectRequest", kind="collection")
    assert (row.object_ids, row.detail) == ([request.pk], {"section": "s45"})
    for who in ("owner_supervisor", "owner_analyst", "rocu_lead", "nca_officer"):
        with acting(who):
            assert not SubjectRequest.objects.exists(), who
    with acting("other_records_manager") as by:
        assert not SubjectRequest.objects.exists()
        with pytest.raises(NotFound):
            subject_requests.answer(by=by, request=request, version=1, reason="Mine")


@pytest.mark.parametrize("who", ["owner_analyst", "owner_supervisor", "auditor"])
def test_others_register_none(acting: As, who: str) -> None:
    with pytest.raises(PermissionDenied):
        registered(acting, who)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        pytest.param({"section": "s99"}, "section", id="section"),
        pytest.param({"surname": " "}, "surname", id="no name"),
        pytest.param({"surname": "x" * 121}, "surname", id="too long"),
        pytest.param({"surname": "a\0b"}, "surname", id="no text"),
        pytest.param({"received_on": datetime.date.max}, "received_on", id="future"),
        pytest.param({"born_on": datetime.date.max}, "born_on", id="unborn"),
        pytest.param({"identifiers": "x" * 2001}, "identifiers", id="many"),
    ],
)
def test_what_cannot_be_registered(
    acting: As, more: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidRecord) as refusal:
        registered(acting, **more)
    assert refusal.value.field == field
    with everything():
        assert not SubjectRequest.objects.exists()


def test_the_month_waits_for_the_proof_and_may_be_extended_once(acting: As) -> None:
    day = timezone.localdate() - datetime.timedelta(days=5)
    request = registered(acting, received_on=day, is_identity_asked=True)
    assert request.due_on is None
    with pytest.raises(InvalidTransition):
        close(acting, "extend", request)
    with pytest.raises(InvalidRecord), acting(MANAGER) as by:
        subject_requests.confirm_identity(
            by=by,
            request=request,
            version=request.version,
            on=day - datetime.timedelta(days=1),
        )
    with acting(MANAGER) as by:
        request = subject_requests.confirm_identity(
            by=by, request=request, version=request.version, on=timezone.localdate()
        )
    first = request.due_on
    assert first is not None
    request = close(acting, "extend", request, reason="Forty files")
    assert request.due_on is not None
    assert request.due_on > first
    assert request.extension_reason == "Forty files"
    with pytest.raises(InvalidTransition):
        close(acting, "extend", request)


def test_nobody_proves_what_nobody_asked(acting: As) -> None:
    request = registered(acting)
    with pytest.raises(InvalidTransition), acting(MANAGER) as by:
        subject_requests.confirm_identity(
            by=by, request=request, version=1, on=timezone.localdate()
        )


def test_from_the_first_finding_to_the_answer(
    acting: As, person: Nominal, audited: Audited
) -> None:
    with acting("owner_analyst") as by:
        member = MembershipFactory(by=by, nominal=person)
    request = registered(acting)
    findings = kept(acting, request, person, member)
    assert kept(acting, request, person) == []
    with pytest.raises(InvalidTransition, match="every record"):
        close(acting, "answer", request)
    decided(acting, findings[0], "disclose")
    second = refused(acting, findings[1], grounds=["e", "b"], is_neutral=True)
    assert (second.grounds, second.is_neutral) == (["b", "e"], True)
    with pytest.raises(InvalidTransition, match="refused"):
        close(acting, "answer", request)
    closed = close(acting, "refuse", request)
    assert (closed.state, closed.decided_by_id is not None) == ("in_part", True)
    with pytest.raises(InvalidTransition, match="closed"):
        decided(acting, second, "disclose")
    with pytest.raises(InvalidTransition, match="closed"):
        close(acting, "withdraw", closed)
    with pytest.raises(InvalidTransition, match="closed"):
        kept(acting, request, member.group)
    row = audited(object_type="intelligence.SubjectFinding", kind="alteration")[-1]
    assert row.detail["grounds"] == ["b", "e"]
    assert row.reason == "Under watch"
    last = audited(object_type="intelligence.SubjectRequest")[-1]
    assert last.detail == {"state": "in_part"}


def test_a_withdrawn_fact_holds_no_request_up(acting: As, person: Nominal) -> None:
    with acting("owner_analyst") as by:
        member = MembershipFactory(by=by, nominal=person)
    request = registered(acting)
    kept(acting, request, member)
    with acting("owner_analyst") as by:
        facts.withdraw(by=by, fact=member, version=member.version, reason="Another man")
    assert close(acting, "answer", request).state == "answered"


@pytest.mark.parametrize(
    ("step", "more", "state"),
    [
        pytest.param("answer", {}, "answered", id="nothing held"),
        pytest.param("withdraw", {}, "withdrawn", id="taken back"),
        pytest.param(
            "refuse", {"whole_ground": "unfounded"}, "refused", id="unfounded"
        ),
        pytest.param("refuse", {"whole_ground": "identity"}, "refused", id="identity"),
    ],
)
def test_how_an_empty_request_is_closed(
    acting: As, step: str, more: dict[str, Any], state: str
) -> None:
    assert close(acting, step, registered(acting), **more).state == state


@pytest.mark.parametrize(
    ("step", "more", "error"),
    [
        pytest.param("refuse", {}, InvalidTransition, id="nothing to refuse"),
        pytest.param("refuse", {"whole_ground": "x"}, InvalidRecord, id="no such"),
        pytest.param("answer", {"reason": " "}, InvalidRecord, id="no reason"),
        pytest.param("answer", {"reason": "x" * 1001}, InvalidRecord, id="long"),
        pytest.param("answer", {"version": 7}, StaleVersion, id="stale"),
    ],
)
def test_what_cannot_be_closed(
    acting: As, step: str, more: dict[str, Any], error: type[AppError]
) -> None:
    request = registered(acting)
    with pytest.raises(error):
        close(acting, step, request, **more)
    with everything():
        request.refresh_from_db()
        assert request.state == "open"


@pytest.mark.parametrize(
    ("more", "field"),
    [
        pytest.param({"grounds": []}, "grounds", id="no ground"),
        pytest.param({"grounds": ["z"]}, "grounds", id="no such ground"),
        pytest.param({"reason": ""}, "reason", id="no reason"),
    ],
)
def test_a_refusal_needs_a_ground_and_a_reason(
    acting: As, person: Nominal, more: dict[str, Any], field: str
) -> None:
    [finding] = kept(acting, registered(acting), person)
    with pytest.raises(InvalidRecord) as refusal:
        refused(acting, finding, **more)
    assert refusal.value.field == field
    with pytest.raises(InvalidRecord):
        decided(acting, finding, "refuse")
    with everything(), pytest.raises(IntegrityError), transaction.atomic():
        SubjectFinding.objects.filter(pk=finding.pk).update(
            decision="refuse",
            reason="None",
            decided_at=timezone.now(),
            decided_by=finding.created_by_id,
        )


def test_without_its_audit_row_nothing_is_decided(acting: As, person: Nominal) -> None:
    [finding] = kept(acting, registered(acting), person)
    with (
        mock.patch.object(audit, "record", side_effect=RuntimeError),
        pytest.raises(RuntimeError),
    ):
        decided(acting, finding, "disclose")
    with everything():
        finding.refresh_from_db()
        assert finding.decision == "undecided"


def test_the_second_lock_keeps_requests_to_those_who_answer(
    acting: As, person: Nominal
) -> None:
    request = registered(acting)
    kept(acting, request, person)
    for who in ("owner_analyst", "owner_supervisor", "other_records_manager"):
        with acting(who), connection.cursor() as cursor:
            for table in (
                "intelligence_subjectrequest",
                "intelligence_subjectrequestevent",
                "intelligence_subjectfinding",
            ):
                cursor.execute(f"select count(*) from {table}")
                assert cursor.fetchone() == (0,), (who, table)
    with acting("owner_analyst"), pytest.raises(ProgrammingError):
        SubjectRequest.objects.create(
            owner_id=request.owner_id,
            access_class_id=request.access_class_id,
            surname="Ashdown",
            section="s45",
            received_on=timezone.localdate(),
        )
