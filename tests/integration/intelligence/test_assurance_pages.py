"""The pages of assurance: the queue, the decision beside the original, the rules."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Organisation
from intelligence.actions import reports
from intelligence.models import Assurance, AssuranceRule, Report
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.audited import Audited
from tests.cast import As
from tests.factories.intelligence import ReportFactory, a_draft
from tests.markup import filled_in

ClientAs = Callable[[str], Client]
ORIGINAL = "My neighbour Col told me."


def everything() -> Any:
    return acting_as(system("test"))


@pytest.fixture
def waiting(acting: As) -> Report:
    with everything():
        AssuranceRule.objects.create(
            body=Organisation.objects.get(code="nerocu"),
            is_required=True,
            from_on=timezone.localdate(),
            reason="Trial",
        )
    with acting("owner_analyst") as by:
        draft = a_draft(original_text=ORIGINAL, text="Seen at the yard.")
        made, _ = reports.submit(by=by, draft=draft)
    with everything():
        return Report.objects.get(pk=made.pk)


def url_of(report: Report, step: str = "assure/") -> str:
    return f"/reports/{report.public_id}/{step}"


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def state_of(report: Report) -> str:
    with everything():
        return str(Report.objects.get(pk=report.pk).state)


@pytest.mark.parametrize(
    ("who", "status", "count"),
    [
        ("owner_assurer", 200, 1),
        ("rocu_assurer", 200, 1),
        ("other_assurer", 200, 0),
        ("owner_analyst", 403, None),
        ("rocu_lead", 403, None),
        ("records_manager", 403, None),
        ("auditor", 403, None),
    ],
)
def test_queue_by_the_cast(
    waiting: Report, client_as: ClientAs, who: str, status: int, count: int | None
) -> None:
    response = client_as(who).get("/assurance/")
    assert response.status_code == status
    if count is not None:
        assert response.context["count"] == count
        assert (url_of(waiting) in response.content.decode()) is bool(count)


def test_queue_shows_the_longest_wait_first_and_its_age(client_as: ClientAs) -> None:
    with everything():
        old = ReportFactory(
            state="awaiting", created_at=timezone.now() - timedelta(days=3)
        )
        new = ReportFactory(state="awaiting")
    rows = client_as("rocu_assurer").get("/assurance/").context["rows"]
    assert [row[0]["text"] for row in rows] == [old.reference, new.reference]
    assert rows[0][1]["text"].replace("\xa0", " ") == "3 days"


def test_queue_does_not_let_the_submitter_decide(
    waiting: Report, client_as: ClientAs, acting: As
) -> None:
    with acting("owner_assurer") as by:
        own, _ = reports.submit(by=by, draft=a_draft())
    client = client_as("owner_assurer")
    page = client.get("/assurance/").content.decode()
    assert url_of(waiting) in page
    assert url_of(own) not in page
    assert "someone else assures it" in page
    assert client.get(url_of(own)).status_code == 403


@pytest.mark.parametrize(
    ("who", "reads"), [("owner_assurer", True), ("rocu_assurer", False)]
)
def test_the_original_only_for_its_own_people_and_recorded(
    waiting: Report, client_as: ClientAs, audited: Audited, who: str, *, reads: bool
) -> None:
    text = text_of(client_as(who).get(url_of(waiting)))
    assert "Seen at the yard." in text
    assert (ORIGINAL in text) is reads
    assert ("no original text that you may read" in text) is not reads
    assert len(audited(object_type="intelligence.ReportOriginal")) == reads
    assert audited(object_type="intelligence.Report", kind="consultation")


def test_deciding_in_a_browser(waiting: Report, client_as: ClientAs) -> None:
    client = client_as("rocu_assurer")
    form = filled_in(client.get(url_of(waiting)).content.decode())
    form |= {
        "outcome": "regraded",
        "source_grade": "2",
        "assessment_grade": "D",
        "reason": "Only heard of.",
    }
    response = client.post(url_of(waiting), form)
    assert response.status_code == 302, text_of(response)
    assert response["Location"] == "/assurance/"
    assert state_of(waiting) == "submitted"
    page = text_of(client_as("owner_analyst").get(url_of(waiting, "")))
    assert "Grade 1A became 2D." in page
    assert "Only heard of." in page
    # Opened again, it leads to the report: there is nothing left to decide.
    response = client.get(url_of(waiting))
    assert response["Location"] == url_of(waiting, "")


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({}, "outcome"),
        ({"outcome": "returned"}, "reason"),
        ({"outcome": "regraded", "reason": "Same grade"}, "assessment_grade"),
        ({"outcome": "regraded", "source_grade": "", "reason": "x"}, "source_grade"),
        ({"outcome": "regraded", "source_grade": "9", "reason": "x"}, "source_grade"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    waiting: Report, client_as: ClientAs, given: dict[str, str], wrong: str
) -> None:
    client = client_as("rocu_assurer")
    form = filled_in(client.get(url_of(waiting)).content.decode()) | given
    response = client.post(url_of(waiting), form)
    assert response.status_code == 200
    assert set(response.context["form"].errors) == {wrong}
    text = text_of(response)
    assert "There is a problem" in text
    assert given.get("reason", "") in text
    assert state_of(waiting) == "awaiting"


def test_a_decision_that_comes_too_late_says_so(
    waiting: Report, client_as: ClientAs
) -> None:
    clients = [client_as(who) for who in ("rocu_assurer", "owner_assurer")]
    forms = [filled_in(one.get(url_of(waiting)).content.decode()) for one in clients]
    assert clients[0].post(
        url_of(waiting), forms[0] | {"outcome": "passed"}
    ).status_code == (302)
    late = forms[1] | {"outcome": "returned", "reason": "Names him"}
    response = clients[1].post(url_of(waiting), late)
    assert "does not await assurance any more" in text_of(response)
    assert "Names him" in text_of(response)
    with everything():
        assert Assurance.objects.count() == 1


def test_the_receipt_tells_the_truth(
    waiting: Report, client_as: ClientAs, acting: As
) -> None:
    client = client_as("owner_analyst")
    assert "counts in no score until an assurer" in text_of(
        client.get(url_of(waiting, "receipt/"))
    )
    assert "Awaiting assurance" in text_of(client.get(url_of(waiting, "")))
    assurer = client_as("owner_assurer")
    form = filled_in(assurer.get(url_of(waiting)).content.decode())
    assurer.post(url_of(waiting), form | {"outcome": "returned", "reason": "Names Col"})
    receipt = text_of(client.get(url_of(waiting, "receipt/")))
    assert "Returned by assurance" in receipt
    page = text_of(client.get(url_of(waiting, "")))
    assert "Names Col" in page
    assert url_of(waiting, "supersede/") in page


# Rules


def test_rules_are_open_to_readers_and_set_by_the_lead(client_as: ClientAs) -> None:
    lead = client_as("rocu_lead")
    assert "/assurance/rules/new/" in text_of(lead.get("/assurance/rules/"))
    form = filled_in(lead.get("/assurance/rules/new/").content.decode())
    form |= {"is_required": "true", "reason": "A trial of three months."}
    response = lead.post("/assurance/rules/new/", form)
    assert response.status_code == 302, text_of(response)
    page = text_of(client_as("other_analyst").get("/assurance/rules/"))
    assert "A trial of three months." in page
    assert "/assurance/rules/new/" not in page
    for who, status in (("owner_supervisor", 403), ("rocu_assurer", 403)):
        assert client_as(who).get("/assurance/rules/new/").status_code == status, who


def test_a_rule_in_the_past_is_refused_beside_its_field(client_as: ClientAs) -> None:
    lead = client_as("rocu_lead")
    form = filled_in(lead.get("/assurance/rules/new/").content.decode())
    form |= {
        "is_required": "true",
        "reason": "Since ever",
        "from_on_day": "1",
        "from_on_month": "2",
        "from_on_year": "2020",
    }
    response = lead.post("/assurance/rules/new/", form)
    assert set(response.context["form"].errors) == {"from_on"}
    assert "Since ever" in text_of(response)
    with everything():
        assert not AssuranceRule.objects.exists()
