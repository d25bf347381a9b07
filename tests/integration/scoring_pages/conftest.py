"""A small nation with groups in every state, and a reader of its pages."""

import dataclasses
import datetime
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from accounts.visibility import Label
from groups.models import CrimeGroup
from ocgmap.common.db.base import DatabaseWrapper
from ocgmap.common.scope import Scope
from scoring import outbox
from scoring.models import PictureLine
from tests.cast import CAST, MakeUser
from tests.factories.intelligence import a_group
from tests.factories.scoring import ATTRIBUTES, World, today

OPEN = Label()


@dataclass
class Nation:
    """Groups by what they are for."""

    world: World
    durham: CrimeGroup
    poor: CrimeGroup
    confirmed: CrimeGroup
    northumbria: CrimeGroup
    leeds: CrimeGroup
    hidden: CrimeGroup
    agency: CrimeGroup
    draft: CrimeGroup
    dormant: CrimeGroup


def _strong(world: World, group: CrimeGroup, count: int = 9) -> None:
    report = world.report(OPEN)
    for attribute in ATTRIBUTES[:count]:
        world.claim(group, OPEN, attribute=attribute, report=report)


@pytest.fixture
def nation(as_system: Any, make_user: MakeUser) -> Nation:
    """Groups of four owners, drained: each number of a dashboard is above nought."""
    world = World()
    for name in CAST:
        make_user(name)
    late = today() - datetime.timedelta(days=3)
    found = Nation(
        world,
        durham=a_group("durham", name="Harbour crew", review_on=late, tier="force"),
        poor=a_group("durham", name="Quiet street"),
        confirmed=a_group("durham", name="Old mill", tier="regional"),
        northumbria=a_group("northumbria", "region", name="Bridge team"),
        leeds=a_group(
            "west-yorkshire", "all_forces", name="Canal side", tier="national"
        ),
        hidden=a_group("west-yorkshire", "organisation", name="Nobody knows"),
        agency=a_group("nca", "all_forces", name="Airport line"),
        draft=a_group("durham", name="New yard"),
        dormant=a_group("durham", name="Sleeping yard", activity_status="dormant"),
    )
    CrimeGroup.objects.filter(pk=found.draft.pk).update(record_state="draft")
    for group in (found.durham, found.northumbria, found.hidden):
        _strong(world, group)
    for group in (found.confirmed, found.leeds):
        for attribute in ATTRIBUTES:
            world.judgement(group, OPEN, "medium", attribute)
    world.threat(found.durham, OPEN, "illegal-drugs")
    world.threat(found.leeds, OPEN, "")
    for group in (found.durham, found.durham, found.leeds, found.hidden):
        world.member(group, OPEN)
    outbox.drain_until_empty(seconds=60)
    rows = PictureLine.objects.filter(scheme_version__is_primary=True)
    line = rows.filter(group=found.confirmed).first()
    assert line is not None
    world.decision(found.confirmed, OPEN, line.computed_band)
    outbox.drain_until_empty(seconds=60)
    return found


@dataclass
class Seen(HTMLParser):
    """What a test reads from a page: figures, counts, sums, links and headings."""

    figures: dict[str, tuple[int, str]] = field(default_factory=dict)
    count: int | None = None
    sum: int | None = None
    links: list[str] = field(default_factory=list)
    text: str = ""
    _open: tuple[str, str] | None = None

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if "data-count" in given:
            self.count = int(given["data-count"] or "")
        if "data-sum" in given:
            self.sum = int(given["data-sum"] or "")
        if tag == "a":
            self.links.append(given.get("href") or "")
        if "data-figure" in given:
            self._open = (given["data-figure"] or "", given.get("href") or "")

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._open and data.strip():
            key, url = self._open
            number = int(data.strip().replace(",", ""))
            # The same figure may stand in two places; it must be the same there.
            assert self.figures.setdefault(key, (number, url))[0] == number, key
            self._open = None


def seen(client: Client, url: str, status: int = 200) -> Seen:
    response = client.get(url)
    body = response.content.decode()
    assert response.status_code == status, (url, response.status_code, body[:2000])
    found = Seen()
    found.feed(body)
    found.text = re.sub(r"\s+", " ", found.text)
    return found


_apply_scope = DatabaseWrapper.apply_scope


def as_worker(self: DatabaseWrapper, scope: Scope | None) -> None:
    """Take the second lock off: put in the place of `apply_scope`."""
    shown = scope or Scope(role="web")
    stronger = dataclasses.replace(shown, role="worker")
    _apply_scope(self, stronger)
    shown.classes = stronger.classes


@pytest.fixture
def hints(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Return the names of the tasks that were hinted at."""
    sent: list[str] = []
    monkeypatch.setattr("scoring.views.judging.hint", sent.append)
    return sent


ClientAs = Callable[[str], Client]
