"""What the test adds to a web process: a switch that kills it, and its number.

The switch ends the process which finds it set: between COMMIT and message.

The test sets it by making the file that `OCGMAP_FAULT_SWITCH` names. Of all processes
just one can remove the file; that one writes its number beside it and kills itself.
"""

import os
import signal
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

VARIABLE = "OCGMAP_FAULT_SWITCH"
SERVED_BY = "X-Served-By"

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def signed(application: Application) -> Application:
    """Return the application with the number of its process in each answer's head."""

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        def start_signed(
            status: str, headers: list[tuple[str, str]], *rest: Any
        ) -> Any:
            return start(status, [*headers, (SERVED_BY, str(os.getpid()))], *rest)

        return application(environ, start_signed)

    return answer


def die_if_set() -> None:
    """End this process by SIGKILL if the switch is set; the switch is then off."""
    switch = Path(os.environ[VARIABLE])
    try:
        switch.unlink()
    except FileNotFoundError:
        return
    with killed_by(switch).open("a", encoding="utf-8") as deaths:
        deaths.write(f"{os.getpid()}\n")
    os.kill(os.getpid(), signal.SIGKILL)


def killed_by(switch: Path) -> Path:
    """Return the file that holds one line for each process that died of the switch."""
    return switch.with_name(f"{switch.name}.deaths")
