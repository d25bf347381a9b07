"""One foreground process that watches the children and ends with a plain message."""

import time
from collections.abc import Callable

from ocgmap.bootstrap.children import Child
from ocgmap.bootstrap.console import SetupError, say, tail

WATCH_EVERY_SECONDS = 0.3


class Supervisor:
    """Watches running children; restarts those that may be, ends with the others.

    Those that may finish are no reason to end, neither when they do nor when they fail.
    """

    def __init__(
        self, children: list[Child], on_restart: Callable[[], None] = lambda: None
    ) -> None:
        """Take the children in starting order; the caller stops them in the end.

        ``on_restart`` is called as soon as a child runs again, under a new number.
        """
        self.children = children
        self.on_restart = on_restart

    def check_alive(self) -> None:
        """Return while every child runs, or has done what it was started for.

        Raises:
            SetupError: naming the one that died, with the tail of its log.
        """
        for child in self.children:
            if not child.is_running() and not child.may_finish:
                raise death_of(child)

    def watch(self) -> None:
        """Watch for ever.

        Raises:
            SetupError: when a child died that cannot be restarted, or keeps dying.
        """
        while True:
            self.look()
            time.sleep(WATCH_EVERY_SECONDS)

    def look(self) -> None:
        """Look at each child once, and restart those that died and may be.

        Raises:
            SetupError: as `watch`.
        """
        for child in self.children:
            is_well = child.is_running() or child.has_finished() or child.is_given_up
            if not is_well and _see_to(child):
                self.on_restart()


def _see_to(child: Child) -> bool:
    """Plan the restart of a dead child, or start it when its time has come."""
    if child.restart_at is None:
        if not child.schedule_restart():
            _give_up(child)
            return False
        wait_seconds = max(0.0, (child.restart_at or 0.0) - time.monotonic())
        say(f"{_how_it_died(child)}; starting it again in {wait_seconds:.0f} s.")
    elif time.monotonic() >= child.restart_at:
        child.start()
        return True
    return False


def _give_up(child: Child) -> None:
    if not child.may_finish:
        raise death_of(child)
    child.is_given_up = True
    say(f"{_how_it_died(child)} too often; the rest goes on. Start again to resume it.")


def _how_it_died(child: Child) -> str:
    code = child.process.returncode if child.process else None
    how = f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"
    return f"{child.name} died ({how})"


def death_of(child: Child) -> SetupError:
    """Return the error that tells which child died, how, and what it said last."""
    return SetupError(
        f"{_how_it_died(child)}. The end of {child.log}:\n{tail(child.log)}",
        "see the log above; the data in the database are safe, start again when cured",
    )
