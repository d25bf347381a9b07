"""The paper of a group and its timeline tell nothing of what is hidden."""

import pytest
from django.utils import timezone

from tests.leak.askers import Askers
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


@pytest.mark.parametrize("who", PRINTERS)
def test_a_printed_profile(who: str, askers: Askers) -> None:
    for one in seen_groups(askers, who):
        answer = askers[who].ask("post", f"/groups/{one}/profile/", PRINT)
        assert answer.status_code == 200
        assert answer.content.count(b'<section class="app-paper') == 2
        check_silent(askers, who, answer, (one,))


@pytest.mark.parametrize("who", READERS)
def test_a_timeline_whatever_is_asked(who: str, askers: Askers) -> None:
    day = timezone.localdate().isoformat()
    for one in seen_groups(askers, who):
        for query in ("", "?what=happened", "?what=done&kind=label", f"?at={day}"):
            url = f"/groups/{one}/timeline/{query}"
            while url:
                answer = askers[who].ask("get", url)
                assert answer.status_code == 200
                check_silent(askers, who, answer, (one,))
                url = answer.context["next_url"]
