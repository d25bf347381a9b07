"""A membership that ended, and a person who joins again."""

import datetime
from typing import Any

import pytest

from accounts.visibility import Viewer
from groups.actions.involvements import add_involvement, edit_involvement
from groups.actions.memberships import add_member, edit_member
from groups.exceptions import AlreadyRecorded
from groups.models import CrimeGroup, Involvement, Membership
from tests.cast import As
from tests.factories.groups import NominalFactory

pytestmark = pytest.mark.django_db

SUSPECT: dict[str, Any] = {"dpa_category": "suspect"}


def test_ended_membership_is_not_opened_beside_an_open_one(
    acting: As, by: Viewer, group: CrimeGroup
) -> None:
    with acting("owner_analyst"):
        person = NominalFactory(by=by)
        told: dict[str, Any] = {"by": by, "group": group, "nominal": person, **SUSPECT}
        ended = add_member(**told, to_on=datetime.date(2024, 5, 1))
        again = add_member(**told)
        with pytest.raises(AlreadyRecorded) as refused:
            edit_member(by=by, membership=ended, version=ended.version, to_on=None)
        assert refused.value.field == "to_on"
        # Of itself it may be opened, once the other has ended.
        edit_member(
            by=by,
            membership=again,
            version=again.version,
            to_on=datetime.date(2025, 5, 1),
        )
        edit_member(by=by, membership=ended, version=ended.version, to_on=None)
        assert [one.pk for one in Membership.objects.visible_to(by).open()] == [
            ended.pk
        ]


def test_new_row_says_who_made_it(acting: As, by: Viewer, group: CrimeGroup) -> None:
    with acting("owner_analyst"):
        person = NominalFactory(by=by)
        member = add_member(by=by, group=group, nominal=person, **SUSPECT)
        assert member.created_by_id == by.user_id
        member.refresh_from_db()
        assert member.created_by_id == by.user_id


def test_open_membership_beside_another_may_be_changed(
    acting: As, by: Viewer, group: CrimeGroup
) -> None:
    """Two can stand where their recorders saw only their own; each can be put right."""
    with acting("owner_analyst"):
        person = NominalFactory(by=by)
        one = add_member(by=by, group=group, nominal=person, **SUSPECT)
        other = Membership.objects.create(
            group=group,
            nominal=person,
            owner=one.owner,
            asserted_by=one.owner,
            access_class_id=one.access_class_id,
            **SUSPECT,
        )
        changed = edit_member(
            by=by,
            membership=one,
            version=one.version,
            to_on=None,
            rationale="Seen twice",
        )
        assert changed.rationale == "Seen twice"
        edit_member(
            by=by,
            membership=other,
            version=1,
            to_on=datetime.date(2025, 5, 1),
        )
        assert Membership.objects.visible_to(by).open().get() == one


def test_ended_involvement_is_not_opened_beside_an_open_one(
    acting: As, by: Viewer, group: CrimeGroup
) -> None:
    with acting("owner_analyst"):
        told: dict[str, Any] = {
            "by": by,
            "group": group,
            "nominal": NominalFactory(by=by),
            "kind": "associate",
            "dpa_category": "other",
            "rationale": "Drives for them",
        }
        first = add_involvement(**told)
        ended = edit_involvement(
            by=by,
            involvement=first,
            version=first.version,
            to_on=datetime.date(2024, 5, 1),
        )
        add_involvement(**told)
        with pytest.raises(AlreadyRecorded) as refused:
            edit_involvement(
                by=by, involvement=ended, version=ended.version, to_on=None
            )
        assert refused.value.field == "to_on"
        assert Involvement.objects.visible_to(by).open().count() == 1
