"""A comparison of versions in the browser: asked, watched to its end, opened, removed."""

import pytest
from playwright.sync_api import expect

from tests.functional.conftest import SignIn
from tests.functional.tally import Note
from tests.functional.test_accessibility import PICTURES, WIDER, faults_of
from tests.site import LiveSite

pytestmark = pytest.mark.browser


def test_a_version_is_compared_before_it_is_adopted(
    live: LiveSite, sign_in: SignIn, note: Note
) -> None:
    page = sign_in("nca_officer")
    page.goto(f"{live.url}/")
    page.get_by_role("link", name="Compare versions of the scheme").click()
    assert not faults_of(page, "what if, asked", note)
    page.get_by_role("button", name="Compare").click()
    page.wait_for_url("**/what-if/*/")
    # The page asks by itself until the worker is done.
    expect(page.locator("main")).to_contain_text("From band to band", timeout=30_000)
    assert not faults_of(page, "what if, compared", note)
    page.screenshot(path=PICTURES / "what-if-1280.png", full_page=True)
    page.set_viewport_size({"width": 320, "height": 900})
    assert page.evaluate(WIDER) <= 0
    assert not faults_of(page, "what if, narrow", note)
    page.screenshot(path=PICTURES / "what-if-320.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})
    graver = page.locator("[data-figure=graver]")
    count = graver.inner_text().split()[0]
    graver.click()
    expect(page.locator("[data-count]")).to_have_attribute("data-count", count)
    assert not faults_of(page, "what if, its groups", note)
    page.get_by_role("link", name="Back to the comparison").click()
    page.get_by_role("button", name="Remove this comparison").click()
    expect(page.locator("main")).to_contain_text("Your comparisons")
    expect(page.get_by_text("The comparison is removed")).to_be_visible()
