"""My work: what waits for each role, and the lists behind its numbers."""

import pytest

from groups.models import CrimeGroup
from intelligence.actions import reports
from intelligence.actions.drafts import ClaimDraft
from scoring import outbox
from scoring.models import Judgement, Receipt
from tests.cast import As
from tests.factories.intelligence import a_draft
from tests.factories.scoring import DRUGS
from tests.integration.scoring_pages.conftest import OPEN, ClientAs, Nation, seen


@pytest.mark.parametrize("who", ["owner_analyst", "rocu_lead", "nca_officer"])
def test_every_number_opens_its_list(
    nation: Nation, client_as: ClientAs, who: str
) -> None:
    client = client_as(who)
    page = seen(client, "/")
    assert {"draft", "returned", "submitted", "overdue", "submissions.queued"} <= (
        page.figures.keys()
    )
    for key, (number, url) in page.figures.items():
        assert seen(client, url).count == number, (who, key, url)


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
