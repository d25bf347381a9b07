"""Intelligence requirements: ask, answer by a report, withdraw; lists and counts."""

import datetime
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from accounts.models import Organisation
from groups.models import CrimeGroup
from intelligence.models import Report
from intelligence.models.report import ReportState
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from scoring.models import Requirement
from tests.cast import MakeUser
from tests.factories.scoring import today
from tests.integration.scoring_pages.conftest import ClientAs, Nation, seen
from tests.integration.scoring_pages.test_analysis import former_states, parts
from tests.integration.scoring_pages.test_score import url_of

QUESTION = "Who pays the drivers, and how often?"
DURHAM = "organisation:durham"


def ask_url(group: CrimeGroup, attribute: str = "cash_flow_financial_worth") -> str:
    return url_of(group, f"ask/{attribute}/")


def step_url(asked: Requirement, step: str = "answer") -> str:
    return reverse(f"scoring:{step}_requirement", args=[asked.public_id])


def ask(client: Any, group: CrimeGroup, whom: str = DURHAM, days: int = 7) -> Any:
    given = {"question": QUESTION, "asked_of": whom, **parts("due_on", days)}
    return client.post(ask_url(group), given, follow=True)


def only(group: CrimeGroup) -> Requirement:
    return Requirement.objects.get(group=group)


def count(client: Any, query: str) -> int | None:
    return seen(client, f"/requirements/?{query}").count


def late(asked: Requirement) -> None:
    day = today() - datetime.timedelta(days=3)
    Requirement.objects.filter(pk=asked.pk).update(due_on=day)


@pytest.fixture
def report(nation: Nation) -> Report:
    """Return a report on Harbour crew that claims what was asked."""
    made = nation.world.report(nation.durham.access_class.label)
    nation.world.claim(nation.durham, nation.durham.access_class.label, report=made)
    return made


def test_an_unknown_attribute_leads_to_a_question_and_its_answer(
    nation: Nation, client_as: ClientAs, report: Report
) -> None:
    client = client_as("owner_analyst")
    page = seen(client, url_of(nation.durham))
    assert any("/ask/" in link for link in page.links)
    form = client.get(ask_url(nation.durham)).content.decode()
    assert "What is known of it for this group?" in form
    told = ask(client, nation.durham).content.decode()
    assert "is asked." in told
    assert QUESTION in told
    asked = only(nation.durham)
    figures = seen(client, "/").figures
    assert figures["requirements.open"][0] == 1
    assert seen(client, figures["requirements.open"][1]).count == 1
    assert figures["requirements.overdue"][0] == 0
    late(asked)
    assert count(client, "standing=overdue&asked_of=durham") == 1
    assert count(client, "standing=open&asked_of=northumbria") == 0
    assert count(client, "asked_region=nerocu") == 1
    assert count(client, "asked_region=yhrocu") == 0
    answered = {"report": str(report.public_id), "text": "Weekly, in cash, by one man."}
    told = client.post(step_url(asked), answered, follow=True).content.decode()
    assert "The question is answered" in told
    assert f"{report.reference}: Weekly, in cash" in told
    assert count(client, "standing=open&standing=overdue") == 0
    assert count(client, "standing=answered") == 1
    assert client.get(step_url(asked)).status_code == 409
    again = client.post(step_url(asked), {**answered, "text": "Said another time."})
    assert "answered or withdrawn already" in again.content.decode()
    Report.objects.filter(pk=report.pk).update(state=ReportState.WITHDRAWN)
    assert count(client, "standing=overdue") == 1


def test_to_whoever_may_not_see_the_answer_it_stays_open(
    nation: Nation, client_as: ClientAs
) -> None:
    own = nation.world.report(nation.hidden.access_class.label)
    nation.world.claim(nation.leeds, nation.hidden.access_class.label, report=own)
    theirs, mine = client_as("other_analyst"), client_as("owner_analyst")
    ask(theirs, nation.leeds, "organisation:west-yorkshire")
    asked = only(nation.leeds)
    answered = {"report": str(own.public_id), "text": "Weekly, in cash, by one man."}
    theirs.post(step_url(asked), answered)
    assert count(theirs, "standing=answered") == 1
    page = seen(mine, "/requirements/?standing=open")
    assert page.count == 1
    assert own.reference not in page.text
    assert "Weekly" not in page.text


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"asked_of": "organisation:west-yorkshire"}, "Who is to answer it"),
        ({"asked_of": "person:other_analyst@test.example"}, "Who is to answer it"),
        ({"due_on_year": "2001"}, "Enter a day from today"),
        ({"question": "Why?"}, "Question"),
    ],
)
def test_a_question_that_cannot_stand_is_refused(
    nation: Nation, client_as: ClientAs, said: dict[str, str], refusal: str
) -> None:
    given = {"question": QUESTION, "asked_of": DURHAM, **parts("due_on", 7), **said}
    text = client_as("owner_analyst").post(ask_url(nation.durham), given)
    assert "There is a problem" in text.content.decode()
    assert refusal in text.content.decode()
    assert not Requirement.objects.exists()


def test_one_of_ones_own_people_is_asked_and_settles_it(
    nation: Nation, client_as: ClientAs, make_user: MakeUser
) -> None:
    client = client_as("nca_officer")
    ask(client, nation.leeds, "person:nca_officer@test.example")
    asked = only(nation.leeds)
    assert asked.asked_person == make_user("nca_officer")
    assert asked.asked_of == Organisation.objects.get(code="nca")
    assert client_as("owner_analyst").get(step_url(asked)).status_code == 403
    assert client_as("other_analyst").get(step_url(asked)).status_code == 200


def test_an_organisation_that_is_asked_answers_without_owning_the_group(
    nation: Nation, client_as: ClientAs
) -> None:
    ask(client_as("other_analyst"), nation.leeds, DURHAM)
    asked = only(nation.leeds)
    assert client_as("owner_analyst").get(step_url(asked)).status_code == 200
    assert client_as("region_analyst").get(step_url(asked)).status_code == 403


def test_a_question_is_withdrawn_with_a_reason(
    nation: Nation, client_as: ClientAs
) -> None:
    client = client_as("owner_analyst")
    ask(client, nation.durham)
    asked = only(nation.durham)
    url = step_url(asked, "withdraw")
    assert "There is a problem" in client.post(url, {"reason": ""}).content.decode()
    reason = {"reason": "The group has stopped using drivers."}
    told = client.post(url, reason, follow=True).content.decode()
    assert "stopped using drivers" in told
    assert count(client, "standing=withdrawn") == 1
    asked.refresh_from_db()
    assert asked.withdrawn_by is not None
    assert former_states(asked) == 1


def test_hidden_questions_count_for_nobody_else(
    nation: Nation, client_as: ClientAs
) -> None:
    ask(client_as("owner_analyst"), nation.durham)
    asked = only(nation.durham)
    stranger = client_as("other_analyst")
    assert count(stranger, "") == 0
    assert stranger.get(step_url(asked)).status_code == 404
    assert stranger.get(ask_url(nation.durham)).status_code == 404
    assert count(client_as("rocu_lead"), "") == 1


def test_pages_are_by_keyset_and_count_exactly(
    nation: Nation, client_as: ClientAs
) -> None:
    client = client_as("owner_analyst")
    ask(client, nation.durham)
    first = only(nation.durham)
    with acting_as(system("test")), transaction.atomic():
        for days in range(29):
            Requirement.objects.create(
                owner_id=first.owner_id,
                access_class_id=first.access_class_id,
                group=first.group,
                attribute=first.attribute,
                question=f"{QUESTION} {days}",
                asked_of_id=first.asked_of_id,
                due_on=today() + datetime.timedelta(days=days % 3),
            )
    page = seen(client, "/requirements/")
    assert page.count == 30
    [following] = {link for link in page.links if "cursor=" in link}
    assert seen(client, following).text.count(QUESTION) == 5
