"""The administrator's address of the database, for backup and restore only.

They must read every row and make every object, whatever the row-level policies say; no
login of the site may do that.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

from ocgmap.bootstrap import roles
from ocgmap.bootstrap.command_database import database_for_command
from ocgmap.bootstrap.console import SetupError
from ocgmap.bootstrap.paths import ready_var_folder
from ocgmap.bootstrap.postgres import ADMINISTRATOR
from ocgmap.bootstrap.secret_store import load_or_create
from ocgmap.bootstrap.servers import is_database_given, is_given
from ocgmap.env import env_secret


@contextmanager
def administrators_address() -> Iterator[str]:
    """Yield the address: an operator's, or that of the demo, whose server is kept up.

    Raises:
        SetupError: an operator named the three logins and no administrator.
    """
    if is_given("DATABASE_URL", os.environ):
        url = env_secret("DATABASE_URL")
        yield in_database(url, roles.database_name(url))
        return
    if is_database_given(os.environ):
        raise SetupError(
            "DATABASE_URL is not set: the site's own logins may not read every row",
            "set DATABASE_URL or DATABASE_URL_FILE to an administrator's address",
        )
    with database_for_command():
        password = load_or_create(ready_var_folder()).passwords[ADMINISTRATOR]
        yield roles.address(env_secret("DATABASE_OWNER_URL"), ADMINISTRATOR, password)


def in_database(url: str, database: str) -> str:
    """Return the address with another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))
