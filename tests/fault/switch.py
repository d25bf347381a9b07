"""A switch that kills the web process which finds it set: between COMMIT and message.

The test sets it by making the file that `OCGMAP_FAULT_SWITCH` names. Of all processes
just one can remove the file; that one writes its number beside it and kills itself.
"""

import os
import signal
from pathlib import Path

VARIABLE = "OCGMAP_FAULT_SWITCH"


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
