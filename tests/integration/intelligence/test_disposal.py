"""A record is kept with a ground, or disposed of by two persons and then nowhere."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.db import connection, transaction
from django.db.utils import Error
from django.test import Client
from django.utils import timezone

from accounts import audit
from accounts.exceptions import NotOwner
from groups.exceptions import AlreadyRecorded, ApprovalNeeded, InvalidRecord
from groups.models import (
    Nominal,
)
from intelligence.actions import disposal
from intelligence.exceptions import OnLegalHold
from intelligence.models import (
    DisposalCertificate,
    ReportOriginal,
    RetentionReview,
)
from intelligence.retention_policy import latest_review
from ocgmap.common.errors import (
    AppError,
    InvalidTransition,
    NotFound,
    PermissionDenied,
    StaleVersion,
)
from tests.audited import Audited
from tests.cast import As, MakeUser
from tests.disposing import disposed, everything, proposed
from tests.factories.groups import NominalFactory
from tests.factories.intelligence import ReportFactory
from tests.markup import filled_in

pytestmark = pytest.mark.django_db
ClientAs = Callable[[str], Client]
TOKEN = "Zqvyxwabcd"


@pytest.fixture
def person(acting: As) -> Nominal:
    with acting("owner_analyst") as by:
        return NominalFactory(by=by, given_names="Alex", surname=TOKEN)


# Keeping


def test_keeping_sets_the_next_review_and_says_why(
    acting: As, person: Nominal, audited: Audited
) -> None:
    today = timezone.localdate()
    with acting("records_manager") as by:
        made = disposal.keep(
            by=by, record=person, version=1, grounds=["links", "trust"], reason="Active"
        )
    with everything():
        person.refresh_from_db()
    assert person.review_on == made.next_review_on == latest_review("2", today)
    [row] = audited(object_type="groups.Nominal", kind="alteration")
    assert row.detail["grounds"] == ["links", "trust"]


@pytest.mark.parametrize(
    ("more", "error"),
    [
        pytest.param({"grounds": []}, InvalidRecord, id="no ground"),
        pytest.param({"grounds": ["whim"]}, InvalidRecord, id="unknown ground"),
        pytest.param({"reason": " "}, InvalidRecord, id="no reason"),
        pytest.param({"days": 0}, InvalidRecord, id="today"),
        pytest.param({"days": 4000}, InvalidRecord, id="too late"),
        pytest.param({"version": 9}, StaleVersion, id="stale"),
    ],
)
def test_what_keeping_refuses(
    acting: As, person: Nominal, more: dict[str, Any], error: type[AppError]
) -> None:
    if "days" in more:
        days = timedelta(days=more.pop("days"))
        more["next_review_on"] = timezone.localdate() + days
    given = {"version": 1, "grounds": ["links"], "reason": "Active", **more}
    with pytest.raises(error), acting("records_manager") as by:
        disposal.keep(by=by, record=person, **given)
    with everything():
        assert not RetentionReview.objects.exists()


# Who, and when


@pytest.mark.parametrize(
    ("who", "error"),
    [
        ("owner_supervisor", PermissionDenied),
        ("owner_analyst", PermissionDenied),
        ("other_records_manager", NotFound),
        ("auditor", NotFound),
    ],
)
def test_who_may_not_propose(
    acting: As, person: Nominal, who: str, error: type[AppError]
) -> None:
    with pytest.raises(error):
        proposed(acting, person, who)


@pytest.mark.parametrize(
    ("who", "error"),
    [
        ("records_manager", ApprovalNeeded),
        ("owner_analyst", PermissionDenied),
        ("other_records_manager", NotFound),
        ("rocu_lead", NotOwner),
    ],
)
def test_who_may_not_approve(
    acting: As, person: Nominal, who: str, error: type[AppError]
) -> None:
    review = proposed(acting, person)
    with pytest.raises(error), acting(who) as by:
        disposal.dispose(by=by, review=review, version=1, reason="Agreed")
    with everything():
        assert Nominal.objects.filter(pk=person.pk).exists()


def test_a_second_records_manager_approves(
    acting: As, person: Nominal, make_user: MakeUser
) -> None:
    make_user("second_manager", "durham", "records_manager")  # type: ignore[arg-type]
    disposed(acting, person, "second_manager")
    with everything():
        assert not Nominal.objects.filter(pk=person.pk).exists()


def test_a_hold_refuses_the_proposal_and_the_approval(
    acting: As, person: Nominal
) -> None:
    review = proposed(acting, person)
    with everything(), transaction.atomic():
        Nominal.objects.filter(pk=person.pk).update(legal_hold=True)
    with pytest.raises(OnLegalHold), acting("owner_supervisor") as by:
        disposal.dispose(by=by, review=review, version=1, reason="Agreed")
    with acting("owner_supervisor") as by:
        disposal.decline(by=by, review=review, version=1, reason="On hold")
    with pytest.raises(OnLegalHold):
        proposed(acting, person)


def test_a_record_that_changed_since_is_looked_at_again(
    acting: As, person: Nominal
) -> None:
    review = proposed(acting, person)
    with everything(), transaction.atomic():
        Nominal.objects.filter(pk=person.pk).update(given_names="Sam")
    with pytest.raises(InvalidTransition), acting("owner_supervisor") as by:
        disposal.dispose(by=by, review=review, version=1, reason="Agreed")


def test_a_second_proposal_waits_for_the_first(acting: As, person: Nominal) -> None:
    proposed(acting, person)
    with pytest.raises(AlreadyRecorded):
        proposed(acting, person)


@pytest.mark.parametrize("who", ["records_manager", "owner_supervisor"])
def test_the_database_asks_for_itself(acting: As, person: Nominal, who: str) -> None:
    """Whoever calls the function without two decisions gets nothing."""
    review = proposed(acting, person)
    with (
        pytest.raises(Error, match="not approved by two"),
        acting(who),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("select intelligence_dispose(%s)", [review.pk])
    with everything():
        assert Nominal.objects.filter(pk=person.pk).exists()


@pytest.mark.parametrize(
    "call",
    [
        "ocgmap_erase_nominal(1, 1, '{}')",
        "ocgmap_is_held_back_nominal(1)",
        "ocgmap_erase_typed(array['x'])",
        "ocgmap_erase('groups_nominal', '', true, 'true', 1, 1, '{}')",
    ],
)
def test_its_parts_are_for_nobody_to_call(acting: As, call: str) -> None:
    with (
        pytest.raises(Error, match=r"permission denied|does not exist"),
        acting("owner_supervisor"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"select {call}")


def test_the_setting_of_a_disposal_opens_nothing(acting: As) -> None:
    with everything():
        report = ReportFactory()
        ReportOriginal.objects.create(
            report=report,
            owner=report.owner,
            access_class_id=report.access_class_id,
            text="As it came",
            sha256="0" * 64,
        )
    with everything(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select set_config('ocgmap.disposing', 'yes', true)")
        with pytest.raises(Error, match="append-only"), transaction.atomic():
            cursor.execute("delete from intelligence_reportoriginal")


def test_without_its_audit_row_nothing_is_erased(acting: As, person: Nominal) -> None:
    review = proposed(acting, person)
    with (
        mock.patch.object(audit, "record", side_effect=RuntimeError),
        pytest.raises(RuntimeError),
        acting("owner_supervisor") as by,
    ):
        disposal.dispose(by=by, review=review, version=1, reason="Agreed")
    with everything():
        assert Nominal.objects.filter(pk=person.pk).exists()


# Pages


def test_disposing_in_a_browser(
    person: Nominal, acting: As, client_as: ClientAs
) -> None:
    base = f"/records/people/{person.public_id}/retention/"
    manager = client_as("records_manager")
    page = manager.get(f"/people/{person.public_id}/")
    assert page.status_code == 200
    form = filled_in(manager.get(f"{base}dispose/").content.decode())
    refused = manager.post(f"{base}dispose/", form | {"reason": ""})
    assert set(refused.context["form"].errors) == {"reason", "disposal_reason"}
    answers = {"reason": "Nothing new", "disposal_reason": "not_needed"}
    assert manager.post(f"{base}dispose/", form | answers).status_code == 302
    told = manager.get(base).content.decode()
    for words in (
        "Disposal proposed",
        "Reviewed after 10 clear years",
        "No longer nec",
    ):
        assert words in told
    second = client_as("owner_supervisor")
    [row] = second.get("/records/disposals/").context["waiting"]
    urls = {one["text"]: one["url"] for one in row[4]["links"]}
    form = filled_in(second.get(urls["Approve"]).content.decode())
    done = second.post(urls["Approve"], form | {"reason": "Agreed"})
    assert done.status_code == 302
    shown = second.get(done["Location"]).content.decode()
    assert TOKEN not in shown
    assert "Certificate of disposal" in shown
    for told in ("Owner Supervisor", "Records Manager", "Nominal, history"):
        assert told in shown
    gone = second.get(f"/people/{person.public_id}/")
    never = second.get("/people/5c1f0a3e-9d1b-4f64-8d62-6a3f0d8f8a11/")
    assert (gone.status_code, never.status_code) == (404, 404)
    assert second.get(urls["Approve"]).status_code == 404
    with everything():
        assert DisposalCertificate.objects.count() == 1


def test_keeping_in_a_browser(person: Nominal, client_as: ClientAs) -> None:
    base = f"/records/people/{person.public_id}/retention/"
    manager = client_as("records_manager")
    form = filled_in(manager.get(f"{base}keep/").content.decode())
    refused = manager.post(f"{base}keep/", form | {"reason": "Active"})
    assert set(refused.context["form"].errors) == {"grounds"}
    done = manager.post(
        f"{base}keep/", form | {"reason": "Active", "grounds": ["links"]}
    )
    assert done.status_code == 302
    assert "Kept" in manager.get(base).content.decode()
