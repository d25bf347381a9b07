"""Two records are merged after a look at what it changes, and split off again."""

import pytest
from playwright.sync_api import Page, expect

from tests.functional.conftest import SignIn
from tests.functional.tally import Note
from tests.functional.test_accessibility import WIDER, faults_of
from tests.functional.test_moderation import recorded
from tests.site import LiveSite

pytestmark = pytest.mark.browser
WHY = "Same people, same yard"


def looked_at(page: Page, what: str, note: Note) -> None:
    assert not faults_of(page, what, note)
    page.set_viewport_size({"width": 320, "height": 900})
    assert page.evaluate(WIDER) <= 0, what
    page.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.journey("two records merged and split off")
def test_merged_and_split_off(live: LiveSite, sign_in: SignIn, note: Note) -> None:
    page = sign_in("owner_analyst", width=1280)
    survivor = recorded(page, live, "Marfleet group")
    page.goto(f"{live.url}/groups/new/")
    page.fill("main [name=name]", "Marfleet grp")
    page.fill("main [name=summary]", "Seen at the same yard.")
    save = page.locator("main form").get_by_role("button", name="Save the group").last
    save.click()
    page.get_by_label("None of these is the same").check()
    save.click()
    page.wait_for_url("**/groups/*-*/")
    address = page.url

    page.get_by_role("button", name="Merge into another group").click()
    looked_at(page, "merge: choose", note)
    page.get_by_role("link", name="Choose").first.click()
    expect(page.locator("main")).to_contain_text("Marfleet group afterwards")
    looked_at(page, "merge: preview", note)
    page.fill("main [name=reason]", WHY)
    page.get_by_role("button", name="Merge them").click()
    page.wait_for_url(survivor)
    expect(page.locator("main")).to_contain_text(WHY)
    looked_at(page, "merge: survivor", note)

    page.goto(address)
    expect(page.locator("main")).to_contain_text("Merged into Marfleet group")
    assert page.get_by_role("button", name="Change the group").count() == 0
    looked_at(page, "merge: merged away", note)
    page.get_by_role("link", name="Split it off again").click()
    looked_at(page, "merge: split", note)
    page.fill("main [name=reason]", "A slip")
    page.get_by_role("button", name="Split it off").click()
    page.wait_for_url(address)
    expect(page.locator("main")).not_to_contain_text("Merged into")
    page.get_by_role("button", name="Change the group").wait_for()
