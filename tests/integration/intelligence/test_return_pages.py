"""The register of returns as pages."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Organisation
from intelligence.models import Return
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.factories.intelligence import ReportFactory, ReturnFactory

ClientAs = Callable[[str], Client]


def everything() -> Any:
    return acting_as(system("test"))


def long_ago(**columns: Any) -> Return:
    return ReturnFactory(
        from_on=date(2026, 1, 1),
        to_on=date(2026, 1, 31),
        due_on=date(2026, 2, 10),
        **columns,
    )


def test_register_by_the_cast(client_as: ClientAs) -> None:
    with everything():
        long_ago()
    for name, rows in (
        ("owner_analyst", 1),
        ("rocu_lead", 1),
        ("nca_officer", 1),
        ("region_analyst", 0),
        ("other_analyst", 0),
    ):
        page = client_as(name).get("/returns/")
        assert len(page.context["returns"]) == rows, name
        assert page.context["overdue"] == rows, name
    for name in ("auditor", "administrator"):
        assert client_as(name).get("/returns/").status_code == 403, name


def test_buttons_only_for_those_who_may(client_as: ClientAs) -> None:
    with everything():
        long_ago()
    for name, may in (
        ("owner_analyst", True),
        ("rocu_lead", True),
        ("nca_officer", False),
    ):
        row = client_as(name).get("/returns/").context["returns"][0]
        assert bool(row["nil_url"]) is may, name


def test_count_of_reports_agrees_with_its_word(client_as: ClientAs) -> None:
    with everything():
        long_ago(received_at=timezone.now(), counts={"reports": 1})
    [row] = client_as("owner_analyst").get("/returns/").context["returns"]
    assert row["counts"] == "1 report"


@pytest.mark.parametrize("standing", ["due", "overdue", "received", "nil", "late"])
def test_filter_by_how_it_stands(client_as: ClientAs, standing: str) -> None:
    now = timezone.now()
    with everything():
        owners = Organisation.objects.filter(
            code__in=["durham", "northumbria", "cleveland", "nerocu"]
        )
        force = {one.code: one for one in owners}
        ReturnFactory(owner=force["durham"])
        long_ago(owner=force["durham"])
        ReturnFactory(owner=force["northumbria"], received_at=now)
        ReturnFactory(owner=force["cleveland"], received_at=now, is_nil=True)
        long_ago(owner=force["northumbria"], received_at=now)
    page = client_as("rocu_lead").get(f"/returns/?standing={standing}")
    rows = page.context["returns"]
    assert len(rows) == 1
    assert rows[0]["standing"]["text"].lower().split()[-1] in {
        standing,
        "received",
    } or (standing == "late")


def test_filter_by_due_day_and_owner(client_as: ClientAs) -> None:
    with everything():
        long_ago()
    client = client_as("owner_analyst")
    for query, count in (
        ("due_from=2026-02-10&due_to=2026-02-10", 1),
        ("due_from=2026-02-11", 0),
        ("owner=durham", 1),
        ("owner=northumbria", 0),
    ):
        rows = client.get(f"/returns/?{query}").context["returns"]
        assert len(rows) == count, query


def test_wrong_filter_is_said_and_not_ignored(client_as: ClientAs) -> None:
    with everything():
        long_ago()
    page = client_as("owner_analyst").get("/returns/?standing=lost")
    assert page.status_code == 400
    assert page.context["returns"] == []
    assert "There is a problem" in page.text


def test_nil_is_submitted_once(client_as: ClientAs) -> None:
    with everything():
        entry = ReturnFactory()
    client = client_as("owner_analyst")
    for _ in range(2):
        answer = client.post(f"/returns/{entry.public_id}/nil/")
        assert answer["Location"] == "/returns/"
    with everything():
        entry.refresh_from_db()
        assert entry.is_nil
        assert entry.version == 2


def test_received_counts_the_reports_that_came_in_it(client_as: ClientAs) -> None:
    with everything():
        entry = ReturnFactory()
        ReportFactory.create_batch(2, returned_in=entry)
    client_as("owner_analyst").post(f"/returns/{entry.public_id}/receive/")
    with everything():
        entry.refresh_from_db()
        assert entry.counts == {"reports": 2}


def test_receive_by_others(client_as: ClientAs) -> None:
    with everything():
        entry = ReturnFactory()
    for name, status in (
        ("nca_officer", 403),
        ("other_analyst", 404),
        ("administrator", 403),
    ):
        answer = client_as(name).post(f"/returns/{entry.public_id}/receive/")
        assert answer.status_code == status, name
    with everything():
        entry.refresh_from_db()
        assert entry.received_at is None


def test_entering_a_period(client_as: ClientAs) -> None:
    client = client_as("owner_analyst")
    assert client.get("/returns/new/").status_code == 200
    due = timezone.localdate() + timedelta(days=30)
    posted = {
        "owner": "durham",
        "from_on_day": "1",
        "from_on_month": "1",
        "from_on_year": "2026",
        "to_on_day": "31",
        "to_on_month": "1",
        "to_on_year": "2026",
        "due_on_day": due.day,
        "due_on_month": due.month,
        "due_on_year": due.year,
    }
    assert client.post("/returns/new/", posted)["Location"] == "/returns/"
    again = client.post("/returns/new/", posted)
    assert "from_on" in again.context["form"].errors
    with everything():
        assert Return.objects.count() == 1


def test_form_of_a_period_sent_twice_is_no_error(client_as: ClientAs) -> None:
    client = client_as("owner_analyst")
    ticket = client.get("/returns/new/").context["ticket"]
    posted: dict[str, Any] = {"owner": "durham", "entry": ticket}
    for name, day in (
        ("from_on", date(2026, 1, 1)),
        ("to_on", date(2026, 1, 31)),
        ("due_on", timezone.localdate() + timedelta(days=30)),
    ):
        posted |= {
            f"{name}_day": str(day.day),
            f"{name}_month": str(day.month),
            f"{name}_year": str(day.year),
        }
    for _ in range(2):
        answer = client.post("/returns/new/", posted)
        assert answer.status_code == 302, answer.context["form"].errors
    with everything():
        assert Return.objects.count() == 1
