"""What people asked of an organisation of `tests.world`, and what recipients are told."""

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.actions.labels import join_of
from accounts.models import Organisation, User
from accounts.models.audit_event import AuditKind
from accounts.visibility import Viewer
from groups.actions import people
from groups.models import CrimeGroup, Nominal
from intelligence.actions import restrictions, subject_findings, subject_requests
from intelligence.models import CorrectionNotice, SubjectFinding, SubjectRequest
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.world_words import word


def ask_some(maker: Any) -> None:
    """Let people ask, restrict some records, and correct some that were given out."""
    request = maker.act("records_manager", _register)
    maker.made.subjects["d_force"] = str(request.public_id)
    maker.act("records_manager", _keep, request, maker)
    _find_hidden(maker, request)
    for sharing in ("force", "organisation", "all_forces"):
        person = maker.act("owner_analyst", _person, sharing)
        maker.act("records_manager", _restrict, person)
        maker.made.restricted[f"d_force/{sharing}"] = str(person.public_id)
    for who, readers in (
        ("owner_analyst", ("region_analyst", "other_analyst", "nca_officer")),
        ("other_analyst", ("owner_analyst", "owner_supervisor", "rocu_lead")),
    ):
        person = maker.act(who, _person, "all_forces")
        for reader in readers:
            maker.act(reader, _receive, person)
        if who == "owner_analyst":
            maker.act("owner_supervisor", _print, person)
        maker.act(who, _correct, person)
    with acting_as(system("world")), transaction.atomic():
        for notice in CorrectionNotice.objects.select_related("recipient"):
            public_id = str(notice.public_id)
            if notice.recipient is None:
                maker.made.posts[f"d_force/{notice.way}"] = public_id
                continue
            code = "d_force" if notice.recipient.code == "durham" else ""
            maker.made.notices[code or notice.recipient.code] = public_id


def _register(by: Viewer) -> SubjectRequest:
    return subject_requests.register(
        by=by,
        section="s45",
        given_names=word(),
        surname=word(),
        identifiers=f"{word()}@post.example",
        asked_for=word(),
        received_on=timezone.localdate() - datetime.timedelta(days=3),
        is_identity_asked=True,
    )


def _keep(by: Viewer, request: SubjectRequest, maker: Any) -> None:
    found = subject_findings.keep(
        by=by,
        request=request,
        records=[maker.of(Nominal, "d_force/0"), maker.of(CrimeGroup, "d_force")],
    )
    subject_findings.refuse(
        by=by,
        finding=found[1],
        version=found[1].version,
        grounds=["b"],
        is_neutral=True,
        reason=word(),
    )


def _find_hidden(maker: Any, request: SubjectRequest) -> None:
    """Note a record of a compartment: the manager does not learn that it was found."""
    with acting_as(system("world")), transaction.atomic():
        group = maker.of(CrimeGroup, "d_cell")
        SubjectFinding.objects.create(
            request=request,
            group=group,
            owner_id=request.owner_id,
            access_class_id=join_of([request.access_class_id, group.access_class_id]),
            reason=word(),
            decision="disclose",
            decided_at=timezone.now(),
            decided_by=User.objects.get(email="cell@test.example"),
        )


def _person(by: Viewer, sharing: str) -> Nominal:
    made = people.create_nominal(
        by=by,
        owner=Organisation.objects.get(pk=by.organisation_id),
        sharing=sharing,
        sharing_reason=word() if sharing == "organisation" else "",
        given_names=word(),
        surname=word(),
    )
    made.refresh_from_db()
    return made


def _restrict(by: Viewer, person: Nominal) -> None:
    restrictions.restrict(
        by=by,
        nominal=person,
        version=person.version,
        ground="s47_3",
        reason=word(),
    )


def _receive(by: Viewer, person: Nominal) -> None:
    recipient = {"recipient": by.organisation_id}
    audit.record(AuditKind.DISCLOSURE, "groups.Nominal", [person.pk], detail=recipient)


def _print(by: Viewer, person: Nominal) -> None:
    detail = {"as": "paper", "print": "0A1B2C3D4E5F"}
    audit.record(
        AuditKind.DISCLOSURE,
        "groups.Nominal",
        [person.pk],
        reason=word(),
        detail=detail,
    )


def _correct(by: Viewer, person: Nominal) -> None:
    people.edit_nominal(
        by=by,
        nominal=person,
        version=person.version,
        surname=word(),
        reason=word(),
    )
