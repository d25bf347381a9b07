"""What the tests of logs and figures share: a small nation and its drain."""

from collections.abc import Callable
from typing import Any

import pytest

from scoring import outbox
from tests.factories.scoring import World


@pytest.fixture
def nation(as_system: Any) -> World:
    return World()


@pytest.fixture
def drain() -> Callable[[], outbox.DrainResult]:
    return lambda: outbox.drain_until_empty(seconds=60)
