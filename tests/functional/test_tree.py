"""What a screen reader is told, and in which order, from the accessibility tree."""

import itertools
import re

import pytest

from tests.functional.conftest import SignIn
from tests.site import LiveSite
from tests.world import Manifest

pytestmark = pytest.mark.browser
HEADING = re.compile(r'- heading "([^"]+)" \[level=(\d)\]')
# A table, a picture, a list of choices or a field without a name is told as nothing.
NAMELESS = re.compile(r"^\s*- (table|img|combobox|textbox|slider|radio)(:| \[|$)", re.M)
LINK = re.compile(r'- link(?: "([^"]*)")?')
PARTS = ("banner", "navigation", "main", "contentinfo")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/dashboard/region:nerocu/", ["Groups by force", "What moved"]),
        ("/dashboard/national/", ["Beyond the region", "What moved"]),
        ("/dashboard/force:durham/", ["What waits for a person", "What moved"]),
        ("/groups/{group}/score/", ["Band", "Every attribute"]),
        ("/groups/{group}/network/", ["Chart"]),
        ("/groups/{group}/timeline/", []),
    ],
)
def test_names_and_order(
    live: LiveSite,
    manifest: Manifest,
    sign_in: SignIn,
    path: str,
    expected: list[str],
) -> None:
    page = sign_in("owner_supervisor", width=1440)
    page.goto(live.url + path.format(group=manifest.groups["d_force"]))
    whole = page.locator("body").aria_snapshot()
    assert "Skip to main content" in whole.splitlines()[0]
    marks = [re.search(rf"^\s*- {part}\b", whole, re.M) for part in PARTS]
    places = [mark.start() for mark in marks if mark]
    assert len(places) == len(PARTS), whole[:2000]
    assert places == sorted(places)

    told = page.locator("main").aria_snapshot()
    headings = HEADING.findall(told)
    levels = [int(level) for _, level in headings]
    assert levels.count(1) == 1, headings
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    texts = " | ".join(text for text, _ in headings)
    for text in expected:
        assert text in texts, texts
    assert not NAMELESS.findall(told), NAMELESS.search(told)
    links = LINK.findall(told)
    assert links
    assert all(links), "a link has no name"


def test_a_headline_figure_says_what_it_counts(live: LiveSite, sign_in: SignIn) -> None:
    page = sign_in("rocu_lead")
    page.goto(f"{live.url}/dashboard/region:nerocu/")
    told = page.locator(".app-tiles").first.aria_snapshot()
    names = LINK.findall(told)
    assert len(names) > 3
    for name in names:
        assert re.match(r"^[\d,–]+ \w", name), name
