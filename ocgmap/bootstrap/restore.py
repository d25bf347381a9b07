"""`manage.py restore FOLDER [--drill]`: a backup back into an empty database, proven.

All of it stands or nothing does. Afterwards every table's rows and every rule of the
database (policies, grants, functions, triggers) are compared with the manifest, the
tables are brought up to this version of the code, and `reconcile` recomputes the
picture from its sources. With --drill all this happens in a database beside the live
one, which is dropped in the end; the time that it took is what a real restore takes.
"""

import argparse
import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql

from ocgmap.bootstrap import archive, roles
from ocgmap.bootstrap.administrator import administrators_address, in_database
from ocgmap.bootstrap.backup import run_program
from ocgmap.bootstrap.console import SetupError, say, step
from ocgmap.bootstrap.paths import ROOT
from ocgmap.bootstrap.release import given_addresses, prepare_roles

_TABLES = """
select count(*) from pg_class
where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace
"""


@dataclass(slots=True)
class Times:
    """Seconds of each step, in order."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, label: str) -> Iterator[None]:
        """Time a step and tell of it."""
        began = time.monotonic()
        with step(label):
            yield
        self.seconds[label] = round(time.monotonic() - began, 1)


def main(arguments: list[str]) -> int:
    """Restore and return the exit code; print what was restored and how long it took."""
    parser = argparse.ArgumentParser(prog="manage.py restore", description=__doc__)
    parser.add_argument("folder", type=Path, help="the folder of a backup")
    parser.add_argument(
        "--drill", action="store_true", help="into a database beside the live one"
    )
    options = parser.parse_args(arguments)
    with administrators_address() as url:
        addresses = given_addresses()
        if not options.drill:
            report = restore(url, addresses, options.folder)
        else:
            report = drill(url, addresses, options.folder)
    sys.stdout.write(json.dumps(report, indent=2) + "\n")
    return 0


def drill(url: str, addresses: dict[str, str], folder: Path) -> dict[str, object]:
    """Restore into a new database beside the live one, prove it, and drop it."""
    name = f"{roles.database_name(url)}_drill_{secrets.token_hex(4)}"
    beside = {key: in_database(value, name) for key, value in addresses.items()}
    try:
        return restore(in_database(url, name), beside, folder)
    finally:
        with roles.connect(url) as link:
            statement = "drop database if exists {} with (force)"
            link.execute(sql.SQL(statement).format(sql.Identifier(name)))
        say(f"{name} is dropped; the live database was not touched.")


def restore(url: str, addresses: dict[str, str], folder: Path) -> dict[str, object]:
    """Restore into the empty database of the address and return what was proven.

    Raises:
        SetupError: the backup is not whole, the database is not empty, or what came
            back is not what was backed up.
    """
    times, began = Times(), time.monotonic()
    with times.step("Reading the backup"):
        manifest = archive.read(folder)
    with times.step("Making the roles and the database"):
        prepare_roles(url, addresses)
        _refuse_unless_empty(url)
    with times.step("Restoring"):
        words = ("--single-transaction", "--exit-on-error", "--no-password")
        run_program("pg_restore", url, *words, str(folder / archive.DUMP))
    with times.step("Comparing rows and rules with the manifest"):
        _compare(url, manifest)
    with times.step("Bringing the tables up to this version"):
        _manage("owner", addresses, "migrate", "--noinput")
    with times.step("Beginning a new era of the audit"):
        # This cluster numbers transactions in its own way.
        _manage("owner", addresses, "begin_audit_era")
    with times.step("Reconciling the picture with its sources"):
        reconciled = json.loads(_manage("worker", addresses, "reconcile"))
    return {
        "backup_made_at": manifest.made_at,
        "tables": len(manifest.tables),
        "rows": manifest.rows,
        "rules": {kind: one["rows"] for kind, one in manifest.rules.items()},
        "groups_reconciled": reconciled["checked"],
        "groups_waiting_for_the_drain": reconciled["pending"],
        "differences": len(reconciled["differences"]),
        "seconds": times.seconds,
        "recovery_seconds": round(time.monotonic() - began, 1),
    }


def _refuse_unless_empty(url: str) -> None:
    with roles.connect(url) as link:
        row = link.execute(_TABLES).fetchone()
    if row and row[0]:
        raise SetupError(
            f"the database {roles.database_name(url)} is not empty: it holds {row[0]} "
            "tables, and a restore never overwrites",
            "name another database in DATABASE_URL, or drop this one yourself",
        )


def _compare(url: str, manifest: archive.Manifest) -> None:
    with psycopg.connect(url, autocommit=True) as link:
        link.execute("analyze")
        found = archive.differences(manifest.tables, archive.contents(link), "table")
        found += archive.differences(manifest.rules, archive.rules(link), "rules:")
    if found:
        raise SetupError(
            "what came back is not what was backed up:\n" + "\n".join(found)
        )


def _manage(login: str, addresses: dict[str, str], *words: str) -> str:
    """Run a command of `manage.py` on the restored database; return what it printed."""
    given = {name: os.environ[name] for name in os.environ if name not in _FILES}
    result = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *words],
        cwd=ROOT,
        env={**given, **addresses, "OCGMAP_PROCESS": login},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if result.returncode != 0:
        raise SetupError(
            f"{words[0]} ended with code {result.returncode}:\n{result.stdout[-3000:]}",
            "the restored database is kept for you to look at, unless it was a drill",
        )
    return result.stdout


_FILES = {
    *("DATABASE_OWNER_URL_FILE", "DATABASE_WEB_URL_FILE", "DATABASE_WORKER_URL_FILE"),
    *("DATABASE_URL", "DATABASE_URL_FILE"),
}


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[2:]))
