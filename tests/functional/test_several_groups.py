"""Several groups are changed by keyboard and mouse alike, with scripts and without."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.functional.conftest import SignIn
from tests.functional.test_accessibility import OPTIONS
from tests.site import LiveSite

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scripts", [True, False])
def test_select_preview_confirm(live: LiveSite, sign_in: SignIn, scripts: bool) -> None:
    page = sign_in("owner_supervisor", scripts=scripts, width=320)
    axe = Axe()

    def check(what: str) -> None:
        wide = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide <= 0, what
        if scripts:  # the rules are themselves a script
            assert not axe.run(page, options=OPTIONS).response["violations"], what

    page.goto(f"{live.url}/groups/?scope=force:durham")
    page.get_by_role("checkbox", name="Select G-").first.check(force=True)
    page.get_by_role("button", name="Change the selected groups").click()
    expect(page.get_by_role("heading", name="Selected groups (1)")).to_be_visible()
    check("choose")
    page.get_by_role("checkbox", name="Lead officer").check(force=True)
    officer = "DI Ash" if scripts else "DI Birch"
    page.get_by_label("New lead officer").fill(officer)
    page.get_by_role("button", name="Preview the changes").click()
    expect(page.get_by_role("heading", name="Groups that change (1)")).to_be_visible()
    check("preview")
    page.get_by_label("Reason for the changes").fill("Posted elsewhere")
    page.get_by_role("button", name="Change 1 group").click()
    expect(page.get_by_role("heading", name="Groups that changed (1)")).to_be_visible()
    expect(page.get_by_text(officer)).to_be_visible()
    check("result")
