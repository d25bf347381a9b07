"""Children, their supervisor, and what a killed one leaves behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ocgmap.bootstrap import children, processes, run_state, running_site
from ocgmap.bootstrap.children import Child
from ocgmap.bootstrap.console import SetupError
from ocgmap.bootstrap.running_site import Site
from ocgmap.bootstrap.secret_store import SEAL_KEY, fresh
from ocgmap.bootstrap.supervisor import Supervisor

SLEEP = "import time; time.sleep(60)"
STUBBORN = (
    f"import signal; signal.signal(15, signal.SIG_IGN); print(1, flush=True); {SLEEP}"
)


def launch(code: str, log: Path) -> subprocess.Popen[bytes]:
    with log.open("ab") as sink:
        return subprocess.Popen(
            [sys.executable, "-S", "-c", code],
            stdout=sink,
            stderr=sink,
            start_new_session=True,
        )


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A log to write to."""
    return tmp_path / "child.log"


@pytest.fixture
def sleeper(log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that does nothing until it is stopped."""
    process = launch(SLEEP, log)
    yield process
    process.kill()
    process.wait()


def test_identity_is_of_one_process_only(sleeper: subprocess.Popen[bytes]) -> None:
    mark = processes.identity(sleeper.pid)
    assert mark
    assert processes.is_running(sleeper.pid, mark)
    assert not processes.is_running(sleeper.pid, "ticks 1")
    sleeper.kill()
    sleeper.wait()
    assert processes.identity(sleeper.pid) is None


def test_stranger_with_the_same_number_is_left_alone(
    sleeper: subprocess.Popen[bytes],
) -> None:
    assert not processes.stop_stranded(sleeper.pid, "ticks 1")
    assert sleeper.poll() is None


def test_stubborn_child_is_ended_by_force(log: Path) -> None:
    child = Child(
        "stubborn", lambda: launch(STUBBORN, log), log, stop_timeout_seconds=0.2
    )
    child.start()
    while not log.read_text():
        time.sleep(0.02)
    child.stop()
    assert child.process
    assert child.process.returncode == -signal.SIGKILL


def test_dead_child_that_may_not_restart_ends_the_watch_with_its_log(log: Path) -> None:
    child = Child("web", lambda: launch("raise SystemExit('no port')", log), log)
    child.start()
    with pytest.raises(SetupError, match=r"web died \(exit code 1\)(.|\n)*no port"):
        Supervisor([child]).watch()


def test_dead_child_is_restarted_with_growing_pauses_then_given_up(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [0.0]
    monkeypatch.setattr(children.time, "monotonic", lambda: clock[0])
    child = Child("worker", lambda: launch("", log), log, may_restart=True)
    pauses = []
    for _ in range(children.MOST_DEATHS_IN_A_ROW):
        child.start()
        assert child.process
        child.process.wait()
        assert child.schedule_restart()
        pauses.append((child.restart_at or 0) - clock[0])
    assert pauses == [1, 2, 4, 8, 16]
    assert not child.schedule_restart()


def test_long_life_clears_the_record(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [0.0]
    monkeypatch.setattr(children.time, "monotonic", lambda: clock[0])
    child = Child("worker", lambda: launch("", log), log, may_restart=True)
    child.deaths_in_a_row = children.MOST_DEATHS_IN_A_ROW
    child.start()
    assert child.process
    child.process.wait()
    clock[0] = children.SOUND_AFTER_SECONDS + 1
    assert child.schedule_restart()


def test_killed_child_is_started_again_and_described(log: Path, tmp_path: Path) -> None:
    child = Child("worker", lambda: launch(SLEEP, log), log, may_restart=True)
    child.start()
    assert child.process
    first = child.process.pid
    child.process.kill()
    child.process.wait()
    run_state.write(tmp_path, [child])
    supervisor = Supervisor([child], lambda: run_state.write(tmp_path, [child]))
    for _ in range(40):
        supervisor.look()
        if child.is_running():
            break
        time.sleep(0.05)
    assert child.is_running()
    assert child.process.pid != first
    # A later start must find the new process, should this one be killed.
    state = run_state.read(tmp_path)
    assert state
    assert state.children["worker"][0] == child.process.pid
    child.stop()


def test_a_child_that_has_done_its_task_is_no_death(log: Path) -> None:
    child = Child("nation", lambda: launch("", log), log, may_finish=True)
    other = Child("web", lambda: launch(SLEEP, log), log)
    for one in (child, other):
        one.start()
    assert child.process
    child.process.wait()
    supervisor = Supervisor([child, other])
    for _ in range(3):
        supervisor.look()
        supervisor.check_alive()
    assert child.has_finished()
    assert child.restart_at is None
    other.stop()
    with pytest.raises(SetupError, match="web died"):
        supervisor.look()


def test_a_child_whose_task_fails_is_started_again_then_left(
    log: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = [0.0]
    monkeypatch.setattr(children.time, "monotonic", lambda: clock[0])
    child = Child(
        "nation",
        lambda: launch("raise SystemExit(1)", log),
        log,
        may_restart=True,
        may_finish=True,
    )
    child.start()
    supervisor = Supervisor([child])
    for _ in range(2 * children.MOST_DEATHS_IN_A_ROW + 1):
        assert child.process
        child.process.wait()
        supervisor.look()
        clock[0] = child.restart_at or clock[0]
    assert child.is_given_up
    supervisor.look()
    assert "the rest goes on" in capsys.readouterr().err


def test_one_holder_at_a_time(tmp_path: Path) -> None:
    with (
        run_state.holding(tmp_path, wait=False) as first,
        run_state.holding(tmp_path, wait=False) as second,
    ):
        assert (first, second) == (True, False)
    with run_state.holding(tmp_path, wait=False) as third:
        assert third


def test_run_file_is_private_and_says_what_runs(tmp_path: Path) -> None:
    run_state.write(tmp_path, [], {"REDIS_URL": "x"}, "http://here/")
    path = tmp_path / run_state.FILE_NAME
    assert path.stat().st_mode & 0o777 == 0o600
    state = run_state.read(tmp_path)
    assert state
    assert (state.pid, state.url, state.environment) == (
        *(os.getpid(), "http://here/", {"REDIS_URL": "x"}),
    )
    assert state.is_live
    run_state.forget(tmp_path)
    assert run_state.read(tmp_path) is None


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"pid": 1, "mark": "x"}'])
def test_damaged_run_file_counts_as_none(tmp_path: Path, text: str) -> None:
    tmp_path.joinpath(run_state.FILE_NAME).write_text(text)
    assert run_state.read(tmp_path) is None


def test_children_of_a_killed_supervisor_are_stopped(tmp_path: Path) -> None:
    supervisor = f"""
import subprocess, sys, os, signal
from pathlib import Path
from ocgmap.bootstrap import run_state
from ocgmap.bootstrap.children import Child
log = Path({str(tmp_path)!r}) / "log"
start = lambda: subprocess.Popen([sys.executable, "-c", {SLEEP!r}], start_new_session=True)
child = Child("worker", start, log)
child.start()
run_state.write(Path({str(tmp_path)!r}), [child])
os.kill(os.getpid(), signal.SIGKILL)
"""
    subprocess.run([sys.executable, "-c", supervisor], check=False)
    state = run_state.read(tmp_path)
    assert state
    assert not state.is_live
    pid, mark, _ = state.children["worker"]
    assert processes.is_running(pid, mark)
    run_state.stop_stranded(tmp_path)
    assert not processes.is_running(pid, mark)


@pytest.mark.parametrize("is_given", [False, True], ids=["made here", "given"])
def test_the_sealer_alone_has_the_key_of_the_seal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_given: bool
) -> None:
    started: dict[str, dict[str, str]] = {}

    class Started(subprocess.Popen[bytes]):
        def __init__(self, words: list[str], *, env: dict[str, str], **_: Any) -> None:
            started[" ".join(map(str, words))] = env

        def __del__(self) -> None:
            """Nothing was started."""

    secrets = fresh()
    monkeypatch.delenv(SEAL_KEY, raising=False)
    if is_given:
        monkeypatch.setenv(SEAL_KEY, "an-operators-own-key-of-the-seal-0123456")
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.setenv(name, "given")
    monkeypatch.setattr(running_site.subprocess, "Popen", Started)
    monkeypatch.setattr(running_site, "load_or_create", lambda _: secrets)
    monkeypatch.setattr(running_site, "given_database", lambda _: {})
    monkeypatch.setattr(running_site, "log_folder", lambda: tmp_path)
    monkeypatch.setattr(running_site.run_state, "write", lambda *_: None)
    monkeypatch.setattr(Site, "_wait_for_site", lambda _: None)
    site = Site(1, tmp_path)
    site.start_servers()
    site.start_processes()
    site.start_nation(0.01)
    assert len(started) == 6
    having = [words for words, env in started.items() if SEAL_KEY in env]
    assert len(having) == 1
    assert having[0].endswith("manage.py seal --loop")
    key = started[having[0]][SEAL_KEY]
    assert (key == secrets.keys[SEAL_KEY]) is not is_given
    assert SEAL_KEY not in site.servers.environment
