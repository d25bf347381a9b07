"""Single keys: a list of them, rows of a list, parts of the site; never while typing."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.functional.conftest import SignIn
from tests.functional.test_accessibility import OPTIONS
from tests.site import LiveSite

pytestmark = pytest.mark.browser

FOCUSED_ROW = """() => {
    const rows = [...document.querySelectorAll('main tbody tr')];
    return rows.findIndex(row => row.contains(document.activeElement));
}"""


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_from_home_to_a_group_without_a_mouse(live: LiveSite, sign_in: SignIn) -> None:
    page = sign_in("owner_supervisor")
    press(page, "g", "g")
    page.wait_for_url("**/groups/")
    press(page, "j")
    assert page.evaluate(FOCUSED_ROW) == 0
    press(page, "j", "k")
    assert page.evaluate(FOCUSED_ROW) == 0
    press(page, "Enter")
    page.wait_for_url("**/groups/*-*/")
    press(page, "n")
    page.wait_for_url("**/groups/new/")
    press(page, "g", "h")
    page.wait_for_url(f"{live.url}/")


def test_typing_is_never_a_shortcut(live: LiveSite, sign_in: SignIn) -> None:
    page = sign_in("owner_supervisor")
    page.goto(f"{live.url}/groups/new/")
    page.locator("input[name=name]").focus()
    page.keyboard.type("g h n ? / j")
    expect(page.locator("input[name=name]")).to_have_value("g h n ? / j")
    assert page.locator("dialog").count() == 0
    assert page.url.endswith("/groups/new/")
    press(page, "Escape")
    page.locator("h1").click()
    press(page, "/")
    page.keyboard.type("elm")
    expect(page.locator("#search-everything")).to_have_value("elm")


def test_list_opens_over_a_form_and_gives_the_focus_back(
    live: LiveSite, sign_in: SignIn
) -> None:
    page = sign_in("owner_supervisor")
    page.goto(f"{live.url}/groups/new/")
    page.fill("input[name=name]", "Typed before")
    link = page.get_by_role("link", name="Cancel")
    link.focus()
    press(page, "?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_text("Record a group")).to_be_visible()
    assert not Axe().run(page, options=OPTIONS).response["violations"]
    press(page, "n")
    assert page.url.endswith("/groups/new/")
    press(page, "Escape")
    expect(dialog).to_have_count(0)
    expect(link).to_be_focused()
    expect(page.locator("input[name=name]")).to_have_value("Typed before")


def test_off_means_off(live: LiveSite, sign_in: SignIn) -> None:
    page = sign_in("owner_supervisor")
    page.get_by_role("button", name="Turn off single-key shortcuts").click()
    page.locator("h1").click()
    press(page, "?", "g", "g", "n", "/")
    page.wait_for_timeout(300)
    assert page.locator("dialog").count() == 0
    assert page.url == f"{live.url}/"
    page.reload()
    expect(page.get_by_role("button", name="Turn on single-key")).to_be_visible()
    page.get_by_role("button", name="Turn on single-key").click()
    page.goto(f"{live.url}/shortcuts/")
    page.get_by_label("Off: single keys do nothing").check()
    page.get_by_role("button", name="Save the choice").click()
    expect(page.get_by_text("Your choice is saved")).to_be_visible()
    press(page, "g", "g")
    page.wait_for_timeout(300)
    assert page.url == f"{live.url}/shortcuts/"
    page.get_by_label("On", exact=True).check()
    page.get_by_role("button", name="Save the choice").click()


def test_without_scripts_the_page_lists_them(live: LiveSite, sign_in: SignIn) -> None:
    page = sign_in("owner_supervisor", scripts=False)
    page.get_by_role("link", name="Keyboard shortcuts").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Keyboard shortcuts")
    expect(page.get_by_role("row", name="Go to: Groups")).to_be_visible()
