"""Worker, beat and drain say that they work, for the probe beside them."""

import os
from pathlib import Path
from typing import Final

VARIABLE: Final = "OCGMAP_ALIVE_FILE"


def alive() -> None:
    """Note that this process works now; nothing where no file is named for it."""
    path = os.environ.get(VARIABLE)
    if path:
        Path(path).touch()
