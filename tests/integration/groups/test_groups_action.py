import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError

from accounts.exceptions import NotOwner, RightMissing, UnknownSharing
from accounts.visibility import Viewer
from groups.actions import groups, states
from groups.exceptions import AlreadyRecorded, ApprovalNeeded, InvalidRecord
from groups.models import CrimeGroup, GroupThreat, ThreatType
from groups.models.crime_group import RecordState
from intelligence.actions import sharing
from ocgmap.common.acting import acting_as
from ocgmap.common.errors import AppError, InvalidTransition, NotFound, StaleVersion
from ocgmap.common.once import insert_new
from ocgmap.common.scope import system
from tests.cast import As
from tests.factories.groups import CrimeGroupFactory, organisation

pytestmark = pytest.mark.django_db

Audited = Callable[[str], list[tuple[str, list[int], str]]]


def test_create_leaves_group_threat_and_audit(
    acting: As, by: Viewer, audited: Audited
) -> None:
    with acting("owner_analyst"):
        drugs = ThreatType.objects.get(code="illegal-drugs")
        group = groups.create(
            by=by,
            owner=organisation(),
            name="  Alder  ",
            sharing="force",
            predominant_threat=drugs,
            rationale="Three seizures",
        )
        group.refresh_from_db()
        threat = GroupThreat.objects.visible_to(by).get(group=group)
    assert (group.name, group.record_state, group.version) == ("Alder", "draft", 1)
    assert group.created_by_id == by.user_id
    assert (threat.is_predominant, threat.rationale) == (True, "Three seizures")
    assert threat.access_class_id == group.access_class_id
    assert audited("groups.CrimeGroup") == [("collection", [group.pk], "")]
    assert audited("groups.GroupThreat") == [("collection", [threat.pk], "")]


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("owner_analyst", True),
        ("rocu_lead", True),
        ("nca_officer", True),
        ("region_analyst", False),
        ("other_analyst", False),
        ("auditor", False),
    ],
)
def test_create_shares_as_chosen(
    acting: As, viewer: Callable[[str], Viewer], group: CrimeGroup, who: str, sees: bool
) -> None:
    reader = viewer(who)
    with acting(who):
        found = CrimeGroup.objects.visible_to(reader).filter(pk=group.pk).exists()
    assert found is sees


@pytest.mark.parametrize(
    ("who", "error"),
    [
        ("other_analyst", NotOwner),
        ("region_analyst", NotOwner),
        ("nca_officer", NotOwner),
        ("auditor", RightMissing),
        ("administrator", RightMissing),
    ],
)
def test_create_for_another_organisation_is_refused(
    acting: As, viewer: Callable[[str], Viewer], who: str, error: type[Exception]
) -> None:
    other = viewer(who)
    with acting(who), pytest.raises(error):
        CrimeGroupFactory(by=other)


def test_lead_of_the_region_records_for_a_force(
    acting: As, viewer: Callable[[str], Viewer]
) -> None:
    lead = viewer("rocu_lead")
    with acting("rocu_lead"):
        assert CrimeGroupFactory(by=lead).owner.code == "durham"
        with pytest.raises(NotOwner):
            CrimeGroupFactory(by=lead, owner=organisation("west-yorkshire"))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"summary": "x" * 4001}, "summary"),
        ({"kind": "cartel"}, "kind"),
        ({"tier": "gold"}, "tier"),
        ({"s45_test": "maybe"}, "s45_test"),
        ({"review_on": datetime.date(2001, 1, 1)}, "review_on"),
        ({"sharing": "everyone"}, "sharing"),
        ({"sharing": "organisation", "sharing_reason": " "}, "sharing_reason"),
        ({"compartments": [999_999]}, "compartments"),
    ],
)
def test_create_with_a_wrong_value_names_the_field_and_writes_nothing(
    acting: As, by: Viewer, values: dict[str, Any], field: str
) -> None:
    with acting("owner_analyst"):
        with pytest.raises(AppError) as caught:
            CrimeGroupFactory(by=by, **values)
        assert caught.value.field == field
        assert CrimeGroup.objects.visible_to(by).count() == 0


def test_own_organisation_only_leaves_its_reason_in_the_audit(
    acting: As, by: Viewer, audited: Audited
) -> None:
    with acting("owner_analyst"):
        CrimeGroupFactory(by=by, sharing="organisation", sharing_reason="Covert phase")
    assert [row[2] for row in audited("groups.CrimeGroup")] == ["Covert phase"]


def test_owner_reference_is_checked_among_visible_groups_only(
    acting: As, by: Viewer, viewer: Callable[[str], Viewer], hidden: CrimeGroup
) -> None:
    with acting_as(system("test")):
        CrimeGroup.objects.filter(pk=hidden.pk).update(
            owner=organisation(), owner_reference="DU-1"
        )
    with acting("owner_analyst"):
        first = CrimeGroupFactory(by=by, owner_reference="DU-1")
        with pytest.raises(AlreadyRecorded, match=first.reference):
            CrimeGroupFactory(by=by, owner_reference="du-1")


def test_create_with_broken_audit_writes_nothing(
    acting: As, by: Viewer, broken_audit: Callable[[], None]
) -> None:
    broken_audit()
    with acting("owner_analyst"):
        with pytest.raises(RuntimeError, match="audit"):
            CrimeGroupFactory(by=by)
        assert CrimeGroup.objects.visible_to(by).count() == 0


def test_edit_writes_version_and_audit(
    acting: As, by: Viewer, group: CrimeGroup, audited: Audited
) -> None:
    with acting("owner_analyst"):
        edited = groups.edit(
            by=by, group=group, version=1, name="Birch", tier="force", reason="Renamed"
        )
    assert (edited.name, edited.tier, edited.version) == ("Birch", "force", 2)
    assert audited("groups.CrimeGroup")[-1] == ("alteration", [group.pk], "Renamed")


def test_edit_of_a_changed_group_writes_nothing(
    acting: As, by: Viewer, group: CrimeGroup
) -> None:
    with acting("owner_analyst"):
        groups.edit(by=by, group=group, version=1, name="Birch")
        with pytest.raises(StaleVersion):
            groups.edit(by=by, group=group, version=1, name="Cedar")
        group.refresh_from_db()
    assert group.name == "Birch"


def test_edit_by_another_force_or_of_a_hidden_group_is_refused(
    acting: As,
    by: Viewer,
    viewer: Callable[[str], Viewer],
    group: CrimeGroup,
    hidden: CrimeGroup,
) -> None:
    officer = viewer("nca_officer")
    with acting("nca_officer"), pytest.raises(NotOwner):
        groups.edit(by=officer, group=group, version=1, name="Birch")
    with acting("owner_analyst"), pytest.raises(NotFound):
        groups.edit(by=by, group=hidden, version=1, name="Birch")


def test_edit_with_broken_audit_changes_nothing(
    acting: As, by: Viewer, group: CrimeGroup, broken_audit: Callable[[], None]
) -> None:
    broken_audit()
    with acting("owner_analyst"):
        with pytest.raises(RuntimeError, match="audit"):
            groups.edit(by=by, group=group, version=1, name="Birch")
        group.refresh_from_db()
    assert (group.name, group.version) == ("Fictional group", 1)


def test_stricter_sharing_raises_what_is_below(
    acting: As, by: Viewer, viewer: Callable[[str], Viewer], group: CrimeGroup
) -> None:
    with acting("owner_analyst"):
        drugs = ThreatType.objects.get(code="illegal-drugs")
        groups.edit(by=by, group=group, version=1, predominant_threat=drugs)
        sharing.change(
            by=by,
            record=group,
            version=1,
            sharing="organisation",
            reason="Covert phase",
        )
    lead = viewer("rocu_lead")
    with acting("rocu_lead"):
        assert not CrimeGroup.objects.visible_to(lead).exists()
        assert not GroupThreat.objects.visible_to(lead).exists()
    with acting("owner_analyst"):
        assert GroupThreat.objects.visible_to(by).count() == 1


def test_predominant_threat_moves_and_is_one(
    acting: As, by: Viewer, group: CrimeGroup
) -> None:
    with acting("owner_analyst"):
        for code in ("illegal-drugs", "cyber-crime", "illegal-drugs"):
            threat = ThreatType.objects.get(code=code)
            groups.edit(by=by, group=group, version=1, predominant_threat=threat)
            chief = GroupThreat.objects.visible_to(by).get(
                group=group, is_predominant=True
            )
            assert chief.threat_type == threat
        assert GroupThreat.objects.visible_to(by).filter(group=group).count() == 2


def test_states_go_from_draft_to_mapped(
    acting: As, by: Viewer, viewer: Callable[[str], Viewer], group: CrimeGroup
) -> None:
    lead = viewer("rocu_lead")
    with acting("owner_analyst"):
        with pytest.raises(InvalidTransition):
            groups.change_state(
                by=viewer("owner_analyst"),
                group=group,
                version=1,
                record_state="draft",
                reason="Back",
            )
        group = groups.change_state(
            by=by, group=group, version=1, record_state="submitted", reason="Complete"
        )
        with pytest.raises(ApprovalNeeded):
            groups.change_state(
                by=by, group=group, version=2, record_state="mapped", reason="Mine"
            )
    with acting("rocu_lead"):
        group = groups.change_state(
            by=lead, group=group, version=2, record_state="mapped", reason="Checked"
        )
        with pytest.raises(StaleVersion):
            groups.change_state(
                by=lead,
                group=group,
                version=2,
                activity_status="dormant",
                reason="Quiet",
            )
    assert (group.record_state, group.version) == ("mapped", 3)


def test_state_needs_a_reason_and_a_known_name(
    acting: As, by: Viewer, group: CrimeGroup
) -> None:
    with acting("owner_analyst"):
        for values, field in [
            ({"record_state": "submitted", "reason": " "}, "reason"),
            ({"record_state": "final", "reason": "Done"}, "record_state"),
            ({"activity_status": "asleep", "reason": "Done"}, "activity_status"),
        ]:
            with pytest.raises(InvalidRecord) as caught:
                groups.change_state(by=by, group=group, version=1, **values)
            assert caught.value.field == field


def test_created_as_mapped_needs_a_moderator(
    acting: As, by: Viewer, viewer: Callable[[str], Viewer]
) -> None:
    with acting("owner_analyst"), pytest.raises(ApprovalNeeded):
        CrimeGroupFactory(by=by, record_state="mapped")
    supervisor = viewer("owner_supervisor")
    with acting("owner_supervisor"):
        assert CrimeGroupFactory(by=supervisor, record_state="mapped").pk


def test_sharing_that_hides_the_group_from_its_author_is_refused(
    acting: As, viewer: Callable[[str], Viewer]
) -> None:
    lead = viewer("rocu_lead")
    with acting("rocu_lead"), pytest.raises(UnknownSharing):
        CrimeGroupFactory(by=lead, sharing="organisation")


def test_every_transition_leads_to_a_known_state() -> None:
    assert set(states.TRANSITIONS) == set(RecordState)
    assert all(targets <= set(RecordState) for targets in states.TRANSITIONS.values())


def test_a_reference_that_is_taken_is_drawn_again_and_tells_nothing(
    acting: As, viewer: Callable[[str], Viewer]
) -> None:
    with acting("other_analyst"):
        hidden = CrimeGroupFactory(
            by=viewer("other_analyst"),
            owner=organisation("west-yorkshire"),
            sharing="organisation",
        )
    with acting("owner_analyst") as by:
        mine = CrimeGroupFactory(by=by)
        again = CrimeGroup(
            owner=mine.owner,
            access_class_id=mine.access_class_id,
            name="Birch",
            reference=hidden.reference,
        )
        insert_new(again)
        assert again.reference not in {hidden.reference, mine.reference}
        assert CrimeGroup.objects.visible_to(by).get(pk=again.pk).name == "Birch"
        twin = CrimeGroup(
            owner=mine.owner,
            access_class_id=mine.access_class_id,
            name="Twin",
            public_id=mine.public_id,
        )
        with pytest.raises(IntegrityError):
            insert_new(twin)
