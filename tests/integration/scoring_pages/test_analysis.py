"""Challenges, assumptions and alternatives in the browser, and what is refused."""

import re
from typing import Any

import pytest
from django.apps import apps
from django.urls import reverse

from accounts.models import AuditEvent, User
from groups.models import CrimeGroup
from scoring import outbox
from scoring.models import AnalyticNote, Judgement
from tests.cast import As
from tests.factories.scoring import DAY, today
from tests.integration.scoring_pages.conftest import ClientAs, Nation, seen
from tests.integration.scoring_pages.test_score import url_of

TEXT = "The two reports may come from one source."


@pytest.fixture(autouse=True)
def _no_broker(hints: list[str]) -> None:
    """Send no hint."""


def new_url(group: CrimeGroup, kind: str) -> str:
    return url_of(group, f"note/{kind}/")


def answer_url(note: AnalyticNote) -> str:
    return reverse("scoring:answer_note", args=[note.public_id])


def parts(name: str, days: int) -> dict[str, str]:
    day = today() + days * DAY
    values = {"day": day.day, "month": day.month, "year": day.year}
    return {f"{name}_{part}": str(value) for part, value in values.items()}


def former_states(row: Any) -> int:
    """Count what history holds of a row."""
    events: Any = apps.get_model("scoring", f"{type(row).__name__}Event")
    return int(events.objects.filter(pgh_obj_id=row.pk).count())


def challenge(client: Any, group: CrimeGroup, **said: Any) -> AnalyticNote:
    given = {"against": "band", "text": TEXT, **said}
    client.post(new_url(group, "challenge"), given)
    return AnalyticNote.objects.get(group=group)


def test_a_challenge_is_answered_by_another(
    nation: Nation, client_as: ClientAs
) -> None:
    analyst, supervisor = client_as("owner_analyst"), client_as("owner_supervisor")
    judged = Judgement.objects.filter(group=nation.confirmed).first()
    assert judged is not None
    text = analyst.get(new_url(nation.confirmed, "challenge")).content.decode()
    assert "The computed band" in text
    assert "The decided band: " in text
    note = challenge(analyst, nation.confirmed, against=f"judgement:{judged.public_id}")
    assert note.judgement == judged
    refused = {"outcome": "not_upheld", "answer": "It is not so, I say."}
    text = analyst.post(answer_url(note), refused).content.decode()
    assert "Nobody answers their own challenge" in text
    assert "It is not so, I say." in text
    withdrawn = {"outcome": "withdrawn", "answer": "It need not be looked at."}
    text = supervisor.post(answer_url(note), withdrawn).content.decode()
    assert "Only its author withdraws this" in text
    told = supervisor.post(answer_url(note), refused, follow=True).content.decode()
    assert "The answer is recorded" in told
    assert "judged medium" in told
    assert "Not upheld" in told
    note.refresh_from_db()
    assert (note.outcome, note.answered_by and note.answered_by.name) == (
        "not_upheld",
        "Owner Supervisor",
    )
    assert supervisor.post(answer_url(note), refused).status_code == 200
    assert supervisor.get(answer_url(note)).status_code == 409
    assert former_states(note) == 1
    kinds = AuditEvent.objects.filter(object_type="scoring.AnalyticNote")
    assert {"collection", "alteration", "consultation"} <= set(
        kinds.values_list("kind", flat=True)
    )


def test_another_force_may_challenge_and_not_answer(
    nation: Nation, client_as: ClientAs
) -> None:
    stranger, lead = client_as("other_analyst"), client_as("rocu_lead")
    note = challenge(client_as("nca_officer"), nation.leeds)
    mine = client_as("owner_supervisor")
    assert mine.get(new_url(nation.leeds, "challenge")).status_code == 200
    assert mine.get(answer_url(note)).status_code == 403
    assert lead.get(answer_url(note)).status_code == 403
    assert stranger.get(answer_url(note)).status_code == 200
    assert stranger.get(new_url(nation.durham, "challenge")).status_code == 404
    own = challenge(client_as("owner_analyst"), nation.durham)
    assert own.access_class_id == nation.durham.access_class_id
    assert stranger.get(answer_url(own)).status_code == 404


def test_a_challenge_to_the_computed_band_carries_what_the_band_rests_on(
    nation: Nation, client_as: ClientAs
) -> None:
    """Whoever sees another band must not read that theirs is disputed, and why."""
    world, group = nation.world, nation.durham
    world.tag("a")
    world.claim(group, world.label("a"), "high", "expertise")
    holder = User.objects.get(email="owner_supervisor@test.example")
    holder.holdings.create(tag=world.tags["a"])
    outbox.drain_until_empty(seconds=60)
    note = challenge(client_as("owner_supervisor"), group)
    assert note.access_class_id != group.access_class_id
    assert client_as("owner_analyst").get(answer_url(note)).status_code == 404


def test_what_the_list_names_is_in_the_audit(
    nation: Nation, client_as: ClientAs
) -> None:
    client = client_as("owner_analyst")
    challenge(client, nation.durham)
    last = AuditEvent.objects.latest("id")
    client.get("/analysis/")
    rows = AuditEvent.objects.filter(id__gt=last.pk, object_type="groups.CrimeGroup")
    assert [row.object_ids for row in rows] == [[nation.durham.pk]]


def test_after_a_transfer_a_challenge_is_the_new_owners(
    nation: Nation, client_as: ClientAs
) -> None:
    former, new = client_as("region_analyst"), client_as("owner_analyst")
    challenge(former, nation.northumbria)
    assert seen(new, "/").figures["notes.challenge"][0] == 0
    durham = nation.world.organisation("durham")
    CrimeGroup.objects.filter(pk=nation.northumbria.pk).update(owner=durham)
    number, url = seen(new, "/").figures["notes.challenge"]
    assert number == seen(new, url).count == 1
    assert seen(former, "/").figures["notes.challenge"][0] == 0


def test_an_assumption_is_looked_at_again(nation: Nation, client_as: ClientAs) -> None:
    client = client_as("owner_analyst")
    url = new_url(nation.durham, "assumption")
    given = {
        "text": "The driver does not know what he carries.",
        "would_change": "A report that he opened a parcel.",
    }
    text = client.post(url, {**given, **parts("review_on", -1)}).content.decode()
    assert "Enter a day from today" in text
    text = client.post(url, {**given, **parts("review_on", 400)}).content.decode()
    assert "within 12 months" in text
    client.post(url, {**given, **parts("review_on", 0)})
    note = AnalyticNote.objects.get(group=nation.durham)
    page = seen(client, "/analysis/?standing=due&owner=durham")
    assert page.count == 1
    assert "To be looked at again since" in page.text
    holds = {"outcome": "holds", "answer": "He was seen to be surprised."}
    text = client.post(answer_url(note), holds).content.decode()
    assert "Enter the day to look at it again" in text
    client.post(answer_url(note), {**holds, **parts("review_on", 30)})
    note.refresh_from_db()
    assert (note.outcome, note.review_on) == ("", today() + 30 * DAY)
    assert seen(client, "/analysis/?standing=due&owner=durham").count == 0
    assert seen(client, "/analysis/?standing=open&kind=assumption").count == 1
    gone = {"outcome": "not_upheld", "answer": "He opened one on Friday."}
    told = client.post(answer_url(note), gone, follow=True).content.decode()
    assert "No longer holds" in told


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({}, "choose one of the words, or enter a percentage"),
        (
            {"percent": "37"},
            "lies in the gap between “Unlikely” (25% to 35%) and “Realistic possibility”",
        ),
        ({"percent": "50"}, "The yardstick leaves gaps on purpose"),
        (
            {"likelihood": "likely", "percent": "30"},
            "and you chose “Likely or probable”",
        ),
        ({"percent": "half"}, "a number with at most one decimal"),
        ({"likelihood": "maybe"}, "There is a problem"),
    ],
)
def test_an_estimate_outside_the_yardstick_is_refused(
    nation: Nation, client_as: ClientAs, said: dict[str, str], refusal: str
) -> None:
    url = new_url(nation.durham, "alternative")
    given = {"text": "They may be two groups that share a yard.", **said}
    text = client_as("owner_analyst").post(url, given).content.decode()
    assert refusal in re.sub(r"\s+", " ", text)
    assert "share a yard" in text
    assert not AnalyticNote.objects.exists()


def test_an_estimate_is_kept_in_words(nation: Nation, client_as: ClientAs) -> None:
    client = client_as("owner_analyst")
    given = {"text": "They may be two groups that share a yard.", "percent": "62.5 %"}
    told = client.post(
        new_url(nation.durham, "alternative"), given, follow=True
    ).content.decode()
    note = AnalyticNote.objects.get(group=nation.durham)
    assert (note.likelihood, str(note.percent), note.yardstick) == (
        "likely",
        "62.5",
        "1",
    )
    assert "Likely or probable (55% to 75%, given as 62.5%)" in told


def test_a_note_is_as_strict_as_what_it_cites(
    nation: Nation, client_as: ClientAs, as_system: Any, acting: As
) -> None:
    own = nation.world.report(nation.hidden.access_class.label)
    nation.world.claim(nation.leeds, nation.hidden.access_class.label, report=own)
    note = challenge(
        client_as("other_analyst"), nation.leeds, reports=[str(own.public_id)]
    )
    assert note.citations.count() == 1
    url = url_of(nation.leeds, "score/")
    assert TEXT in client_as("other_analyst").get(url).content.decode()
    assert TEXT not in client_as("owner_analyst").get(url).content.decode()
    assert seen(client_as("owner_analyst"), "/analysis/").count == 0


def test_what_is_no_kind_is_absent(nation: Nation, client_as: ClientAs) -> None:
    url = new_url(nation.durham, "rumour")
    assert client_as("owner_analyst").get(url).status_code == 404


def test_open_ones_are_counted_for_the_owner(
    nation: Nation, client_as: ClientAs
) -> None:
    client = client_as("owner_analyst")
    challenge(client, nation.durham)
    client_as("other_analyst").post(
        new_url(nation.leeds, "challenge"), {"against": "band", "text": TEXT}
    )
    figures = seen(client, "/").figures
    number, url = figures["notes.challenge"]
    assert number == 1
    assert seen(client, url).count == 1
