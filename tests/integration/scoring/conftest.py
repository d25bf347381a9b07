"""Fixtures of scoring: a world to fill, and the reader's own picture of it."""

import datetime
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
import time_machine

from accounts.access import acting_for
from accounts.visibility import Viewer
from scoring import outbox, picture
from scoring.picture import NATIONAL, Figures, PictureFilters, PictureScope
from tests.factories.scoring import World

Read = Callable[..., Figures]


def counted(viewer: Viewer, scope: PictureScope = NATIONAL, **filters: Any) -> int:
    """Return how long the list behind a number is."""
    at = filters.pop("at", None)
    with acting_for(viewer, route="test"):
        wanted = PictureFilters(**filters)
        live = [] if at else picture.live_lines(viewer, scope, wanted)
        return picture.lines(viewer, scope, at, wanted).count() + len(live)


@pytest.fixture
def world(as_system: Any) -> World:
    return World()


@pytest.fixture
def drain() -> Callable[[], outbox.DrainResult]:
    return lambda: outbox.drain_until_empty(seconds=60)


@pytest.fixture
def read() -> Read:
    """Read the figures of a viewer, stepped down to the web's role."""

    def figures(viewer: Viewer, scope: str = "", **more: Any) -> Figures:
        with acting_for(viewer, route="test"):
            place = picture.parse_scope(scope) if scope else NATIONAL
            return picture.read(viewer, place, **more)

    return figures


@pytest.fixture
def time_machine_to() -> Iterator[Callable[[datetime.date], None]]:
    """Let the process believe that it is noon of another day."""
    with ExitStack() as stack:

        def travel(day: datetime.date) -> None:
            noon = datetime.datetime.combine(day, datetime.time(12), datetime.UTC)
            stack.enter_context(time_machine.travel(noon, tick=True))

        yield travel
