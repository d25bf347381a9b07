"""Every number opens the list that it counts, and is the same wherever it is told."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

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


@dataclass(slots=True)
class Page(HTMLParser):
    """A page's numbers with the addresses they open, and what its list holds."""

    figures: dict[str, tuple[int, str]] = field(default_factory=dict)
    count: int | None = None
    sum: int | None = None
    groups: set[str] = field(default_factory=set)
    next_url: str = ""
    _open: tuple[str, str] | None = None

    def __post_init__(self) -> None:
        HTMLParser.__init__(self)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
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

    def handle_data(self, data: str) -> None:
        digits = data.strip().replace(",", "")
        if self._open and digits.isdecimal():
            key, url = self._open
            told = self.figures.setdefault(key, (int(digits), url))
            assert told == (int(digits), url), f"{key} is told twice, and differently"
            self._open = None


def check_sums(page: Page, scope: str) -> None:
    """Assert that the parts add up, so that what is shown as nought and opens nothing is.

    The wholes and every other part are counted by the lists that they open.
    """
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
    assert by_threat == {key: n for key, n in found.get("threats", {}).items() if n}
    assert by_band == {key: n for key, n in found.get("bands", {}).items() if n}


def opened(client: Client, url: str) -> Page:
    answer = client.get(url)
    assert answer.status_code == 200, url
    page = Page()
    page.feed(answer.content.decode())
    return page


@dataclass(slots=True)
class Crawl:
    """One reader's walk: each address is opened once."""

    client: Client
    lists: dict[str, Page] = field(default_factory=dict)
    dashboards: dict[str, Page] = field(default_factory=dict)
    followed: int = 0
    kinds: set[str] = field(default_factory=set)

    def dashboard(self, scope: str) -> Page:
        if scope not in self.dashboards:
            page = opened(self.client, f"/dashboard/{scope}/")
            assert {*TOLD, "unjudged"} <= page.figures.keys(), scope
            self.dashboards[scope] = page
            check_sums(page, scope)
            # Noughts open empty lists: those of the first dashboard of each kind do.
            kind = scope.partition(":")[0]
            self.follow(page, scope, noughts=kind not in self.kinds)
            self.kinds.add(kind)
        return self.dashboards[scope]

    def follow(self, page: Page, where: str, *, noughts: bool = True) -> None:
        """Open what each number counts and count it."""
        for key, (number, url) in page.figures.items():
            if not url or not (number or noughts):
                continue
            if DASHBOARD.match(urlsplit(url).path):
                continue
            if url not in self.lists:
                self.lists[url] = self.listed(url)
            found = self.lists[url]
            counted = found.sum if key.endswith("memberships") else found.count
            assert counted == number, f"{where}: {key} is {number}, {url} has {counted}"
            self.followed += 1

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
    who: str, client: Client, manifest: Manifest
) -> None:
    """From the nation to its regions to their forces; what is empty is opened once."""
    crawl = Crawl(client)
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
    crawl = Crawl(client)
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
