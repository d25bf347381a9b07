"""The slider of days by keyboard, and the profile as it comes out on paper."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.functional.conftest import SignIn
from tests.functional.test_accessibility import OPTIONS
from tests.site import LiveSite
from tests.world import Manifest

pytestmark = pytest.mark.browser
SHEET_MILLIMETRES = 297


@pytest.fixture
def page(sign_in: SignIn) -> Page:
    return sign_in("owner_supervisor")


def test_the_slider_writes_a_day_and_asks_for_nothing_by_itself(
    live: LiveSite, page: Page
) -> None:
    address = f"{live.url}/dashboard/force:durham/"
    page.goto(address)
    # The world of the tests is of today: give the slider more days than that.
    page.evaluate("""() => {
        const part = document.querySelector("[data-days]");
        if (part) part.dataset.first = "2026-01-01";
    }""")
    if page.locator("[data-days]").count() == 0:
        pytest.skip("the world has a picture of one day alone")
    page.locator("summary", has_text="Show another day").click()
    slider = page.get_by_role("slider", name="Day of the picture")
    slider.focus()
    expect(slider).to_have_attribute("aria-valuetext", "Now")
    page.keyboard.press("ArrowLeft")
    day = page.input_value("#id_at")
    assert len(day.split("/")) == 3
    told = slider.get_attribute("aria-valuetext") or ""
    assert told.startswith("End of ")
    assert page.url == address
    page.get_by_role("button", name="Show", exact=True).first.click()
    page.wait_for_url("**at=*")
    expect(page.locator("main")).to_contain_text(f"As at the {told.replace('E', 'e')}")


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
