"""`manage.py backup FOLDER`: the whole database in one folder, with a manifest.

One snapshot, while the site goes on working. The folder must be new. What it holds is as
secret as the database: all intelligence, the hashes of passwords and the seeds of
two-step sign-in. It holds none of the deployment's secrets (SECRET_KEY, the pepper of
tokens, passwords of logins) and no sessions: keep a copy of the former elsewhere.
"""

import argparse
import datetime
import os
import subprocess
import sys
import time
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from ocgmap.bootstrap import archive
from ocgmap.bootstrap.administrator import administrators_address
from ocgmap.bootstrap.console import SetupError, say, step
from ocgmap.bootstrap.postgres import find_binaries
from ocgmap.bootstrap.roles import Link
from ocgmap.version import VERSION


def main(arguments: list[str]) -> int:
    """Make the backup and return the exit code."""
    parser = argparse.ArgumentParser(prog="manage.py backup", description=__doc__)
    parser.add_argument("folder", type=Path, help="a new folder for this backup")
    folder: Path = parser.parse_args(arguments).folder.absolute()
    began = time.monotonic()
    with administrators_address() as url:
        manifest = make(url, folder)
    say(
        f"{manifest.rows} rows of {len(manifest.tables)} tables, "
        f"{manifest.dump_bytes} bytes, in {time.monotonic() - began:.1f} s: {folder}"
    )
    return 0


def make(url: str, folder: Path) -> archive.Manifest:
    """Back the database up into a new folder and return its manifest.

    Raises:
        SetupError: the folder is not new, the login may not read every row, or the
            database cannot be read.
    """
    _new_folder(folder)
    try:
        with psycopg.connect(url) as link:
            return _from_one_snapshot(link, url, folder)
    except psycopg.Error as error:
        raise SetupError(f"the database could not be read: {error}") from error


def _new_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, mode=0o700)
    except FileExistsError as error:
        raise SetupError(
            f"{folder} is there already", "name a new folder for each backup"
        ) from error
    except OSError as error:
        raise SetupError(f"{folder} cannot be made: {error.strerror}") from error


def _from_one_snapshot(link: Link, url: str, folder: Path) -> archive.Manifest:
    link.execute("set transaction isolation level repeatable read, read only")
    reads_all = link.execute(
        "select rolsuper or rolbypassrls from pg_roles where rolname = current_user"
    ).fetchone()
    if not (reads_all and reads_all[0]):
        raise SetupError(
            "this login is held to row-level security: its backup would lack rows",
            "set DATABASE_URL to a login that is a superuser or has BYPASSRLS",
        )
    snapshot = link.execute("select pg_export_snapshot()").fetchone()
    server = link.execute("select current_setting('server_version')").fetchone()
    with step("Writing the dump"):
        _dump(url, folder / archive.DUMP, str(snapshot and snapshot[0]))
    with step("Counting what it must hold"):
        manifest = archive.Manifest(
            format=archive.FORMAT,
            made_at=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
            version=VERSION,
            server=str(server and server[0]),
            dump_bytes=(folder / archive.DUMP).stat().st_size,
            dump_sha256=archive.sha256(folder / archive.DUMP),
            tables=archive.contents(link),
            rules=archive.rules(link),
        )
    manifest.write(folder)
    return manifest


def _dump(url: str, target: Path, snapshot: str) -> None:
    target.touch(mode=0o600)
    run_program(
        "pg_dump",
        url,
        *("--format=custom", f"--file={target}", f"--snapshot={snapshot}"),
        # It fails, rather than leave rows out, should a policy apply after all.
        "--no-password",
        *(f"--exclude-table-data=public.{name}" for name in archive.LEFT_OUT),
    )


def run_program(name: str, url: str, *words: str) -> None:
    """Run a program of PostgreSQL on a database; its password is no argument.

    Raises:
        SetupError: there is no such program, or it failed; with what it said.
    """
    program = find_binaries() / name
    if not program.is_file():
        raise SetupError(
            f"{program.parent} holds no {name}",
            "set OCGMAP_PG_BIN to the folder of PostgreSQL's programs for clients",
        )
    password = str(conninfo_to_dict(url).get("password") or "")
    result = subprocess.run(
        [str(program), f"--dbname={_without_password(url)}", *words],
        env={**os.environ, "PGPASSWORD": password},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode != 0:
        raise SetupError(f"{name} failed:\n{result.stderr[-3000:].rstrip()}")


def _without_password(address: str) -> str:
    parts = {k: v for k, v in conninfo_to_dict(address).items() if k != "password"}
    return make_conninfo(**{name: str(value) for name, value in parts.items()})


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[2:]))
