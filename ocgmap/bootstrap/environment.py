"""The Python environment, built from a hash lock and skipped while the lock is the same.

Standard library only: it runs before anything is installed.
"""

import fcntl
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path

from ocgmap.bootstrap.console import SetupError, run_logged, say, step
from ocgmap.bootstrap.paths import (
    DEVELOPMENT_LOCK,
    ROOT,
    environment_folder,
    environment_python,
    log_folder,
    ready_var_folder,
)

STAMP = "ocgmap-locks.json"
INSTALL_CURE = "check that the package index answers, then run the command again"


def digest_of(*files: Path) -> str:
    """Return one digest of the names and contents of files."""
    total = hashlib.sha256()
    for file in files:
        total.update(file.name.encode() + b"\0")
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def is_inside() -> bool:
    """Return whether this process already runs in the project's environment."""
    return Path(sys.prefix).resolve() == environment_folder().resolve()


def is_installed(lock: Path) -> bool:
    """Return whether this interpreter holds the packages of the lock, as in an image.

    A Django of someone else's is not ours. Lines that hold on some machines only are
    passed over. An image holds the packages and no lock.
    """
    if not lock.exists():
        return importlib.util.find_spec("django") is not None
    for line in lock.read_text(encoding="utf-8").splitlines():
        name, is_package, rest = line.partition("==")
        if is_package and name.strip() == name and ";" not in rest:
            try:
                found = metadata.version(name)
            except metadata.PackageNotFoundError:
                return False
            if found != rest.split()[0]:
                return False
    return True


def _stamp() -> dict[str, str]:
    try:
        stamp = json.loads((environment_folder() / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    # Scripts carry the absolute path of their interpreter: a moved folder is stale.
    moved = stamp.get("folder") != str(environment_folder())
    return {} if moved or not isinstance(stamp, dict) else stamp


def is_current(lock: Path) -> bool:
    """Return whether the environment holds what the lock says."""
    return _stamp().get(lock.name) == digest_of(lock) and _works(environment_python())


def _works(python: Path) -> bool:
    try:
        probe = subprocess.run(
            [str(python), "-c", ""], capture_output=True, check=False
        )
    except OSError:
        return False
    return probe.returncode == 0


def enter(lock: Path) -> None:
    """Return inside an environment that holds the lock; re-execute where needed.

    Raises:
        SetupError: when the environment cannot be built.
    """
    if os.name != "posix":
        raise SetupError("ocgmap runs on Linux and macOS", "on Windows use WSL")
    if not is_current(lock):
        with _alone("environment.lock"):
            if not is_current(lock):
                build(lock)
    if not is_inside():
        python = str(environment_python())
        os.execv(python, [python, str(ROOT / "manage.py"), *sys.argv[1:]])  # noqa: S606


@contextmanager
def _alone(name: str) -> Iterator[None]:
    """Hold a lock among processes, so that two commands do not build at once."""
    with (ready_var_folder() / name).open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def build(lock: Path) -> None:
    """Make or update the environment from the lock, then note what it holds.

    Raises:
        SetupError: when Python lacks venv, or the packages cannot be installed.
    """
    if _stamp().get(DEVELOPMENT_LOCK.name):
        # Keep what the tests need, else demo and test would undo each other's work.
        lock = DEVELOPMENT_LOCK
    log = log_folder() / "setup.log"
    (environment_folder() / STAMP).unlink(missing_ok=True)
    if not _works(environment_python()) or not _is_in_place():
        with step("Making the Python environment"):
            _create(log)
    with step(f"Installing the packages of {lock.name}"):
        _install(lock, log)
    locks = [lock]
    if lock == DEVELOPMENT_LOCK:
        locks.append(lock.with_name("requirements.lock"))
    stamp = {each.name: digest_of(each) for each in locks}
    stamp["folder"] = str(environment_folder())
    (environment_folder() / STAMP).write_text(json.dumps(stamp), encoding="utf-8")


def _is_in_place() -> bool:
    """Return whether the scripts of the environment name their present folder."""
    script = environment_folder() / "bin" / "pip"
    try:
        first = script.read_text(encoding="utf-8").partition("\n")[0]
    except OSError:
        return False
    return str(environment_folder()) in first


def _create(log: Path) -> None:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    if importlib.util.find_spec("ensurepip") is None:
        raise SetupError(
            "this Python cannot make environments (ensurepip is missing)",
            f"apt install python{version}-venv, then run the command again",
        )
    folder = environment_folder()
    if folder.exists():
        shutil.rmtree(folder)
    # An interpreter inside the folder would have gone with it.
    base = Path(sys.base_exec_prefix) / "bin" / f"python{version}"
    run_logged(
        [base if is_inside() else sys.executable, "-m", "venv", folder],
        log=log,
        cwd=ROOT,
        cure=f"check that {folder.parent} is writable, and see {log}",
    )


def _install(lock: Path, log: Path) -> None:
    """Install by uv, itself installed from the lock by hash; by pip where it fails."""
    python = str(environment_python())
    pip = [python, "-m", "pip", "install", "--require-hashes", "--no-input"]
    home = writable_home()
    with tempfile.TemporaryDirectory() as folder:
        installer = Path(folder) / "installer.lock"
        installer.write_text(stanza("uv", lock), encoding="utf-8")
        try:
            run_logged(
                [*pip, "--no-deps", "-r", str(installer)], log=log, cwd=ROOT, env=home
            )
            uv = [str(Path(python).with_name("uv")), "pip", "sync", "--require-hashes"]
            run_logged(
                [*uv, "--python", python, str(lock)], log=log, cwd=ROOT, env=home
            )
        except (SetupError, OSError):
            say("  uv could not install them; trying pip, which takes longer")
            run_logged(
                [*pip, "-r", str(lock)], log=log, cwd=ROOT, env=home, cure=INSTALL_CURE
            )


def stanza(package: str, lock: Path) -> str:
    """Return the lines of one package in a lock: its version and hashes.

    Raises:
        SetupError: when the lock does not name the package.
    """
    lines = lock.read_text(encoding="utf-8").splitlines()
    start = next((i for i, x in enumerate(lines) if x.startswith(f"{package}==")), None)
    if start is None:
        raise SetupError(f"{lock.name} does not name {package}", "run `make lock`")
    end = start + 1
    while end < len(lines) and lines[end].startswith(" "):
        end += 1
    return "\n".join(lines[start:end]) + "\n"


def writable_home() -> dict[str, str]:
    """Return the environment that gives installers a home for their caches.

    Accounts such as nobody have none; npm, pip and uv all fail on that.
    """
    home = Path(os.path.expanduser("~"))  # noqa: PTH111 - Path.home() raises on none
    if home.is_dir() and os.access(home, os.W_OK):
        return {}
    substitute = ready_var_folder() / "home"
    substitute.mkdir(exist_ok=True)
    return {"HOME": str(substitute)}
