"""The auditor's pages, and who has read a record."""

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from accounts import audit
from accounts.actions import labels
from accounts.models import AuditEvent, Organisation, SearchTerm
from accounts.models.audit_event import AuditKind
from groups.models import CrimeGroup
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.audited import Audited
from tests.cast import As
from tests.markup import Markup
from tests.typed import day

pytestmark = pytest.mark.django_db

ClientAs = Callable[[str], Client]
NAME = "Zqmarker crew"


@pytest.fixture
def group(as_system: Any) -> CrimeGroup:
    """A group of Durham's that its region and the NCA may see."""
    durham = Organisation.objects.get(code="durham")
    [label] = [one for one in labels.options_for(durham) if one.code == "force"]
    return CrimeGroup.objects.create(
        name=NAME, owner=durham, access_class_id=labels.intern(label.label)
    )


def ask(client: Client, **typed: Any) -> Any:
    answer = client.post("/audit/", typed)
    assert answer.status_code == 302, answer.content.decode()
    return answer


def rows_of(text: str) -> int:
    return text.count('<th scope="row"')


def test_an_auditor_finds_who_read_a_record_by_its_reference(
    group: CrimeGroup, client_as: ClientAs
) -> None:
    client_as("nca_officer").get(f"/groups/{group.public_id}/")
    client_as("owner_analyst").get(f"/groups/{group.public_id}/")
    auditor = client_as("auditor")
    for typed in (group.reference, group.reference.lower(), str(group.public_id)):
        answer = ask(auditor, record=typed)
        assert typed not in answer["Location"]
        page = auditor.get(answer["Location"]).text
        assert rows_of(page) >= 2
        assert "Nca Officer" in page
        assert "Owner Analyst" in page
        assert group.reference in page
        assert NAME not in page
        assert Markup(page).faults() == []


def test_what_was_typed_is_kept_for_its_auditor_alone(
    group: CrimeGroup, client_as: ClientAs, make_user: Any
) -> None:
    address = ask(client_as("auditor"), record=group.reference)["Location"]
    other = make_user("second_auditor", "nca", "auditor")
    client = client_as(other.name.lower().replace(" ", "_"))
    assert client.get(address).status_code == 404
    assert client.get("/audit/?record=zz").status_code == 404


def test_a_record_that_is_not_there_is_an_error_at_its_field(
    client_as: ClientAs,
) -> None:
    answer = client_as("auditor").post("/audit/", {"record": "G-0000-0000-0"})
    assert answer.status_code == 200
    assert "Record must be one that exists" in answer.text
    answer = client_as("auditor").post("/audit/", {"officer": "no such one"})
    assert "Officer must be one who has an account" in answer.text
    days = day("first", date(2026, 3, 2)) | day("last", date(2026, 3, 1))
    answer = client_as("auditor").post("/audit/", days)
    assert "To must not be before From" in answer.text


def test_a_question_that_fails_is_recorded(
    client_as: ClientAs, audited: Audited
) -> None:
    client_as("auditor").post("/audit/", {"record": "G-0000-0000-0", "officer": ""})
    [row] = audited(kind="refusal")
    assert row.object_type == "accounts.AuditEvent"
    assert (row.detail["code"], row.detail["fields"]) == ("audit_question", ["record"])
    assert "G-0000" not in str(row.detail)
    with acting_as(system("test")):
        [kept] = SearchTerm.objects.filter(pk=row.detail["record"])
    assert kept.text == "G-0000-0000-0"


@pytest.mark.parametrize("name", ["from", "to"])
@pytest.mark.parametrize("year", ["0001", "1899", "3000", "9999"])
def test_a_day_beyond_reckoning_is_refused(
    client_as: ClientAs, name: str, year: str
) -> None:
    answer = client_as("auditor").get("/audit/", {name: f"{year}-12-31"})
    assert answer.status_code == 400
    assert "1900 to 2999" in answer.text
    assert client_as("auditor").get("/audit/?to=2999-12-31").status_code == 200


def test_events_are_narrowed_by_officer_kind_place_and_day(
    group: CrimeGroup, client_as: ClientAs
) -> None:
    client_as("nca_officer").get(f"/groups/{group.public_id}/")
    client_as("nca_officer").get("/groups/0a0a0a0a-0b0b-4c0c-8d0d-0e0e0e0e0e0e/")
    auditor = client_as("auditor")
    address = ask(auditor, officer="nca_officer@test.example", kind="refusal")
    assert "nca_officer" not in address["Location"]
    page = auditor.get(address["Location"]).text
    assert rows_of(page) == 1
    assert "Refusal" in page
    address = ask(
        auditor,
        officer="nca officer",
        organisation="nca",
        kind="consultation",
        part="groups",
    )["Location"]
    assert parse_qs(urlsplit(address).query).keys() == {
        *("officer", "organisation", "kind", "part")
    }
    assert rows_of(auditor.get(address).text) >= 1
    days = day("last", date(2020, 3, 1))
    old = auditor.get(ask(auditor, officer="nca officer", **days)["Location"]).text
    assert "0 events" in old
    assert rows_of(old) == 0


@pytest.mark.parametrize(
    "query",
    [
        "kind=x",
        "part=x",
        "organisation=x",
        "from=1.1.26",
        "request=7",
        "name=x",
        "cursor=x",
    ],
)
def test_what_cannot_be_meant_is_refused(query: str, client_as: ClientAs) -> None:
    assert client_as("auditor").get(f"/audit/?{query}").status_code == 400


def test_pages_follow_on_one_another(
    client_as: ClientAs, as_system: Any, acting: As
) -> None:
    with acting("other_analyst"):
        for number in range(60):
            audit.consulted("groups.CrimeGroup", [], n=number)
    auditor = client_as("auditor")
    address = ask(auditor, officer="other_analyst@test.example")["Location"]
    seen: list[str] = []
    for wanted in (50, 10):
        page = auditor.get(address).text
        links = {
            one["href"] for one in Markup(page).all("a") if one.get("rel") == "next"
        }
        found = [
            one["href"] for one in Markup(page).all("a") if "/events/" in one["href"]
        ]
        assert len(found) == wanted
        seen += found
        address = f"/audit/{links.pop()}" if links else ""
    assert len(set(seen)) == 60
    assert address == ""


def test_an_event_has_a_page_that_tells_all_but_names(
    group: CrimeGroup, client_as: ClientAs, audited: Audited
) -> None:
    client_as("nca_officer").get(f"/groups/{group.public_id}/")
    [event, *_] = audited(object_type="groups.CrimeGroup", kind="consultation")
    page = client_as("auditor").get(f"/audit/events/{event.pk}/").text
    assert group.reference in page
    assert NAME not in page
    assert "Not sealed yet" in page
    assert Markup(page).faults() == []
    together = f"/audit/?request={event.request_id}"
    assert together in page
    assert rows_of(client_as("auditor").get(together).text) >= 1
    assert client_as("auditor").get("/audit/events/999999999/").status_code == 404


def test_an_erased_record_is_found_by_kind_and_number(client_as: ClientAs) -> None:
    with acting_as(system("test")):
        audit.record(AuditKind.ERASURE, "groups.CrimeGroup", [123456789])
    auditor = client_as("auditor")
    page = auditor.get(
        ask(auditor, record="groups.CrimeGroup 123456789")["Location"]
    ).text
    assert rows_of(page) == 1
    assert "groups.CrimeGroup 123456789" in page


def test_what_an_auditor_asks_is_in_the_audit(
    group: CrimeGroup, client_as: ClientAs, audited: Audited
) -> None:
    auditor = client_as("auditor")
    address = ask(auditor, record=group.reference)["Location"]
    auditor.get(address)
    [event] = audited(object_type="accounts.AuditEvent")
    assert event.kind == AuditKind.CONSULTATION
    assert event.detail["record"] == parse_qs(urlsplit(address).query)["record"][0]
    assert group.reference not in str(event.detail)


@pytest.mark.parametrize(
    "who", ["owner_analyst", "owner_supervisor", "nca_officer", "administrator"]
)
def test_nobody_else_reads_the_audit(who: str, client_as: ClientAs) -> None:
    assert client_as(who).get("/audit/").status_code == 403
    assert client_as(who).post("/audit/", {"record": "x"}).status_code == 403
    assert client_as(who).get("/audit/events/1/").status_code == 403


def test_the_functions_ask_by_themselves_who_is_acting(
    group: CrimeGroup, acting: As
) -> None:
    for who in ("nca_officer", "administrator"):
        for statement, values in (
            ("select * from accounts_audit_find(%s)", [group.reference]),
            (
                "select * from accounts_audit_named('groups.CrimeGroup', %s)",
                [[group.pk]],
            ),
            (
                "select * from accounts_audit_seen('groups.CrimeGroup', %s, null, 9)",
                [group.public_id],
            ),
        ):
            with (
                acting(who),
                pytest.raises(DatabaseError, match="not for this account"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement, values)


def seen(group: CrimeGroup) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select * from accounts_audit_seen('groups.CrimeGroup', %s, null, 99)",
            [group.public_id],
        )
        return cursor.fetchall()


def test_only_the_owner_is_told_who_has_read(
    group: CrimeGroup, client_as: ClientAs, acting: As
) -> None:
    client_as("nca_officer").get(f"/groups/{group.public_id}/")
    for who in ("owner_supervisor", "records_manager"):
        client = client_as(who)
        page = client.get(f"/groups/{group.public_id}/").text
        address = f"/readers/groups/{group.public_id}/"
        assert address in page
        answer = client.get(address).text
        assert "Nca Officer" in answer
        assert "National Crime Agency" in answer
        assert Markup(answer).faults() == []
        with acting(who):
            assert seen(group)
    for who, status in (
        *(("owner_analyst", 403), ("nca_officer", 403), ("rocu_lead", 403)),
        *(("other_records_manager", 404), ("auditor", 403)),
    ):
        client = client_as(who)
        assert client.get(f"/readers/groups/{group.public_id}/").status_code == status
    for who in ("rocu_lead", "other_records_manager"):
        with acting(who):
            assert seen(group) == []


def test_the_owner_is_not_told_of_other_records(
    group: CrimeGroup, client_as: ClientAs, as_system: Any, acting: As
) -> None:
    with acting("nca_officer"):
        audit.consulted("groups.CrimeGroup", [group.pk, 987654, 987655])
    page = client_as("owner_supervisor").get(f"/readers/groups/{group.public_id}/").text
    assert "In a list or beside others" in page
    assert "98765" not in page


def test_readings_come_in_pages(
    group: CrimeGroup, client_as: ClientAs, acting: As
) -> None:
    with acting("nca_officer"):
        for _ in range(60):
            audit.consulted("groups.CrimeGroup", [group.pk])
    client = client_as("owner_supervisor")
    address = f"/readers/groups/{group.public_id}/"
    first = client.get(address).text
    [following] = [
        one["href"] for one in Markup(first).all("a") if one.get("rel") == "next"
    ]
    second = client.get(address + following)
    assert rows_of(first) == 50
    assert rows_of(second.text) >= 10
    assert client.get(f"{address}?cursor=x").status_code == 400


def test_no_event_is_lost_from_the_list(client_as: ClientAs, as_system: Any) -> None:
    total = AuditEvent.objects.count()
    page = client_as("auditor").get("/audit/").text
    assert f"{min(total, 10_000):,}" in page or "More than" in page
