"""No page breaks WCAG 2.2 AA by axe, and none scrolls sideways on a narrow screen.

Each keeps to its weight on the wire, and its content does not move while it loads.

In the long form (`--browser`) each page is opened anew on each screen, and a picture of
it is kept in `var/screenshots/`.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Page

from ocgmap.bootstrap.paths import ROOT
from tests.functional.conftest import SignIn
from tests.functional.tally import Note
from tests.leak.routes import ROUTES, Route
from tests.site import LiveSite
from tests.world import Manifest

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
Options = dict[str, Any]
OPTIONS: Options = {
    "runOnly": {"type": "tag", "values": RULES},
    "resultTypes": ["violations"],
}
# The rules that the width of the screen can break; the others judge the same document.
# Colours are those of the wide screen; the long form judges them on each.
LAYOUT = ["target-size", "scrollable-region-focusable"]
OF_LAYOUT: Options = {
    "runOnly": {"type": "rule", "values": LAYOUT},
    "resultTypes": ["violations"],
}
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Answers that are no pages, pages of a stranger, and what needs a second factor set up.
NO_PAGES = (
    "accounts:session_left",
    "api:",
    "groups:group_picture",
    "groups:person_picture",
    "health",
    "intelligence:import_fragment",
    "intelligence:import_problems",
    "intelligence:import_refused",
    "intelligence:import_template",
    "mfa_",
    "scoring:newer",
    "scoring:notices_count",
    "scoring:receipt_fragment",
    "scoring:what_if_state",
)

# Who opens a page, by what it needs of them.
WHO = {
    "administer": "administrator",
    "audit": "auditor",
    "readers": "records_manager",
    "assure": "rocu_assurer",
    "compare": "rocu_lead",
    "holder": "cell",
    "moderate": "rocu_lead",
    "answers": "records_manager",
    "retain": "records_manager",
    "rule": "rocu_lead",
    "second_person": "cell",
}
USUALLY = "owner_supervisor"


@dataclass(frozen=True, slots=True)
class Screen:
    """A screen in CSS pixels; `narrow`: another one on which the open page is judged."""

    width: int
    height: int
    narrow: int = 0
    is_kept: bool = False

    def __str__(self) -> str:
        """Name the folder of its pictures."""
        return f"{self.width}x{self.height}"

    def file(self, name: str) -> Path:
        """Return where the picture of a page is kept."""
        return PICTURES / str(self) / f"{name.replace(':', '.').replace('/', '.')}.png"


PICTURES = ROOT / "var" / "screenshots"
SHORT = [Screen(1280, 900, narrow=320)]
# The last is a screen of 1280 x 1024 at 400 %.
LONG = [
    Screen(*size, is_kept=True)
    for size in ((1440, 900), (768, 1024), (320, 640), (320, 256))
]


# What a page costs on the wire with nothing kept, and how far its content moved by itself.
COST = """() => {
    const watch = new PerformanceObserver(() => {});
    watch.observe({ type: "layout-shift", buffered: true });
    const shifts = watch.takeRecords().filter(one => !one.hadRecentInput);
    const loads = ["navigation", "resource"].flatMap(kind => performance.getEntriesByType(kind));
    return {
        bytes: loads.reduce((sum, one) => sum + one.encodedBodySize, 0),
        shift: shifts.reduce((sum, one) => sum + one.value, 0),
        moved: shifts.flatMap(one => one.sources).map(
            one => one.node?.outerHTML?.slice(0, 80)),
    };
}"""
MOST_BYTES, MOST_BYTES_OF_A_CHART = 250_000, 600_000
# A long table finds its widths while its rows arrive; good is up to 0.1.
MOST_SHIFT = 0.01
CHARTS = ("groups:network", "groups:person_network", "scoring:group_links")


def addresses(manifest: Manifest) -> dict[str, str]:
    """Return the address of every page that one of those who sign in can open."""
    found = {}
    for name, route in ROUTES.items():
        if route.get == 200 and not name.startswith(NO_PAGES):
            found[name] = _address(name, route, manifest)
    return found


def _address(name: str, route: Route, manifest: Manifest) -> str:
    arguments = dict(route.more)
    if route.row:
        pairs = manifest.rows[route.row]
        own = set(manifest.groups.values()) | set(manifest.nominals.values())
        own |= set(manifest.compartments.values()) | set(manifest.subjects.values())
        # Of the transfers, the last is into the organisation of the supervisor.
        known_pairs = [pair for pair in pairs if pair[1] in own]
        row_id, parent_id = known_pairs[-1 if route.needs == "receive" else 0]
        arguments |= {"row_id": row_id, route.id_name: parent_id}
    elif route.about:
        known: dict[str, str] = getattr(manifest, route.about)
        own = [key for key in known if key.startswith("d_force")] or list(known)
        arguments[route.id_name] = known[own[0]]
    return reverse(name.partition("/")[0], kwargs=arguments)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Ask for one pass over two screens, or for a pass over each."""
    if "screen" in metafunc.fixturenames:
        is_long = metafunc.config.getoption("--browser")
        metafunc.parametrize("screen", LONG if is_long else SHORT, ids=str)


MARKUP = re.compile(r"</?[a-z]+( [a-z-]+=[^>]*)?>")


def faults_of(page: Page, what: str, note: Note, rules: Options = OPTIONS) -> list[str]:
    """Return what is wrong with the page as it stands: by axe, and wider than its screen."""
    broken = Axe().run(page, options=rules).response["violations"]
    note(pages=[what], violations=len(broken))
    found = [f"{what}: {one['id']}: {one['nodes'][0]['html'][:200]}" for one in broken]
    if tag := MARKUP.search(page.inner_text("body")):
        found.append(f"{what}: shows markup as text: {tag[0]}")
    wide = page.evaluate(WIDER)
    return [*found, *([f"{what}: {wide} px wider than its screen"] if wide > 0 else [])]


def cost_of(page: Page, name: str) -> list[str]:
    """Return what is wrong with the weight of a page and with how it settled."""
    found = page.evaluate(COST)
    most = MOST_BYTES_OF_A_CHART if name.startswith(CHARTS) else MOST_BYTES
    assert found["bytes"] > 20_000, f"{name}: nothing was counted"
    faults = []
    if found["bytes"] > most:
        faults.append(f"{name}: {found['bytes']:,} bytes, at most {most:,}")
    if found["shift"] > MOST_SHIFT:
        faults.append(
            f"{name}: its content moved by {found['shift']:.4f}: {found['moved']}"
        )
    return faults


def test_every_page(
    live: LiveSite, manifest: Manifest, sign_in: SignIn, screen: Screen, note: Note
) -> None:
    pages = {
        who: sign_in(who, width=screen.width, height=screen.height)
        for who in (USUALLY, *WHO.values())
    }
    for page in pages.values():
        # Each page is weighed as for somebody who was never here.
        link = page.context.new_cdp_session(page)
        link.send("Network.enable")
        link.send("Network.setCacheDisabled", {"cacheDisabled": True})
    faults: list[str] = []
    opened = addresses(manifest)
    for name, path in opened.items():
        page = pages[WHO.get(ROUTES[name].needs, USUALLY)]
        answer = page.goto(live.url + path)
        assert answer is not None
        if answer.status != 200:
            faults.append(f"{name} {path}: answered {answer.status}")
            continue
        faults += [*cost_of(page, name), *faults_of(page, name, note)]
        if screen.is_kept:
            page.screenshot(path=screen.file(name), full_page=True)
        if screen.narrow:
            page.set_viewport_size({"width": screen.narrow, "height": screen.height})
            faults += faults_of(page, name, note, OF_LAYOUT)
            page.set_viewport_size({"width": screen.width, "height": screen.height})
            # The next page is laid out for the wide screen from its start.
            page.wait_for_function("width => innerWidth === width", arg=screen.width)
    assert len(opened) > 45
    assert not faults, "\n".join(faults)


def test_sign_in_and_error_pages(live: LiveSite, sign_in: SignIn) -> None:
    page = sign_in("owner_analyst")
    axe = Axe()
    for path in ("/groups/00000000-0000-4000-8000-000000000000/", "/groups/?no=1"):
        page.goto(live.url + path)
        assert not axe.run(page, options=OPTIONS).response["violations"], path
    page.goto(f"{live.url}/accounts/logout/")
    page.locator("main button[type=submit]").click()
    page.goto(f"{live.url}/accounts/login/")
    assert not axe.run(page, options=OPTIONS).response["violations"]
