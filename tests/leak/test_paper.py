"""The paper of a group and its timeline tell nothing of what is hidden."""

import pytest
from django.utils import timezone

from tests.leak.askers import Askers
from tests.leak.conftest import Few
from tests.leak.test_routes import check_silent

pytestmark = pytest.mark.leak
PRINT = {
    "reason": "Briefing of the tasking group",
    "copies": "2",
    "distribution": "First\nSecond",
}
PRINTERS = ("owner_supervisor", "rocu_lead", "nca_officer")
READERS = ("owner_analyst", "other_analyst", "region_analyst", *PRINTERS)


def seen_groups(askers: Askers, who: str) -> list[str]:
    groups = askers.manifest.groups.values()
    found = [one for one in groups if askers.knowledge.sees(who, one)]
    assert found, f"{who} sees no group: extend the world"
    return found


def test_a_printed_profile(askers: Askers, few: Few) -> None:
    pairs = [(who, one) for who in few(PRINTERS) for one in seen_groups(askers, who)]
    for who, one in pairs:
        answer = askers[who].ask("post", f"/groups/{one}/profile/", PRINT)
        assert answer.status_code == 200
        assert answer.content.count(b'<section class="app-paper') == 2
        check_silent(askers, who, answer, (one,))


def test_a_timeline_whatever_is_asked(askers: Askers, few: Few) -> None:
    day = timezone.localdate().isoformat()
    pairs = [(who, one) for who in few(READERS) for one in seen_groups(askers, who)]
    for who, one in pairs:
        for query in ("", "?what=happened", "?what=done&kind=label", f"?at={day}"):
            url = f"/groups/{one}/timeline/{query}"
            while url:
                answer = askers[who].ask("get", url)
                assert answer.status_code == 200
                check_silent(askers, who, answer, (one,))
                url = answer.context["next_url"]
