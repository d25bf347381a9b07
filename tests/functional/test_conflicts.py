"""Two windows change one group: the page that compares, by keyboard, and the undo."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.functional.conftest import SignIn
from tests.functional.test_accessibility import OPTIONS
from tests.functional.test_keyboard import pick, tab_to
from tests.site import LiveSite
from tests.world import Manifest

pytestmark = pytest.mark.browser


def violations(page: Page, *, scripts: bool = True) -> list[str]:
    """Return what axe finds, which needs scripts, and whether the page is too wide."""
    found = Axe().run(page, options=OPTIONS).response["violations"] if scripts else []
    wide = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return [one["id"] for one in found] + ([f"{wide} px too wide"] if wide > 0 else [])


def rename(page: Page, address: str, name: str, *, other_tier: bool = False) -> None:
    page.goto(address)
    page.fill("input[name=name]", name)
    if other_tier:
        page.locator("input[name=tier]:not(:checked)").first.check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("The group is changed")).to_be_visible()


@pytest.mark.parametrize(
    ("scripts", "width"),
    [(True, 1280), (True, 320), (False, 768)],
    ids=["wide", "narrow", "no scripts"],
)
def test_both_texts_are_shown_and_the_keyboard_chooses(
    live: LiveSite, manifest: Manifest, sign_in: SignIn, scripts: bool, width: int
) -> None:
    address = f"{live.url}/groups/{manifest.groups['d_force']}/edit/"
    mine = sign_in("owner_analyst", scripts=scripts, width=width)
    mine.goto(address)
    mine.fill("input[name=name]", f"Mine {width}")
    mine.fill("textarea[name=summary]", f"A long text of mine, {width}.")
    theirs = sign_in("owner_supervisor")
    rename(theirs, address, f"Theirs {width}", other_tier=True)
    mine.get_by_role("button", name="Save", exact=True).press("Enter")
    expect(mine.get_by_role("heading", level=1)).to_have_text(
        "Someone else changed this meanwhile"
    )
    for text in (f"Mine {width}", f"Theirs {width}", f"A long text of mine, {width}."):
        expect(mine.get_by_role("cell", name=text, exact=True).first).to_be_visible()
    expect(mine.locator("input[name=keep-summary][value=mine]")).to_be_checked()
    expect(mine.locator("input[name=keep-tier][value=theirs]")).to_be_checked()
    assert violations(mine, scripts=scripts) == []
    tab_to(mine, "Save what is chosen", "button")
    mine.keyboard.press("Enter")
    expect(mine.get_by_role("alert").first).to_contain_text(
        "was changed by you and by someone else"
    )
    assert violations(mine, scripts=scripts) == []
    pick(mine, "keep-name", "mine")
    tab_to(mine, "Save what is chosen", "button")
    mine.keyboard.press("Enter")
    expect(mine.get_by_role("heading", level=1)).to_have_text(f"Mine {width}")


def test_undo_from_the_notice(
    live: LiveSite, manifest: Manifest, sign_in: SignIn
) -> None:
    page = sign_in("owner_supervisor")
    address = f"{live.url}/groups/{manifest.groups['d_force']}/edit/"
    page.goto(address)
    former = page.input_value("input[name=name]")
    rename(page, address, "A slip of the pen")
    page.get_by_role("link", name="Undo this change").press("Enter")
    expect(page.get_by_role("cell", name="A slip of the pen")).to_be_visible()
    assert violations(page) == []
    tab_to(page, "Undo the change", "button")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The change is undone")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text(former)
    page.goto(address.replace("/edit/", "/history/"))
    expect(page.get_by_text("Reason: Undone").first).to_be_visible()
    assert violations(page) == []
    rename(page, address, "Changed twice")
    link = page.get_by_role("link", name="Undo this change").get_attribute("href")
    rename(page, address, "Changed a third time")
    page.goto(f"{live.url}{link}")
    expect(page.get_by_text("cannot be undone any more")).to_be_visible()
    assert violations(page) == []
    rename(page, address, former)
