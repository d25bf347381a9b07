"""The database as in production: owner migrates, worker logs in and steps down."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test import testcases

from accounts.models import User
from ocgmap.security import protected_models

pytest_plugins = [
    "tests.cast",
    "tests.scratch",
    "tests.sealed",
    "tests.shared",
    "tests.site",
    "tests.world",
    "tests.inside",
    "tests.plugins.static_files",
    "tests.fault.options",
    "tests.leak.options",
    "tests.functional.tally",
]

# Marks of long files, the longest first.
_LONG = (("fault", "browser"), ("leak",))
# Reference data may name an account, and stays after a test that commits.
_STAY = {"accounts.TagHolder", "scoring.SchemeVersion"}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long files first, so that no core is idle while the last one runs."""
    items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    """Return where the file of a test stands among the long ones; the others follow."""
    for place, marks in enumerate(_LONG):
        if any(map(item.get_closest_marker, marks)):
            return place
    return len(_LONG)


def log_in_as(process: str) -> None:
    """Close the connection and log in to the same database as another login."""
    import os  # noqa: PLC0415

    parts = urlsplit(os.environ[f"DATABASE_{process.upper()}_URL"])
    connection.close()
    connection.settings_dict["USER"] = parts.username or f"ocgmap_{process}"
    connection.settings_dict["PASSWORD"] = parts.password or ""


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: Any,
    databases: Any,
    reference_database: str,
) -> Iterator[None]:
    """Give this process a database of its own, and log in to it as worker."""
    with django_db_blocker.unblock():
        log_in_as("worker")
        connection.settings_dict["NAME"] = databases.create(reference_database)
    yield
    with django_db_blocker.unblock():
        connection.close()


def _is_of_an_account(model: Any) -> bool:
    """Return whether the rows name an account."""
    about = model._meta
    if about.label in _STAY or about.proxy or not about.managed:
        return False
    return any(one.related_model is User for one in about.concrete_fields)


def empty_tables() -> None:
    """Remove what a committing test left behind, as the owner; then log in again."""
    process = connection.login  # type: ignore[attr-defined]
    log_in_as("owner")
    tables = [
        model._meta.db_table
        for model in apps.get_models()
        if model in protected_models()
        or _is_of_an_account(model)
        or (
            model._meta.app_label == "scoring"
            and model._meta.object_name != "SchemeVersion"
        )
        or model._meta.app_label in {"sessions", "axes", "mfa", "account"}
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"truncate {', '.join(tables)} cascade")
        # Those of the code have no table of their own in their row.
        cursor.execute("delete from scoring_schemeversion where rows is not null")
        # Truncating the accounts would cascade to what organisations hold.
        cursor.execute("delete from accounts_tagholder where user_id is not null")
        cursor.execute("delete from accounts_user")
    log_in_as(process)


def _teardown(_self: Any) -> None:
    empty_tables()


testcases.TransactionTestCase._fixture_teardown = _teardown  # type: ignore[attr-defined]
