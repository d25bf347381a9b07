"""A record goes to and fro between an analyst and the lead of the region, in the browser."""

import pytest
from playwright.sync_api import Page, expect

from tests.functional.conftest import SignIn
from tests.functional.tally import Note
from tests.functional.test_accessibility import WIDER, faults_of
from tests.site import LiveSite

pytestmark = pytest.mark.browser
FIRST = "Three people, two reports."
WHY = "Who leads it? Name a principal, or say that nobody knows."
AGAIN = "The leader is described now."


def recorded(page: Page, live: LiveSite, name: str) -> str:
    """Record a group as a draft; return its address."""
    page.goto(f"{live.url}/groups/new/")
    page.fill("main [name=name]", name)
    page.fill("main [name=summary]", "Steals plant from building sites.")
    page.locator("main form").get_by_role("button", name="Save the group").last.click()
    page.wait_for_url("**/groups/*-*/")
    return page.url


def submit(page: Page, address: str, why: str) -> None:
    page.goto(f"{address}state/")
    page.get_by_label("Submit it to the region").check()
    page.fill("main [name=reason]", why)
    page.get_by_role("button", name="Change the state").click()
    page.wait_for_url(address)


def decide(page: Page, decision: str, why: str) -> None:
    page.get_by_label(decision).check()
    page.fill("main [name=reason]", why)
    page.get_by_role("button", name="Record the decision").click()
    page.wait_for_url("**/moderation/")


@pytest.mark.journey("analyst and lead: returned, corrected, mapped")
def test_returned_corrected_and_mapped(
    live: LiveSite, sign_in: SignIn, note: Note
) -> None:
    analyst, lead = sign_in("owner_analyst"), sign_in("rocu_lead", scripts=False)
    address = recorded(analyst, live, "Ferriby group")
    submit(analyst, address, FIRST)

    lead.locator("main a[data-figure='submitted']").click()
    lead.get_by_role("link", name="Ferriby group").click()
    expect(lead.locator("main")).to_contain_text("Submitted for the first time")
    decide(lead, "Return it", WHY)
    assert lead.get_by_role("link", name="Ferriby group").count() == 0

    analyst.goto(f"{address}edit/")
    analyst.fill("main [name=summary]", "Steals plant; led by a man called Oskar.")
    analyst.locator("main form").get_by_role("button", name="Save").last.click()
    analyst.wait_for_url(address)
    submit(analyst, address, AGAIN)

    analyst.goto(f"{live.url}/moderation/")
    expect(analyst.locator("h1")).not_to_have_text("Groups to moderate")
    watcher = sign_in("rocu_lead", width=1280)
    watcher.goto(f"{address}moderate/")
    [row] = (
        watcher.locator("table", has_text="The group itself").locator("tbody tr").all()
    )
    assert row.inner_text().split("\t") == [
        "Summary",
        "Steals plant from building sites.",
        "Steals plant; led by a man called Oskar.",
    ]
    said = watcher.locator("table", has_text="What was said").locator("tbody")
    for words in (FIRST, WHY, AGAIN):
        expect(said).to_contain_text(words)
    assert not faults_of(watcher, "moderate", note)
    watcher.set_viewport_size({"width": 320, "height": 900})
    assert watcher.evaluate(WIDER) <= 0
    assert not faults_of(watcher, "moderate, narrow", note)
    decide(watcher, "Map it", "Complete.")
    analyst.goto(address)
    expect(analyst.locator("main")).to_contain_text("Mapped")
