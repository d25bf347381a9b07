"""The two jobs of every day, done with the keyboard alone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.cast import PASSWORD
from tests.functional.conftest import SignIn
from tests.site import LiveSite
from tests.world import Manifest

pytestmark = pytest.mark.browser

LONGEST_WALK = 120


def tab_to(page: Page, label: str | re.Pattern[str], role: str = "textbox") -> None:
    """Press Tab until the control with this name has the focus."""
    for _ in range(LONGEST_WALK):
        page.keyboard.press("Tab")
        wanted = page.get_by_role(role, name=label, exact=isinstance(label, str))  # type: ignore[arg-type]
        if any(
            one.evaluate("e => e === document.activeElement") for one in wanted.all()
        ):
            return
    raise AssertionError(f"no {role} named {label!r} within reach of the Tab key")


def type_into(page: Page, label: str | re.Pattern[str], text: str) -> None:
    tab_to(page, label)
    page.keyboard.type(text)


def choose(page: Page, label: str | re.Pattern[str], first_letters: str) -> None:
    """Reach a list of choices and pick by typing."""
    tab_to(page, label, "combobox")
    page.keyboard.type(first_letters)


def pick(page: Page, name: str, value: str) -> None:
    """Reach a group of radios and move to the choice with the arrow keys."""
    wanted = f'input[name="{name}"][value="{value}"]'
    for _ in range(LONGEST_WALK):
        page.keyboard.press("Tab")
        if page.evaluate("n => document.activeElement.name === n", name):
            break
    for _ in range(8):
        if page.locator(wanted).is_checked():
            return
        page.keyboard.press("ArrowDown")
    # The first press of Tab lands on the first choice without taking it.
    page.keyboard.press("Space")
    expect(page.locator(wanted)).to_be_checked()


def press(page: Page, button: str) -> None:
    tab_to(page, button, "button")
    page.keyboard.press("Enter")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_record_a_group_with_five_members(
    live: LiveSite, sign_in: SignIn, scripts: bool
) -> None:
    page = sign_in("owner_analyst", scripts=scripts)
    page.goto(f"{live.url}/groups/new/")
    name = "Keyboard group" if scripts else "Vandermeer yard"
    type_into(page, "Name of the group", name)
    type_into(page, re.compile("^What the record is based on"), "Seen together, twice.")
    for number in range(1, 6):
        if number == 1:
            _member(page, number, scripts)
            continue
        press(page, "Add another member")
        page.wait_for_selector(f"text=Member {number}")
        _member(page, number, scripts)
    press(page, "Save the group")
    page.wait_for_url(re.compile(r"/groups/[0-9a-f-]{36}/"))
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    page.goto(re.sub(r"(/groups/[0-9a-f-]{36}/).*", r"\1people/", page.url))
    expect(page.get_by_role("heading", name="Members (5)")).to_be_visible()


def _member(page: Page, number: int, scripts: bool) -> None:
    surname = page.get_by_label(re.compile("^Surname")).nth(number - 1)
    _focus_by_tab(page, surname)
    # Names unlike those of the other run: what is alike must be decided on first.
    stem = "Keybrook" if scripts else "Vandermeer"
    page.keyboard.type(f"{stem}{'abcde'[number - 1]}")
    category = page.get_by_label(re.compile("^Data protection category")).nth(
        number - 1
    )
    _focus_by_tab(page, category)
    page.keyboard.type("Susp")


def _focus_by_tab(page: Page, wanted: object) -> None:
    for _ in range(LONGEST_WALK):
        page.keyboard.press("Tab")
        if wanted.evaluate("e => e === document.activeElement"):  # type: ignore[attr-defined]
            return
    raise AssertionError(f"{wanted} is not within reach of the Tab key")


def test_submit_a_report_and_see_it_included(
    live: LiveSite, sign_in: SignIn, manifest: Manifest
) -> None:
    page = sign_in("owner_analyst")
    group = manifest.groups["d_force"]
    page.goto(f"{live.url}/reports/new/?group={group}")
    type_into(page, "Sanitised text", "Seen loading a white van at night.")
    pick(page, "source_grade", "1")
    pick(page, "assessment_grade", "B")
    pick(page, "handling", "P")
    choose(page, "Attribute", "Expert")
    pick(page, "claims-0-level", "high")
    press(page, "Submit the report")
    page.wait_for_url("**/receipt/")
    expect(page.get_by_text("Your report is in the picture.")).to_be_visible(
        timeout=15_000
    )


def test_what_was_typed_survives_an_error_and_a_lost_session(
    live: LiveSite, sign_in: SignIn
) -> None:
    page = sign_in("owner_analyst")
    page.goto(f"{live.url}/reports/new/")
    page.get_by_label("Sanitised text").fill("Typed once and never lost.")
    page.get_by_role("button", name="Submit the report").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    expect(page.get_by_label("Sanitised text")).to_have_value(
        "Typed once and never lost."
    )
    page.context.clear_cookies(name=re.compile("session"))
    page.get_by_role("button", name="Submit the report").click()
    expect(page.get_by_text("Your session has ended").first).to_be_visible()
    page.fill("input[name=login]", "owner_analyst@test.example")
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Send again").click()
    expect(page.get_by_label("Sanitised text")).to_have_value(
        "Typed once and never lost."
    )
