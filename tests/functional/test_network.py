"""The chart in a real browser: keys, buttons, drags, and what a screen reader is told."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.functional.conftest import SignIn
from tests.functional.test_accessibility import OPTIONS
from tests.site import LiveSite
from tests.world import Manifest

pytestmark = pytest.mark.browser
NODE = ".app-net__node"


def show(page: Page, name: str) -> None:
    """Keep a screenshot where somebody asked for them."""
    if folder := os.environ.get("OCGMAP_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.getAttribute('aria-label')"))


def place(node: Locator) -> list[float]:
    """Return where a node stands; the script writes 140 where the server writes 140.0."""
    said = str(node.get_attribute("transform"))
    return [float(one) for one in re.findall(r"-?[0-9.]+", said)]


@pytest.fixture
def chart(live: LiveSite, manifest: Manifest, sign_in: SignIn) -> Iterator[Page]:
    page = sign_in("owner_supervisor", width=1440)
    problems: list[str] = []
    page.on("console", lambda said: problems.append(said.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(f"{live.url}/groups/{manifest.groups['d_force']}/network/?steps=2")
    expect(page.locator("[data-net-tools]")).to_be_visible()
    yield page
    assert not problems, problems


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_by_keyboard_alone(chart: Page) -> None:
    names = chart.locator(NODE).evaluate_all(
        "all => all.map(one => one.getAttribute('aria-label'))"
    )
    assert len(names) > 6
    assert names[0].startswith("Group ")
    assert chart.locator(f"{NODE}[tabindex='0']").count() == 1, "one stop for all nodes"
    chart.locator(f"{NODE}[tabindex='0']").focus()
    assert focused(chart) == names[0]
    chart.keyboard.press("ArrowRight")
    chart.keyboard.press("ArrowDown")
    assert focused(chart) == names[2]
    chart.keyboard.press("End")
    assert focused(chart) == names[-1]
    chart.keyboard.press("Home")
    chart.keyboard.press("ArrowRight")
    before = place(chart.locator(NODE).nth(1))
    chart.keyboard.press("Shift+ArrowLeft")
    assert place(chart.locator(NODE).nth(1)) != before
    chart.keyboard.press("Delete")
    expect(chart.locator("[data-net-shown]")).to_have_text(str(len(names) - 1))
    assert focused(chart) == names[2], "the focus is not lost with the node"
    press(chart, "Undo")
    press(chart, "Undo")
    expect(chart.locator("[data-net-shown]")).to_have_text(str(len(names)))
    assert place(chart.locator(NODE).nth(1)) == before
    chart.locator(f"{NODE}[tabindex='0']").focus()
    chart.keyboard.press("Home")
    chart.keyboard.press("Enter")
    chart.wait_for_url("**/groups/*/")


def test_by_buttons_and_drags(chart: Page) -> None:
    svg = chart.locator("[data-net]")
    whole = svg.get_attribute("viewBox")
    press(chart, "Zoom in")
    assert svg.get_attribute("viewBox") != whole
    press(chart, "Fit")
    assert svg.get_attribute("viewBox") == whole

    svg.scroll_into_view_if_needed()
    node = chart.locator(NODE).nth(1)
    before = place(node)
    box = node.locator("use").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    chart.mouse.move(x, y)
    chart.mouse.down()
    chart.mouse.move(x + 60, y + 30, steps=5)
    chart.mouse.up()
    assert place(node) != before
    press(chart, "Undo")
    assert place(node) == before
    press(chart, "Redo")
    assert place(node) != before

    press(chart, "Lasso")
    svg.scroll_into_view_if_needed()
    area = svg.bounding_box()
    assert area
    left, top = area["x"] + 3, area["y"] + 3
    right, low = area["x"] + area["width"] - 3, area["y"] + area["height"] - 3
    chart.mouse.move(left, top)
    chart.mouse.down()
    for x, y in ((right, top), (right, low), (left, low)):
        chart.mouse.move(x, y, steps=4)
    chart.mouse.up()
    count = chart.locator(NODE).count()
    expect(chart.locator("[data-net-said]")).to_have_text(f"{count} chosen")
    press(chart, "None")
    press(chart, "Lasso")
    chart.locator(NODE).nth(2).click()
    press(chart, "Hide")
    expect(chart.locator("[data-net-shown]")).to_have_text(str(count - 1))
    press(chart, "Show hidden")
    expect(chart.locator("[data-net-shown]")).to_have_text(str(count))
    chart.locator(NODE).nth(1).click()
    press(chart, "Expand")
    chart.wait_for_url("**expand=**")
    assert chart.locator(NODE).count() >= count


@pytest.mark.parametrize("width", [1440, 320])
def test_every_part_passes_axe(
    live: LiveSite, manifest: Manifest, sign_in: SignIn, width: int
) -> None:
    page = sign_in("owner_supervisor", width=width)
    people = [
        manifest.nominals[name]
        for name in sorted(manifest.nominals)
        if name.startswith("d_force")
    ]
    query = f"steps=2&first={people[0]}&second={people[1]}&show=measures"
    start = f"{live.url}/groups/{manifest.groups['d_force']}/network/?{query}"
    for part in ("picture", "links", "nodes", "between", "measures"):
        page.goto("about:blank")
        page.goto(f"{start}#{part}")
        show(page, f"network-{width}-{part}")
        found = Axe().run(page, options=OPTIONS).response["violations"]
        assert not found, [(one["id"], one["nodes"][0]["html"][:200]) for one in found]
        wide = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide <= 0


def test_without_scripts_everything_is_said(
    live: LiveSite, manifest: Manifest, sign_in: SignIn
) -> None:
    page = sign_in("owner_supervisor", scripts=False)
    page.goto(f"{live.url}/groups/{manifest.groups['d_force']}/network/?steps=2")
    show(page, "network-plain")
    expect(page.locator("[data-net-tools]")).to_be_hidden()
    for name in ("Chart", "Links", "Nodes", "Between two", "Measures"):
        expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
    rows = page.locator("#links tbody tr").count()
    assert rows >= 5
    nodes = page.locator(NODE).count()
    page.locator("#nodes a", has_text="Hide").first.click()
    expect(page.locator(NODE)).to_have_count(nodes - 1)
