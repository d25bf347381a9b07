"""Second scores: who is drawn, who may score, what is shut meanwhile, both side by side."""

import datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.access import acting_for, viewer_of
from accounts.models import AuditEvent
from groups.models import CrimeGroup
from ocgmap.common.acting import acting_as
from ocgmap.common.errors import AppError, NotFound
from ocgmap.common.scope import system
from scoring import laboratory, outbox, tasks
from scoring.actions import analysis, judgements, second_scorings
from scoring.agreement.drawing import drawn_number, is_drawn
from scoring.engine import PRIMARY
from scoring.exceptions import (
    AlreadyScored,
    AnotherRegion,
    NotBegun,
    Overtaken,
    OwnFirstScore,
)
from scoring.models import Assessment, SecondScore, SecondScoring
from tests.cast import As
from tests.factories.scoring import ATTRIBUTES, DRUGS
from tests.integration.scoring_pages.conftest import (
    OPEN,
    ClientAs,
    Nation,
    nation,
    seen,
)

__all__ = ["nation"]
WHY = "Two reports say so, and both are reliable."
LEVELS = dict.fromkeys(ATTRIBUTES, "low")


def drawn(group: CrimeGroup, **more: Any) -> SecondScoring:
    """Draw a group straight, as the worker, whatever its number."""
    return SecondScoring.objects.create(
        owner_id=group.owner_id,
        access_class_id=group.access_class_id,
        group=group,
        **{
            "submitted_at": timezone.now(),
            "number": 20,
            "one_in": 10,
            "drawn_at": timezone.now(),
            **more,
        },
    )


def scored(acting: As, who: str, scoring: SecondScoring, **levels: str) -> SecondScore:
    with acting(who) as by:
        second_scorings.begin(by=by, scoring=scoring)
        return second_scorings.hand_in(
            by=by, scoring=scoring, levels={**LEVELS, **levels}
        )


def submitted(group: CrimeGroup, is_wanted: bool) -> None:
    """Let the group's submission be of a moment that is drawn, or is not."""
    moment = timezone.now() - datetime.timedelta(hours=1)
    while is_drawn(drawn_number(group.public_id, moment), 10) is not is_wanted:
        moment += datetime.timedelta(microseconds=1)
    CrimeGroup.objects.filter(pk=group.pk).update(submitted_at=moment)


def test_a_share_of_what_was_mapped_is_drawn_once(nation: Nation) -> None:
    submitted(nation.durham, True)
    submitted(nation.poor, False)
    submitted(nation.draft, True)
    submitted(nation.hidden, True)
    found = second_scorings.draw()
    assert {one.group_id for one in found} == {nation.durham.pk, nation.hidden.pk}
    assert second_scorings.draw() == []
    [one] = [one for one in found if one.group_id == nation.durham.pk]
    fresh = CrimeGroup.objects.get(pk=nation.durham.pk)
    assert one.access_class_id == fresh.access_class_id
    assert one.number == drawn_number(fresh.public_id, fresh.submitted_at)
    assert one.number % one.one_in == 0
    noted = AuditEvent.objects.filter(object_type="scoring.SecondScoring")
    assert sorted(noted.get().object_ids) == sorted(row.pk for row in found)


def test_the_command_and_the_task_draw(
    nation: Nation, capsys: pytest.CaptureFixture[str]
) -> None:
    submitted(nation.durham, True)
    call_command("draw_second_scorings")
    assert "Drawn for a second score: 1" in capsys.readouterr().out
    submitted(nation.poor, True)
    tasks.draw_second_scorings()
    assert SecondScoring.objects.count() == 2


def test_one_in_ten_is_about_one_in_ten(nation: Nation) -> None:
    moment = timezone.now()
    numbers = [
        drawn_number(nation.durham.public_id, moment + datetime.timedelta(seconds=n))
        for n in range(4000)
    ]
    assert 330 < sum(is_drawn(one, 10) for one in numbers) < 470
    assert not any(is_drawn(one, 0) for one in numbers)


def test_where_the_file_says_nothing_of_a_region_one_in_ten_is_drawn() -> None:
    day = timezone.localdate()
    assert laboratory.share_of("nerocu", day) == 10
    assert laboratory.share_of("yhrocu", day) == 10


def test_the_first_judge_is_refused_and_told_why(nation: Nation, acting: As) -> None:
    scoring = drawn(nation.durham)
    with acting("owner_analyst") as by:
        group = CrimeGroup.objects.visible_to(by).get(pk=nation.durham.pk)
        judgements.judge(
            by=by, group=group, attribute=DRUGS, level="high", rationale=WHY
        )
        with pytest.raises(
            OwnFirstScore, match="You judged an attribute of this group"
        ):
            second_scorings.begin(by=by, scoring=scoring)


def test_whoever_submitted_the_group_is_refused(nation: Nation, acting: As) -> None:
    scoring = drawn(nation.durham)
    with acting("owner_analyst") as by:
        author = by.user_id
    with acting_as(system("test")):
        CrimeGroup.objects.filter(pk=nation.durham.pk).update(submitted_by=author)
    with acting("owner_analyst") as by, pytest.raises(OwnFirstScore, match="submitted"):
        second_scorings.begin(by=by, scoring=scoring)


def test_a_draw_is_overtaken_by_another_submission(nation: Nation, acting: As) -> None:
    scoring = drawn(nation.durham)
    CrimeGroup.objects.filter(pk=nation.durham.pk).update(
        submitted_at=timezone.now() + datetime.timedelta(minutes=1)
    )
    with acting("rocu_analyst") as by, pytest.raises(Overtaken):
        second_scorings.begin(by=by, scoring=scoring)


def test_what_others_said_of_the_judgements_is_shut_too(
    nation: Nation, acting: As, client_as: ClientAs
) -> None:
    group = nation.durham
    judged = nation.world.judgement(group, OPEN, "high", DRUGS)
    with acting("owner_analyst") as by:
        analysis.challenge(by=by, group=group, text=WHY, target=judged)
    client = client_as("rocu_analyst")
    assert "judged high" in seen(client, "/analysis/").text
    scoring = drawn(group)
    with acting("rocu_analyst") as by:
        second_scorings.begin(by=by, scoring=scoring)
    assert "judged high" not in seen(client, "/analysis/").text
    with acting("rocu_analyst") as by:
        second_scorings.hand_in(by=by, scoring=scoring, levels=LEVELS)
    assert "judged high" in seen(client, "/analysis/").text


def test_another_region_is_refused(nation: Nation, acting: As) -> None:
    scoring = drawn(nation.leeds)
    with acting("owner_analyst") as by, pytest.raises(AnotherRegion, match="YHROCU"):
        second_scorings.begin(by=by, scoring=scoring)


@pytest.mark.leak
def test_a_hidden_draw_is_not_there(nation: Nation, acting: As) -> None:
    scoring = drawn(nation.hidden)
    with acting("owner_analyst") as by:
        assert not SecondScoring.objects.filter(pk=scoring.pk).exists(), "second lock"
        with pytest.raises(NotFound):
            second_scorings.begin(by=by, scoring=scoring)


def test_it_is_begun_then_handed_in_once(nation: Nation, acting: As) -> None:
    scoring = drawn(nation.durham)
    with acting("rocu_analyst") as by, pytest.raises(NotBegun):
        second_scorings.hand_in(by=by, scoring=scoring, levels=LEVELS)
    with acting("rocu_analyst") as by:
        first = second_scorings.begin(by=by, scoring=scoring)
        with pytest.raises(AppError, match="has no level"):
            second_scorings.hand_in(by=by, scoring=scoring, levels={})
        assert second_scorings.begin(by=by, scoring=scoring) == first
    score = scored(acting, "rocu_analyst", scoring)
    assert score.levels == LEVELS
    with acting("rocu_lead") as by, pytest.raises(AlreadyScored):
        second_scorings.begin(by=by, scoring=scoring)
    steps = AuditEvent.objects.filter(object_type="scoring.SecondScore")
    assert [one.detail["step"] for one in steps.order_by("id")] == [
        "begun",
        "handed in",
    ]


def test_what_was_begun_long_ago_is_no_longer_waited_for(
    nation: Nation, acting: As, client_as: ClientAs
) -> None:
    scoring = drawn(nation.durham)
    with acting("rocu_analyst") as by:
        second_scorings.begin(by=by, scoring=scoring)
    past = timezone.now() - datetime.timedelta(days=8)
    SecondScore.objects.update(begun_at=past)
    seen(client_as("rocu_analyst"), f"/groups/{nation.durham.public_id}/score/")
    with acting("rocu_analyst") as by, pytest.raises(NotBegun):
        second_scorings.hand_in(by=by, scoring=scoring, levels=LEVELS)


def test_no_score_moves(nation: Nation, acting: As) -> None:
    scoring = drawn(nation.durham)
    before = Assessment.objects.count()
    scored(acting, "rocu_analyst", scoring, **dict.fromkeys(ATTRIBUTES, "high"))
    outbox.drain_until_empty(seconds=60)
    assert Assessment.objects.count() == before


@pytest.mark.leak
def test_it_carries_the_labels_of_what_its_author_was_shown(
    nation: Nation, acting: As, client_as: ClientAs
) -> None:
    secret = nation.world.label("s")
    scoring = drawn(nation.durham)
    shown = seen(
        client_as("owner_analyst"), f"/consistency/second/{scoring.public_id}/"
    )
    who = nation.world.reader("s", organisation="nerocu")
    nation.world.claim(nation.durham, secret, "high", DRUGS)
    viewer = viewer_of(who)
    with acting_for(viewer, route="test"):
        second_scorings.begin(by=viewer, scoring=scoring)
        second_scorings.hand_in(by=viewer, scoring=scoring, levels=LEVELS)
    with acting("owner_analyst"):
        assert not SecondScore.objects.handed_in().exists()
    again = seen(
        client_as("owner_analyst"), f"/consistency/second/{scoring.public_id}/"
    )
    assert again.text == shown.text, "a hidden second score changes no answer"
    other = scored(acting, "rocu_analyst", scoring)
    assert other.access_class_id == scoring.access_class_id


SHUT = [
    "score/",
    "score/then/",
    "score/change/",
    f"judge/{DRUGS}/",
    "timeline/",
]


@pytest.mark.parametrize("page", SHUT)
def test_the_first_score_is_shut_until_the_second_is_handed_in(
    nation: Nation, acting: As, client_as: ClientAs, page: str
) -> None:
    scoring = drawn(nation.northumbria)
    client = client_as("region_analyst")
    address = f"/groups/{nation.northumbria.public_id}/"
    assert client.get(address + page).status_code == 200
    with acting("region_analyst") as by:
        second_scorings.begin(by=by, scoring=scoring)
    refused = client.get(address + page)
    assert refused.status_code == 403
    assert "shut until you hand in yours" in refused.content.decode()
    assert "The band is shut" in seen(client, address).text
    assert client_as("rocu_lead").get(address + page).status_code == 200
    scored(acting, "region_analyst", scoring)
    assert client.get(address + page).status_code == 200


def test_the_second_scorer_sees_evidence_and_no_judgement(
    nation: Nation, client_as: ClientAs
) -> None:
    scoring = drawn(nation.durham)
    claim = nation.world.claim(nation.durham, OPEN, "high", DRUGS)
    nation.world.judgement(nation.durham, OPEN, "medium", DRUGS)
    client = client_as("rocu_analyst")
    address = f"/consistency/second/{scoring.public_id}/"
    assert "Score it" in seen(client, address).text
    assert seen(client, f"{address}score/").text.count("Begin") > 0
    client.post(f"{address}score/", {"begin": "yes"})
    page = seen(client, f"{address}score/")
    assert claim.report.reference in page.text
    for word in ("Test", "advisory", "confirmed", "Interval"):
        assert word not in page.text, word
    empty = client.post(f"{address}score/", {"entry": ""})
    assert "Select an option for" in empty.content.decode()
    answer = client.post(f"{address}score/", {**LEVELS, "remarks": "Hard to tell"})
    assert answer["Location"] == address
    both = seen(client, address).text
    assert "Of 1 attribute judged both times, 1 differs" in both
    assert "Second is 1 level lower" in both
    assert "Hard to tell" in both
    score = SecondScore.objects.get()
    assert score.levels[DRUGS] == "low"
    assert score.levels.keys() == set(PRIMARY.attribute_keys())


def test_the_first_judge_is_refused_on_the_page_by_name_of_the_rule(
    nation: Nation, acting: As, client_as: ClientAs
) -> None:
    scoring = drawn(nation.durham)
    with acting("owner_analyst") as by:
        group = CrimeGroup.objects.visible_to(by).get(pk=nation.durham.pk)
        judgements.judge(
            by=by, group=group, attribute=DRUGS, level="high", rationale=WHY
        )
    client = client_as("owner_analyst")
    address = f"/consistency/second/{scoring.public_id}/"
    assert "You judged an attribute of this group" in seen(client, address).text
    for answer in (client.get(f"{address}score/"), client.post(f"{address}score/")):
        assert answer.status_code == 403
        assert "someone who had no part in the first" in answer.content.decode()
    assert not SecondScore.objects.exists()


@pytest.mark.leak
def test_the_laboratory_lists_the_draws_of_the_region_that_one_sees(
    nation: Nation, client_as: ClientAs
) -> None:
    client = client_as("owner_analyst")
    assert "No group of your region was drawn yet" in seen(client, "/consistency/").text
    for group in (nation.durham, nation.northumbria, nation.leeds, nation.hidden):
        drawn(group)
    page = seen(client, "/consistency/")
    assert page.count == 2
    assert nation.durham.reference in page.text
    assert nation.leeds.reference not in page.text
    assert seen(client_as("other_analyst"), "/consistency/").count == 2
