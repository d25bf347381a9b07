"""Whoever works through a shared token takes no step of two persons, by any way."""

import datetime
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.actions import compartments, large_exports
from accounts.exceptions import OwnAccountNeeded
from accounts.models import LargeExport, MembershipProposal, Tag
from accounts.roles import Role
from accounts.visibility import Viewer
from groups.models import CrimeGroup
from intelligence.actions import disposal
from intelligence.models import RetentionReview
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.cast import As, MakeUser
from tests.factories.groups import CrimeGroupFactory, NominalFactory

pytestmark = pytest.mark.django_db
SOON = datetime.timedelta(days=30)
WHY = {"reason": "For the review"}


@pytest.fixture
def tag(make_user: MakeUser) -> Tag:
    """A compartment of Durham's that two of its supervisors hold."""
    boss = make_user("owner_supervisor")
    second = make_user("second_supervisor", role=Role.FORCE_SUPERVISOR)
    with acting_as(system("test")), transaction.atomic():
        return compartments.open_one(
            code="larch",
            name="Larch",
            owner=boss.organisation,
            holders=[boss, second],
            reason="New enquiry",
        )


@pytest.fixture
def record(acting: As) -> Any:
    with acting("owner_analyst") as by:
        return NominalFactory(by=by)


def takes_in(by: Viewer, tag: Tag, user: Any) -> MembershipProposal:
    until = timezone.localdate() + SOON
    return compartments.propose(
        by=by, tag=tag, step="add", user=user, until_on=until, **WHY
    )


def asks(by: Viewer) -> LargeExport:
    return large_exports.ask(by=by, list_id=uuid.uuid4(), lines=900, **WHY)


def disposes(by: Viewer, record: Any) -> RetentionReview:
    record.refresh_from_db()
    return disposal.propose(
        by=by,
        record=record,
        version=record.version,
        disposal_reason="not_needed",
        **WHY,
    )


def taken(acting: As, who: str, step: Callable[[Viewer], Any]) -> Any:
    """Take a step in vain through a shared token, then as the account itself."""
    with acting(who) as by:
        with pytest.raises(OwnAccountNeeded), transaction.atomic():
            step(replace(by, is_shared=True))
        return step(by)


def test_compartments(tag: Tag, acting: As, make_user: MakeUser) -> None:
    officers = [make_user(name) for name in ("nca_officer", "owner_analyst")]
    first, other = (
        taken(acting, "owner_supervisor", lambda by, one=one: takes_in(by, tag, one))
        for one in officers
    )
    for step, proposal in (
        (compartments.approve, first),
        (compartments.decline, other),
    ):
        taken(
            acting,
            "second_supervisor",
            lambda by, step=step, proposal=proposal: step(by=by, proposal=proposal),
        )
    taken(
        acting,
        "owner_supervisor",
        lambda by: compartments.register_subject(
            by=by, tag=tag, user=officers[1], **WHY
        ),
    )


def test_large_exports(tag: Tag, acting: As) -> None:
    first, other = (taken(acting, "owner_supervisor", asks) for _ in range(2))
    for step, export in (
        (large_exports.approve, first),
        (large_exports.decline, other),
    ):
        taken(
            acting,
            "second_supervisor",
            lambda by, step=step, export=export: step(by=by, export=export),
        )


@pytest.mark.parametrize("step", [disposal.dispose, disposal.decline])
def test_disposal(record: Any, acting: As, step: Callable[..., Any]) -> None:
    review = taken(acting, "records_manager", lambda by: disposes(by, record))
    taken(
        acting,
        "owner_supervisor",
        lambda by: step(by=by, review=review, version=1, **WHY),
    )


@pytest.mark.parametrize("state", ["submitted", "mapped", "returned"])
def test_a_group_that_begins_beyond_a_draft(acting: As, state: str) -> None:
    with acting("owner_supervisor") as by:
        shared = replace(by, is_shared=True)
        CrimeGroupFactory(by=shared)
        with pytest.raises(OwnAccountNeeded), transaction.atomic():
            CrimeGroupFactory(by=shared, record_state=state)
        assert CrimeGroup.objects.visible_to(by).count() == 1
