"""`chart`: a group's chart of 300 nodes in a real browser, against that of one node.

From asking for the page until its tools can be used: the script has taken the picture
over. Both pages come from the same site, by turns.
"""

import json
import shutil
from time import perf_counter

from playwright.sync_api import Page, sync_playwright

from ocgmap.bootstrap.console import step
from tests.bench.rows import Row, compare, interleave
from tests.scratch import Databases, environment_for, make_bare, run_python
from tests.site import site_maker

NODES = 300
ROUNDS, WARM_UP_ROUNDS = 8, 1
TARGET = 3.0
MOST_KILOBYTES = 600
FLAGS = ["--no-sandbox", "--disable-gpu"]


def run(databases: Databases) -> list[Row]:
    """Return the one row; the time of a page that is drawn wrong is worth nothing.

    Raises:
        RuntimeError: there is no Chromium.
    """
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        raise RuntimeError("no chromium on this machine: apt-get install chromium")
    bare = make_bare(databases)
    filled = databases.create(bare)
    with step(f"Making a group with {NODES - 1} people"):
        printed = run_python(
            "-m", "tests.bench.chart_fill", env=environment_for(filled), login="worker"
        )
    ids = json.loads(printed.splitlines()[-1])
    with site_maker(databases, bare) as make_site, sync_playwright() as playwright:
        site = make_site(template=filled)
        site.start("web")
        site.wait_until_answers(well=False)
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        _sign_in(page, site.url, ids["password"])
        row = _row(page, site.url, ids)
        browser.close()
    return [row]


def _sign_in(page: Page, url: str, password: str) -> None:
    page.goto(f"{url}/")
    page.fill("input[name=login]", "chart@test.example")
    page.fill("input[name=password]", password)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{url}/")


def _row(page: Page, url: str, ids: dict[str, str]) -> Row:
    def opened(which: str, nodes: int) -> None:
        page.goto(f"{url}/groups/{ids[which]}/network/", wait_until="commit")
        page.locator("[data-net-tools]").wait_for(state="visible")
        assert page.locator("[data-key]").count() == nodes, which

    tasks = {
        "full": lambda: opened("full", NODES),
        "empty": lambda: opened("empty", 1),
    }
    _check_weight(page, url, ids["full"])
    interleave(tasks, WARM_UP_ROUNDS)
    with step(f"Opening both charts {ROUNDS} times"):
        seconds = interleave(tasks, ROUNDS)
    return compare(
        f"chart: usable in Chromium, {NODES} nodes against 1",
        seconds["full"],
        seconds["empty"],
        what=(f"{NODES} nodes", "1 node"),
        target=TARGET,
    )


def _check_weight(page: Page, url: str, group: str) -> None:
    """Fail where the page and all it loads is heavier than a chart page may be."""
    started = perf_counter()
    page.goto(f"{url}/groups/{group}/network/")
    weight = page.evaluate(
        "[...performance.getEntriesByType('navigation'),"
        " ...performance.getEntriesByType('resource')]"
        ".reduce((sum, one) => sum + one.encodedBodySize, 0)"
    )
    with step(
        f"First opening {perf_counter() - started:.1f} s, {weight / 1024:.0f} KB"
    ):
        assert weight <= MOST_KILOBYTES * 1024, f"{weight} bytes"
