"""The records manager: reviews that fell due, legal holds, clashes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.test import Client
from django.utils import timezone

from accounts import audit
from accounts.exceptions import NotOwner
from accounts.models import Organisation
from groups.actions import retention
from groups.exceptions import InvalidRecord
from groups.models import CrimeGroup
from intelligence.clashes import clashes_of
from intelligence.models import Report
from ocgmap.common.acting import acting_as
from ocgmap.common.errors import (
    AppError,
    InvalidTransition,
    NotFound,
    PermissionDenied,
    StaleVersion,
)
from ocgmap.common.scope import system
from tests.audited import Audited
from tests.cast import As
from tests.factories.groups import NominalFactory
from tests.factories.intelligence import ReportFactory, a_group
from tests.markup import filled_in

pytestmark = pytest.mark.django_db
ClientAs = Callable[[str], Client]
DAY = timedelta(days=1)


def everything() -> Any:
    return acting_as(system("test"))


@pytest.fixture
def group() -> CrimeGroup:
    with everything():
        made = a_group(name="Harbour crew", review_on=timezone.localdate() - DAY)
        made.refresh_from_db()
    return made


def hold(acting: As, who: str, record: Any, **more: Any) -> Any:
    with acting(who) as by:
        return retention.set_legal_hold(
            **{
                "version": record.version,
                "is_held": True,
                "reason": "R v Marlow",
                **more,
            },
            by=by,
            record=record,
        )


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        pytest.param("records_manager", None, id="of the owner"),
        pytest.param("other_records_manager", NotFound, id="of another force"),
        pytest.param("owner_analyst", PermissionDenied, id="analyst"),
        pytest.param("owner_supervisor", PermissionDenied, id="supervisor"),
        pytest.param("rocu_lead", PermissionDenied, id="lead"),
        pytest.param("rocu_assurer", PermissionDenied, id="assurer"),
        pytest.param("auditor", NotFound, id="auditor"),
        pytest.param("administrator", NotFound, id="administrator"),
    ],
)
def test_who_may_hold(
    group: CrimeGroup, acting: As, who: str, refusal: type[AppError] | None
) -> None:
    if refusal is None:
        assert hold(acting, who, group).legal_hold is True
        return
    with pytest.raises(refusal):
        hold(acting, who, group)
    with everything():
        assert not CrimeGroup.objects.get(pk=group.pk).legal_hold


def test_a_record_of_another_that_one_sees(acting: As) -> None:
    with everything():
        group = a_group(sharing="all_forces")
    with pytest.raises(NotOwner):
        hold(acting, "other_records_manager", group)


@pytest.mark.parametrize("kind", ["group", "person", "report"])
def test_on_and_off_with_a_reason_each(acting: As, audited: Audited, kind: str) -> None:
    with acting("owner_analyst") as by:
        person = NominalFactory(by=by)
    with everything():
        made = {"group": a_group(), "person": person, "report": ReportFactory()}
        record = made[kind]
        record.refresh_from_db()
    held = hold(acting, "records_manager", record)
    free = hold(acting, "records_manager", held, is_held=False, reason="Case closed")
    assert (held.legal_hold, free.legal_hold) == (True, False)
    rows = audited(object_type=record._meta.label, kind="alteration")
    assert [(row.reason, row.detail) for row in rows] == [
        ("R v Marlow", {"legal_hold": True}),
        ("Case closed", {"legal_hold": False}),
    ]
    with everything():
        events = type(record).pgh_event_model.objects.filter(pgh_obj=record.pk)
        assert [one.legal_hold for one in events.order_by("pgh_id")] == [False, True]


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"reason": " "}, InvalidRecord),
        ({"reason": "x" * 2001}, InvalidRecord),
        ({"is_held": False}, InvalidTransition),
        ({"version": 99}, StaleVersion),
    ],
)
def test_what_cannot_stand(
    group: CrimeGroup, acting: As, more: dict[str, Any], error: type[AppError]
) -> None:
    with pytest.raises(error):
        hold(acting, "records_manager", group, **more)
    with everything():
        assert CrimeGroup.objects.get(pk=group.pk).version == group.version


def test_without_its_audit_row_nothing_happens(group: CrimeGroup, acting: As) -> None:
    with (
        mock.patch.object(audit, "record", side_effect=RuntimeError),
        pytest.raises(RuntimeError),
    ):
        hold(acting, "records_manager", group)
    with everything():
        assert not CrimeGroup.objects.get(pk=group.pk).legal_hold


# Pages


def test_the_list_holds_own_records_whose_review_fell_due(
    group: CrimeGroup, client_as: ClientAs
) -> None:
    today = timezone.localdate()
    with everything():
        a_group(name="Due today", review_on=today)
        a_group(name="No day")
        a_group("west-yorkshire", "all_forces", name="Others", review_on=today - DAY)
        a_group(name="Held", legal_hold=True, review_on=today + 200 * DAY)
        ReportFactory(text="An old report.", review_on=today - 9 * DAY)
        for years, said in ((9, "Clear."), (11, "Due by the policy.")):
            made_at = timezone.now() - 366 * years * DAY
            ReportFactory(text=said, created_at=made_at)
    client = client_as("records_manager")
    for query, names in (
        ("", ["Harbour crew"]),
        ("?kind=groups&show=due", ["Harbour crew"]),
        ("?show=soon", ["Due today"]),
        ("?show=held", ["Held"]),
        ("?kind=reports", ["An old report."]),
        ("?kind=people", []),
        ("?kind=reports&show=undated", ["Due by the policy."]),
        ("?kind=identifiers", []),
    ):
        page = client.get(f"/records/{query}")
        assert [row[1]["text"] for row in page.context["rows"]] == names, query
        assert page.context["count"] == len(names), query


@pytest.mark.parametrize("who", ["owner_supervisor", "rocu_lead", "auditor"])
def test_the_pages_are_the_records_managers(
    group: CrimeGroup, client_as: ClientAs, who: str
) -> None:
    client = client_as(who)
    for path in ("", "clashes/", f"groups/{group.public_id}/hold/"):
        assert client.get(f"/records/{path}").status_code == 403, path


def test_an_unknown_kind_or_list_is_named(client_as: ClientAs) -> None:
    client = client_as("records_manager")
    for query in ("?kind=spies", "?show=all"):
        assert client.get(f"/records/{query}").status_code == 400, query
    assert client.get("/records/?nonsense=1").status_code == 400


def test_holding_in_a_browser(group: CrimeGroup, client_as: ClientAs) -> None:
    client = client_as("records_manager")
    url = f"/records/groups/{group.public_id}/hold/"
    form = filled_in(client.get(url).content.decode())
    refused = client.post(url, form | {"reason": " "})
    assert set(refused.context["form"].errors) == {"reason"}
    done = client.post(url, form | {"reason": "R v Marlow"})
    assert done.status_code == 302
    assert "Take this record off" in client.get(url).content.decode()
    [row] = client.get("/records/?show=held").context["rows"]
    assert row[4]["tag"]["text"] == "On hold"


# Clashes


def test_a_clash_with_a_record_hidden_from_its_author_is_told(
    acting: As, client_as: ClientAs
) -> None:
    with everything():
        for text in ("First", "Second"):
            ReportFactory(text=text, owner_reference="d/17" if text > "G" else "D/17")
        ReportFactory(text="Gone", owner_reference="D/17", state="withdrawn")
        ReportFactory(text="Other", owner_reference="D/18")
        other = Organisation.objects.get(code="west-yorkshire")
        ReportFactory(owner=other, sharing="all_forces", owner_reference="D/17")
        a_group(name="Same word", owner_reference="D/17")
        for name in ("One", "Two"):
            a_group(name=name, owner_reference="OP LARK")
    with acting("records_manager") as by:
        found, is_whole = clashes_of(by)
        told = [[str(getattr(r, "name", r)) for r in one.records] for one in found]
    with everything():
        reports = Report.objects.filter(text__in=["First", "Second"]).order_by("id")
        assert told == [["One", "Two"], [row.reference for row in reports]]
    assert is_whole
    page = client_as("records_manager").get("/records/clashes/")
    assert (page.context["count"], len(page.context["rows"])) == (2, 4)


def test_a_clash_with_a_record_hidden_from_the_records_manager_is_not(
    acting: As,
) -> None:
    with everything():
        ReportFactory(owner_reference="D/17")
        other = Organisation.objects.get(code="nca")
        ReportFactory(owner=other, sharing="organisation", owner_reference="D/17")
        hidden = Report.objects.get(owner=other)
        hidden.owner = Organisation.objects.get(code="durham")
        hidden.save()
    with acting("records_manager") as by:
        assert clashes_of(by) == ([], True)
