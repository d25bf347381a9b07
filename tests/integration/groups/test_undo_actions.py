"""The action that undoes: all of a request or nothing, and by the rules of a change."""

import datetime
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from accounts import audit
from accounts.visibility import Viewer
from groups.actions import (
    activities,
    activity_corrections,
    bulk,
    facts,
    groups,
    identifiers,
    memberships,
    people,
    states,
    undoing,
)
from groups.actions.activities import PlaceDraft
from groups.exceptions import AlreadyRecorded, SafeguardingRoute
from groups.models import (
    Activity,
    ActivityPlace,
    CrimeGroup,
    GroupThreat,
    IdentifierUse,
    Membership,
    Nominal,
    ThreatType,
)
from ocgmap.common.errors import InvalidTransition, NotFound
from ocgmap.common.scope import current
from tests.cast import As

pytestmark = pytest.mark.django_db


def request_now() -> uuid.UUID:
    """Return the id of the request that the test acts in."""
    scope = current.get()
    assert scope is not None
    return uuid.UUID(scope.request_id)


@pytest.fixture
def supervisor(viewer: Callable[[str], Viewer]) -> Viewer:
    return viewer("owner_supervisor")


def test_predominant_threats_change_places_again(
    acting: As, by: Viewer, group: CrimeGroup
) -> None:
    """Two rows go back together; one chief at a time is all that the table allows."""
    with acting("owner_analyst"):
        for code in ("illegal-drugs", "illegal-firearms"):
            groups.threats.add(
                by=by,
                group=group,
                threat_type=ThreatType.objects.get(code=code),
                is_predominant=code == "illegal-drugs",
                rationale="Seen",
            )
    with acting("owner_analyst"):
        groups.threats.make_predominant(
            by=by,
            group=group,
            threat_type=ThreatType.objects.get(code="illegal-firearms"),
        )
        request = request_now()
    with acting("owner_analyst"):
        found = undoing.undo(
            by=by, scope=undoing.of_group(by, group), request_id=request
        )
        assert len(found) == 2
        chief = GroupThreat.objects.visible_to(by).get(is_predominant=True)
        assert chief.threat_type.code == "illegal-drugs"


def test_archiving_is_undone_by_a_supervisor_only(
    acting: As, by: Viewer, supervisor: Viewer, group: CrimeGroup
) -> None:
    with acting("owner_supervisor"):
        states.change_state(
            by=supervisor,
            group=group,
            version=1,
            activity_status="archived",
            reason="Gone",
        )
        request = request_now()
    with acting("owner_supervisor"):
        scope = undoing.of_group(supervisor, group)
        undoing.undo(by=supervisor, scope=scope, request_id=request)
        now = CrimeGroup.objects.visible_to(supervisor).get()
    assert now.activity_status == "active"


def test_a_use_that_was_recorded_again_is_not_doubled(
    acting: As, by: Viewer, group: CrimeGroup
) -> None:
    number: dict[str, Any] = {
        "owner": group.owner,
        "kind": "phone",
        "value": "07700 900123",
        "group": group,
        "sharing": "region",
        "rationale": "Seen",
    }
    with acting("owner_analyst"):
        identifiers.record(by=by, **number)
        use = IdentifierUse.objects.visible_to(by).get()
    with acting("owner_analyst"):
        facts.withdraw(by=by, fact=use, version=use.version, reason="Another's")
        request = request_now()
    with acting("owner_analyst"):
        identifiers.record(by=by, **number)
    with acting("owner_analyst"):
        with pytest.raises(AlreadyRecorded):
            undoing.undo(by=by, scope=undoing.of_group(by, group), request_id=request)
        assert IdentifierUse.objects.visible_to(by).count() == 1


def test_a_child_does_not_become_a_member_by_undo(
    acting: As, by: Viewer, group: CrimeGroup, nominal: Nominal
) -> None:
    with acting("owner_analyst"):
        row = memberships.add_member(
            by=by,
            group=group,
            nominal=nominal,
            dpa_category="suspect",
            rationale="Seen",
        )
        row.refresh_from_db()
    with acting("owner_analyst"):
        facts.withdraw(by=by, fact=row, version=row.version, reason="Another's")
        request = request_now()
    born = timezone.localdate() - datetime.timedelta(days=8 * 365)
    with acting("owner_analyst"):
        nominal.refresh_from_db()
        people.edit_nominal(
            by=by,
            nominal=nominal,
            version=nominal.version,
            born_from=born,
            born_to=born,
            born_precision="day",
        )
    with acting("owner_analyst"):
        with pytest.raises(SafeguardingRoute):
            undoing.undo(by=by, scope=undoing.of_group(by, group), request_id=request)
        assert not Membership.objects.visible_to(by).exists()


def test_bulk_of_nothing_is_absent(acting: As, by: Viewer) -> None:
    with acting("owner_analyst"), pytest.raises(NotFound):
        undoing.undo_bulk(by=by, request_id=uuid.uuid4())


def test_when_the_audit_fails_nothing_is_undone(
    acting: As, by: Viewer, group: CrimeGroup, monkeypatch: pytest.MonkeyPatch
) -> None:
    with acting("owner_analyst"):
        bulk.change(
            by=by,
            versions={group.public_id: 1},
            wanted={"tier": "national"},
            reason="Tasking",
        )
        request = request_now()

    def fail(*_: Any, **__: Any) -> None:
        raise OSError("no audit")

    with acting("owner_analyst"):
        monkeypatch.setattr(audit, "record", fail)
        with pytest.raises(OSError, match="no audit"):
            undoing.undo_bulk(by=by, request_id=request)
        assert CrimeGroup.objects.visible_to(by).get().tier == "national"


def test_a_fact_corrected_since_keeps_the_whole_as_it_is(
    acting: As, by: Viewer, supervisor: Viewer, group: CrimeGroup
) -> None:
    """All of a request goes back, or none of it."""
    with acting("owner_analyst"):
        activity = activities.add(
            by=by,
            group=group,
            threat_type=ThreatType.objects.get(code="illegal-drugs"),
            rationale="Seen",
            places=[PlaceDraft("group", outcode="DH1")],
        )
        place = ActivityPlace.objects.visible_to(by).get()
    with acting("owner_analyst"):
        activity_corrections.correct(
            by=by,
            activity=activity,
            version=2,
            reason="Wrong",
            modus="By van",
            places=[
                activity_corrections.PartChange(
                    PlaceDraft("group", outcode="DH2"), place.public_id
                )
            ],
        )
        request = request_now()
    with acting("owner_supervisor"):
        activity_corrections.correct(
            by=supervisor,
            activity=activity,
            version=4,
            reason="Wrong",
            places=[
                activity_corrections.PartChange(
                    PlaceDraft("group", outcode="DH3"), place.public_id
                )
            ],
        )
    with acting("owner_analyst"):
        scope = undoing.of_group(by, group)
        with pytest.raises(InvalidTransition):
            undoing.undo(by=by, scope=scope, request_id=request)
        assert Activity.objects.visible_to(by).get().modus == "By van"
