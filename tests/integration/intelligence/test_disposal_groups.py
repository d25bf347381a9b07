"""A group is disposed of from the archive only, by two persons, and alone."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import Error
from django.test import Client
from django.utils import timezone

from groups.actions import states
from groups.exceptions import ApprovalNeeded
from groups.models import CrimeGroup
from intelligence.actions import disposal
from intelligence.exceptions import OnLegalHold
from intelligence.models import DisposalCertificate, RetentionReview
from intelligence.retention_policy import latest_review
from ocgmap.common.errors import AppError, InvalidTransition, NotFound, PermissionDenied
from scoring.models import Judgement
from scoring.outbox import drain_until_empty
from tests.cast import As
from tests.disposing import disposed, everything, proposed
from tests.factories.intelligence import a_group
from tests.markup import filled_in

pytestmark = pytest.mark.django_db
ClientAs = Callable[[str], Client]
DAY = datetime.timedelta(days=1)


@pytest.fixture
def group(as_system: Any) -> CrimeGroup:
    return a_group(name="Yard crew", activity_status="archived")


def change(record: CrimeGroup, **columns: Any) -> CrimeGroup:
    with everything(), transaction.atomic():
        CrimeGroup.objects.filter(pk=record.pk).update(**columns)
        record.refresh_from_db()
    return record


@pytest.mark.parametrize("status", ["active", "dormant"])
@pytest.mark.parametrize(
    ("step", "answers"),
    [
        pytest.param(disposal.keep, {"grounds": ["links"]}, id="keep"),
        pytest.param(disposal.propose, {"disposal_reason": "wrong"}, id="propose"),
    ],
)
def test_only_an_archived_group_is_reviewed_here(
    acting: As,
    group: CrimeGroup,
    status: str,
    step: Callable[..., Any],
    answers: dict[str, Any],
) -> None:
    now = change(group, activity_status=status)
    given = {"record": now, "version": now.version, "reason": "Why", **answers}
    with (
        pytest.raises(InvalidTransition, match="Archive it first"),
        acting("records_manager") as by,
    ):
        step(by=by, **given)
    with everything():
        assert not RetentionReview.objects.exists()


def test_a_group_that_was_kept_comes_back_to_the_policy_of_its_tier(
    acting: As, group: CrimeGroup
) -> None:
    """Kept for ten years in the archive, it is not unseen for ten once at work again."""
    today = timezone.localdate()
    with acting("records_manager") as by:
        made = disposal.keep(
            by=by, record=group, version=1, grounds=["links"], reason="Active"
        )
    change(group)
    assert group.review_on == made.next_review_on == latest_review("2", today)
    with acting("owner_supervisor") as by:
        states.change_state(
            by=by, group=group, version=2, activity_status="active", reason="Seen again"
        )
    change(group)
    assert today < group.review_on <= today + 366 * DAY


@pytest.mark.parametrize(
    ("who", "error"),
    [
        ("records_manager", ApprovalNeeded),
        ("owner_analyst", PermissionDenied),
        ("other_records_manager", NotFound),
    ],
)
def test_the_second_person_is_another_of_its_owner(
    acting: As, group: CrimeGroup, who: str, error: type[AppError]
) -> None:
    review = proposed(acting, group)
    with pytest.raises(error), acting(who) as by:
        disposal.dispose(by=by, review=review, version=1, reason="Agreed")
    with everything():
        assert CrimeGroup.objects.exists()


def test_a_hold_refuses_both_steps(acting: As, group: CrimeGroup) -> None:
    review = proposed(acting, group)
    change(group, legal_hold=True)
    with pytest.raises(OnLegalHold), acting("owner_supervisor") as by:
        disposal.dispose(by=by, review=review, version=1, reason="Agreed")
    with acting("owner_supervisor") as by:
        disposal.decline(by=by, review=review, version=1, reason="On hold")
    with pytest.raises(OnLegalHold):
        proposed(acting, group)


@pytest.mark.parametrize(
    "columns",
    [{"activity_status": "active"}, {"legal_hold": True}],
    ids=["active again", "on hold"],
)
def test_the_database_asks_for_itself(
    acting: As, group: CrimeGroup, columns: dict[str, Any]
) -> None:
    """Two decisions, and still it refuses a group that is not to go."""
    review = proposed(acting, group)
    with acting("owner_supervisor") as by, transaction.atomic():
        disposal._decide(by, review, disposal.ReviewState.APPROVED, "Agreed")
    change(group, **columns)
    with everything(), transaction.atomic():
        RetentionReview.objects.update(record_version=group.version)
    with (
        pytest.raises(Error, match="not approved by two"),
        acting("owner_supervisor"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("select intelligence_dispose(%s)", [review.pk])


def test_what_was_merged_is_split_off_first(acting: As, group: CrimeGroup) -> None:
    with everything(), transaction.atomic():
        part = a_group(name="Part", activity_status="archived", merged_into=group)
    with pytest.raises(InvalidTransition, match=part.reference):
        proposed(acting, group)
    with pytest.raises(InvalidTransition, match="Split it off first"):
        proposed(acting, part)
    change(part, merged_into=None)
    review = proposed(acting, group)
    change(part, merged_into=group)
    with (
        pytest.raises(InvalidTransition, match=part.reference),
        acting("owner_supervisor") as by,
    ):
        disposal.dispose(by=by, review=review, version=1, reason="Agreed")


def test_a_hidden_part_holds_nothing_up_and_stands_alone_again(
    acting: As, group: CrimeGroup
) -> None:
    """A refusal would tell that it is there."""
    with everything(), transaction.atomic():
        part = a_group(
            "west-yorkshire", "organisation", name="Hidden", merged_into=group
        )
    disposed(acting, group)
    drain_until_empty()
    with everything():
        part.refresh_from_db()
        assert part.merged_into_id is None


def test_a_later_judgement_elsewhere_outlives_the_one_it_followed(
    acting: As, group: CrimeGroup
) -> None:
    """Made while the group was part of another record, that was split since."""
    with everything(), transaction.atomic():
        other = a_group(name="Other")
        common = {
            "owner": group.owner,
            "access_class_id": group.access_class_id,
            "attribute": "violence",
            "level": "low",
            "decided_at": timezone.now(),
        }
        first = Judgement.objects.create(group=group, rationale="First", **common)
        later = Judgement.objects.create(
            group=other, rationale="Later", supersedes=first, **common
        )
    disposed(acting, group)
    with everything():
        assert Judgement.objects.get() == later
        assert Judgement.objects.get().supersedes_id is None


def test_disposing_of_a_group_in_a_browser(
    group: CrimeGroup, client_as: ClientAs
) -> None:
    base = f"/records/groups/{group.public_id}/retention/"
    manager = client_as("records_manager")
    assert "Propose disposal" in manager.get(base).content.decode()
    page = manager.get(f"{base}dispose/").content.decode()
    assert "Figures of past days go on counting the group" in page
    answers = {"reason": "Nothing new", "disposal_reason": "not_needed"}
    done = manager.post(f"{base}dispose/", filled_in(page) | answers)
    assert done.status_code == 302
    second = client_as("owner_supervisor")
    [row] = second.get("/records/disposals/").context["waiting"]
    assert row[0]["text"] == group.reference
    urls = {one["text"]: one["url"] for one in row[4]["links"]}
    form = filled_in(second.get(urls["Approve"]).content.decode())
    done = second.post(urls["Approve"], form | {"reason": "Agreed"})
    assert done.status_code == 302
    shown = second.get(done["Location"]).content.decode()
    assert "Certificate of disposal" in shown
    assert "Group" in shown
    assert "Yard crew" not in shown
    gone = second.get(f"/groups/{group.public_id}/")
    assert gone.status_code == 404
    with everything():
        assert DisposalCertificate.objects.get().kind == "groups"


def test_the_page_of_an_active_group_says_why_nothing_can_be_done(
    group: CrimeGroup, client_as: ClientAs
) -> None:
    change(group, activity_status="active", review_on=timezone.localdate() - DAY)
    manager = client_as("records_manager")
    told = manager.get(f"/records/groups/{group.public_id}/retention/")
    assert "Archive it first" in told.content.decode()
    assert not told.context["keep_url"]
    rows = manager.get("/records/?kind=groups&show=due").content.decode()
    assert group.reference in rows
    assert "Keep or dispose" not in rows
    change(group, activity_status="archived")
    rows = manager.get("/records/?kind=groups&show=due").content.decode()
    assert "Keep or dispose" in rows
