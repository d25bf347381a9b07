"""Every number opens the list that it counts, and is the same wherever it is told.

In the short form each reader opens every list of the nation, and of the other dashboards
the first of each family and every few of the rest; with `--leak-full` all of them.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit
from zlib import crc32

import pytest
from django.db import transaction
from django.test import Client

from accounts.models import Organisation
from accounts.models.organisation import Kind
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.inside import Inside, sign_in, with_session
from tests.scratch import MANAGE, Databases, environment_for, run_python
from tests.world import Manifest

pytestmark = pytest.mark.leak
FIVE = ("owner_analyst", "region_analyst", "other_analyst", "rocu_lead", "nca_officer")
GROUP = re.compile(r"^/groups/[0-9a-f-]{36}/$")
DASHBOARD = re.compile(r"^/dashboard/[^/]+/$")
TOLD = ("groups", "memberships", "overdue", "awaiting_confirmation")
# Tables with numbers that count no list: populations, and what others published.
NO_LISTS = {"Regions side by side", "Figures that others published"}
# Figures of many codes alike: one family each. Every other figure is its own.
BY_CODE = {"bands", "bands_by_threat", "confirmed", "search", "threats", "trend"}
BY_PLACE = {"forces", "regions"}
ONE_NOUGHT_IN = 40
ONE_IN = 4


@dataclass(slots=True)
class Page(HTMLParser):
    """A page's numbers with the addresses they open, and what its list holds.

    `unlinked` are the captions of the tables where a number opens nothing.
    """

    figures: dict[str, tuple[int, str]] = field(default_factory=dict)
    count: int | None = None
    sum: int | None = None
    groups: set[str] = field(default_factory=set)
    next_url: str = ""
    unlinked: set[str] = field(default_factory=set)
    _open: tuple[str, str] | None = None
    _caption: str = ""
    _within: str = ""

    def __post_init__(self) -> None:
        HTMLParser.__init__(self)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag in {"caption", "td"}:
            self._within = tag
        if "data-figure" in found:
            self._open = (found["data-figure"], found.get("href", ""))
        if "data-count" in found:
            self.count = int(found["data-count"])
        if "data-sum" in found:
            self.sum = int(found["data-sum"])
        if tag == "a" and GROUP.match(found.get("href", "")):
            self.groups.add(found["href"])
        if tag == "a" and found.get("rel") == "next":
            self.next_url = found["href"]

    def handle_endtag(self, tag: str) -> None:
        if tag in {"caption", "td"}:
            self._within = ""

    def handle_data(self, data: str) -> None:
        digits = data.strip().replace(",", "")
        if self._within == "caption" and data.strip():
            self._caption = data.strip()
        if self._within == "td" and digits.isdecimal() and not self._open:
            self.unlinked.add(self._caption)
        if self._open and digits.isdecimal():
            key, url = self._open
            told = self.figures.setdefault(key, (int(digits), url))
            assert told == (int(digits), url), f"{key} is told twice, and differently"
            self._open = None


def check_sums(page: Page, scope: str) -> None:
    """Assert that the parts add up, those of nought among them."""
    found: dict[str, dict[str, int]] = {}
    for key, (number, _) in page.figures.items():
        first, _, rest = key.partition(".")
        found.setdefault(first, {})[rest] = number
    groups = page.figures["groups"][0]
    for name in ("bands", "threats", "tiers", "confirmed"):
        assert sum(found.get(name, {}).values()) == groups, (scope, name)
    assert sum(found.get("debt", {}).values()) == page.figures["overdue"][0], scope
    by_threat: dict[str, int] = {}
    by_band: dict[str, int] = {}
    for key, number in found.get("bands_by_threat", {}).items():
        threat, _, band = key.rpartition(".")
        by_threat[threat] = by_threat.get(threat, 0) + number
        by_band[band] = by_band.get(band, 0) + number
    assert by_threat == found["threats"], scope
    assert by_band == found["bands"], scope


def family_of(key: str) -> str:
    """Return the key of a figure without the codes that tell it from others alike."""
    first, _, rest = key.partition(".")
    if first in BY_PLACE:
        return f"{first}.{rest.rpartition('.')[2]}"
    return first if first in BY_CODE else key


def opened(client: Client, url: str) -> Page:
    answer = client.get(url, follow=True)  # a saved search leads to its list
    assert answer.status_code == 200, url
    page = Page()
    page.feed(answer.content.decode())
    return page


@dataclass(slots=True)
class Crawl:
    """One reader's walk: each address is opened once."""

    client: Client
    who: str
    is_whole: bool = False
    lists: dict[str, Page] = field(default_factory=dict)
    dashboards: dict[str, Page] = field(default_factory=dict)
    followed: int = 0
    noughts: int = 0
    families: Counter[str] = field(default_factory=Counter)

    def dashboard(self, scope: str) -> Page:
        if scope not in self.dashboards:
            page = opened(self.client, f"/dashboard/{scope}/")
            assert {*TOLD, "unjudged"} <= page.figures.keys(), scope
            self.dashboards[scope] = page
            assert page.unlinked <= NO_LISTS, scope
            check_sums(page, scope)
            self.follow(page, scope)
        return self.dashboards[scope]

    def follow(self, page: Page, where: str) -> None:
        """Open what each number counts and count it; of some, a sample."""
        for key, (number, url) in page.figures.items():
            assert url, f"{where}: {key} opens nothing"
            if DASHBOARD.match(urlsplit(url).path):
                continue
            if not self.is_opened(where, key, url, number):
                continue
            if url not in self.lists:
                self.lists[url] = self.listed(url)
            found = self.lists[url]
            counted = found.sum if key.endswith("memberships") else found.count
            assert counted == number, f"{where}: {key} is {number}, {url} has {counted}"
            self.followed += 1
            self.noughts += not number

    def is_opened(self, where: str, key: str, url: str, number: int) -> bool:
        """Return whether to open the list behind a number.

        The first of each family on each kind of dashboard is opened, and of the
        rest one in so many, by reader and address: each reader opens other ones.
        """
        is_nought = not number
        family = f"{where.partition(':')[0]} {family_of(key)} {is_nought}"
        self.families[family] += 1
        if not is_nought and (self.is_whole or ":" not in where):
            return True
        one_in = ONE_NOUGHT_IN if is_nought else ONE_IN
        is_drawn = crc32(f"{self.who} {url}".encode()) % one_in == 0
        return self.families[family] == 1 or is_drawn

    def listed(self, url: str) -> Page:
        """Open a list and turn all its pages; its rows must be as many as it says."""
        page = opened(self.client, url)
        rows, address = set(page.groups), page.next_url
        while address:
            more = opened(self.client, address)
            rows |= more.groups
            address = more.next_url
        if urlsplit(url).path == "/groups/" or "/movement/" in url:
            assert len(rows) == page.count, url
        return page


@pytest.fixture(scope="module")
def crawl_database(databases: Databases, world_database: str) -> str:
    return databases.create(world_database)


@pytest.fixture
def client(
    request: pytest.FixtureRequest, inside: Inside, crawl_database: str
) -> Iterator[Client]:
    """Sign someone in, as the web of the site logs in."""
    who = request.getfixturevalue("who")
    with inside(crawl_database, "web"):
        key = sign_in(f"{who}@test.example")
        with transaction.atomic():
            yield with_session(key)
            transaction.set_rollback(True)


@pytest.fixture(scope="module")
def forces(inside: Inside, crawl_database: str) -> list[str]:
    with (
        inside(crawl_database, "worker"),
        acting_as(system("test")),
        transaction.atomic(),
    ):
        found = Organisation.objects.filter(kind=Kind.FORCE)
        return list(found.values_list("code", flat=True))


def parts(page: Page, kind: str) -> dict[str, dict[str, int]]:
    """Return the figures of a page's regions or forces by code."""
    found: dict[str, dict[str, int]] = {}
    for key, (number, _) in page.figures.items():
        first, _, rest = key.partition(".")
        if first == kind:
            code, _, name = rest.rpartition(".")
            found.setdefault(code, {})[name] = number
    return found


@pytest.mark.parametrize("who", FIVE)
def test_every_number_of_every_dashboard(
    who: str, client: Client, manifest: Manifest, pytestconfig: pytest.Config
) -> None:
    """From the nation to its regions to their forces; an empty region is opened once."""
    crawl = Crawl(client, who, pytestconfig.getoption("leak_full"))
    nation = crawl.dashboard("national")
    regions = parts(nation, "regions")
    assert len(regions) > 8
    assert "none" in regions
    for name in TOLD:
        whole = nation.figures[name][0]
        assert sum(one[name] for one in regions.values()) == whole, name
    empty_seen = 0
    for code, told in regions.items():
        empty_seen += not told["groups"]
        if not told["groups"] and empty_seen > 1:
            continue
        region = crawl.dashboard(f"region:{code}")
        assert {name: region.figures[name][0] for name in TOLD} == {
            name: told[name] for name in TOLD
        }
        bodies = parts(region, "forces")
        for name in TOLD:
            assert sum(one[name] for one in bodies.values()) == told[name], (code, name)
        for body, figures in bodies.items():
            if figures["groups"]:
                page = crawl.dashboard(f"force:{body}")
                assert page.figures["groups"][0] == figures["groups"]
    assert nation.figures["groups"][0] > 3
    assert crawl.followed > 80
    assert crawl.noughts > 40
    assert nation.figures["moved.new"][0] == nation.figures["groups"][0]
    for scope in ("national", "region:nerocu"):
        pair = opened(client, f"/dashboard/{scope}/compare/")
        assert (
            pair.figures["after.groups"][0]
            == crawl.dashboards[scope].figures["groups"][0]
        )
        crawl.follow(pair, f"{scope} compared")
    check_api(client, crawl, manifest.tokens[who])


def check_api(client: Client, crawl: Crawl, token: str) -> None:
    """Assert that programs are told the numbers of the pages."""
    for scope, page in crawl.dashboards.items():
        answer = Client().get(
            "/api/v1/picture/",
            {"scope": scope},
            headers={"authorization": f"Bearer {token}"},
        )
        told = answer.json()
        for name in (*TOLD, "unjudged"):
            assert told[name] == page.figures[name][0], (scope, name)
        for group in ("bands", "threats", "tiers"):
            of_page = {
                key.partition(".")[2]: number
                for key, (number, _) in page.figures.items()
                if key.partition(".")[0] == group
            }
            for code, number in of_page.items():
                assert told[group][code] == number, (scope, group, code)
        moved = Client().get(
            "/api/v1/picture/movement/",
            {"scope": scope, "count": "true"},
            headers={"authorization": f"Bearer {token}"},
        )
        assert moved.json()["count"]["value"] == page.figures["moved"][0], scope
        for region in told.get("regions", []):
            of_page = parts(page, "regions")[region["code"]]
            for name in TOLD:
                assert region[name] == of_page[name], (region["code"], name)


@pytest.mark.parametrize("who", ["nca_officer"])
def test_every_force_has_a_dashboard(
    who: str, client: Client, forces: list[str]
) -> None:
    assert len(forces) > 40
    for code in forces:
        page = opened(client, f"/dashboard/force:{code}/")
        assert page.figures["groups"][0] >= 0


@pytest.mark.parametrize("who", FIVE)
def test_numbers_of_my_work(who: str, client: Client) -> None:
    crawl = Crawl(client, who)
    crawl.follow(opened(client, "/"), "my work")
    assert crawl.followed > 3


@pytest.mark.parametrize("who", FIVE)
def test_command_prints_the_figures_of_the_dashboard(
    who: str, client: Client, crawl_database: str
) -> None:
    scope = "national" if who != "owner_analyst" else "force:durham"
    printed = run_python(
        MANAGE,
        "figures",
        "--user",
        f"{who}@test.example",
        "--scope",
        scope,
        env=environment_for(crawl_database),
        login="worker",
    )
    told = json.loads(printed)
    page = opened(client, f"/dashboard/{scope}/")
    assert {name: told[name] for name in TOLD} == {
        name: page.figures[name][0] for name in TOLD
    }
