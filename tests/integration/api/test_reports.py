"""Submitting a report: once, strictly, and nothing half-written."""

import datetime
import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from groups.models import CrimeGroup
from intelligence.models import AttributeClaim, Mention, Report, ReportOriginal
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from scoring import outbox
from tests.integration.api.conftest import Caller, Shelf

pytestmark = pytest.mark.django_db

Shelves = Callable[..., Shelf]


@pytest.fixture
def caller(call_as: Callable[..., Caller]) -> Caller:
    return call_as("owner_analyst")


@pytest.fixture
def group(shelf_of: Shelves) -> CrimeGroup:
    return shelf_of("owner_analyst", "durham").group


def body(**changes: Any) -> dict[str, Any]:
    whole = {
        "text": "Seen unloading at the yard on three nights.",
        "received_on": datetime.date.today().isoformat(),  # noqa: DTZ011
        "source_grade": 1,
        "assessment_grade": "A",
        "handling": "P",
        "sharing": "force",
        **changes,
    }
    return {name: value for name, value in whole.items() if value is not ...}


def submit(caller: Caller, what: Any, key: str = "", **kwargs: Any) -> Any:
    headers = {"Idempotency-Key": key or str(uuid.uuid4())}
    return caller.post("/reports/", what, headers=headers, **kwargs)


def written() -> tuple[int, ...]:
    with acting_as(system("test")):
        return tuple(
            model.objects.count()
            for model in (Report, ReportOriginal, Mention, AttributeClaim)
        )


def test_a_report_is_made_and_shown(caller: Caller, group: CrimeGroup) -> None:
    response = submit(
        caller,
        body(
            groups=[str(group.public_id)],
            claims=[
                {
                    "group": str(group.public_id),
                    "attribute": "violence",
                    "level": "high",
                }
            ],
            original_text="He told me himself.",
            owner_reference="DU/1",
        ),
    )
    assert response.status_code == 201, response.content
    report = response.json()
    assert response["Location"].endswith(f"/api/v1/reports/{report['id']}/")
    assert uuid.UUID(response["X-Request-ID"])
    assert report["owner"]["code"] == "durham"
    assert report["source_grade"] == {"value": 1, "label": "1 Reliable"}
    assert [one["id"] for one in report["groups"]] == [str(group.public_id)]
    assert report["claims"][0]["attribute"] == "violence"
    assert "original" not in json.dumps(report)
    assert "He told me" not in json.dumps(report)
    assert caller.json(f"/reports/{report['id']}/") == report


def test_the_same_key_returns_the_report_made_before(
    caller: Caller, group: CrimeGroup
) -> None:
    what = body(groups=[str(group.public_id)])
    first = submit(caller, what, "key-1")
    before = written()
    again = submit(caller, what, "key-1")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert again["Location"] == first["Location"]
    assert written() == before


def test_the_same_key_with_another_body_is_refused(caller: Caller) -> None:
    submit(caller, body(), "key-1")
    before = written()
    response = submit(caller, body(text="Something else."), "key-1")
    assert response.status_code == 422
    assert response.json()["code"] == "idempotency_key_reused"
    assert list(response.json()["details"]["fields"]) == ["Idempotency-Key"]
    assert written() == before


def test_keys_of_others_tell_nothing(call_as: Callable[..., Caller]) -> None:
    """Another token may use the same key, and learns of no report."""
    first = submit(call_as("owner_analyst"), body(), "key-1")
    second = submit(call_as("owner_supervisor"), body(text="Other."), "key-1")
    assert (first.status_code, second.status_code) == (201, 201)


@pytest.mark.parametrize("key", ["", " ", "x" * 81, "tab\tkey", "é"])
def test_an_unusable_key_is_refused(key: str, caller: Caller) -> None:
    headers = {"Idempotency-Key": key} if key else {}
    response = caller.post("/reports/", body(), headers=headers)
    assert response.status_code == 400
    assert response.json()["code"] == "idempotency_key"
    assert "Idempotency-Key" in response.json()["details"]["fields"]


TOMORROW = (datetime.date.today() + datetime.timedelta(days=1)).isoformat()  # noqa: DTZ011


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": ...}, "text"),
        ({"text": ""}, "text"),
        ({"text": "   "}, "text"),
        ({"text": 7.5}, None),
        ({"text": ["a"]}, "text"),
        ({"text": "a\0b"}, "text"),
        ({"text": "a\ud800b"}, "text"),
        ({"text": f"a{chr(0xFFFD)}b"}, "text"),
        ({"text": "x" * 10_001}, "text"),
        ({"text": "x" * 20_001}, "text"),
        ({"source_grade": ...}, "source_grade"),
        ({"source_grade": 4}, "source_grade"),
        ({"source_grade": True}, "source_grade"),
        ({"source_grade": {"a": 1}}, "source_grade"),
        ({"assessment_grade": "F"}, "assessment_grade"),
        ({"assessment_grade": "a"}, "assessment_grade"),
        ({"handling": "X"}, "handling"),
        ({"handling": "C"}, "condition"),
        ({"handling": "C", "condition": {"recipients": "all"}}, "condition"),
        ({"handling": "C", "condition": "ROCU"}, "condition"),
        ({"legacy_grade": "Z99"}, "legacy_grade"),
        ({"received_on": "2026-02-30"}, "received_on"),
        ({"received_on": "31/01/2026"}, "received_on"),
        ({"received_on": 20260131}, "received_on"),
        ({"received_on": TOMORROW}, "received_on"),
        ({"event_precision": "exactly"}, "event_precision"),
        ({"sharing": "everyone"}, "sharing"),
        ({"sharing": "organisation"}, "sharing_reason"),
        ({"owner": "atlantis"}, "owner"),
        ({"compartments": ["operation-x"]}, "compartments"),
        ({"compartments": "operation-x"}, "compartments"),
        ({"groups": ["not-an-id"]}, "groups"),
        ({"groups": [str(uuid.uuid4())]}, "groups"),
        ({"groups": {}}, "groups"),
        ({"groups": [str(uuid.uuid4())] * 201}, "groups"),
        ({"nominals": [str(uuid.uuid4())]}, "nominals"),
        ({"claims": [{"group": str(uuid.uuid4())}]}, "claims"),
        ({"returned_in": str(uuid.uuid4())}, "returned_in"),
        ({"bogus": 1}, "bogus"),
    ],
)
def test_a_broken_rule_names_its_field_and_writes_nothing(
    changes: dict[str, Any], field: str | None, caller: Caller
) -> None:
    before = written()
    response = submit(caller, body(**changes))
    if field is None:  # a number is taken as its text
        assert response.status_code == 201
        return
    assert response.status_code == 400, response.content
    fields = response.json()["details"]["fields"]
    assert list(fields) == [field]
    assert written() == before


def test_unknown_fields_name_the_valid_ones(caller: Caller, group: CrimeGroup) -> None:
    response = submit(caller, body(grade="1AP"))
    assert "source_grade" in response.json()["details"]["fields"]["grade"][0]
    claim = {"group": str(group.public_id), "attribute": "violence", "lvl": "high"}
    nested = submit(caller, body(claims=[claim]))
    assert nested.status_code == 400
    assert "lvl" in nested.json()["details"]["fields"]["claims"]["0"]


def test_hidden_and_absent_groups_answer_alike(
    caller: Caller, shelf_of: Shelves
) -> None:
    hidden = shelf_of("other_analyst", "west-yorkshire").group
    absent = uuid.uuid4()
    for field in ("groups", "claims"):
        answers = set()
        for one in (str(hidden.public_id), str(absent)):
            claim = {"group": one, "attribute": "violence", "level": "high"}
            named: list[Any] = [claim if field == "claims" else one]
            response = submit(caller, body(**{field: named}))
            text = response.content.decode().replace(one, "<id>")
            answers.add((response.status_code, text))
        assert len(answers) == 1, field


def test_another_force_cannot_be_spoken_for(caller: Caller) -> None:
    before = written()
    response = submit(caller, body(owner="west-yorkshire"))
    assert response.status_code == 403
    assert "West Yorkshire" in response.json()["message"]
    assert written() == before


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "text"),
        (b"{", "line 1, column 2"),
        (b'{"text": NaN}', "NaN"),
        (b'{"text": "a", "text": "b"}', "twice"),
        (b'{"text": "caf\xe9"}', "UTF-8"),
        ('{"text": "x"}'.encode("utf-16"), "UTF-8"),
        (b"[" * 100_000, "nested"),
        (b"[]", "dictionary"),
        (b'"text"', "dictionary"),
        (b'{"source_grade": ' + b"9" * 5_000 + b"}", "number too long"),
    ],
)
def test_what_is_no_json_object_says_so(raw: bytes, says: str, caller: Caller) -> None:
    response = submit(caller, raw)
    assert response.status_code == 400, response.content
    assert says in response.content.decode()


def test_a_body_too_large_says_how_large_it_may_be(
    caller: Caller, settings: Any
) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000
    response = submit(caller, body(text="x" * 2_000))
    assert response.status_code == 413
    assert response.json()["code"] == "too_large"
    assert "1,000" in response.json()["message"]


def test_other_kinds_of_body_are_not_taken(caller: Caller) -> None:
    response = submit(caller, b"text=x", content_type="text/plain")
    assert response.status_code == 415
    form = "application/x-www-form-urlencoded"
    assert submit(caller, b"text=x", content_type=form).status_code == 415


def test_readers_without_the_right_cannot_submit(
    call_as: Callable[..., Caller],
) -> None:
    from accounts.models import User  # noqa: PLC0415
    from accounts.roles import Role  # noqa: PLC0415

    caller = call_as("owner_analyst")
    with acting_as(system("test")):
        User.objects.filter(email="owner_analyst@test.example").update(
            role=Role.PARTNER_READER
        )
    before = written()
    response = submit(caller, body())
    assert response.status_code == 403
    assert "contribute" in response.json()["message"]
    assert written() == before


def test_a_receipt_turns_from_queued_to_included(
    caller: Caller, group: CrimeGroup
) -> None:
    made = submit(caller, body(groups=[str(group.public_id)])).json()
    queued = caller.json(made["receipt"])
    assert queued["state"] == {"value": "queued", "label": "Queued"}
    assert queued["included_at"] is queued["milliseconds"] is None
    with acting_as(system("test")):
        outbox.drain_until_empty()
    included = caller.json(made["receipt"])
    assert included["state"]["value"] == "included"
    assert included["milliseconds"] >= 0
    [row] = included["groups"]
    assert row["group"]["id"] == str(group.public_id)
    listed = caller.json(f"/receipts/?report={made['id']}")["results"]
    assert listed == included["groups"]
    assert caller.json(f"/receipts/?report={made['id']}&state=queued")["results"] == []


def test_a_report_about_no_group_has_an_empty_receipt(caller: Caller) -> None:
    made = submit(caller, body()).json()
    receipt = caller.json(made["receipt"])
    assert receipt["state"] == {"value": "none", "label": "No group affected"}
    assert receipt["groups"] == []


def test_receipts_of_others_are_absent(
    call_as: Callable[..., Caller], shelf_of: Shelves
) -> None:
    """NCA sees the report, but whether it is included yet is the submitter's."""
    report = shelf_of("owner_analyst", "durham").report
    caller = call_as("nca_officer")
    assert caller.get(f"/reports/{report.public_id}/").status_code == 200
    hidden = caller.get(f"/reports/{report.public_id}/receipt/")
    absent = caller.get(f"/reports/{uuid.uuid4()}/receipt/")
    assert (hidden.status_code, hidden.content) == (404, absent.content)
    assert caller.json("/receipts/")["results"] == []


HALF = "\\ud800"


@pytest.mark.parametrize(
    "text",
    [
        f'{{"{HALF}": 1}}',
        f'["{HALF}"]',
        f'{{"a": {{"{HALF}": 1}}}}',
        f'{{"claims": [{{"level": "{HALF}"}}]}}',
        *(
            f'{{"{name}": "{HALF}"}}'
            for name in ("sharing", "level", "handling", "owner", "text")
        ),
    ],
)
def test_half_a_character_is_refused_wherever_it_stands(
    text: str, caller: Caller
) -> None:
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    response = caller.post("/reports/", text, headers=headers)
    assert response.status_code == 400, response.content
    assert "half a character" in str(response.json())
