"""The profile of a group as it comes out on paper."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.functional.conftest import SignIn
from tests.functional.test_accessibility import OPTIONS
from tests.site import LiveSite
from tests.world import Manifest

pytestmark = pytest.mark.browser


@pytest.fixture
def page(sign_in: SignIn) -> Page:
    return sign_in("owner_supervisor")


def test_every_copy_comes_out_with_its_marking(
    live: LiveSite, page: Page, manifest: Manifest
) -> None:
    page.goto(f"{live.url}/groups/{manifest.groups['d_force']}/profile/")
    page.get_by_label("Reason for printing").fill("Briefing of the tasking group")
    page.get_by_label("Number of copies").fill("3")
    page.get_by_label("Distribution list").fill("First\nSecond\nThird")
    page.get_by_role("button", name="Make the profile").click()
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    assert not Axe().run(page, options=OPTIONS).response["violations"]
    expect(page.locator(".app-paper:visible")).to_have_count(1)
    page.emulate_media(media="print")
    papers = page.locator(".app-paper:visible")
    expect(papers).to_have_count(3)
    expect(page.locator(".app-page-header")).to_be_hidden()
    for number in range(3):
        one = papers.nth(number)
        expect(one.locator(".app-marking:visible")).to_have_count(2)
        for part, display in (("head", "header"), ("foot", "footer")):
            shown = one.locator(f".app-paper__{part}").evaluate(
                "one => getComputedStyle(one).display"
            )
            assert shown == f"table-{display}-group", (
                "it stands on the first sheet only"
            )
