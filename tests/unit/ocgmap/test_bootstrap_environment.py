"""The environment and the front end: built once, skipped while nothing changed."""

import importlib.metadata
import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ocgmap.bootstrap import __main__ as commands_of_project
from ocgmap.bootstrap import environment, frontend, paths
from ocgmap.bootstrap.console import SetupError, run_logged

LOCK = """\
amqp==5.4.2 \\
    --hash=sha256:aaaa
    # via kombu
uv==0.13.9 \\
    --hash=sha256:bbbb \\
    --hash=sha256:cccc
    # via ocgmap
uvicorn==1.0 \\
    --hash=sha256:dddd
"""


@pytest.fixture
def lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A lock and an empty place for an environment and its data."""
    monkeypatch.setenv("OCGMAP_VENV", str(tmp_path / "venv"))
    monkeypatch.setenv("OCGMAP_VAR", str(tmp_path / "var"))
    lock = tmp_path / "requirements.lock"
    lock.write_text(LOCK)
    return lock


@pytest.fixture
def commands(lock: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Every command that the bootstrap would run; making the folder works."""
    ran: list[list[str]] = []

    def pretend(command: list[Any], **_: Any) -> None:
        words = [str(word) for word in command]
        ran.append(words)
        if "venv" in words:
            programs = Path(words[-1]) / "bin"
            programs.mkdir(parents=True)
            programs.joinpath("python").symlink_to(sys.executable)
            programs.joinpath("pip").write_text(f"#!{programs}/python\n")

    monkeypatch.setattr(environment, "run_logged", pretend)
    return ran


def test_stanza_is_one_package_with_its_hashes(lock: Path) -> None:
    lines = environment.stanza("uv", lock).splitlines()
    assert lines[0] == "uv==0.13.9 \\"
    assert [line.strip()[:15] for line in lines[1:3]] == [
        "--hash=sha256:b",
        "--hash=sha256:c",
    ]
    assert "uvicorn" not in "".join(lines)


def test_stanza_of_absent_package_says_how_to_lock(lock: Path) -> None:
    with pytest.raises(SetupError, match="make lock"):
        environment.stanza("absent", lock)


def test_second_build_is_skipped_until_the_lock_changes(
    lock: Path, commands: list[list[str]]
) -> None:
    assert not environment.is_current(lock)
    environment.build(lock)
    assert environment.is_current(lock)
    assert [c[1:3] for c in commands] == [
        ["-m", "venv"],
        ["-m", "pip"],
        ["pip", "sync"],
    ]
    assert all("--require-hashes" in c for c in commands[1:])

    lock.write_text(LOCK + "new==1.0\n")
    assert not environment.is_current(lock)


def test_moved_environment_is_stale(
    lock: Path, commands: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    environment.build(lock)
    moved = lock.with_name("moved")
    lock.with_name("venv").rename(moved)
    monkeypatch.setenv("OCGMAP_VENV", str(moved))
    assert not environment.is_current(lock)


def test_without_uv_pip_installs_the_same_lock(
    lock: Path, commands: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend = environment.run_logged

    def without_uv(command: list[Any], **options: Any) -> None:
        if str(command[0]).endswith("uv"):
            raise OSError
        pretend(command, **options)

    monkeypatch.setattr(environment, "run_logged", without_uv)
    environment.build(lock)
    assert commands[-1][1:] == [
        *("-m", "pip", "install", "--require-hashes", "--no-input", "-r", str(lock))
    ]


def test_missing_ensurepip_gets_a_one_line_cure(
    lock: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util,
        "find_spec",
        lambda name: (name != "ensurepip" and found(name)) or None,
    )
    with pytest.raises(SetupError) as caught:
        environment.build(lock)
    assert caught.value.cure.startswith("apt install python3.")
    assert "\n" not in caught.value.cure


def test_account_without_home_gets_one(
    lock: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/nonexistent")
    assert environment.writable_home() == {"HOME": str(lock.parent / "var" / "home")}
    monkeypatch.setenv("HOME", str(lock.parent))
    assert environment.writable_home() == {}


def test_failed_command_shows_its_own_words(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import sys; sys.exit('the index is away')"]
    with pytest.raises(SetupError, match="the index is away") as caught:
        run_logged(command, log=tmp_path / "a.log", cwd=tmp_path, cure="look")
    assert str(caught.value).endswith("Cure: look")


@pytest.mark.parametrize(
    ("command", "code"), [("test", 69), ("demo", 69), ("bench", 69), ("backup", 1)]
)
def test_failed_set_up_is_told_from_failed_tests(
    monkeypatch: pytest.MonkeyPatch, command: str, code: int
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise SetupError("no database")

    monkeypatch.setattr(sys, "argv", ["manage.py", command])
    monkeypatch.setattr(commands_of_project, "enter", lambda _lock: None)
    monkeypatch.setattr(commands_of_project, "is_inside", lambda: True)
    monkeypatch.setattr(commands_of_project.runpy, "run_module", fail)
    with pytest.raises(SystemExit) as caught:
        commands_of_project.main()
    assert caught.value.code == code


def test_first_steps_import_nothing_that_is_installed() -> None:
    code = "import ocgmap.bootstrap.__main__, sys; print('django' in sys.modules)"
    result = subprocess.run(
        [sys.executable, "-S", "-c", code],
        cwd=paths.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.stdout.strip(), result.stderr) == ("False", "")


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """A front end with one source, and every npm command that would run."""
    ran: list[list[str]] = []
    monkeypatch.setenv("OCGMAP_VAR", str(tmp_path / "var"))
    monkeypatch.setattr(frontend, "ROOT", tmp_path)
    monkeypatch.setattr(frontend, "OUTPUT", tmp_path / "static")
    monkeypatch.setattr(frontend, "STAMP", tmp_path / "stamp.json")
    monkeypatch.setattr(frontend, "_npm", lambda _log: (["npm"], {}))
    monkeypatch.setattr(frontend, "run_logged", lambda c, **_: ran.append(list(c)))
    for name in frontend.PACKAGE_FILES:
        tmp_path.joinpath(name).write_text(name)
    tmp_path.joinpath("assets").mkdir()
    tmp_path.joinpath("assets", "a.scss").write_text("a")
    tmp_path.joinpath("static").mkdir()
    return ran


def test_front_end_is_built_only_when_something_changed(
    tmp_path: Path, sources: list[list[str]]
) -> None:
    frontend.build_if_changed()
    frontend.build_if_changed()
    assert sources == [["npm", "ci"], ["npm", "run", "build"]]

    tmp_path.joinpath("assets", "a.scss").write_text("b")
    frontend.build_if_changed()
    assert sources[2:] == [["npm", "run", "build"]]

    tmp_path.joinpath("package-lock.json").write_text(json.dumps({"new": True}))
    frontend.build_if_changed()
    assert sources[3:] == [["npm", "ci"], ["npm", "run", "build"]]

    tmp_path.joinpath("static").rmdir()
    frontend.build_if_changed()
    assert sources[5:] == [["npm", "run", "build"]]


def test_old_node_is_recognised(tmp_path: Path) -> None:
    program = tmp_path / "node"
    program.write_text("#!/bin/sh\necho v18.19.0\n")
    program.chmod(0o755)
    assert frontend._version(str(program)) < frontend.OLDEST_NODE
    assert frontend._version(str(tmp_path / "absent")) == ()


def test_interpreter_with_other_packages_is_not_ours(lock: Path) -> None:
    version = importlib.metadata.version("django")
    lock.write_text(
        f"django=={version} \\\n    --hash=sha256:aa\n"
        "colorama==0.0 ; sys_platform == 'win32' \\\n    --hash=sha256:bb\n"
    )
    assert environment.is_installed(lock)
    lock.write_text("django==1.0 \\\n    --hash=sha256:aa\n")
    assert not environment.is_installed(lock)
    lock.write_text("not-a-package-of-anyone==1.0 \\\n    --hash=sha256:aa\n")
    assert not environment.is_installed(lock)


def test_our_own_interpreter_holds_what_the_lock_says() -> None:
    assert environment.is_installed(paths.RUNTIME_LOCK)
