"""What a region asks of a group is asked of all that counts with it, and once."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from groups.actions import bulk, merging, people
from groups.exceptions import StepNotOpen
from groups.guards import Guard, Who
from groups.models import CrimeGroup, Membership
from tests.cast import As
from tests.integration.groups.test_step_rules import (
    a_draft,
    add_members,
    ask,
    complete,
    take,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("demand", [Guard.THREE_MEMBERS, Guard.THREAT])
def test_what_was_merged_in_counts(acting: As, demand: Guard) -> None:
    survivor, merged = a_draft(acting), a_draft(acting)
    ask(acting, "submit", demand)
    complete(acting, merged, demand)
    with pytest.raises(StepNotOpen):
        take(acting, "owner_analyst", survivor, record_state="submitted")
    with acting("owner_analyst") as by:
        seen = CrimeGroup.objects.visible_to(by).get(pk=merged.pk)
        merging.merge(
            by=by, group=seen, into=survivor, version=seen.version, reason="One group"
        )
    done = take(acting, "owner_analyst", survivor, record_state="submitted")
    assert done.record_state == "submitted"


def test_one_person_on_both_records_counts_once(acting: As) -> None:
    survivor, merged = a_draft(acting), a_draft(acting)
    ask(acting, "submit", Guard.THREE_MEMBERS)
    add_members(acting, survivor, 2, "force")
    with acting("owner_analyst") as by:
        one = Membership.objects.visible_to(by).filter(group=survivor)[0].nominal
        people.add_member(
            by=by,
            group=merged,
            nominal=one,
            standing="peripheral",
            rationale="Seen together",
            dpa_category="suspect",
        )
        merging.merge(
            by=by, group=merged, into=survivor, version=merged.version, reason="One"
        )
    with pytest.raises(StepNotOpen):
        take(acting, "owner_analyst", survivor, record_state="submitted")


def test_the_region_is_asked_for_once_however_many(acting: As) -> None:
    for _ in range(4):
        a_draft(acting)
    ask(acting, "archive", Who.LEAD)
    wanted = bulk.BulkChanges(activity_status="archived")
    counts = []
    with acting("rocu_lead") as by:
        seen = CrimeGroup.objects.visible_to(by).select_related("owner")
        for number in (1, 4):
            rows = list(seen.order_by("pk")[:number])
            with CaptureQueriesContext(connection) as captured:
                found = bulk.foresee(by, rows, wanted)
            assert all(one.changes for one in found)
            counts.append(len(captured))
    assert counts[0] == counts[1] > 0
