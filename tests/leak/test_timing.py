"""A hidden record takes no longer to deny than an absent one, as far as can be told.

The short form sees only that the machinery finds a delay that was planted; the long form
measures thousands of pairs.
"""

import time
from contextlib import AbstractContextManager

import numpy as np
import pytest
from django.http import HttpRequest, HttpResponse

from tests.leak.askers import ABSENT, Askers
from tests.leak.options import Figure
from tests.leak.planted.kit import answered
from tests.leak.timing import PATHS, WITHIN_MS, interval_of, measure

pytestmark = pytest.mark.leak
LONG, SHORT = 5000, 25
# What the long form must find, and what the short form finds on any machine.
PLANTED_SECONDS, CLEAR_SECONDS = 0.001, 0.1


def delayed(askers: Askers, seconds: float) -> AbstractContextManager[None]:
    """Let each answer about a record that is there, and hidden, wait a moment."""
    every = askers.knowledge.every

    def wait(request: HttpRequest, response: HttpResponse) -> None:
        named = request.path.rstrip("/").rpartition("/")[2]
        if response.status_code == 404 and named in every and named != ABSENT:
            time.sleep(seconds)

    return answered(r"/groups/[0-9a-f-]{36}/$", wait)


@pytest.mark.parametrize("lock", ["both"], indirect=True)
def test_time_of_hidden_and_absent(
    askers: Askers, is_leak_full: bool, figure: Figure
) -> None:
    pairs = LONG if is_leak_full else SHORT
    seconds = PLANTED_SECONDS if is_leak_full else CLEAR_SECONDS
    with delayed(askers, seconds):
        planted = measure(askers, PATHS[0], max(pairs, SHORT))
    assert planted.is_found, f"a delay of {seconds} s is not found: {planted}"
    if not is_leak_full:
        return
    found = {path: measure(askers, path, pairs) for path in PATHS}
    widest = max(found.values(), key=lambda one: max(-one.low, one.high))
    figure("timing", timing_interval_ms=[widest.low, widest.high])
    for path, one in found.items():
        assert one.is_within, f"{path}: {one} is not within {WITHIN_MS} ms"


def test_interval_of_samples_that_are_known() -> None:
    source = np.random.default_rng(1)
    alike = [list(source.normal(0.02, 0.001, 4000)) for _ in range(2)]
    assert interval_of(*alike).is_within
    later = [one + PLANTED_SECONDS for one in alike[0]]
    found = interval_of(later, alike[1])
    assert found.is_found
    assert 0.9 < found.low < found.high < 1.1
