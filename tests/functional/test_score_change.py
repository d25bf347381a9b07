"""What moved a score, in the browser: from a judgement to its part, on two screens."""

import psycopg
import pytest
from playwright.sync_api import expect

from tests.functional.conftest import SignIn
from tests.functional.tally import Note
from tests.functional.test_accessibility import WIDER, faults_of
from tests.scratch import address_in
from tests.site import LiveSite
from tests.world import Manifest

pytestmark = pytest.mark.browser
REASON = "Three of them are named in every sale that was seen."
# All of the group is ten days old, so that there is a score to come from.
AGED = (
    """
update scoring_judgement j set decided_at = now() - interval '10 days'
from groups_crimegroup g where g.id = j.group_id and g.public_id = %s
""",
    """
update scoring_pictureline l set valid_from = now() - interval '10 days'
from groups_crimegroup g
where g.id = l.group_id and g.public_id = %s and l.valid_to is null
""",
)


def test_a_judgement_is_a_part_of_the_change(
    live: LiveSite, manifest: Manifest, sign_in: SignIn, note: Note
) -> None:
    group = manifest.groups["d_all"]
    with psycopg.connect(address_in("DATABASE_OWNER_URL", live.database)) as link:
        for statement in AGED:
            assert link.execute(statement, [group]).rowcount > 0
    page = sign_in("owner_supervisor")
    page.goto(f"{live.url}/groups/{group}/judge/organised_theft/")
    page.locator("input[name=level][value=high]").check()
    page.fill("[name=rationale]", REASON)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/score/")
    while page.get_by_text("This score is being brought up to date").count():
        page.wait_for_timeout(500)
        page.goto(f"{live.url}/groups/{group}/score/")
    expect(page.locator("#fragility")).to_be_visible()
    page.locator("main select[name=reports]").select_option("2")
    page.get_by_role("button", name="Show the floor").click()
    expect(page.locator("main")).to_contain_text("Floor on your choice")
    page.get_by_role("link", name="What moved this score").click()
    row = page.locator("tbody tr", has=page.get_by_text("Judgement", exact=True))
    expect(row).to_contain_text(REASON)
    expect(page.locator("tbody tr").last).to_contain_text("1a")
    expect(row).to_contain_text("medium to high, +2")
    assert not faults_of(page, "what moved a score", note)
    page.set_viewport_size({"width": 320, "height": 900})
    assert page.evaluate(WIDER) <= 0
    assert not faults_of(page, "what moved a score, narrow", note)
