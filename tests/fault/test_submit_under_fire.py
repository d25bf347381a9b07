"""Nothing that was acknowledged is lost, whatever dies: over HTTP, by processes.

`python3 manage.py test tests/fault --fault-full` is the long form. The same checker is run
against the plain way, in which the message is the truth; there it must find losses.
"""

import dataclasses
import os
from pathlib import Path

import pytest

from tests.fault.deeds import FULL, FULL_NATION, SHORT, Deeds, Form
from tests.fault.history import NO_ANSWER, History
from tests.fault.readers import Seen
from tests.fault.run import arena, figures, seen_again, under_fire
from tests.fault.verdict import Verdict, judge
from tests.site import MakeSite

pytestmark = [
    pytest.mark.fault,
    pytest.mark.skipif(
        "DATABASE_ADMIN_URL" not in os.environ,
        reason="needs an administrator of the database, as the test servers have",
    ),
    pytest.mark.skipif(
        not Path("/proc/self/task").exists(), reason="needs /proc to find the pool"
    ),
]

# How much longer than else a submission may take because the broker is away: each
# web process waits 0.2 s for it, once every five seconds. The rest is for a machine
# that does other things besides.
MOSTLY_MS = 500.0
ALWAYS_MS = 2_500.0
AWAY = ("broker stopped", "broker frozen")
# My work, groups, reports, people, dashboards and others; fewer is no browsing.
KINDS_OF_PAGES = 5


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """In full: a small site under the greatest load, then the nation with readers."""
    if "under" in metafunc.fixturenames:
        is_full = metafunc.config.getoption("fault_full")
        forms = {"small": FULL, "nation": FULL_NATION} if is_full else {"short": SHORT}
        metafunc.parametrize("under", forms.values(), ids=forms.keys())


@pytest.fixture
def form(pytestconfig: pytest.Config) -> Form:
    return FULL if pytestconfig.getoption("fault_full") else SHORT


@pytest.fixture
def seed(pytestconfig: pytest.Config) -> int:
    return int(pytestconfig.getoption("fault_seed"))


def test_nothing_acknowledged_is_lost(
    make_site: MakeSite,
    under: Form,
    seed: int,
    capsys: pytest.CaptureFixture[str],
) -> None:
    run = run_under_fire(make_site, under, seed, capsys)
    assert_all_held(run, under)
    assert_not_slowed(run.history)
    if under.readers:
        assert_read_well(run.seen, under)


@dataclasses.dataclass(frozen=True, slots=True)
class Run:
    """What one run under fire did and saw, and what the checker says of it."""

    history: History
    done: Deeds
    seen: Seen
    verdict: Verdict
    is_worker_back: bool
    web_log: str


def run_under_fire(
    make_site: MakeSite, form: Form, seed: int, capsys: pytest.CaptureFixture[str]
) -> Run:
    with arena(make_site, form, seed) as place:
        history, done, seen = under_fire(place)
        last = place.last_report
        verdict = judge(place.site, place.admin, history, last_report=last)
        is_worker_back = seen_again(place, "worker")
        line = figures(place, history, done, seen, verdict)
        web_log = place.site.log("web")
    with capsys.disabled():
        print(f"\nunder fire: {line}")  # noqa: T201 - the figures are the result
    return Run(history, done, seen, verdict, is_worker_back, web_log)


def assert_all_held(run: Run, form: Form) -> None:
    assert len(run.history.acknowledged) >= form.acknowledged
    assert not run.history.unknown
    _assert_done(run.done, form, run.history)
    assert run.verdict.is_clean, run.verdict
    assert not [one for one in run.history.outcomes() if one.startswith("5")]
    _assert_all_answered_without_broker(run.history, form, run.web_log)
    assert run.is_worker_back, "the worker takes no hints since the broker came back"


def test_the_checker_sees_what_the_plain_way_loses(
    make_site: MakeSite,
    form: Form,
    seed: int,
    capsys: pytest.CaptureFixture[str],
) -> None:
    # The plain way has no drain loop, and a broker that is away fails its requests.
    plain = dataclasses.replace(
        form,
        acknowledged=form.acknowledged // 3,
        drain_kills=0,
        stopped_seconds=0.0,
        frozen_seconds=0.0,
        nation_scale=0.0,
        readers=0,
        groups_each=10,
    )
    with arena(
        make_site,
        plain,
        seed,
        wsgi="tests.fault.baseline_wsgi:application",
        celery="tests.fault.baseline_worker",
        processes=("worker", "web"),
    ) as place:
        history, done, seen = under_fire(place)
        last = place.last_report
        verdict = judge(
            place.site, place.admin, history, last_report=last, has_outbox=False
        )
        line = figures(place, history, done, seen, verdict)
    with capsys.disabled():
        print(f"\nthe plain way: {line}")  # noqa: T201 - the figures are the result
    assert len(history.acknowledged) >= plain.acknowledged
    assert not history.unknown
    _assert_done(done, plain, history)
    assert verdict.lost
    assert verdict.differences


def assert_read_well(seen: Seen, form: Form) -> None:
    """Each answer was a page; only a web process that was killed gave none."""
    assert not seen.faults, seen.faults[:20]
    unanswered = [one for one in seen.tries if one.outcome == NO_ANSWER]
    assert all(one.phase in {"kills", "healed"} for one in unanswered), unanswered
    assert len(seen.tries) - len(unanswered) >= 10 * form.readers
    assert len(seen.kinds) >= KINDS_OF_PAGES, seen.kinds


def _assert_done(done: Deeds, form: Form, history: History) -> None:
    assert done.pool_kills >= form.pool_kills
    assert done.main_kills >= form.main_kills
    assert done.drain_kills >= form.drain_kills
    assert done.terminations >= form.terminations
    assert done.web_kills == form.web_kills
    # Each of these had committed: sent again, its report was known.
    assert history.outcomes()["200"] >= form.web_kills
    assert done.stopped_seconds >= form.stopped_seconds
    assert done.frozen_seconds >= form.frozen_seconds


def _assert_all_answered_without_broker(
    history: History, form: Form, web_log: str
) -> None:
    """Nobody kills the web while the broker is away: only the broker could fail it."""
    for phase in AWAY:
        tries = [one for one in history.tries() if one.phase == phase]
        failed = [one for one in tries if one.outcome not in {"200", "201"}]
        assert len(tries) >= form.tries_each_phase
        assert not failed, f"{phase}: {failed}\n{web_log}"


def assert_not_slowed(history: History) -> None:
    waits = history.waits_by_phase()
    with_broker = [waits["calm"], waits["recovering 1"], waits["recovering 2"]]
    for phase in AWAY:
        # Of few tries the 95th percentile would be the slowest one.
        mostly = "p95" if waits[phase]["n"] >= 100 else "p50"
        usual, slowest = (
            max(one[name] for one in with_broker) for name in (mostly, "max")
        )
        assert waits[phase][mostly] <= usual + MOSTLY_MS, waits
        assert waits[phase]["max"] <= slowest + ALWAYS_MS, waits
