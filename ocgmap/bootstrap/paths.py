"""Where the project, its environment and its data lie."""

import os
from pathlib import Path

from ocgmap.bootstrap.console import SetupError

ROOT = Path(__file__).resolve().parents[2]
RUNTIME_LOCK = ROOT / "requirements.lock"
DEVELOPMENT_LOCK = ROOT / "requirements-dev.lock"


def var_folder() -> Path:
    """Return the folder of data, logs and secrets (`OCGMAP_VAR`, else `var/`)."""
    return (ROOT / os.environ.get("OCGMAP_VAR", "var")).absolute()


def ready_var_folder() -> Path:
    """Return the data folder, made and closed to other users.

    Run as root it stays passable: PostgreSQL's own account goes through it to its data.

    Raises:
        SetupError: when it is another user's or cannot be made.
    """
    var = var_folder()
    try:
        var.mkdir(parents=True, exist_ok=True)
        if var.stat().st_uid == os.geteuid():
            var.chmod(0o711 if os.geteuid() == 0 else 0o700)
    except OSError as error:
        raise SetupError(
            f"{var} cannot be used: {error.strerror}",
            "make the folder of the project writable, or set OCGMAP_VAR elsewhere",
        ) from error
    if not os.access(var, os.W_OK | os.X_OK):
        raise SetupError(
            f"{var} belongs to another user",
            "start as the user who started it before, or set OCGMAP_VAR elsewhere",
        )
    return var


def log_folder() -> Path:
    """Return the folder of the logs, made so that only its owner may enter it."""
    folder = ready_var_folder() / "log"
    folder.mkdir(exist_ok=True)
    folder.chmod(0o700)
    return folder


def environment_folder() -> Path:
    """Return the folder of the Python environment (`OCGMAP_VENV`, else `.venv/`)."""
    return (ROOT / os.environ.get("OCGMAP_VENV", ".venv")).absolute()


def environment_python() -> Path:
    """Return the interpreter of the Python environment, which may not exist yet."""
    return environment_folder() / "bin" / "python"
