"""What people ask every day, by keyboard alone, and what each question costs.

The journeys of entry are in `test_entry.py`. Each of these begins where somebody stands
when the question comes up, and ends on the page that answers it.
"""

import re
from contextlib import nullcontext

import pytest
from playwright.sync_api import Page, expect

from tests.functional.conftest import Journey, SignIn
from tests.functional.test_entry import type_at, unfold
from tests.functional.test_keyboard import press
from tests.site import LiveSite
from tests.world import Manifest

pytestmark = pytest.mark.browser
EMAIL = re.compile(r"zq[a-z]{4}x@post\.example")
LONGEST_WALK = 400


def tab_to_link(page: Page, selector: str) -> None:
    """Press Tab until a link of this sort has the focus."""
    for _ in range(LONGEST_WALK):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"{selector} is not within reach of the Tab key")


def open_link(page: Page, selector: str) -> None:
    tab_to_link(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.mark.journey("analyst: who is this?")
def test_who_is_this_number(
    live: LiveSite, manifest: Manifest, sign_in: SignIn, journey: Journey
) -> None:
    page = sign_in("owner_analyst")
    page.goto(f"{live.url}/groups/{manifest.groups['d_force']}/network/?steps=2")
    email = EMAIL.search(page.content())
    assert email
    page.goto(f"{live.url}/dashboard/force:durham/")
    with journey(page, "who uses this number?"):
        page.keyboard.press("/")
        page.keyboard.type(email[0])
        with page.expect_navigation():
            page.keyboard.press("Enter")
    told = page.locator("main").inner_text()
    assert EMAIL.search(told), (page.url, told)
    assert page.locator("main table a[href^='/people/']").count() > 0


@pytest.mark.journey("lead: why did this group move?")
def test_why_did_this_group_move(
    live: LiveSite, sign_in: SignIn, journey: Journey
) -> None:
    page = sign_in("rocu_lead")
    page.goto(f"{live.url}/dashboard/region:nerocu/")
    with journey(page, "why did this group move?"):
        tab_to_link(page, "main a[href='#movement']")
        page.keyboard.press("Enter")
        open_link(page, "main a[href*='/score/']")
    expect(
        page.get_by_role("heading", name=re.compile("^Every attribute")).first
    ).to_be_visible()


@pytest.mark.journey("lead: what is overdue?")
def test_what_is_overdue_in_my_region(
    live: LiveSite, sign_in: SignIn, journey: Journey
) -> None:
    page = sign_in("rocu_lead")
    overdue = page.locator("main a[data-figure='overdue']")
    number = int(overdue.inner_text().split()[0])
    with journey(page, "what is overdue in my region?"):
        open_link(page, "main a[data-figure='overdue']")
    shown = page.locator("main [data-count]").first.get_attribute("data-count")
    assert shown == str(number)


@pytest.mark.journey("analyst: which of these do we know?")
def test_which_of_these_do_we_know(
    live: LiveSite, manifest: Manifest, sign_in: SignIn, journey: Journey
) -> None:
    page = sign_in("owner_analyst")
    page.goto(f"{live.url}/groups/{manifest.groups['d_force']}/network/?steps=2")
    known = EMAIL.search(page.content())
    assert known
    numbers = [f"07700 900{number:03}" for number in range(199)]
    pasted = "\n".join([*numbers, known[0]])
    page.goto(f"{live.url}/reports/")
    with journey(page, "which of these 200 do we know?"):
        page.goto(f"{live.url}/search/paste/")
        tab_to_link(page, "main textarea")
        page.keyboard.insert_text(pasted)
        with page.expect_navigation():
            page.keyboard.press("Tab")
            while page.evaluate("document.activeElement.type !== 'submit'"):
                page.keyboard.press("Tab")
            page.keyboard.press("Enter")
    text = page.locator("main").inner_text()
    assert "Known" in text
    assert "Unknown" in text
    assert page.locator("main a[href^='/people/']").count() > 0


@pytest.mark.journey("officer: down from the nation")
def test_from_the_nation_to_the_evidence(
    live: LiveSite, sign_in: SignIn, journey: Journey
) -> None:
    page = sign_in("nca_officer")
    page.goto(f"{live.url}/dashboard/national/")
    with journey(page, "from the nation down to the evidence"):
        open_link(page, "main a[href^='/dashboard/region:nerocu']")
        open_link(page, "main a[data-figure='groups']")
        open_link(page, "main table a[href^='/groups/']")
        open_link(page, ".moj-sub-navigation a[href$='/score/']")
        open_link(page, ".moj-sub-navigation a[href$='/intelligence/']")
    assert page.url.endswith("/intelligence/")


@pytest.mark.journey("auditor: nothing of the records")
def test_an_auditor_sees_no_record(live: LiveSite, sign_in: SignIn) -> None:
    page = sign_in("auditor")
    for path in ("/groups/", "/people/", "/dashboard/national/"):
        answer = page.goto(live.url + path)
        assert answer is not None
        shown = page.locator("main").inner_text()
        assert answer.status in {200, 403}, path
        assert not re.search(r"zq[a-z]{4}x", shown, re.IGNORECASE), path


@pytest.mark.journey("supervisor: confirm a band")
def test_a_supervisor_confirms_a_band(
    live: LiveSite, manifest: Manifest, sign_in: SignIn, journey: Journey
) -> None:
    page = sign_in("owner_supervisor")
    page.goto(f"{live.url}/groups/{manifest.groups['d_region']}/score/")
    band = page.locator("main .app-band").first.inner_text().split()[0]
    with journey(page, "confirm a band"):
        open_link(page, "main a[href$='/confirm-band/']")
        type_at(page, "band", band)
        type_at(page, "reason", "As it was judged.")
        press(page, "Confirm the band")
        page.wait_for_url("**/score/")
    expect(page.locator("main")).to_contain_text("being brought up to date")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize(
    ("who", "group"),
    [
        pytest.param(
            "owner_supervisor",
            "d_all",
            id="supervisor",
            marks=pytest.mark.journey("supervisor: from a filter to an activity"),
        ),
        pytest.param(
            "nca_officer",
            "a_all",
            id="officer",
            marks=pytest.mark.journey("officer: from a filter to an activity"),
        ),
    ],
)
def test_from_a_filter_to_a_new_activity(
    who: str,
    group: str,
    scripts: bool,
    live: LiveSite,
    manifest: Manifest,
    sign_in: SignIn,
    journey: Journey,
) -> None:
    """A group found by a filter, its score, its timeline, and what it does.

    Without scripts nothing counts keys: the walk is the same, and its end is held to.
    """
    page = sign_in(who, scripts=scripts)
    page.goto(f"{live.url}/groups/")
    public_id, seen = manifest.groups[group], f"Seen by {who}, {scripts}."
    name = f"{who.rpartition('_')[2]}: from a filter to a new activity"
    with journey(page, name) if scripts else nullcontext():
        unfold(page, "Filters")
        type_at(page, "tier", "National")
        with page.expect_navigation():
            press(page, "Apply filters")
        open_link(page, f"main table a[href='/groups/{public_id}/']")
        open_link(page, ".moj-sub-navigation a[href$='/score/']")
        open_link(page, ".moj-sub-navigation a[href$='/timeline/']")
        open_link(page, ".moj-sub-navigation a[href$='/activity/']")
        open_link(page, "main a[href$='/activities/add/']")
        type_at(page, "threat_type", "Cyber")
        type_at(page, "modus", seen)
        type_at(page, "rationale", "Seen.")
        press(page, "Save")
        page.wait_for_url("**/activity/")
    expect(page.get_by_text(seen)).to_be_visible()
