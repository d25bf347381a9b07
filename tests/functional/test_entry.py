"""Recording a group by keyboard alone, on one page and step by step; what it costs."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.functional.conftest import SignIn
from tests.functional.effort import counted
from tests.functional.test_accessibility import OPTIONS
from tests.functional.test_keyboard import pick, press
from tests.site import LiveSite

pytestmark = pytest.mark.browser

FAMILY = ("able", "baker", "char", "dog", "easy")
DRAFT = re.compile(r"/entry/group/[0-9a-f-]{36}/$")
GROUP = re.compile(r"/groups/[0-9a-f-]{36}/$")


def focus(page: Page, name: str) -> None:
    """Press Tab until the field of this name has the focus."""
    for _ in range(60):
        if page.evaluate("n => document.activeElement.name === n", name):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{name} is not within reach of the Tab key")


def type_at(page: Page, name: str, text: str) -> None:
    focus(page, name)
    page.keyboard.type(text)


def no_faults(page: Page) -> None:
    found = Axe().run(page, options=OPTIONS).response["violations"]
    assert not found, [(one["id"], one["nodes"][0]["html"][:200]) for one in found]


def fill_members(page: Page, stem: str) -> None:
    for number, ending in enumerate(FAMILY):
        if number:
            press(page, "Add another member")
            page.wait_for_selector(f"text=Member {number + 1}")
        type_at(page, f"members-{number}-given_names", "Al")
        type_at(page, f"members-{number}-surname", f"{stem}{ending}")
        type_at(page, f"members-{number}-dpa_category", "Susp")


def fill_report(page: Page) -> None:
    type_at(page, "report-text", "Seen twice.")
    for name, value in (
        ("report-source_grade", "1"),
        ("report-assessment_grade", "A"),
        ("report-handling", "P"),
    ):
        pick(page, name, value)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_group_with_five_members_and_report(
    live: LiveSite, sign_in: SignIn, scripts: bool
) -> None:
    page = sign_in("owner_analyst", scripts=scripts)
    if not scripts:
        record(page, "Quillon")
        return
    with counted(page, "group with five new members and first report") as effort:
        record(page, "Zephyr")
    assert effort.clicks == 0
    assert effort.key_presses > 100, "the counter counts"
    assert effort.page_loads == 3
    page.goto(re.sub(r"(/groups/[0-9a-f-]{36}/).*", r"\1people/", page.url))
    expect(page.get_by_role("heading", name="Members (5)")).to_be_visible()


def record(page: Page, stem: str) -> None:
    press(page, "Record a group")
    page.wait_for_url(DRAFT)
    type_at(page, "name", f"{stem} crew")
    type_at(page, "rationale", "Seen.")
    fill_members(page, stem)
    fill_report(page)
    page.keyboard.press("Enter")
    page.wait_for_url("**/check/")
    press(page, "Record the group and submit the report")
    page.wait_for_url(GROUP)
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{stem} crew")
