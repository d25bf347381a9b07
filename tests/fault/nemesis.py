"""The nemesis: kills, cuts off and freezes what the site is made of, by a seeded plan.

Every second blow waits for a moment at which its victim has a transaction open, so that
it falls into a pass and not between two.
"""

import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

from tests.fault.deeds import Deeds, Form
from tests.fault.history import History
from tests.fault.switch import killed_by
from tests.site import LiveSite

READY_SECONDS = 120.0
AIM_SECONDS = 0.6
POOL = 2
WEB_PROCESSES = 2
# While the broker is away, only the loop works and only the loop is hit.
BLOW_EVERY_SECONDS = 5.0
_BACK_ENDS = """
select pid, state <> 'idle' or xact_start is not null from pg_stat_activity
where datname = current_database() and application_name = any(%s) order by pid
"""


@dataclass(slots=True)
class Nemesis:
    """Harms one site and keeps count; what it killed it starts again at once."""

    site: LiveSite
    admin: psycopg.Connection[Any]
    switch: Path
    history: History
    form: Form
    pick: random.Random
    done: Deeds = field(default_factory=Deeds)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def run(self) -> None:
        """Do all that the form asks for, then leave everything running."""
        plan = self._plan()
        half = len(plan) // 2
        self._wait_for_tries("starting")  # each process answers slowly at first
        with self._phase("calm"):
            time.sleep(self.form.calm_seconds)
            self._wait_for_tries("calm")
        self._all(plan[:half])
        if self.form.stopped_seconds:
            self._stop_broker()
        self._all(plan[half:])
        if self.form.frozen_seconds:
            self._freeze_broker()

    def _plan(self) -> list[Callable[[], None]]:
        form = self.form
        plan = [
            *[self._kill_pool_process] * form.pool_kills,
            *[self._kill_worker] * form.main_kills,
            *[self._kill_drain] * form.drain_kills,
            *[self._terminate] * form.terminations,
            *[self._kill_web] * form.web_kills,
        ]
        self.pick.shuffle(plan)
        return plan

    def _all(self, plan: list[Callable[[], None]]) -> None:
        with self._phase("kills"):
            for blow in plan:
                blow()
                time.sleep(self.pick.uniform(*self.form.gap_seconds))

    @contextmanager
    def _phase(self, name: str) -> Iterator[None]:
        self.history.phase = name
        yield
        self.history.phase = "healed"

    def _wait_for_tries(self, phase: str) -> None:
        """Return when enough tries of this phase were answered to tell how it was.

        By each web process: its first answer takes long.
        """
        enough = self.form.tries_each_phase

        def is_enough() -> bool:
            tries = self.history.answered_in(phase)
            servers = {one.served_by for one in tries}
            return len(tries) >= enough and len(servers) >= WEB_PROCESSES

        wait_for(is_enough, f"{enough} tries: {phase}")

    def _kill_pool_process(self) -> None:
        self._pool()
        aimed = self._aim("worker")
        victim = self.pick.choice(self._pool())
        os.kill(victim, signal.SIGKILL)
        self.done.pool_kills += 1
        self.done.mid_pass_kills += aimed
        wait_for(lambda: victim not in self._pool(), "a new pool process")

    def _kill_worker(self) -> None:
        """Kill the main process alone: its pool finds out by itself."""
        self._pool()
        aimed = self._aim("worker")
        os.kill(self.site.processes["worker"].pid, signal.SIGKILL)
        self.done.main_kills += 1
        self.done.mid_pass_kills += aimed
        time.sleep(self.pick.uniform(0.0, 0.2))
        self.site.restart("worker", signal.SIGKILL)

    def _kill_drain(self) -> None:
        aimed = self._aim("drain")
        self.site.restart("drain", signal.SIGKILL)
        self.done.drain_kills += 1
        self.done.mid_pass_kills += aimed

    def _terminate_drain(self) -> None:
        self._terminate("drain")

    def _terminate(self, *wanted: str) -> None:
        running = filter(self.site.is_running, wanted or ("worker", "drain"))
        name = self.pick.choice(list(running))
        wait_for(lambda: bool(self._back_ends(name)), f"a back end of {name}")
        self._aim(name)
        found = self._back_ends(name)
        busy = [pid for pid, is_busy in found.items() if is_busy]
        victim = self.pick.choice(busy or [*found, 0])
        row = self.admin.execute("select pg_terminate_backend(%s)", [victim]).fetchone()
        if row and row[0]:
            self.done.terminations += 1
            self.done.mid_pass_terminations += bool(busy)
        else:  # it had left by itself
            self._terminate(name)

    def _kill_web(self) -> None:
        """Kill it between COMMIT and message; the report is known when sent again."""
        deaths = killed_by(self.switch)
        before, known = _lines(deaths), self.history.outcomes()["200"]
        self.switch.touch()
        wait_for(lambda: _lines(deaths) > before, "the web process to die")
        self.done.web_kills += 1
        wait_for(
            lambda: self.history.outcomes()["200"] > known,
            "the report that the dead process had committed",
        )

    def _stop_broker(self) -> None:
        self._recover()
        with self._phase("broker stopped"):
            self.site.broker.stop()
            self.done.stopped_seconds = self._go_on(self.form.stopped_seconds)
        self.site.broker.start()
        self._wait_for_end("broker stopped")

    def _freeze_broker(self) -> None:
        self._recover()
        with self._phase("broker frozen"):
            self.site.broker.freeze()
            try:
                self.done.frozen_seconds = self._go_on(self.form.frozen_seconds)
            finally:
                self.site.broker.thaw()
        self._wait_for_end("broker frozen")

    def _wait_for_end(self, phase: str) -> None:
        """Let each try of a phase end, so that no later blow is taken for its fault."""
        wait_for(lambda: self.history.is_over(phase), f"the last answers: {phase}")

    def _recover(self) -> None:
        """Let what was started again warm up, so that it does not blur the next phase."""
        name = f"recovering {next(self._numbers)}"
        with self._phase(name):
            self._wait_for_tries(name)

    def _go_on(self, seconds: float) -> float:
        """Let at least so much time pass, with a blow at the drain now and then."""
        began = time.monotonic()
        while (left := seconds - (time.monotonic() - began)) > 0:
            if left > BLOW_EVERY_SECONDS:
                self.pick.choice((self._kill_drain, self._terminate_drain))()
            time.sleep(min(left, BLOW_EVERY_SECONDS))
        self._wait_for_tries(self.history.phase)
        return round(time.monotonic() - began, 1)

    def _aim(self, *names: str) -> bool:
        """Every second time wait for an open transaction; return whether one is open."""
        deadline = time.monotonic() + self.pick.choice((0.0, AIM_SECONDS))
        while True:
            if any(self._back_ends(*names).values()):
                return True
            if time.monotonic() >= deadline:
                return False

    def _back_ends(self, *names: str) -> dict[int, bool]:
        return dict(self.admin.execute(_BACK_ENDS, [list(names)]).fetchall())

    def keep_up(self) -> None:
        """Start a worker that gave up again, as the supervisor of a site does.

        It does so when it loses a pool process while it starts; nothing else may end.

        Raises:
            RuntimeError: another process ended by itself.
        """
        for name, process in list(self.site.processes.items()):
            if process.poll() is None:
                continue
            if name != "worker":
                raise RuntimeError(f"{name} ended by itself")
            self.site.restart(name, signal.SIGKILL)
            self.done.gave_up += 1

    def _pool(self) -> list[int]:
        """Return the pool processes of the worker, once there are two."""
        wait_for(self._has_pool, "two pool processes")
        return self._children()

    def _has_pool(self) -> bool:
        self.keep_up()
        return len(self._children()) == POOL

    def _children(self) -> list[int]:
        pid = self.site.processes["worker"].pid
        try:
            text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
        except FileNotFoundError:
            return []
        return sorted(int(word) for word in text.split())


def _lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines()) if path.exists() else 0


def wait_for(
    condition: Callable[[], bool], what: str, *, seconds: float = READY_SECONDS
) -> None:
    """Return when the condition holds.

    Raises:
        RuntimeError: it did not in time.
    """
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise RuntimeError(f"no sign of {what} within {seconds:.0f} s")
        time.sleep(0.02)
