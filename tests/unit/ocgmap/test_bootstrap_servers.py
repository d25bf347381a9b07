"""The throw-away servers of this very run: logins, rights and extensions."""

import os

import psycopg
import pytest


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
