"""A browser in front of the real site: gunicorn, worker, beat and drain."""

import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.cast import PASSWORD
from tests.functional.effort import Effort, counted
from tests.functional.tally import Note
from tests.site import LiveSite, MakeSite
from tests.world import World

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser")

SignIn = Callable[..., Page]
Journey = Callable[[Page, str], AbstractContextManager[Effort]]


@pytest.fixture(scope="session")
def live(make_site: MakeSite, world: World) -> LiveSite:
    """Run the whole site on a copy of the world."""
    site = make_site(template=world.database, OCGMAP_DRAIN_EVERY_SECONDS="2")
    site.start()
    site.wait_until_answers()
    return site


def found_or_skip(program: str | None) -> str:
    """Return the browser's path, or skip the test with the reason.

    With OCGMAP_REQUIRE_BROWSER=1 the test fails instead of being skipped.
    """
    if program:
        return program
    reason = "no chromium on this machine: apt-get install chromium"
    if os.environ.get("OCGMAP_REQUIRE_BROWSER") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module")  # its event loop must end before Django's own tests
def chromium() -> Iterator[Browser]:
    """Start Debian's Chromium."""
    program = found_or_skip(PROGRAM)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def sign_in(chromium: Browser, live: LiveSite) -> Iterator[SignIn]:
    """Return a page of a fresh browser, signed in as one of the world's people."""
    opened = []

    def open_as(
        who: str, *, scripts: bool = True, width: int = 1280, height: int = 900
    ) -> Page:
        window = chromium.new_context(
            viewport={"width": width, "height": height}, java_script_enabled=scripts
        )
        window.set_default_timeout(20_000)
        opened.append(window)
        page = window.new_page()
        page.goto(f"{live.url}/")
        page.fill("input[name=login]", f"{who}@test.example")
        page.fill("input[name=password]", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{live.url}/")
        return page

    yield open_as
    for window in opened:
        window.close()


@pytest.fixture
def journey(pytestconfig: pytest.Config, note: Note) -> Journey:
    """Return what counts a journey: it prints what it took, and holds it to its budget."""

    def tell(name: str, took: Mapping[str, int], allowed: Mapping[str, int]) -> None:
        note(budgets={name: {"took": took, "allowed": allowed}})
        reporter = pytestconfig.pluginmanager.get_plugin("terminalreporter")
        capture = pytestconfig.pluginmanager.get_plugin("capturemanager")
        if reporter is not None and capture is not None:
            # Inside a test everything is caught that is not let through.
            with capture.global_and_fixture_disabled():
                reporter.ensure_newline()
                reporter.write_line(json.dumps({"journey": name, **took}))

    return lambda page, name: counted(page, name, tell)
