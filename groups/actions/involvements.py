"""People who are not members and have to do with a group: apart from members always."""

import datetime
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.actions import labels
from accounts.models import Organisation
from accounts.models.access_class import TagKind
from accounts.models.audit_event import AuditKind
from accounts.visibility import Label, Viewer
from groups.actions.facts import change, is_reopened
from groups.actions.records import (
    Telling,
    compartment,
    held,
    new_fact,
)
from groups.exceptions import AlreadyRecorded, CompartmentNotHeld, InvalidRecord
from groups.models import CrimeGroup, Involvement, Nominal
from groups.models.participation import SAFEGUARDED, DpaCategory, InvolvementKind
from groups.permissions import (
    check_can_edit,
    check_child,
    check_sees,
    check_unrestricted,
)

# Local default, to be confirmed: an associate is looked at again within a year.
ASSOCIATE_REVIEW_DAYS = 365


class InvolvementChanges(TypedDict, total=False):
    """What may be changed of an involvement; its kind may not: end it instead."""

    dpa_category: str
    review_on: datetime.date | None
    from_on: datetime.date | None
    to_on: datetime.date | None
    precision: str
    basis: str
    rationale: str
    reason: str


def add_involvement(
    *,
    by: Viewer,
    group: CrimeGroup,
    nominal: Nominal,
    kind: str,
    dpa_category: str,
    review_on: datetime.date | None = None,
    **told: Unpack[Telling],
) -> Involvement:
    """Record that a person who is not a member has to do with a group.

    A victim's or exploited person's row carries the safeguarding compartment where
    ``by`` holds it; else only the organisation of ``by`` sees it, so that anyone may
    record a victim at once and nobody else reads it before a holder widens it. A public
    official's row always carries the corruption compartment. An associate's is
    reviewed within a year. Every involvement needs a `rationale`.

    Raises:
        NotFound, PermissionDenied: ``by`` may not see both or change the group.
        CompartmentNotHeld: an official is for a holder of the compartment to record.
        AlreadyRecorded: the same involvement stands already.
        InvalidRecord: a value is not allowed, or the reason is missing.
    """
    check_can_edit(by, group)
    check_sees(by, nominal)
    check_unrestricted(nominal, field="nominal")
    _check_involvement(kind, dpa_category, told.get("rationale", ""))
    with transaction.atomic():
        now = held(by, group)
        if kind not in {*SAFEGUARDED, InvolvementKind.WITNESS}:
            check_child(by, nominal)
        check_not_involved(by, now, nominal, kind)
        owner, extra = owner_and_label(viewer=by, group=now, kind=kind)
        row = new_fact(
            Involvement(
                group=now,
                nominal=nominal,
                owner=owner,
                kind=kind,
                dpa_category=dpa_category,
                review_on=_review_on(kind, review_on),
            ),
            by,
            [now, nominal],
            told,
            extra,
        )
        audit.record(
            AuditKind.COLLECTION,
            "groups.Involvement",
            [row.pk],
            detail={"group": now.pk, "nominal": nominal.pk, "kind": kind},
        )
    return row


def edit_involvement(
    *,
    by: Viewer,
    involvement: Involvement,
    version: int,
    **changes: Unpack[InvolvementChanges],
) -> Involvement:
    """Change or end an involvement, if it still has ``version``; return it.

    Raises:
        NotFound, PermissionDenied: ``by`` may not see or change it.
        StaleVersion: someone else changed it meanwhile; nothing was written.
        AlreadyRecorded: it is opened again beside another that is open.
        InvalidRecord: a value is not allowed.
    """
    check_can_edit(by, involvement)
    values: dict[str, Any] = {**changes}
    _check_involvement(
        involvement.kind,
        values.get("dpa_category", involvement.dpa_category),
        values.get("rationale", involvement.rationale),
    )
    if values.get("review_on", involvement.review_on) != involvement.review_on:
        values["review_on"] = _review_on(involvement.kind, values["review_on"])
    with transaction.atomic():
        if is_reopened(involvement, values):
            group = held(by, involvement.group)
            person, kind = involvement.nominal, involvement.kind
            check_not_involved(by, group, person, kind, but=involvement)
        return change(by=by, fact=involvement, version=version, values=values)


def check_not_involved(
    by: Viewer,
    group: CrimeGroup,
    nominal: Nominal,
    kind: str,
    *,
    but: Involvement | None = None,
) -> None:
    """Raise where another open involvement of this kind that ``by`` sees stands."""
    rows = (
        Involvement.objects.visible_to(by)
        .open()
        .filter(group=group, nominal=nominal, kind=kind)
    )
    if but is not None:
        rows = rows.exclude(pk=but.pk)
    if rows.exists():
        raise AlreadyRecorded(
            f"{nominal.display_name} is recorded with this involvement already. Change "
            "that record, or end it first.",
            field="nominal" if but is None else "to_on",
        )


def _check_involvement(kind: str, dpa_category: str, rationale: str) -> None:
    if kind in SAFEGUARDED and dpa_category != DpaCategory.VICTIM:
        raise InvalidRecord(
            "A victim or exploited person has the data protection category “victim”. "
            "Choose it.",
            field="dpa_category",
        )
    if not rationale.strip():
        raise InvalidRecord(
            "Enter why this person is recorded with the group.", field="rationale"
        )


def _review_on(kind: str, chosen: datetime.date | None) -> datetime.date | None:
    """Return the day of review: as chosen, and for an associate within a year."""
    today = timezone.localdate()
    latest = today + datetime.timedelta(days=ASSOCIATE_REVIEW_DAYS)
    if chosen and chosen < today:
        raise InvalidRecord(
            "The review date must not be in the past. Enter today or a later date.",
            field="review_on",
        )
    if kind != InvolvementKind.ASSOCIATE:
        return chosen
    if chosen and chosen > latest:
        raise InvalidRecord(
            f"An associate is reviewed within {ASSOCIATE_REVIEW_DAYS} days. Enter "
            f"{latest:%-d %B %Y} or an earlier date.",
            field="review_on",
        )
    return chosen or latest


def owner_and_label(
    *, viewer: Viewer, group: CrimeGroup, kind: str
) -> tuple[Organisation, Label]:
    """Return who owns an involvement of this kind, and what its label adds.

    Raises:
        CompartmentNotHeld: an official is for a holder of the compartment to record.
    """
    if kind == InvolvementKind.PUBLIC_OFFICIAL:
        corruption = compartment("corruption")
        if not corruption.requires <= viewer.tags:
            raise CompartmentNotHeld(
                "A public official is recorded in the corruption compartment, which you "
                "do not hold. Ask the anti-corruption unit to record it.",
                field="kind",
            )
        return group.owner, corruption
    if kind not in SAFEGUARDED:
        return group.owner, Label()
    safeguarding = compartment("safeguarding")
    if safeguarding.requires <= viewer.tags:
        return group.owner, safeguarding
    own = Organisation.objects.get(pk=viewer.organisation_id)
    [alone] = [
        option.label
        for option in labels.options_for(own)
        if option.code == TagKind.ORGANISATION
    ]
    return own, alone
