"""A blind second score in the browser, and the pages of the laboratory on two screens."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.functional.conftest import SignIn
from tests.functional.tally import Note
from tests.functional.test_accessibility import PICTURES, WIDER, faults_of
from tests.site import LiveSite
from tests.world import Manifest

pytestmark = pytest.mark.browser


def judged(page: Page, level: str) -> None:
    """Choose a level for every attribute."""
    for group in page.locator("main fieldset").all():
        group.get_by_label(level, exact=True).check()


def looked_at(page: Page, name: str, note: Note) -> None:
    """Hold a page to the rules on a wide and a narrow screen; keep a picture of each."""
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert not faults_of(page, f"{name}, {width}", note)
        assert page.evaluate(WIDER) <= 0, (name, width)
        if os.environ.get("OCGMAP_PICTURES"):
            file = Path(PICTURES) / f"laboratory-{name}-{width}.png"
            page.screenshot(path=file, full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.journey("analyst of the region: a blind second score")
def test_a_blind_second_score(
    live: LiveSite, sign_in: SignIn, manifest: Manifest, note: Note
) -> None:
    # Handed in, a draw is done with: no other test opens this one.
    group = manifest.groups["n_force"]
    first = sign_in("region_analyst")
    draw = f"{live.url}/consistency/second/{manifest.second_scorings['n_force']}/"
    first.goto(draw)
    expect(first.locator("main")).to_contain_text("You judged an attribute of this")
    first.goto(f"{draw}score/")
    expect(first.locator("main")).to_contain_text("had no part in the first")

    second = sign_in("rocu_lead", width=1280)
    second.goto(f"{live.url}/consistency/")
    looked_at(second, "consistency", note)
    second.goto(draw)
    looked_at(second, "drawn", note)
    second.get_by_role("button", name="Score it").click()
    looked_at(second, "begin", note)
    second.get_by_role("button", name="Begin").click()
    expect(second.locator("h1")).to_have_text("Your second score")
    looked_at(second, "form", note)
    main = second.locator("main").inner_text()
    assert "judged" not in main.lower().replace("judge what", "")
    for shut in ("score/", "timeline/", "judge/drug_activity/"):
        second.goto(f"{live.url}/groups/{group}/{shut}")
        expect(second.locator("main")).to_contain_text("until you hand in yours")
    second.goto(f"{live.url}/groups/{group}/")
    expect(second.locator("main")).to_contain_text("The band is shut")

    second.goto(f"{draw}score/")
    judged(second, "Low")
    second.fill("main [name=remarks]", "Little is said of its money.")
    second.get_by_role("button", name="Hand in the second score").click()
    second.wait_for_url(draw)
    table = second.locator("table", has_text="Difference")
    expect(table.locator("tbody tr")).to_have_count(16)
    looked_at(second, "both", note)
    first.goto(draw)
    expect(first.locator("main")).to_contain_text("Both scores, side by side")
    expect(first.locator("main")).to_contain_text("Little is said of its money.")


@pytest.mark.journey("analyst: a calibration pack")
def test_a_calibration_pack(live: LiveSite, sign_in: SignIn, note: Note) -> None:
    page = sign_in("region_analyst", width=1280)
    page.goto(f"{live.url}/")
    page.get_by_role("link", name="Consistency laboratory").click()
    page.get_by_role("link", name="First steps").click()
    looked_at(page, "pack", note)
    judged(page, "Medium")
    page.get_by_role("button", name="Record my answers").click()
    expect(page.locator("main")).to_contain_text("Fewer than ten have scored this pack")
    looked_at(page, "pack-alone", note)
    supervisor = sign_in("owner_supervisor", width=1280)
    supervisor.goto(f"{live.url}/consistency/agreement/")
    looked_at(supervisor, "agreement", note)
