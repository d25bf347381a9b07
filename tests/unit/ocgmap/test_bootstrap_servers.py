"""Embedded servers: logins and rights, private folders, and traces of hard stops."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import OperationalError, ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from ocgmap.bootstrap import demo, django_command, folders, paths, postgres, roles
from ocgmap.bootstrap.console import SetupError
from ocgmap.bootstrap.secret_store import fresh, load_or_create
from ocgmap.bootstrap.servers import (
    URL_NAMES,
    Servers,
    given_database,
    is_database_given,
    start_postgres,
)


def ask(name: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(os.environ[f"DATABASE_{name}_URL"], autocommit=True) as link:
        return link.execute(query).fetchall()


@pytest.mark.parametrize("name", ["OWNER", "WEB", "WORKER"])
def test_login_is_powerless(name: str) -> None:
    query = """
        select rolsuper, rolbypassrls, rolcreaterole, rolreplication
        from pg_roles where rolname = current_user
    """
    assert ask(name, query) == [(False, False, False, False)]


def test_worker_may_step_down_but_web_never_up() -> None:
    with psycopg.connect(os.environ["DATABASE_WORKER_URL"]) as link:
        link.execute("set local role ocgmap_web")
    with (
        psycopg.connect(os.environ["DATABASE_WEB_URL"]) as link,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        link.execute("set local role ocgmap_worker")


def test_search_role_cannot_log_in() -> None:
    query = "select rolcanlogin from pg_roles where rolname = 'ocgmap_search'"
    assert ask("OWNER", query) == [(False,)]


@pytest.mark.parametrize("name", ["WEB", "WORKER"])
def test_only_the_owner_may_create(name: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(name, "create table public.planted (id int)")
    query = "select has_schema_privilege('public', 'create')"
    assert ask("OWNER", query) == [(True,)]


def test_extensions_are_there() -> None:
    found = {row[0] for row in ask("WEB", "select extname from pg_extension")}
    assert {"btree_gist", "fuzzystrmatch", "pg_trgm", "unaccent"} <= found


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param(
            "postgresql://boss:secret@db:5432/picture?sslmode=require",
            "postgresql://ocgmap_web:p%2Fw@db:5432/picture?sslmode=require",
            id="named",
        ),
        pytest.param(
            "postgresql://boss@db/postgres",
            "postgresql://ocgmap_web:p%2Fw@db/ocgmap",
            id="the server's own database",
        ),
        pytest.param(
            "postgresql:///?host=/sockets",
            "postgresql://ocgmap_web:p%2Fw@/ocgmap?host=/sockets",
            id="socket",
        ),
    ],
)
def test_login_address_is_the_administrators_with_another_login(
    given: str, expected: str
) -> None:
    assert roles.address(given, "ocgmap_web", "p/w") == expected


@pytest.fixture
def cluster() -> Iterator[tuple[postgres.Postgres, Servers]]:
    """A cluster of its own that is not started, and where to put its processes."""
    # Not pytest's folder: PostgreSQL's account cannot enter that.
    home = Path(tempfile.mkdtemp(prefix="ocgmap-"))
    account = folders.account_for(home)
    folders.private_folder(home, account)
    servers = Servers()
    binaries = postgres.find_binaries()
    yield (
        postgres.Postgres(
            binaries=postgres.reachable_binaries(binaries, home, account),
            data=folders.private_folder(home / "data", account),
            sockets=folders.socket_folder(home / "s", account),
            log=home / "postgres.log",
            account=account,
            throwaway=True,
        ),
        servers,
    )
    servers.stop()
    shutil.rmtree(home)


def test_server_left_by_a_killed_run_is_stopped_and_its_data_kept(
    cluster: tuple[postgres.Postgres, Servers],
) -> None:
    server, servers = cluster
    secrets = fresh()
    start_postgres(servers, server, secrets, for_tests=False)
    owner = servers.environment["DATABASE_OWNER_URL"]
    with psycopg.connect(owner) as link:
        link.execute("create table kept (id int)")
    stranded = servers.children.pop().process
    assert stranded

    start_postgres(servers, server, secrets, for_tests=False)

    assert stranded.wait(10) == 0
    with psycopg.connect(owner) as link:
        assert link.execute("select count(*) from kept").fetchone() == (0,)
    with pytest.raises(SetupError, match="does not know our password"):
        start_postgres(servers, server, fresh(), for_tests=False)


def test_tests_do_not_take_the_logins_of_a_site(
    cluster: tuple[postgres.Postgres, Servers],
) -> None:
    server, servers = cluster
    secrets = fresh()
    start_postgres(servers, server, secrets, for_tests=False)
    admin = server.url(
        postgres.ADMINISTRATOR, secrets.passwords[postgres.ADMINISTRATOR], "postgres"
    )

    with pytest.raises(SetupError, match="carries a site already"):
        roles.prepare(admin, fresh().passwords, may_create_databases=True)

    with psycopg.connect(servers.environment["DATABASE_WEB_URL"]) as link:
        assert link.execute("select 1").fetchone() == (1,)


def test_logins_that_tests_made_may_be_made_again_and_become_a_sites(
    cluster: tuple[postgres.Postgres, Servers],
) -> None:
    server, servers = cluster
    secrets = fresh()
    start_postgres(servers, server, secrets, for_tests=True)
    admin = servers.environment["DATABASE_ADMIN_URL"]
    roles.prepare(admin, fresh().passwords, may_create_databases=True)
    roles.prepare(admin, secrets.passwords, may_create_databases=False)
    with pytest.raises(SetupError, match="carries a site already"):
        roles.prepare(admin, secrets.passwords, may_create_databases=True)


def test_lock_of_a_dead_server_whose_number_is_another_process_is_removed(
    cluster: tuple[postgres.Postgres, Servers],
) -> None:
    server, _ = cluster
    lock = server.data / "postmaster.pid"
    with subprocess.Popen(
        [sys.executable, "-S", "-c", "input()"], stdin=-1
    ) as stranger:
        lock.write_text(f"{stranger.pid}\n{server.data}\n")
        server.clear_stale_lock()
        assert stranger.poll() is None
        stranger.kill()
    assert not lock.exists()


def test_data_of_another_major_version_are_refused(
    cluster: tuple[postgres.Postgres, Servers],
) -> None:
    server, _ = cluster
    server.data.joinpath("PG_VERSION").write_text("9\n")
    with pytest.raises(SetupError, match="was made by PostgreSQL 9"):
        server.initialise("password")


def test_wrong_folder_of_programs_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OCGMAP_PG_BIN", str(tmp_path))
    with pytest.raises(SetupError, match="OCGMAP_PG_BIN"):
        postgres.find_binaries()


def test_servers_end_when_their_user_is_killed_outright() -> None:
    code = """
import time
from ocgmap.bootstrap.guarded import GuardedServers
print(GuardedServers().environment["REDIS_URL"], flush=True)
time.sleep(60)
"""
    unset = {n: v for n, v in os.environ.items() if not n.startswith(("DATA", "REDIS"))}
    user = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=paths.ROOT,
        env=unset,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert user.stdout
    folder = Path(user.stdout.readline().strip().removeprefix("redis+socket://")).parent
    assert folder.is_dir()
    user.kill()
    user.wait()
    user.stdout.close()
    deadline = time.monotonic() + 20
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not folder.exists()


def test_long_path_gets_a_short_socket_folder(tmp_path: Path) -> None:
    long = tmp_path / ("x" * 120)
    short = folders.socket_folder(long, None)
    assert folders.fits_sockets(short)
    assert short == folders.socket_folder(long, None)
    assert short.stat().st_mode & 0o777 == 0o700
    short.rmdir()


def test_planted_link_is_refused(tmp_path: Path) -> None:
    planted = tmp_path / "planted"
    planted.symlink_to(tmp_path)
    with pytest.raises(SetupError, match="belongs to another user"):
        folders.private_folder(planted, None)


def test_secrets_are_private_and_stay_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = load_or_create(tmp_path)
    assert load_or_create(tmp_path) == first
    assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600
    monkeypatch.setenv("SECRET_KEY_FILE", "given")
    monkeypatch.delenv("OCGMAP_TOKEN_PEPPER", raising=False)
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.delenv("OCGMAP_SEAL_KEY", raising=False)
    assert list(first.environment()) == ["OCGMAP_TOKEN_PEPPER"]
    assert list(first.sealing()) == ["OCGMAP_SEAL_KEY"]


def test_damaged_secrets_say_how_to_start_afresh(tmp_path: Path) -> None:
    (tmp_path / "secrets.json").write_text("[]")
    with pytest.raises(SetupError, match="--reset"):
        load_or_create(tmp_path)


def test_taken_port_names_another() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SetupError, match=f"port {port} is taken") as caught:
            demo.check_port_is_free(port)
    assert caught.value.cure == f"python3 manage.py demo --port {port + 1}"
    demo.check_port_is_free(port)


@pytest.mark.parametrize(
    ("command", "login"),
    [("migrate", "owner"), ("runserver", "web"), ("drain", "worker")],
)
def test_command_logs_in_with_what_it_needs(command: str, login: str) -> None:
    assert django_command.process_of(command) == login


def test_pure_command_needs_no_database_and_no_secret() -> None:
    keep = {"PATH": os.environ["PATH"], "OCGMAP_VAR": "/nonexistent/var"}
    result = subprocess.run(
        [sys.executable, str(paths.ROOT / "manage.py"), "score", "--help"],
        env=keep,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stderr) == (0, "")
    assert "usage" in result.stdout


def test_operators_database_is_no_demonstration(tmp_path: Path) -> None:
    keep = {"PATH": os.environ["PATH"], "OCGMAP_VAR": str(tmp_path)}
    given = {
        name: url for name, url in os.environ.items() if name.startswith("DATABASE_")
    }
    result = subprocess.run(
        [sys.executable, str(paths.ROOT / "manage.py"), "seed_demo"],
        env=keep | given,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode != 0
    assert "OCGMAP_DEMONSTRATION=1" in result.stderr


@pytest.mark.parametrize("port", [-1, 0, 65_536])
def test_port_that_is_none_is_refused(port: int) -> None:
    with pytest.raises(SetupError, match="from 1 to 65,535"):
        demo.check_port_is_free(port)


def test_empty_address_counts_as_not_given() -> None:
    assert not is_database_given({"DATABASE_URL": "", "DATABASE_WEB_URL": ""})
    assert is_database_given({"DATABASE_URL": "", "DATABASE_WEB_URL": "x"})


def test_address_in_words_stays_in_words() -> None:
    words = "host=db.example port=5433 user=admin password=secret dbname=postgres"
    found = conninfo_to_dict(roles.address(words, "ocgmap_web", "p w"))
    assert found == {
        "host": "db.example",
        "port": "5433",
        "user": "ocgmap_web",
        "password": "p w",
        "dbname": "ocgmap",
    }


@pytest.mark.parametrize(
    "address", ["host=db password='open-sesame", "postgresql://a:open-sesame%@db/x"]
)
def test_address_that_cannot_be_read_tells_no_password(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in URL_NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABASE_URL", address)
    with pytest.raises(SetupError, match="cannot be read as the address") as caught:
        given_database(fresh())
    assert "sesame" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("words", "is_taken"),
    [(["--owner", "durham"], True), (["--owner", "durh\udce9m"], False)],
)
def test_argument_that_is_no_text_is_refused(words: list[str], is_taken: bool) -> None:
    if is_taken:
        django_command.refuse_broken(words)
        return
    with pytest.raises(SystemExit) as caught:
        django_command.refuse_broken(words)
    assert caught.value.code == 2


def test_file_with_an_odd_name_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "n\udce9t.csv"
    path.write_text("id,name\n")
    django_command.refuse_broken([str(path)])


def test_database_without_tables_is_told_in_a_sentence() -> None:
    with pytest.raises(psycopg.errors.UndefinedTable) as caught:
        ask("OWNER", "select from nowhere_at_all")
    fault = ProgrammingError("relation does not exist")
    fault.__cause__ = caught.value
    found = django_command.fault_of(fault)
    assert found
    assert "no tables yet" in str(found)
    assert "manage.py demo" in found.cure


@pytest.mark.parametrize(
    ("cause", "is_known"),
    [
        (psycopg.OperationalError("connection refused"), True),
        (psycopg.errors.AdminShutdown("terminating connection"), True),
        (psycopg.errors.SerializationFailure("could not serialize"), False),
    ],
)
def test_database_that_went_away_is_told_in_a_sentence(
    cause: Exception, is_known: bool
) -> None:
    fault = OperationalError("gone")
    fault.__cause__ = cause
    assert bool(django_command.fault_of(fault)) is is_known
