"""The review policy: what it refuses, what a region may choose, what a page shows."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.exceptions import InvalidRule, NotOwner
from accounts.models import AuditEvent, Organisation
from accounts.visibility import Viewer
from groups.actions import groups, reviewing
from groups.exceptions import ReviewTooLate
from groups.models import CrimeGroup, ReviewRule
from groups.review_policy import last_day
from ocgmap.common.acting import acting_as
from ocgmap.common.date_fields import date_text
from ocgmap.common.scope import system
from tests.cast import As
from tests.factories.intelligence import a_group

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def after(months: int) -> datetime.date:
    return last_day(timezone.localdate(), months)


def create(by: Viewer, day: datetime.date, tier: str = "regional") -> CrimeGroup:
    owner = Organisation.objects.get(pk=by.organisation_id)
    return groups.create(
        by=by,
        owner=owner,
        name="Harbour crew",
        sharing="force",
        tier=tier,
        review_on=day,
    )


def choose(by: Viewer, months: int | None, **more: Any) -> ReviewRule:
    given = {
        "tier": "regional",
        "from_on": timezone.localdate(),
        "reason": "Agreed at the regional meeting",
        **more,
    }
    body = Organisation.objects.get(pk=by.organisation_id)
    return reviewing.set_rule(by=by, body=body, months=months, **given)


def test_a_new_group_is_reviewed_within_the_policy(acting: As) -> None:
    with acting("owner_analyst") as by:
        assert create(by, after(6)).review_on == after(6)
        assert create(by, after(12), tier="force").review_on == after(12)
        with pytest.raises(ReviewTooLate) as caught:
            create(by, after(6) + DAY)
    assert caught.value.field == "review_on"
    assert "“Regional” to be looked at again within 6 months" in caught.value.message
    assert f"up to {date_text(after(6))}." in caught.value.message


@pytest.mark.parametrize(
    "change", [{"review_on": after(12) + DAY}, {"tier": "national"}]
)
def test_later_than_the_policy_needs_a_reason(
    acting: As, change: dict[str, Any]
) -> None:
    with acting("owner_analyst") as by:
        group = create(by, after(12), tier="force")
        group.refresh_from_db()
        with pytest.raises(ReviewTooLate, match="say in the reason for the change why"):
            groups.edit(by=by, group=group, version=group.version, **change)
        reason = "In prison until next summer"
        groups.edit(by=by, group=group, version=group.version, reason=reason, **change)
        group.refresh_from_db()
        # What was agreed stands while neither is changed.
        groups.edit(by=by, group=group, version=group.version, summary="Rests")


def test_a_region_chooses_fewer_months_for_its_forces(acting: As) -> None:
    with acting("rocu_lead") as by:
        rule = choose(by, 2)
    with acting_as(system("test")):
        told = AuditEvent.objects.filter(object_type="groups.ReviewRule")
        assert told.filter(object_ids=[rule.pk]).exists()
    with acting("owner_analyst") as by:
        own = Organisation.objects.get(code="durham")
        assert reviewing.latest_review(own, "regional") == after(2)
        assert reviewing.latest_review(own, "force") == after(12)
        with pytest.raises(ReviewTooLate, match="within 2 months"):
            create(by, after(6))
    with acting("other_analyst") as by:
        create(by, after(6))
    with acting("rocu_lead") as by:
        choose(by, None)
    with acting("owner_analyst") as by:
        create(by, after(6))


def test_a_choice_of_tomorrow_holds_tomorrow(acting: As) -> None:
    with acting("rocu_lead") as by:
        choose(by, 2, from_on=timezone.localdate() + DAY)
    with acting("owner_analyst") as by:
        create(by, after(6))


@pytest.mark.parametrize(
    ("months", "more", "field"),
    [
        (6, {}, "months"),
        (0, {}, "months"),
        (2, {"from_on": timezone.localdate() - DAY}, "from_on"),
        (2, {"reason": " "}, "reason"),
    ],
)
def test_a_choice_that_cannot_stand_is_refused(
    acting: As, months: int, more: dict[str, Any], field: str
) -> None:
    with acting("rocu_lead") as by, pytest.raises(InvalidRule) as caught:
        choose(by, months, **more)
    assert caught.value.field == field


def test_a_force_of_a_region_chooses_nothing(acting: As) -> None:
    with acting("owner_supervisor") as by, pytest.raises(NotOwner):
        choose(by, 2)


def test_the_page_shows_what_is_in_force(client_as: Callable[[str], Client]) -> None:
    lead, analyst = client_as("rocu_lead"), client_as("owner_analyst")
    url = "/reviews/policy/"
    assert "Choose fewer months" not in analyst.get(url).content.decode()
    assert analyst.get(f"{url}new/").status_code == 403
    day = timezone.localdate()
    given = {
        "tier": "regional",
        "months": "9",
        "from_on_day": str(day.day),
        "from_on_month": str(day.month),
        "from_on_year": str(day.year),
        "reason": "Agreed at the regional meeting",
    }
    text = lead.post(f"{url}new/", given).content.decode()
    assert "The policy for all is 6 months" in text
    told = lead.post(f"{url}new/", {**given, "months": "3"}, follow=True)
    assert "The rule is set." in told.content.decode()
    text = analyst.get(url).content.decode()
    assert "Agreed at the regional meeting" in text
    assert date_text(after(3)) in text
    assert "Local configuration, to be confirmed" in text


def test_the_form_of_a_change_names_the_rule(
    client_as: Callable[[str], Client], as_system: Any
) -> None:
    group = a_group("durham", name="Harbour crew", tier="regional")
    client, day = client_as("owner_analyst"), after(6) + DAY
    page = client.get(f"/groups/{group.public_id}/edit/")
    form = page.context["form"]
    given = {
        name: value
        for name, value in {**form.initial}.items()
        if value is not None and name != "review_on"
    }
    given |= {
        "review_on_day": str(day.day),
        "review_on_month": str(day.month),
        "review_on_year": str(day.year),
    }
    text = client.post(f"/groups/{group.public_id}/edit/", given).content.decode()
    assert "The review policy asks for groups of tier “Regional”" in text
