"""What became of a submission: told to its own people, and to nobody else."""

import uuid
from typing import Any

import pytest

from intelligence.actions import reports
from intelligence.actions.drafts import ClaimDraft
from intelligence.models import Report
from scoring import outbox
from scoring.models import Receipt
from tests.cast import As
from tests.factories.intelligence import a_draft
from tests.factories.scoring import DRUGS
from tests.integration.scoring_pages.conftest import ClientAs, Nation, seen


@pytest.fixture
def report(nation: Nation, acting: As) -> Report:
    with acting("owner_analyst") as by:
        claim = ClaimDraft(group=nation.durham, attribute=DRUGS, level="high")
        made, _ = reports.submit(
            draft=a_draft(groups=[nation.durham], claims=[claim]), by=by
        )
    return made


def test_a_receipt_turns_from_queued_to_included(
    report: Report, client_as: ClientAs
) -> None:
    client = client_as("owner_analyst")
    url = f"/reports/{report.public_id}/receipt/"
    text = client.get(url).content.decode()
    assert "waits to be scored" in text
    assert "Waiting for" in text
    assert f'hx-get="{url}fragment/"' in text
    fragment = client.get(f"{url}fragment/").content.decode()
    assert "hx-get" in fragment
    assert "<html" not in fragment
    outbox.drain_until_empty(seconds=60)
    fragment = client.get(f"{url}fragment/").content.decode()
    assert "Your report is in the picture" in fragment
    assert "ms after you submitted it" in fragment
    assert "hx-get" not in fragment


def test_a_report_that_names_no_group_says_so(
    nation: Nation, client_as: ClientAs, acting: As
) -> None:
    with acting("owner_analyst") as by:
        made, _ = reports.submit(draft=a_draft(), by=by)
    page = seen(client_as("owner_analyst"), f"/reports/{made.public_id}/receipt/")
    assert "No group affected" in page.text


def test_a_submission_that_is_set_aside_says_so(
    report: Report, client_as: ClientAs
) -> None:
    Receipt.objects.filter(report=report).update(state="set_aside")
    page = seen(client_as("owner_analyst"), f"/reports/{report.public_id}/receipt/")
    assert "Set aside" in page.text
    assert "you need not send it again" in page.text
    listed = seen(client_as("owner_analyst"), "/receipts/?state=set_aside")
    assert listed.count == 1


@pytest.mark.leak
@pytest.mark.parametrize("part", ["", "fragment/"])
@pytest.mark.parametrize("who", ["other_analyst", "rocu_lead", "nca_officer"])
def test_a_receipt_is_not_for_others(
    report: Report, client_as: ClientAs, who: str, part: str
) -> None:
    client = client_as(who)
    bodies = []
    for public_id in (report.public_id, uuid.uuid4()):
        response = client.get(f"/reports/{public_id}/receipt/{part}")
        assert response.status_code == 404
        body = response.content.decode()
        token = body.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
        bodies.append(body.replace(token, ""))
    assert bodies[0] == bodies[1]


def test_the_list_tells_mine_from_my_organisations(
    report: Report, client_as: ClientAs
) -> None:
    supervisor = client_as("owner_supervisor")
    assert report.reference in seen(supervisor, "/receipts/").text
    assert seen(supervisor, "/receipts/?state=queued").count == 1
    assert seen(client_as("owner_analyst"), "/receipts/?mine=true").count == 1
    assert seen(supervisor, "/receipts/?mine=true").count == 0
    assert seen(client_as("nca_officer"), "/receipts/").count == 0


@pytest.mark.parametrize(
    ("query", "said"),
    [
        pytest.param("state=lost", "State has no option", id="unknown state"),
        pytest.param("who=me", "Use: cursor, mine, state", id="unknown name"),
    ],
)
def test_a_parameter_that_cannot_be_meant_is_refused(
    nation: Any, client_as: ClientAs, query: str, said: str
) -> None:
    page = seen(client_as("owner_analyst"), f"/receipts/?{query}", 400)
    assert said in page.text
