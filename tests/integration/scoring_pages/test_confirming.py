"""Confirming a band in the browser: the interruption, overrides, and nobody's own."""

import html
import re

import pytest

from groups.models import CrimeGroup
from scoring import outbox
from scoring.models import BandDecision, PictureLine
from scoring.views.judging import KNOWS
from tests.cast import MakeUser
from tests.factories.scoring import DAY, today
from tests.integration.scoring_pages.conftest import ClientAs, Nation, seen
from tests.integration.scoring_pages.test_score import url_of

REASON = "Two lines of it:\nboth are <reliable>."


@pytest.fixture(autouse=True)
def _no_broker(hints: list[str]) -> None:
    """Send no hint."""


def computed(group: CrimeGroup) -> str:
    rows = PictureLine.objects.filter(group=group, scheme_version__is_primary=True)
    return rows.get(valid_to=None).computed_band


def until(days: int) -> dict[str, str]:
    day = today() + days * DAY
    return {
        "expires_on_day": str(day.day),
        "expires_on_month": str(day.month),
        "expires_on_year": str(day.year),
    }


def hidden_fields(text: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', text)
    return {
        name: html.unescape(value)
        for name, value in found
        if name != "csrfmiddlewaretoken"
    }


def test_one_report_interrupts_and_nothing_typed_is_lost(
    nation: Nation, client_as: ClientAs
) -> None:
    client, url = client_as("owner_supervisor"), url_of(nation.durham, "confirm-band/")
    given = {"band": computed(nation.durham), "reason": REASON, **until(90)}
    text = client.post(url, given).content.decode()
    assert "One report alone holds this band" in text
    assert "graded 1AP" in text
    assert "Lawful sharing permitted" in text
    assert re.search(r"Without report \S+ the band would be", text)
    assert not BandDecision.objects.filter(group=nation.durham).exists()
    kept = hidden_fields(text)
    assert kept == given
    back = client.post(url, {**kept, "back": "yes"}).content.decode()
    assert "both are &lt;reliable&gt;" in back
    assert "There is a problem" not in back
    assert not BandDecision.objects.filter(group=nation.durham).exists()
    client.post(url, {**kept, KNOWS: "yes"})
    decision = BandDecision.objects.get(group=nation.durham)
    assert decision.is_settled
    assert decision.reason.split() == REASON.split()


def test_an_override_is_proposed_by_one_and_approved_by_another(
    nation: Nation, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = url_of(nation.durham, "confirm-band/")
    client, lead = client_as("owner_supervisor"), client_as("rocu_lead")
    given = {"band": "1a", "reason": REASON, **until(90)}
    text = client.post(url, given, follow=True).content.decode()
    assert "once a second person has approved it" in text
    decision = BandDecision.objects.get(group=nation.durham)
    assert not decision.is_settled
    own = client.get(url).content.decode()
    assert "You proposed it" in own
    assert "Approve the override" not in own
    answer = {"approve": str(decision.public_id)}
    assert client.post(url, answer).status_code == 403
    assert "Approve the override" in lead.get(url).content.decode()
    with monkeypatch.context() as later:
        later.setattr("accounts.step_up.FRESH_SECONDS", -1)
        asked = lead.post(url, answer)
    assert asked.status_code == 401
    assert "Confirm that it is you" in asked.content.decode()
    decision.refresh_from_db()
    assert not decision.is_settled
    told = lead.post(url, answer, follow=True).content.decode()
    assert "The override to 1a is approved" in told
    assert "approved by Rocu Lead" in told
    assert "computed, advisory" in told
    assert re.search(r"until\s+\d+ \w+ \d{4}", told)
    decision.refresh_from_db()
    assert decision.is_settled
    assert lead.post(url, answer).status_code == 409


@pytest.mark.parametrize("named", ["nonsense", "00000000-0000-4000-8000-000000000000"])
def test_what_is_no_proposal_is_absent(
    nation: Nation, client_as: ClientAs, named: str
) -> None:
    url = url_of(nation.durham, "confirm-band/")
    assert client_as("rocu_lead").post(url, {"approve": named}).status_code == 404


def test_whoever_submitted_it_is_refused_beside_the_field(
    nation: Nation, client_as: ClientAs, make_user: MakeUser
) -> None:
    CrimeGroup.objects.filter(pk=nation.durham.pk).update(
        submitted_by=make_user("owner_supervisor")
    )
    url = url_of(nation.durham, "confirm-band/")
    given = {"band": computed(nation.durham), "reason": REASON}
    text = client_as("owner_supervisor").post(url, given).content.decode()
    assert "nobody confirms their own" in text
    assert "both are &lt;reliable&gt;" in text
    assert not BandDecision.objects.filter(group=nation.durham).exists()


def test_a_judgement_on_what_never_counts_is_flagged(
    nation: Nation, client_as: ClientAs
) -> None:
    world = nation.world
    poor = world.report(world.label(), assessment_grade="E")
    world.judgement(nation.poor, world.label(), "high", cites=[poor])
    outbox.drain_until_empty(seconds=60)
    score = seen(client_as("owner_analyst"), url_of(nation.poor)).text
    assert "Rests on a report that never counts" in score
    judge = seen(
        client_as("owner_analyst"), url_of(nation.poor, "judge/drug_activity/")
    )
    assert "Rests on evidence that never counts" in judge.text
