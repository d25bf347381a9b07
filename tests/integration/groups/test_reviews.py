"""The review of a mapped group: who records it, what it sets, and where it stands."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from groups.actions import groups, reviews
from groups.actions.reviewing import latest_review
from groups.exceptions import ApprovalNeeded, InvalidRecord, ReviewTooLate
from groups.models import CrimeGroup
from ocgmap.common.acting import acting_as
from ocgmap.common.errors import InvalidTransition, StaleVersion
from ocgmap.common.scope import system
from tests.cast import As
from tests.factories.intelligence import a_group
from tests.markup import filled_in

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def now(group: CrimeGroup) -> CrimeGroup:
    with acting_as(system("test")):
        return CrimeGroup.objects.select_related("owner").get(pk=group.pk)


@pytest.fixture
def overdue(as_system: Any) -> CrimeGroup:
    group = a_group("durham", tier="force")
    CrimeGroup.objects.filter(pk=group.pk).update(
        review_on=timezone.localdate() - 9 * DAY
    )
    return now(group)


def record(acting: As, who: str, group: CrimeGroup, **more: Any) -> CrimeGroup:
    given = {
        "version": group.version,
        "outcome": "kept",
        "review_on": timezone.localdate() + 30 * DAY,
        "reason": "Nothing new since March.",
        **more,
    }
    with acting(who) as by:
        return reviews.record(by=by, group=group, **given)


def test_a_review_sets_the_next_and_is_kept(acting: As, overdue: CrimeGroup) -> None:
    first = record(acting, "owner_supervisor", overdue)
    assert first.review_on == timezone.localdate() + 30 * DAY
    assert first.review_outcome == "kept"
    assert first.reviewed_by is not None
    assert first.reviewed_at is not None
    second = record(acting, "rocu_lead", now(overdue), outcome="rescore")
    assert second.review_outcome == "rescore"
    assert second.reviewed_by_id != first.reviewed_by_id
    with acting_as(system("test")):
        told = AuditEvent.objects.filter(
            object_type="groups.CrimeGroup",
            object_ids=[overdue.pk],
            detail__has_key="reviewed",
        )
        assert [one.detail["reviewed"] for one in told.order_by("id")] == [
            "kept",
            "rescore",
        ]


@pytest.mark.parametrize(
    ("who", "more", "error"),
    [
        ("owner_analyst", {}, ApprovalNeeded),
        ("owner_supervisor", {"reason": " "}, InvalidRecord),
        ("owner_supervisor", {"outcome": "fine"}, InvalidRecord),
        (
            "owner_supervisor",
            {"review_on": timezone.localdate() - DAY},
            InvalidRecord,
        ),
        (
            "owner_supervisor",
            {"review_on": timezone.localdate() + 800 * DAY},
            ReviewTooLate,
        ),
        ("owner_supervisor", {"version": 7}, StaleVersion),
    ],
)
def test_a_review_that_cannot_stand_changes_nothing(
    acting: As,
    overdue: CrimeGroup,
    who: str,
    more: dict[str, Any],
    error: type[Exception],
) -> None:
    with pytest.raises(error):
        record(acting, who, overdue, **more)
    assert now(overdue).version == overdue.version


def test_only_a_mapped_group_is_reviewed(acting: As, overdue: CrimeGroup) -> None:
    with acting("rocu_lead") as by:
        groups.change_state(
            by=by,
            group=overdue,
            version=overdue.version,
            record_state="returned",
            reason="Two groups in one record",
        )
    with pytest.raises(InvalidTransition, match="only a mapped group is reviewed"):
        record(acting, "rocu_lead", now(overdue))


def test_a_review_on_its_page(
    client_as: Callable[[str], Client], overdue: CrimeGroup
) -> None:
    client, analyst = client_as("owner_supervisor"), client_as("owner_analyst")
    detail = reverse("groups:detail", args=[overdue.public_id])
    address = reverse("groups:review", args=[overdue.public_id])
    assert "Record a review" not in analyst.get(detail).text
    assert analyst.get(address).status_code == 403
    assert "Overdue" in client.get(detail).text
    page = client.get(address)
    typed = filled_in(page.text)
    with acting_as(system("test")):
        latest = latest_review(overdue.owner, overdue.tier)
    assert page.context["form"]["review_on"].value() == latest
    refused = client.post(address, {**typed, "outcome": "", "reason": "Quiet"})
    assert "Select an option" in refused.text
    done = client.post(address, {**typed, "outcome": "rest", "reason": "Quiet"})
    assert done["Location"] == detail
    fresh = client.get(detail).text
    assert "It is to rest" in fresh
    assert "Overdue" not in fresh
    history = client.get(reverse("groups:history", args=[overdue.public_id])).text
    assert "It is to rest" in history
    assert "Quiet" in history


def test_a_review_is_not_undone(
    client_as: Callable[[str], Client], overdue: CrimeGroup
) -> None:
    client = client_as("owner_supervisor")
    address = reverse("groups:review", args=[overdue.public_id])
    typed = filled_in(client.get(address).text)
    page = client.post(
        address, {**typed, "outcome": "kept", "reason": "Quiet"}, follow=True
    )
    assert "The review is recorded" in page.text
    assert "Undo" not in page.text
