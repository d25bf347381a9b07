"""Programs are refused by a region's rule with its name, and record reviews."""

import datetime
from collections.abc import Callable

import pytest
from django.utils import timezone

from accounts.models import Organisation
from groups.actions import step_rules
from groups.models import CrimeGroup
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.cast import As
from tests.integration.api.conftest import Caller, Shelf

pytestmark = pytest.mark.django_db


@pytest.fixture
def group(shelf_of: Callable[..., Shelf]) -> CrimeGroup:
    return shelf_of("owner_analyst", "durham").group


def test_a_rule_is_named_in_the_refusal(
    acting: As, call_as: Callable[..., Caller], group: CrimeGroup
) -> None:
    with acting("rocu_lead") as by:
        step_rules.set_rule(
            by=by,
            body=Organisation.objects.get(code="nerocu"),
            step="archive",
            demand="lead",
            is_required=True,
            from_on=timezone.localdate(),
            reason="Agreed",
        )
    caller = call_as("owner_supervisor")
    address = f"/groups/{group.public_id}/"
    body = {
        "version": caller.json(address)["version"],
        "activity_status": "archived",
        "reason": "Gone",
    }
    refused = caller.post(f"{address}state/", body)
    assert refused.status_code == 403
    told = refused.json()
    assert told["code"] == "approval_needed"
    assert told["details"]["needs"] == "lead"
    assert told["details"]["rule_of"] == "NEROCU"
    assert told["details"]["since"] == str(timezone.localdate())


def test_a_review_is_recorded(
    call_as: Callable[..., Caller], group: CrimeGroup
) -> None:
    with acting_as(system("test")):
        CrimeGroup.objects.filter(pk=group.pk).update(record_state="mapped")
    caller = call_as("owner_supervisor")
    address = f"/groups/{group.public_id}/"
    next_on = timezone.localdate() + datetime.timedelta(days=20)
    body = {
        "version": caller.json(address)["version"],
        "outcome": "kept",
        "review_on": str(next_on),
        "reason": "Nothing new",
    }
    done = caller.post(f"{address}review/", body)
    assert done.status_code == 200, done.content
    assert done.json()["review_outcome"]["value"] == "kept"
    assert done.json()["review_on"] == str(next_on)
    assert done.json()["reviewed_at"]
    late = {**body, "version": done.json()["version"], "review_on": "2099-01-01"}
    assert caller.post(f"{address}review/", late).json()["code"] == "review_too_late"
