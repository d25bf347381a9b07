"""Database roles, the database and its extensions, made by an administrator.

The logins are powerless by design: the owner migrates, the web owns nothing, the
worker may step down to the web's role but never the other way round, and the search
role cannot log in. The administrator is used for nothing else.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any, LiteralString
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from ocgmap.bootstrap.console import SetupError

OWNER, WEB, WORKER, SEARCH = (
    "ocgmap_owner",
    "ocgmap_web",
    "ocgmap_worker",
    "ocgmap_search",
)
LOGINS = (OWNER, WEB, WORKER)
EXTENSIONS = ("btree_gist", "fuzzystrmatch", "pg_trgm", "unaccent")
DATABASE = "ocgmap"
CONNECT_TIMEOUT_SECONDS = 5
# Logins are shared by all databases of a server, so tests must not take those of a site.
TESTS_MARK = "ocgmap: made by tests, which may change it"

Link = psycopg.Connection[tuple[Any, ...]]


def connect(url: str, database: str | None = None) -> Link:
    """Open a connection of its own, each statement its own transaction."""
    address = make_conninfo(url, dbname=database) if database else url
    return psycopg.connect(
        address, autocommit=True, connect_timeout=CONNECT_TIMEOUT_SECONDS
    )


def wait_until_ready(
    url: str, is_alive: Callable[[], bool], timeout_seconds: float
) -> bool:
    """Return whether the server answers before it dies or the time runs out."""
    deadline = time.monotonic() + timeout_seconds
    while is_alive() and time.monotonic() < deadline:
        try:
            connect(url, "postgres").close()
        except psycopg.OperationalError as error:
            if "authentication failed" in str(error):
                raise
            time.sleep(0.05)
        else:
            return True
    return False


def database_name(admin_url: str) -> str:
    """Return the database that the address names; ours for none or the server's own."""
    named = str(conninfo_to_dict(admin_url).get("dbname") or "postgres")
    return DATABASE if named in {"postgres", "template1"} else named


def address(admin_url: str, role: str, password: str) -> str:
    """Return the administrator's address rewritten for one of our logins.

    It keeps its form: an URL, or words such as `host=… dbname=…`.
    """
    if "://" not in admin_url:
        database = database_name(admin_url)
        return make_conninfo(admin_url, user=role, password=password, dbname=database)
    parts = urlsplit(admin_url)
    place = parts.netloc.rpartition("@")[2]
    login = f"{role}:{quote(password, safe='')}@{place}"
    return urlunsplit(parts._replace(netloc=login, path=f"/{database_name(admin_url)}"))


def prepare(
    admin_url: str, passwords: Mapping[str, str], *, may_create_databases: bool
) -> None:
    """Make roles, database and extensions as they should be; harmless when repeated.

    Args:
        admin_url: a login that may create roles and databases.
        passwords: the password of each of `LOGINS`; only a verifier is sent.
        may_create_databases: lets the owner make test databases, with the
            extensions in them from the start.

    Raises:
        SetupError: tests would change the logins of a site on the same server.
    """
    database = database_name(admin_url)
    with connect(admin_url, "postgres") as link:
        if may_create_databases:
            _check_no_site(link)
        for role in LOGINS:
            _login(link, role, passwords[role], may_create_databases)
        if not _exists(link, "select from pg_roles where rolname = %s", SEARCH):
            _run(link, "create role {} nologin nobypassrls", SEARCH)
        _run(link, "grant {} to {}", WEB, WORKER)
        # The owner hands the search function over to the role that cannot log in.
        _run(link, "grant {} to {}", SEARCH, OWNER)
        if not _is_superuser(link):
            _run(link, "grant {} to current_user", OWNER)
        if not _exists(link, "select from pg_database where datname = %s", database):
            _run(link, "create database {} owner {} encoding 'UTF8'", database, OWNER)
    if may_create_databases:
        _add_extensions(admin_url, "template1")
    _add_extensions(admin_url, database)
    _close_database(admin_url, database)


def _login(link: Link, role: str, password: str, may_create_databases: bool) -> None:
    if not _exists(link, "select from pg_roles where rolname = %s", role):
        _run(link, "create role {} login nosuperuser nocreaterole nobypassrls", role)
    verifier = link.pgconn.encrypt_password(
        password.encode(), role.encode(), b"scram-sha-256"
    ).decode()
    link.execute(
        sql.SQL("alter role {} login password {}").format(
            sql.Identifier(role), sql.Literal(verifier)
        )
    )
    if role == OWNER and may_create_databases:
        _run(link, "alter role {} createdb", role)
    mark = TESTS_MARK if may_create_databases else None
    link.execute(
        sql.SQL("comment on role {} is {}").format(
            sql.Identifier(role), sql.Literal(mark)
        )
    )


def _check_no_site(link: Link) -> None:
    found = link.execute(
        "select rolname from pg_roles where rolname = any(%s) and "
        "shobj_description(oid, 'pg_authid') is distinct from %s order by rolname",
        (list(LOGINS), TESTS_MARK),
    ).fetchall()
    if found:
        names = ", ".join(name for (name,) in found)
        raise SetupError(
            f"the server of DATABASE_URL carries a site already (logins {names}), and "
            "tests would change their passwords",
            "give the tests a server of their own, or unset DATABASE_URL: they then "
            "start one",
        )


def _add_extensions(admin_url: str, database: str) -> None:
    with connect(admin_url, database) as link:
        for extension in EXTENSIONS:
            _run(link, "create extension if not exists {}", extension)


def _close_database(admin_url: str, database: str) -> None:
    """Give database and schema to the owner; let nobody else in or create."""
    with connect(admin_url, database) as link:
        _run(link, "alter database {} owner to {}", database, OWNER)
        _run(link, "alter schema public owner to {}", OWNER)
        _run(link, "revoke connect on database {} from public", database)
        for role in LOGINS:
            _run(link, "grant connect on database {} to {}", database, role)
        link.execute("revoke create on schema public from public")


def _exists(link: Link, query: LiteralString, value: str) -> bool:
    return link.execute(query, (value,)).fetchone() is not None


def _is_superuser(link: Link) -> bool:
    row = link.execute("select current_setting('is_superuser') = 'on'").fetchone()
    return bool(row and row[0])


def _run(link: Link, statement: LiteralString, *names: str) -> None:
    link.execute(sql.SQL(statement).format(*(sql.Identifier(name) for name in names)))
