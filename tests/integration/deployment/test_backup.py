"""A world backed up and restored: rows, figures, audit and both locks come back."""

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from ocgmap.bootstrap import archive, postgres
from ocgmap.bootstrap.roles import connect
from tests.inside import Inside, sign_in, with_session
from tests.scratch import (
    MANAGE,
    URLS,
    Databases,
    address_in,
    environment_for,
    run_python,
)
from tests.world import Manifest

READERS = ("owner_analyst", "region_supervisor", "other_analyst", "rocu_lead")
READERS = (*READERS, "nca_officer", "auditor")
# Without the audit as a whole, whose rows lie in its parts by month.
PUBLIC = """
select relname from pg_class
where relkind = 'r' and relnamespace = 'public'::regnamespace order by 1
"""


def operator(database: str, **more: str) -> dict[str, str]:
    """The environment of an operator's command on a database."""
    admin = address_in("DATABASE_ADMIN_URL", database)
    return environment_for(database, DATABASE_URL=admin, **more)


def command(*words: str, env: Mapping[str, str]) -> tuple[int, str, str]:
    result = subprocess.run(
        [sys.executable, MANAGE, *words],
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return result.returncode, result.stdout, result.stderr


def new_name(databases: Databases) -> str:
    name = f"ocgmap_live_{uuid.uuid4().hex[:12]}"
    databases.made.append(name)
    return name


@dataclass(frozen=True, slots=True)
class Restored:
    source: str
    target: str
    folder: Path
    report: dict[str, Any]
    # Rows by table and the audit's ends, before any test has asked for something.
    rows: tuple[dict[str, int], dict[str, int]]
    audits: tuple[Any, Any]


@pytest.fixture(scope="module")
def source(databases: Databases, world_database: str, inside: Inside) -> str:
    """A copy of the world in which people have read and somebody is signed in."""
    name = databases.create(world_database)
    run_python(MANAGE, "drain", env=environment_for(name), login="worker")
    with inside(name, "web"):
        assert with_session(sign_in("nca_officer@test.example")).get("/groups/")
    return name


@pytest.fixture(scope="module")
def folder(source: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("backup") / "monday"
    code, _, said = command("backup", str(made), env=operator(source))
    assert code == 0, said
    return made


@pytest.fixture(scope="module")
def restored(databases: Databases, source: str, folder: Path) -> Restored:
    target = new_name(databases)
    code, out, said = command("restore", str(folder), env=operator(target))
    assert code == 0, out + said
    return Restored(
        source,
        target,
        folder,
        json.loads(out),
        (rows(source), rows(target)),
        (audit_of(source), audit_of(target)),
    )


def rows(database: str) -> dict[str, int]:
    with connect(address_in("DATABASE_ADMIN_URL", database)) as link:
        names = [str(row[0]) for row in link.execute(PUBLIC).fetchall()]
        count = sql.SQL("select count(*) from {}")
        return {
            name: (link.execute(count.format(sql.Identifier(name))).fetchone() or [0])[
                0
            ]
            for name in names
        }


def audit_of(database: str) -> Any:
    newest = "select count(*), max(id), min(at) from accounts_auditevent"
    with connect(address_in("DATABASE_ADMIN_URL", database)) as link:
        return link.execute(newest).fetchone()


def test_the_report_tells_what_was_proven_and_how_long_it_took(
    restored: Restored,
) -> None:
    report = restored.report
    assert report["differences"] == 0
    assert (
        report["groups_reconciled"] == rows(restored.source)["groups_crimegroup"] > 10
    )
    assert report["groups_waiting_for_the_drain"] == 0
    assert report["rules"]["policies"] > 100
    assert len(report["seconds"]) == 7
    assert report["recovery_seconds"] >= sum(report["seconds"].values()) - 1


def test_every_table_has_the_rows_it_had(restored: Restored) -> None:
    before, after = (dict(told) for told in restored.rows)
    assert before.pop("accounts_browsersession") == 1
    assert after.pop("accounts_browsersession") == 0
    assert after == before
    assert sum(before.values()) == restored.report["rows"]


def test_a_new_era_of_the_audit_begins(restored: Restored) -> None:
    eras = []
    for name in (restored.source, restored.target):
        with connect(address_in("DATABASE_ADMIN_URL", name)) as link:
            eras += [era for (era,) in link.execute("select accounts_audit_era()")]
    assert eras[1] > eras[0]


def test_the_audit_is_kept_and_can_still_not_be_changed(restored: Restored) -> None:
    told = restored.audits
    assert told[0] == told[1]
    assert told[0] is not None
    assert told[0][0] > 10
    with (
        connect(address_in("DATABASE_OWNER_URL", restored.target)) as link,
        pytest.raises(psycopg.Error, match=r"append|added|may not"),
    ):
        link.execute("delete from accounts_auditevent")


@pytest.mark.parametrize("who", READERS)
def test_everyone_sees_the_figures_they_saw(restored: Restored, who: str) -> None:
    told = []
    for database in (restored.source, restored.target):
        out = (
            run_python(
                *(MANAGE, "figures", "--user", f"{who}@test.example"),
                env=environment_for(database),
                login="worker",
            )
            if who != "auditor"
            else "{}"
        )
        told.append({k: v for k, v in json.loads(out).items() if k != "at"})
    assert told[0] == told[1]


def test_the_second_lock_is_in_force(restored: Restored) -> None:
    with connect(address_in("DATABASE_WEB_URL", restored.target)) as link:
        for table in (
            "groups_crimegroup",
            "intelligence_report",
            "scoring_pictureline",
        ):
            statement = sql.SQL("select count(*) from {}").format(sql.Identifier(table))
            assert link.execute(statement).fetchone() == (0,), table
        for table in ("scoring_outbox", "scoring_profile"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                link.execute(sql.SQL("select from {}").format(sql.Identifier(table)))
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            link.execute("set role ocgmap_worker")


def test_the_first_lock_is_in_force(
    restored: Restored, inside: Inside, manifest: Manifest
) -> None:
    expected = {"d_force": 404, "w_force": 200, "d_all": 200, "d_own": 404}
    with inside(restored.target, "web"):
        browser = with_session(sign_in("other_analyst@test.example"))
        found = {
            name: browser.get(f"/groups/{manifest.groups[name]}/").status_code
            for name in expected
        }
    assert found == expected


def test_the_restored_site_takes_and_includes_a_change(restored: Restored) -> None:
    """Sequences, triggers and the worker's grants are back, not rows alone."""
    with connect(address_in("DATABASE_WORKER_URL", restored.target)) as link:
        link.execute(
            "update groups_crimegroup set name = name || ' again' where id = 1"
        )
        marks = link.execute("select count(*) from scoring_outbox").fetchone()
        history = link.execute("select count(*) from groups_crimegroupevent").fetchone()
    assert marks is not None
    assert history is not None
    assert history[0] > 0
    out = run_python(
        MANAGE, "drain", env=environment_for(restored.target), login="worker"
    )
    assert "0 set aside" in out


def test_no_secret_of_the_deployment_is_in_the_backup(restored: Restored) -> None:
    program = postgres.find_binaries() / "pg_restore"
    dump = restored.folder / archive.DUMP
    text = subprocess.check_output([program, "-f", "-", dump]).decode()
    text += (restored.folder / archive.MANIFEST).read_text("utf-8")
    assert "nca_officer@test.example" in text  # the search finds what is there
    secrets = [os.environ[name] for name in ("SECRET_KEY", "OCGMAP_TOKEN_PEPPER")]
    for name in (*URLS, "DATABASE_ADMIN_URL"):
        password = psycopg.conninfo.conninfo_to_dict(os.environ[name])["password"]
        secrets.append(str(password))
    assert len(set(secrets)) == 6
    for secret in secrets:
        assert secret not in text
        assert secret.encode() not in dump.read_bytes()
    with connect(address_in("DATABASE_ADMIN_URL", restored.source)) as link:
        session = link.execute(
            "select session_key from accounts_browsersession"
        ).fetchone()
    assert session
    assert session[0] not in text


def test_only_its_owner_may_read_a_backup(folder: Path) -> None:
    assert folder.stat().st_mode & 0o777 == 0o700
    for path in folder.iterdir():
        assert path.stat().st_mode & 0o077 == 0, path


def test_a_restore_never_overwrites(restored: Restored) -> None:
    before = rows(restored.target)
    code, _, said = command(
        "restore", str(restored.folder), env=operator(restored.target)
    )
    assert code == 1
    assert "is not empty" in said
    assert "Cure:" in said
    assert rows(restored.target) == before


def copy_of(folder: Path, target: Path) -> Path:
    target.mkdir()
    for path in folder.iterdir():
        (target / path.name).write_bytes(path.read_bytes())
    return target


def test_a_damaged_backup_is_refused_before_anything_is_made(
    folder: Path, tmp_path: Path
) -> None:
    damaged = copy_of(folder, tmp_path / "damaged")
    content = bytearray((damaged / archive.DUMP).read_bytes())
    content[len(content) // 2] ^= 1
    (damaged / archive.DUMP).write_bytes(content)
    check_refused(damaged, "changed or damaged")


def test_a_backup_that_was_cut_short_is_refused(folder: Path, tmp_path: Path) -> None:
    short = copy_of(folder, tmp_path / "short")
    (short / archive.MANIFEST).unlink()
    check_refused(short, "no whole backup")


def check_refused(folder: Path, why: str) -> None:
    name = f"ocgmap_live_{uuid.uuid4().hex[:12]}"
    code, _, said = command("restore", str(folder), env=operator(name))
    assert code == 1
    assert why in said
    with connect(address_in("DATABASE_ADMIN_URL", "postgres")) as link:
        query = "select from pg_database where datname = %s"
        assert link.execute(query, [name]).fetchone() is None


def test_what_does_not_come_back_is_named(
    databases: Databases, folder: Path, tmp_path: Path
) -> None:
    """A manifest of what was not dumped stands for a dump that lacks a row."""
    lacking = copy_of(folder, tmp_path / "lacking")
    content = json.loads((lacking / archive.MANIFEST).read_text())
    content["tables"]["groups_nominal"]["rows"] += 1
    (lacking / archive.MANIFEST).write_text(json.dumps(content))
    code, out, said = command(
        "restore", str(lacking), env=operator(new_name(databases))
    )
    assert code == 1, out
    assert "table groups_nominal" in said


def test_a_lock_that_is_missing_is_named(restored: Restored) -> None:
    wanted = archive.read(restored.folder).rules
    url = address_in("DATABASE_ADMIN_URL", restored.target)
    with psycopg.connect(url) as link:
        assert archive.differences(wanted, archive.rules(link), "rules:") == []
        for statement, kind in (
            ("drop policy web_select on public.groups_crimegroup", "policies"),
            ("alter table public.groups_nominal no force row level security", "row s"),
            ("grant select on public.scoring_outbox to ocgmap_web", "grants"),
            ("drop trigger append_only on public.accounts_auditevent", "triggers"),
        ):
            with link.transaction(force_rollback=True):
                link.execute(statement.encode())
                found = archive.differences(wanted, archive.rules(link), "rules:")
            assert any(one.startswith(f"rules: {kind}") for one in found), statement


def test_a_login_that_is_held_to_the_policies_cannot_back_up(
    source: str, tmp_path: Path
) -> None:
    env = operator(source) | {"DATABASE_URL": address_in("DATABASE_OWNER_URL", source)}
    code, _, said = command("backup", str(tmp_path / "b"), env=env)
    assert code == 1
    assert "would lack rows" in said
    assert not (tmp_path / "b" / archive.MANIFEST).exists()


def test_without_an_administrator_the_command_says_what_to_set(
    source: str, tmp_path: Path
) -> None:
    code, _, said = command("backup", str(tmp_path / "b"), env=environment_for(source))
    assert code == 1
    assert "DATABASE_URL is not set" in said


def test_a_backup_never_goes_into_a_folder_that_is_there(
    source: str, folder: Path
) -> None:
    code, _, said = command("backup", str(folder), env=operator(source))
    assert code == 1
    assert "is there already" in said


def test_a_drill_leaves_nothing_behind(source: str, folder: Path) -> None:
    # Other processes of the run make and drop databases of their own meanwhile.
    names = (
        "select array_agg(datname order by 1) from pg_database "
        "where datname !~ '^ocgmap_(live|shared)_' or datname ~ '_drill_'"
    )
    before = rows(source)
    with connect(address_in("DATABASE_ADMIN_URL", "postgres")) as link:
        databases = link.execute(names).fetchone()
        code, out, said = command(
            "restore", str(folder), "--drill", env=operator(source)
        )
        assert code == 0, said
        assert link.execute(names).fetchone() == databases
    report = json.loads(out)
    assert report["differences"] == 0
    assert report["recovery_seconds"] > 0
    assert rows(source) == before
