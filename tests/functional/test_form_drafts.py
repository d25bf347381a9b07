"""A report or a person typed, and the window closed: found again, and sent once."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.functional.conftest import SignIn
from tests.functional.test_entry import no_faults
from tests.site import LiveSite
from tests.world import Manifest

pytestmark = pytest.mark.browser

SAVED = re.compile(r"^Saved \d\d:\d\d$")
DRAFT = re.compile(r"/entry/(report|person)/[0-9a-f-]{36}/$")


def begin_report(page: Page, live: LiveSite, words: str, group: str = "") -> None:
    page.goto(f"{live.url}/reports/new/{f'?group={group}' if group else ''}")
    page.get_by_label("Sanitised text").press_sequentially(words)


def wait_until_saved(page: Page) -> None:
    expect(page.locator("[data-draft-state]")).to_have_text(SAVED)


def grade(page: Page) -> None:
    for name, value in (
        ("source_grade", "1"),
        ("assessment_grade", "B"),
        ("handling", "P"),
    ):
        page.locator(f"[name={name}][value='{value}']").check()


def rows_of(page: Page, words: str) -> int:
    return page.locator("tr", has_text=words).count()


def test_report_typed_and_closed_is_found_again_and_sent_once(
    live: LiveSite, sign_in: SignIn, manifest: Manifest
) -> None:
    page = sign_in("owner_analyst")
    window, words = page.context, "Typed before the window closed"
    group = manifest.groups["d_force"]
    begin_report(page, live, words, group)
    wait_until_saved(page)
    expect(page).to_have_url(DRAFT)
    no_faults(page)
    mentioned = page.locator("[name=groups]").input_value()
    grade(page)
    page.locator("[name=claims-0-attribute]").select_option(index=1)
    page.locator("[name=claims-0-level][value=high]").check()
    # Closed within the pause: the last words leave with the window.
    page.close(run_before_unload=True)
    page = window.new_page()
    page.goto(f"{live.url}/")
    page.get_by_role("link", name=words, exact=True).click()
    page.wait_for_url(DRAFT)
    no_faults(page)
    expect(page.get_by_label("Sanitised text")).to_have_value(words)
    expect(page.locator("[name=groups]")).to_have_value(mentioned)
    expect(page.locator("[name=claims-0-level][value=high]")).to_be_checked()
    expect(page.locator("[name=handling][value=P]")).to_be_checked()
    page.get_by_role("button", name="Submit the report").last.click()
    page.wait_for_url("**/receipt/")
    page.goto(f"{live.url}/")
    assert rows_of(page, words) == 0


def test_form_that_is_looked_at_begins_no_draft_and_forms_do_not_mix(
    live: LiveSite, sign_in: SignIn, manifest: Manifest
) -> None:
    page, empty = sign_in("owner_supervisor"), "A report without text yet"
    before = rows_of(page, empty)
    begin_report(page, live, "Of no group yet")
    wait_until_saved(page)
    other = page.context.new_page()
    begin_report(other, live, "Of one group", manifest.groups["d_force"])
    wait_until_saved(other)
    third = page.context.new_page()
    third.goto(f"{live.url}/reports/new/?group={manifest.groups['d_force']}")
    expect(third.get_by_label("Sanitised text")).to_have_value("")
    expect(third.locator("[name=groups]")).not_to_have_value("")
    third.close(run_before_unload=True)
    page.reload()
    expect(page.get_by_label("Sanitised text")).to_have_value("Of no group yet")
    expect(page.locator("[name=groups]")).to_have_value("")
    page.goto(f"{live.url}/")
    assert rows_of(page, "Of no group yet") == 1
    assert rows_of(page, "Of one group") == 1
    assert rows_of(page, empty) == before


def test_two_tabs_of_one_report(live: LiveSite, sign_in: SignIn) -> None:
    page = sign_in("owner_supervisor")
    begin_report(page, live, "Obelisk")
    wait_until_saved(page)
    other = page.context.new_page()
    other.goto(page.url)
    with other.expect_response("**/entry/report/save/"):
        other.get_by_label("Sanitised text").press_sequentially(" of the other tab")
    page.get_by_label("Sanitised text").press_sequentially(" of this tab")
    expect(page.locator("[data-draft-state]")).to_contain_text("from another page")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_role("alert")).to_contain_text("from another page")
    expect(page.get_by_label("Sanitised text")).to_have_value("Obelisk of this tab")
    no_faults(page)
    page.get_by_role("button", name="Save draft").click()
    page.wait_for_url(DRAFT)
    no_faults(page)
    page.get_by_role("link", name="Discard the draft").click()
    no_faults(page)
    page.get_by_role("button", name="Discard the draft").click()
    page.wait_for_url(f"{live.url}/")
    assert rows_of(page, "Obelisk") == 0


def test_refused_report_is_kept_as_it_was_refused(
    live: LiveSite, sign_in: SignIn
) -> None:
    page = sign_in("owner_supervisor")
    page.goto(f"{live.url}/reports/new/")
    page.get_by_label("Sanitised text").fill("Refused for its grade")
    page.get_by_role("button", name="Submit the report").last.click()
    expect(page.get_by_role("alert").first).to_be_visible()
    wait_until_saved(page)
    no_faults(page)
    page.reload()
    expect(page.get_by_label("Sanitised text")).to_have_value("Refused for its grade")


def test_report_without_scripts(live: LiveSite, sign_in: SignIn) -> None:
    page, words = sign_in("owner_analyst", scripts=False), "Typed without scripts"
    page.goto(f"{live.url}/reports/new/")
    page.get_by_label("Sanitised text").fill(words)
    page.get_by_role("button", name="Save draft").click()
    page.wait_for_url(DRAFT)
    expect(page.get_by_text("Only you see the draft.")).to_be_visible()
    page.goto(f"{live.url}/")
    page.get_by_role("link", name=words, exact=True).click()
    grade(page)
    page.get_by_role("button", name="Save draft").click()
    page.get_by_role("button", name="Submit the report").last.click()
    page.wait_for_url("**/receipt/")
    page.goto(f"{live.url}/")
    assert rows_of(page, words) == 0


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_person_typed_and_closed_is_found_again(
    live: LiveSite, sign_in: SignIn, scripts: bool
) -> None:
    page = sign_in("owner_supervisor", scripts=scripts)
    name, number = (
        ("Wilhelmina", "07700 900871") if scripts else ("Xanthippe", "07700 900872")
    )
    page.goto(f"{live.url}/people/new/")
    page.get_by_label("Surname").press_sequentially(name)
    if scripts:
        wait_until_saved(page)
    else:
        page.get_by_role("button", name="Save draft").click()
    page.wait_for_url(DRAFT)
    again = page.context.new_page()
    page.close(run_before_unload=True)
    again.goto(f"{live.url}/")
    again.get_by_role("link", name=name, exact=True).click()
    again.wait_for_url(DRAFT)
    if scripts:
        no_faults(again)
    again.get_by_label("Kind of identifier").select_option("phone")
    again.locator("[name=value]").fill(number)
    again.get_by_label("Why they are recorded").fill("Seen.")
    again.get_by_role("button", name="Save", exact=True).click()
    again.wait_for_url(re.compile(r"/people/[0-9a-f-]{36}/$"))
    again.goto(f"{live.url}/")
    assert rows_of(again, name) == 0
