"""Calibration packs: scored once, told of ten and more, one's own beside the median."""

from typing import Any

import pytest
from django.db import connection

from accounts.access import acting_for, viewer_of
from accounts.models import AuditEvent, User
from accounts.roles import Role
from accounts.visibility import Viewer
from ocgmap.common.errors import AppError
from scoring import laboratory
from scoring.actions import calibration
from scoring.agreement.packs import packs
from scoring.engine import Level
from scoring.exceptions import AlreadyAnswered
from scoring.forms.second_score import name_of
from scoring.models import CalibrationAnswer
from tests.cast import As
from tests.factories.scoring import World
from tests.integration.scoring_pages.conftest import ClientAs, seen

PACK = packs()["first-steps"]
URL = "/consistency/packs/first-steps/"
FIRST = (PACK.vignettes[0].key, PACK.attributes[0])


def levels(level: str) -> dict[str, dict[str, str]]:
    return {one.key: dict.fromkeys(PACK.attributes, level) for one in PACK.vignettes}


def typed(level: str) -> dict[str, str]:
    return {
        name_of(one.key, key): level
        for one in PACK.vignettes
        for key in PACK.attributes
    }


@pytest.fixture
def many(as_system: Any) -> Any:
    """Let so many people score the pack, each one level."""
    world = World()

    def answer(*said: str) -> list[Viewer]:
        viewers = [viewer_of(world.reader()) for _ in said]
        for viewer, level in zip(viewers, said, strict=True):
            with acting_for(viewer, route="test"):
                calibration.answer(by=viewer, pack=PACK, levels=levels(level))
        return viewers

    return answer


def test_below_ten_answers_nothing_is_told(many: Any, acting: As) -> None:
    many(*["low"] * 9)
    with acting("owner_analyst"):
        assert laboratory.results_of(PACK) is None


def test_of_ten_answers_agreement_and_medians_are_told(many: Any, acting: As) -> None:
    many(*["low"] * 6, *["high"] * 4)
    with acting("owner_analyst"):
        found = laboratory.results_of(PACK)
    assert found is not None
    assert found.answers == 10
    assert found.medians[FIRST] == Level.LOW
    assert {one.attribute for one in found.attributes} == set(PACK.attributes)
    for one in found.attributes:
        assert one.agreement is not None
        assert one.agreement.alpha is not None
        assert one.agreement.alpha.value < 0.1
        assert one.unknown_share == 0


@pytest.mark.leak
def test_one_more_answer_moves_no_figure(many: Any, acting: As) -> None:
    many(*["low"] * 9, "medium")
    with acting("owner_analyst"):
        before = laboratory.results_of(PACK)
    many(*["high"] * 4)
    with acting("owner_analyst"):
        assert laboratory.results_of(PACK) == before
    many("high")
    with acting("owner_analyst"):
        after = laboratory.results_of(PACK)
    assert after is not None
    assert after.answers == 15


@pytest.mark.leak
def test_nobody_reads_the_answers_of_others(many: Any, acting: As) -> None:
    [one, *_] = many(*["low"] * 10)
    with acting("rocu_lead"), connection.cursor() as cursor:
        cursor.execute("select count(*) from scoring_calibrationanswer")
        assert cursor.fetchone() == (0,)
    with acting_for(one, route="test"):
        assert CalibrationAnswer.objects.visible_to(one).count() == 1


def test_not_known_is_no_level(many: Any, acting: As) -> None:
    many(*["unknown"] * 10)
    with acting("owner_analyst"):
        found = laboratory.results_of(PACK)
    assert found is not None
    assert found.medians[FIRST] is None
    assert found.attributes[0].agreement is None
    assert found.attributes[0].unknown_share == 1


def test_a_pack_is_scored_once_and_whole(acting: As) -> None:
    with acting("owner_analyst") as by:
        with pytest.raises(AppError, match="there is no level"):
            calibration.answer(by=by, pack=PACK, levels={})
        calibration.answer(by=by, pack=PACK, levels=levels("low"))
        with pytest.raises(AlreadyAnswered):
            calibration.answer(by=by, pack=PACK, levels=levels("low"))


def test_it_is_scored_on_its_page_and_then_shown_beside_the_median(
    many: Any, client_as: ClientAs
) -> None:
    client = client_as("owner_analyst")
    page = seen(client, URL)
    assert PACK.vignettes[0].title in page.text
    assert "Looked for, and not present." in page.text
    assert "Median" not in page.text
    assert "Select an option for" in client.post(URL, {"entry": ""}).content.decode()
    assert client.post(URL, typed("high"))["Location"] == URL
    alone = seen(client, URL).text
    assert "Fewer than ten have scored this pack" in alone
    assert "Too few" in alone
    many(*["low"] * 9)
    told = seen(client, URL).text
    assert "first 10 answers" in told
    assert "Alpha" in told
    again = client.post(URL, typed("low"))
    assert again.status_code == 409
    noted = AuditEvent.objects.filter(object_type="scoring.CalibrationAnswer")
    assert noted.count() == 10
    assert "Scored" in seen(client, "/consistency/").text


def test_who_records_nothing_scores_no_pack(
    client_as: ClientAs, make_user: Any, as_system: Any
) -> None:
    make_user("partner", "durham", Role.PARTNER_READER)
    assert User.objects.filter(email="partner@test.example").exists()
    assert client_as("partner").get(URL).status_code == 403
    assert client_as("owner_analyst").get(f"{URL[:-1]}-2/").status_code == 404
