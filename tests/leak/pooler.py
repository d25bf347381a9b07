"""pgbouncer in transaction mode before the servers of the tests."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import psycopg

PROGRAM = "pgbouncer"
PORT = 6432
READY_SECONDS = 20.0
INSTALL = ("apt-get", "install", "-y", "-qq", "--no-install-recommends", PROGRAM)
_CONFIGURATION = """
[databases]
* = host={server}

[pgbouncer]
listen_addr =
listen_port = {port}
unix_socket_dir = {folder}
auth_type = scram-sha-256
auth_file = {folder}/users.txt
pool_mode = transaction
default_pool_size = {size}
max_client_conn = 200
ignore_startup_parameters = extra_float_digits,options
logfile = {folder}/log
"""


def find() -> str:
    """Return the path of the pooler's program; empty where there is none."""
    places = os.pathsep.join(
        (os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin")
    )
    return shutil.which(PROGRAM, path=places) or ""


def find_or_install() -> str:
    """Return the path of the program, installed from Debian where that is permitted."""
    if not find() and os.geteuid() == 0 and shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for words in (("apt-get", "update", "-qq"), INSTALL):
            subprocess.run(words, env=environment, capture_output=True, check=False)
    return find()


@contextmanager
def pooled(program: str, address: str, size: int) -> Iterator[str]:
    """Run the pooler with ``size`` connections for each login; yield its socket folder.

    ``address`` is that of a login on the server. The pooler runs under the account that
    owns the server's socket, since no other may use it.

    Raises:
        RuntimeError: it does not answer in time; the message holds its log.
    """
    parts = urlsplit(address)
    server = parse_qs(parts.query).get("host", [parts.hostname or ""])[0]
    folder = Path(tempfile.mkdtemp(prefix="ocgmap-pool-"))
    users = folder / "users.txt"
    logins = [urlsplit(os.environ[f"DATABASE_{one}_URL"]) for one in ("WEB", "WORKER")]
    users.write_text(
        "".join(
            f'"{unquote(one.username or "")}" "{unquote(one.password or "")}"\n'
            for one in logins
        )
    )
    settings = folder / "pgbouncer.ini"
    settings.write_text(
        _CONFIGURATION.format(server=server, port=PORT, folder=folder, size=size)
    )
    account = Path(server).stat() if server.startswith("/") else folder.stat()
    for one in (folder, users, settings):
        os.chown(one, account.st_uid, account.st_gid)
        one.chmod(0o700 if one == folder else 0o600)
    process = subprocess.Popen(
        [program, str(settings)],
        user=account.st_uid,
        group=account.st_gid,
        extra_groups=[],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(folder, logins[0])
        yield str(folder)
    finally:
        process.terminate()
        process.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


def _wait(folder: Path, login: object) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not (folder / f".s.PGSQL.{PORT}").exists():
        if time.monotonic() > deadline:
            log = folder / "log"
            said = log.read_text() if log.exists() else "it said nothing"
            raise RuntimeError(f"the pooler does not answer:\n{said}")
        time.sleep(0.05)


def naked_rows(folder: str, database: str, table: str) -> int:
    """Return how many rows someone sees who says nothing of who asks, through the pool."""
    parts = urlsplit(os.environ["DATABASE_WEB_URL"])
    with psycopg.connect(
        host=folder,
        port=PORT,
        dbname=database,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        prepare_threshold=None,
        autocommit=True,
    ) as link:
        return len(link.execute(f"select id from {table}".encode()).fetchall())
