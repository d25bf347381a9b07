"""Recording a group by keyboard alone, on one page and step by step; what it costs."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.cast import PASSWORD
from tests.functional.conftest import Journey, SignIn
from tests.functional.effort import Effort, over
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


def unfold(page: Page, text: str) -> None:
    """Press Tab until this heading of folded questions has the focus, then open it."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("t => document.activeElement.innerText.trim() === t", text):
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"“{text}” is not within reach of the Tab key")


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


@pytest.mark.journey("a group with members and first report")
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_group_with_five_members_and_report(
    live: LiveSite, sign_in: SignIn, journey: Journey, scripts: bool
) -> None:
    page = sign_in("owner_analyst", scripts=scripts)
    if not scripts:
        record(page, "Quillon")
        return
    with journey(page, "group with five new members and first report") as effort:
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


@pytest.mark.journey("a group with members from a list")
def test_group_with_five_members_from_a_list(
    live: LiveSite, sign_in: SignIn, journey: Journey
) -> None:
    page = sign_in("owner_analyst")
    with journey(
        page, "group with five members from a list and first report"
    ) as effort:
        press(page, "Record a group")
        page.wait_for_url(DRAFT)
        type_at(page, "name", "Quixote yard")
        type_at(page, "rationale", "Seen.")
        unfold(page, "Add members from a list")
        focus(page, "paste")
        for ending in FAMILY:
            page.keyboard.type(f"Al Quixote{ending}")
            page.keyboard.press("Enter")
        type_at(page, "paste_category", "Susp")
        press(page, "Look up the list")
        page.wait_for_selector("text=Of 5 lines")
        fill_report(page)
        page.keyboard.press("Enter")
        page.wait_for_url("**/check/")
        press(page, "Record the group and submit the report")
        page.wait_for_url(GROUP)
    assert effort.clicks == 0
    assert effort.page_loads == 4


def begin(page: Page) -> str:
    page.get_by_role("button", name="Record a group").click()
    page.wait_for_url(DRAFT)
    return page.url


def test_draft_saves_itself_and_survives_the_session(
    live: LiveSite, sign_in: SignIn
) -> None:
    page = sign_in("owner_supervisor")
    address = begin(page)
    page.get_by_label("Name of the group").press_sequentially("Kept without asking")
    state = page.locator("[data-draft-state]")
    expect(state).to_have_text(re.compile(r"^Saved \d\d:\d\d$"))
    expect(state).to_have_attribute("role", "status")
    no_faults(page)
    page.context.clear_cookies(name=re.compile("session"))
    page.get_by_label("Name of the group").press_sequentially(" again")
    expect(state).to_contain_text("your session has ended")
    page.goto(f"{live.url}/")
    page.fill("input[name=login]", "owner_supervisor@test.example")
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Kept without asking", exact=True).click()
    assert page.url == address
    expect(page.get_by_label("Name of the group")).to_have_value("Kept without asking")


def test_back_button_and_second_tab(live: LiveSite, sign_in: SignIn) -> None:
    page = sign_in("owner_supervisor")
    address = begin(page)
    page.fill("input[name=name]", "Ziggurat crew")
    page.get_by_role("button", name="Check the answers").click()
    page.wait_for_url("**/check/")
    no_faults(page)
    page.go_back()
    expect(page.get_by_label("Name of the group")).to_have_value("Ziggurat crew")
    other = page.context.new_page()
    other.goto(address)
    other.get_by_label("Name of the group").press_sequentially(" of the other tab")
    expect(other.locator("[data-draft-state]")).to_contain_text("Saved")
    page.get_by_label("Name of the group").press("End")
    page.get_by_label("Name of the group").press_sequentially(" of this tab")
    expect(page.locator("[data-draft-state]")).to_contain_text("from another page")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_role("alert")).to_contain_text("from another page")
    expect(page.get_by_label("Name of the group")).to_have_value(
        "Ziggurat crew of this tab"
    )
    no_faults(page)


def test_look_first_and_lists_without_leaving_the_form(
    live: LiveSite, sign_in: SignIn
) -> None:
    page = sign_in("owner_supervisor")
    begin(page)
    page.fill("input[name=rationale], textarea[name=rationale]", "Typed before.")
    page.fill("input[name=look_for]", "Nobody of this name")
    page.locator("input[name=look_for]").press("Enter")
    expect(page.locator("#looked")).to_contain_text("Nothing that you may see")
    expect(page.locator("textarea[name=rationale]")).to_have_value("Typed before.")
    no_faults(page)
    page.locator("summary", has_text="Add members from a list").click()
    page.fill("#id_paste", "Nobody Yet\n07700 900456\n?? 12")
    page.get_by_role("button", name="Look up the list").click()
    expect(page.get_by_role("group", name=re.compile("Invalid$"))).to_be_visible()
    no_faults(page)
    page.get_by_role("button", name="Check the answers").click()
    expect(page.get_by_role("alert")).to_contain_text(
        "Member 1: Select an option for “Data protection"
    )
    no_faults(page)


def test_a_journey_above_its_budget_fails() -> None:
    cheap, dear = Effort(3, 10, 0), Effort(3, 11, 1)
    budget = {"page_loads": 3, "key_presses": 10, "clicks": 0}
    assert not over(cheap, budget)
    assert over(dear, budget) == [
        "key_presses: 11, allowed 10",
        "clicks: 1, allowed 0",
    ]
