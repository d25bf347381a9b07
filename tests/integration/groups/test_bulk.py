"""The same change to several groups: foreseen, then made, row by row."""

import datetime
from collections.abc import Callable

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.models import AuditEvent
from accounts.visibility import Viewer
from groups.actions import bulk, groups
from groups.exceptions import ApprovalNeeded, InvalidRecord
from groups.models import CrimeGroup
from ocgmap.common.acting import acting_as
from ocgmap.common.errors import InvalidTransition
from ocgmap.common.scope import system
from tests.cast import As
from tests.factories.groups import CrimeGroupFactory, organisation

pytestmark = pytest.mark.django_db

Find = Callable[[str], Viewer]
LATER = timezone.localdate() + datetime.timedelta(days=90)


@pytest.fixture
def several(acting: As, viewer: Find, by: Viewer) -> list[CrimeGroup]:
    """Two groups of Durham's, one that rests, and one of Northumbria's."""
    with acting("owner_analyst"):
        made = [CrimeGroupFactory(by=by, sharing="region") for _ in range(3)]
    north = viewer("region_analyst")
    with acting("region_analyst"):
        made.append(
            CrimeGroupFactory(
                by=north, owner=organisation("northumbria"), sharing="region"
            )
        )
    with acting("owner_analyst"):
        groups.change_state(
            by=by,
            group=made[2],
            version=1,
            activity_status="dormant",
            review_on=LATER,
            reason="Quiet",
        )
        return list(CrimeGroup.objects.visible_to(by).order_by("pk"))


def versions(rows: list[CrimeGroup]) -> dict[object, int]:
    return {one.public_id: one.version for one in rows}


def test_preview_tells_what_changes_and_what_cannot(
    acting: As, by: Viewer, several: list[CrimeGroup]
) -> None:
    wanted = bulk.BulkChanges(activity_status="dormant", review_on=LATER)
    with acting("owner_analyst"):
        found = bulk.foresee(by, several, wanted)
        assert [bool(one.changes) for one in found] == [True, True, False, False]
        assert found[0].changes == {
            "activity_status": ("active", "dormant"),
            "review_on": (None, LATER),
        }
        assert found[2].refusal == "It is so already."
        assert "Northumbria" in found[3].refusal
        assert [one.activity_status for one in several[:2]] == ["active", "active"]
        assert CrimeGroup.objects.visible_to(by).filter(version=1).count() == 3
        [no_day, *_] = bulk.foresee(
            by, several, bulk.BulkChanges(activity_status="dormant")
        )
        assert "day of the review" in no_day.refusal
        [archive, *_] = bulk.foresee(
            by, several, bulk.BulkChanges(activity_status="archived")
        )
        assert "supervisor" in archive.refusal


def test_one_confirm_changes_all_that_can_in_one_request(
    acting: As, by: Viewer, several: list[CrimeGroup]
) -> None:
    with acting("owner_analyst"):
        shown = versions(several)
        groups.edit(by=by, group=several[1], version=1, name="Meanwhile")
        outcomes = bulk.change(
            by=by,
            versions=shown,  # type: ignore[arg-type]
            wanted=bulk.BulkChanges(tier="regional", lead_officer="DI Ash"),
            reason="Regional meeting",
        )
        assert [bool(one.changes) for one in outcomes] == [True, False, True, False]
        assert "after the preview" in outcomes[1].refusal
        now = list(CrimeGroup.objects.visible_to(by).order_by("pk"))
        assert [one.tier for one in now] == ["regional", "none", "regional", "none"]
        assert now[0].lead_officer == "DI Ash"
        again = bulk.change(
            by=by,
            versions=shown,  # type: ignore[arg-type]
            wanted=bulk.BulkChanges(tier="national"),
            reason="Sent twice",
        )
        assert not any(one.changes for one in again)
    with acting_as(system("test")):
        row = AuditEvent.objects.filter(reason="Regional meeting").get()
        assert row.object_ids == sorted([several[0].pk, several[2].pk])
        history = CrimeGroup.history.rel.related_model.objects.filter(  # type: ignore[attr-defined]
            pgh_obj_id__in=row.object_ids, pgh_context__reason="Regional meeting"
        )
        assert history.count() == 2
        assert {str(one.pgh_context_id) for one in history} == {str(row.request_id)}


def test_without_the_audit_no_group_changes(
    acting: As,
    by: Viewer,
    several: list[CrimeGroup],
    broken_audit: Callable[[], None],
) -> None:
    broken_audit()
    with acting("owner_analyst"):
        with pytest.raises(RuntimeError), transaction.atomic():
            bulk.change(
                by=by,
                versions=versions(several),  # type: ignore[arg-type]
                wanted=bulk.BulkChanges(tier="regional"),
                reason="Meeting",
            )
        assert not CrimeGroup.objects.visible_to(by).filter(tier="regional").exists()


@pytest.mark.parametrize(
    ("wanted", "reason", "number", "field"),
    [
        (bulk.BulkChanges(tier="force"), " ", 1, "reason"),
        (bulk.BulkChanges(), "Meeting", 1, "change"),
        (bulk.BulkChanges(tier="force"), "Meeting", 0, "group"),
        (bulk.BulkChanges(tier="force"), "Meeting", 201, "group"),
    ],
)
def test_refusals(
    acting: As,
    by: Viewer,
    wanted: bulk.BulkChanges,
    reason: str,
    number: int,
    field: str,
) -> None:
    shown = dict.fromkeys(range(number), 1)
    with acting("owner_analyst"), pytest.raises(InvalidRecord) as caught:
        bulk.change(by=by, versions=shown, wanted=wanted, reason=reason)  # type: ignore[arg-type]
    assert caught.value.field == field


def test_wrong_values_are_refused_row_by_row(
    acting: As, by: Viewer, several: list[CrimeGroup]
) -> None:
    past = timezone.localdate() - datetime.timedelta(days=1)
    for wanted, word in (
        (bulk.BulkChanges(tier="galactic"), "Tier cannot be"),
        (bulk.BulkChanges(lead_officer="x" * 121), "120 characters"),
        (bulk.BulkChanges(review_on=past), "must not be in the past"),
        (bulk.BulkChanges(activity_status="asleep"), "activity status"),
    ):
        with acting("owner_analyst"):
            [one, *_] = bulk.foresee(by, several, wanted)
        assert word in one.refusal
        assert not one.changes


# The steps themselves, one group at a time.


def test_a_group_rests_is_archived_and_comes_back(
    acting: As, viewer: Find, by: Viewer, group: CrimeGroup
) -> None:
    def step(who: Viewer, status: str, version: int, **more: object) -> CrimeGroup:
        return groups.change_state(
            by=who,
            group=group,
            version=version,
            activity_status=status,
            reason="Seen",
            **more,  # type: ignore[arg-type]
        )

    supervisor = viewer("owner_supervisor")
    with acting("owner_analyst"):
        with pytest.raises(InvalidRecord) as caught:
            step(by, "dormant", 1)
        assert caught.value.field == "review_on"
        with pytest.raises(ApprovalNeeded) as denied:
            step(by, "archived", 1)
        assert denied.value.field == "activity_status"
        with pytest.raises(InvalidTransition):
            step(by, "active", 1)
        assert step(by, "dormant", 1, review_on=LATER).review_on == LATER
        assert step(by, "active", 2).activity_status == "active"
    with acting("owner_supervisor"):
        step(supervisor, "archived", 3)
        with pytest.raises(InvalidTransition):
            step(supervisor, "dormant", 4, review_on=LATER)
    with acting("owner_analyst"), pytest.raises(ApprovalNeeded):
        step(by, "active", 4)
    with acting("owner_supervisor"):
        assert step(supervisor, "active", 4).activity_status == "active"
