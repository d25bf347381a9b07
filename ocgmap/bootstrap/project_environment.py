"""The environment variables by which the project's processes find each other."""

import os
from pathlib import Path

from ocgmap.bootstrap.secret_store import Secrets

# Plain http on this machine only: no redirect to https, no secure cookies.
LOCAL_HTTP = {
    "OCGMAP_INSECURE_HTTP": "1",
    "OCGMAP_ALLOWED_HOSTS": "localhost,127.0.0.1",
    "OCGMAP_DEMONSTRATION": "1",
    "OCGMAP_LOG_FORMAT": "text",
    "OCGMAP_MAIL": "file",
}


def local_environment(
    var: Path, secrets: Secrets, *, is_operators: bool = False
) -> dict[str, str]:
    """Return the variables of a run on this machine that nobody set otherwise.

    Every server's address is left out: those come from whoever starts the servers.
    Where the database is an operator's, nothing is loosened and nothing is called a
    demonstration unless the operator says so.
    """
    wanted = secrets.environment() | {"OCGMAP_VAR": str(var)}
    if not is_operators:
        wanted |= LOCAL_HTTP
    return {name: value for name, value in wanted.items() if name not in os.environ}
