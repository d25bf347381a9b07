"""Raising a group's label where its threats have labels of their own."""

import datetime

import pytest

from accounts.actions import labels
from accounts.visibility import Viewer
from groups.actions import threats
from groups.models import CrimeGroup, GroupThreat, ThreatType
from intelligence.actions import sharing
from tests.cast import As

pytestmark = pytest.mark.django_db


def kind(code: str) -> ThreatType:
    return ThreatType.objects.get(code=code)


def test_stricter_sharing_leaves_one_predominant_threat_of_a_label(
    acting: As, by: Viewer, group: CrimeGroup
) -> None:
    with acting("owner_analyst"):
        own = labels.class_for(
            owner=group.owner, sharing="organisation", compartments=(), by=by
        )
        joined = labels.join_of([group.access_class_id, own])
        first = threats.add(
            by=by, group=group, threat_type=kind("cyber-crime"), is_predominant=True
        )
        # Known to Durham alone, and the predominant one for those who know it.
        closer = GroupThreat.objects.create(
            group=group,
            owner=group.owner,
            asserted_by=group.owner,
            access_class_id=joined,
            threat_type=kind("illegal-drugs"),
            is_predominant=True,
        )
        sharing.change(
            by=by,
            record=group,
            version=group.version,
            sharing="organisation",
            reason="A leak is feared",
        )
        first.refresh_from_db()
        closer.refresh_from_db()
    assert first.access_class_id == closer.access_class_id == joined
    assert (first.is_predominant, closer.is_predominant) == (False, True)


def test_threat_that_has_ended_keeps_what_it_was_when_its_label_is_raised(
    acting: As, by: Viewer, group: CrimeGroup
) -> None:
    with acting("owner_analyst"):
        own = labels.class_for(
            owner=group.owner, sharing="organisation", compartments=(), by=by
        )
        joined = labels.join_of([group.access_class_id, own])
        past = threats.add(
            by=by,
            group=group,
            threat_type=kind("cyber-crime"),
            is_predominant=True,
            to_on=datetime.date(2024, 5, 1),
        )
        GroupThreat.objects.create(
            group=group,
            owner=group.owner,
            asserted_by=group.owner,
            access_class_id=joined,
            threat_type=kind("illegal-drugs"),
            is_predominant=True,
        )
        sharing.change(
            by=by,
            record=group,
            version=group.version,
            sharing="organisation",
            reason="A leak is feared",
        )
        past.refresh_from_db()
    assert past.access_class_id == joined
    assert past.is_predominant
