"""A region asks for more before a step; the page says what is missing; then a review."""

import pytest
from playwright.sync_api import Page, expect

from tests.functional.conftest import SignIn
from tests.functional.tally import Note
from tests.functional.test_accessibility import PICTURES, WIDER, faults_of
from tests.functional.test_moderation import decide, recorded
from tests.site import LiveSite

pytestmark = pytest.mark.browser
NEEDS = "Needs a lead officer: rule of NEROCU since"


def judged(page: Page, what: str, note: Note) -> None:
    """Assert that the page is sound, wide and narrow; keep its pictures."""
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / f"steps.{what}.{width}.png", full_page=True)
        assert page.evaluate(WIDER) <= 0
        assert not faults_of(page, f"{what} at {width}", note)
    page.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.journey("lead and analyst: a rule of a step, then a review")
def test_a_rule_is_set_met_and_the_group_reviewed(
    live: LiveSite, sign_in: SignIn, note: Note
) -> None:
    lead, analyst = sign_in("rocu_lead", scripts=False), sign_in("owner_analyst")
    lead.goto(f"{live.url}/moderation/")
    lead.get_by_role("link", name="Rules of steps").click()
    lead.get_by_role("button", name="Set a rule").click()
    lead.get_by_label("Which step needs what").select_option("submit:lead_officer")
    lead.get_by_label("Yes").check()
    lead.fill("main [name=reason]", "A group without an officer is nobody's.")
    lead.get_by_role("button", name="Set the rule").click()
    expect(lead.locator("main")).to_contain_text("submit: a lead officer")

    address = recorded(analyst, live, "Hessle group")
    expect(analyst.locator("main")).to_contain_text(NEEDS)
    analyst.goto(f"{address}state/")
    judged(analyst, "state", note)
    analyst.get_by_label("Submit it to the region").check()
    analyst.get_by_label("What made you put it forward").select_option("partner")
    analyst.fill("main [name=reason]", "Referred by the port.")
    analyst.get_by_role("button", name="Change the state").click()
    expect(analyst.locator(".govuk-error-summary")).to_contain_text(NEEDS)
    judged(analyst, "refused", note)

    analyst.goto(f"{address}edit/")
    analyst.fill("main [name=lead_officer]", "DI Ash")
    analyst.locator("main form").get_by_role("button", name="Save").last.click()
    analyst.wait_for_url(address)
    analyst.goto(f"{address}state/")
    analyst.get_by_label("Submit it to the region").check()
    analyst.get_by_label("What made you put it forward").select_option("partner")
    analyst.fill("main [name=reason]", "Referred by the port.")
    analyst.get_by_role("button", name="Change the state").click()
    analyst.wait_for_url(address)

    lead.goto(f"{address}moderate/")
    decide(lead, "Map it", "Complete.")
    lead.goto(address)
    lead.get_by_role("button", name="Record a review").click()
    lead.get_by_label("It stays as it is").check()
    lead.fill("main [name=reason]", "Mapped today; nothing is missing.")
    lead.get_by_role("button", name="Record the review").click()
    lead.wait_for_url(address)
    watcher = sign_in("rocu_lead", width=1280)
    watcher.goto(address)
    expect(watcher.locator("main")).to_contain_text("It stays as it is")
    expect(watcher.locator("main")).to_contain_text("A referral from a partner agency")
    judged(watcher, "group", note)
    for url, what in (
        (f"{address}review/", "review"),
        (f"{live.url}/steps/rules/", "rules"),
        (f"{live.url}/steps/rules/new/", "new-rule"),
    ):
        watcher.goto(url)
        judged(watcher, what, note)
