"""My work: what waits for each role, and the lists behind its numbers."""

import datetime

import pytest
from django.utils import timezone

from accounts.models import Organisation
from groups.models import CrimeGroup
from intelligence.actions import reports
from intelligence.actions.drafts import ClaimDraft
from intelligence.models import Report
from scoring import outbox
from scoring.models import Judgement, Receipt
from tests.cast import As
from tests.factories.intelligence import ReportFactory, ReturnFactory, a_draft
from tests.factories.scoring import DAY, DRUGS, today
from tests.integration.scoring_pages.conftest import OPEN, ClientAs, Nation, seen


@pytest.mark.parametrize(
    "who",
    ["owner_analyst", "rocu_lead", "nca_officer", "rocu_analyst", "rocu_assurer"],
)
def test_every_number_opens_its_list(
    nation: Nation, client_as: ClientAs, who: str
) -> None:
    client = client_as(who)
    page = seen(client, "/")
    assert {"draft", "returned", "submitted", "overdue", "submissions.queued"} <= (
        page.figures.keys()
    )
    for key, (number, url) in page.figures.items():
        if not key.startswith("returns."):  # the register shows rows, and no count
            assert seen(client, url).count == number, (who, key, url)


def test_an_assurer_sees_what_waits_and_for_how_long(
    nation: Nation, client_as: ClientAs
) -> None:
    long_ago = timezone.now() - datetime.timedelta(days=5)
    ReportFactory(state="awaiting", created_at=long_ago)
    ReportFactory(state="awaiting")
    page = seen(client_as("rocu_assurer"), "/")
    assert page.figures["to_assure"] == (2, "/assurance/")
    assert "the longest wait: 5" in page.text
    assert "/assurance/" in page.links
    for who in ("owner_analyst", "rocu_lead", "records_manager"):
        assert "to_assure" not in seen(client_as(who), "/").figures


def test_a_submitter_sees_what_waits_and_what_came_back(
    nation: Nation, client_as: ClientAs, acting: As
) -> None:
    with acting("owner_analyst") as by:
        made = [
            reports.submit(draft=a_draft(groups=[nation.durham]), by=by)[0]
            for _ in range(2)
        ]
        alone, _ = reports.submit(draft=a_draft(), by=by)
    for report, state in zip(
        [*made, alone], ["awaiting", "returned", "returned"], strict=True
    ):
        Report.objects.filter(pk=report.pk).update(state=state)
    client = client_as("owner_analyst")
    page = seen(client, "/")
    for state in ("awaiting", "returned"):
        number, url = page.figures[f"submissions.{state}"]
        assert number == seen(client, url).count == 1
    # The report that touches no group has no line, and still says how it stands.
    assert page.text.count("Returned by assurance") == 2


def test_a_records_manager_sees_reviews_and_clashes(
    nation: Nation, client_as: ClientAs
) -> None:
    for _ in range(2):
        ReportFactory(owner_reference="D/1", review_on=today() - DAY)
    client = client_as("records_manager")
    page = seen(client, "/")
    wanted = {
        "review.groups": 1,
        "review.people": 0,
        "review.identifiers": 0,
        "review.reports": 2,
        "clashes": 1,
    }
    for key, expected in wanted.items():
        number, url = page.figures[key]
        assert number == seen(client, url).count == expected, key
    assert "/records/" in page.links
    assert "Submit a report" not in page.text
    assert "review.groups" not in seen(client_as("owner_supervisor"), "/").figures


@pytest.mark.parametrize("who", ["rocu_analyst", "rocu_lead"])
def test_a_region_sees_its_returns(
    nation: Nation, client_as: ClientAs, who: str
) -> None:
    leeds = Organisation.objects.get(code="west-yorkshire")
    ReturnFactory()
    ReturnFactory(
        owner=Organisation.objects.get(code="cleveland"), due_on=today() - DAY
    )
    ReturnFactory(owner=leeds, sharing="all_forces", due_on=today() - DAY)
    client = client_as(who)
    page = seen(client, "/")
    for key in ("returns.overdue", "returns.due"):
        number, url = page.figures[key]
        assert number == len(client.get(url).context["returns"]) == 1, key
    assert "returns.due" not in seen(client_as("owner_analyst"), "/").figures


def test_a_region_leads_moderation(nation: Nation, client_as: ClientAs) -> None:
    CrimeGroup.objects.filter(pk=nation.poor.pk).update(record_state="submitted")
    page = seen(client_as("rocu_lead"), "/")
    assert "To moderate" in page.text
    assert page.figures["submitted"][0] == 1
    assert page.figures["draft"][0] == 1


def test_later_evidence_than_a_judgement_is_shown_until_judged_again(
    nation: Nation, client_as: ClientAs
) -> None:
    client = client_as("owner_analyst")
    assert seen(client, "/").figures["newer_evidence"][0] == 0
    nation.world.claim(nation.confirmed, OPEN, "high", DRUGS)
    outbox.drain_until_empty(seconds=60)
    number, url = seen(client, "/").figures["newer_evidence"]
    assert number == 1
    opened = seen(client, url)
    assert opened.count == 1
    assert "Old mill" in opened.text
    nation.world.judgement(nation.confirmed, OPEN, "high", DRUGS)
    assert Judgement.objects.filter(attribute=DRUGS).count() == 3
    assert seen(client, "/").figures["newer_evidence"][0] == 0


def test_a_queued_submission_counts_until_it_is_included(
    nation: Nation, client_as: ClientAs, acting: As
) -> None:
    client = client_as("owner_analyst")
    with acting("owner_analyst") as by:
        claim = ClaimDraft(group=nation.durham, attribute=DRUGS, level="high")
        report, _ = reports.submit(
            draft=a_draft(groups=[nation.durham], claims=[claim]), by=by
        )
    page = seen(client, "/")
    assert page.figures["submissions.queued"][0] == 1
    assert report.reference in page.text
    opened = seen(client, page.figures["submissions.queued"][1])
    assert opened.count == 1
    outbox.drain_until_empty(seconds=60)
    assert Receipt.objects.get(report=report).state == "included"
    assert seen(client, "/").figures["submissions.queued"][0] == 0


def test_a_role_that_does_not_read_is_told_so(
    nation: Nation, client_as: ClientAs
) -> None:
    for who in ("auditor", "administrator"):
        page = seen(client_as(who), "/")
        assert "does not read intelligence" in page.text
        assert not page.figures


def test_the_navigation_leads_to_the_readers_own_picture(
    nation: Nation, client_as: ClientAs
) -> None:
    for who, scope in {
        "owner_analyst": "force:durham",
        "rocu_lead": "region:nerocu",
        "nca_officer": "national",
    }.items():
        page = seen(client_as(who), "/")
        assert f"/dashboard/{scope}/" in page.links
        for url in ("/groups/", "/reports/", "/people/", "/identifiers/", "/returns/"):
            assert url in page.links


def test_an_unknown_parameter_is_refused(nation: Nation, client_as: ClientAs) -> None:
    page = seen(client_as("owner_analyst"), "/?x=1", 400)
    assert "takes no query parameters" in page.text
