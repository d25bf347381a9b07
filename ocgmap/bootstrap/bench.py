"""`manage.py bench [NAME] [--json]`: the benchmarks, on durable throw-away servers.

PostgreSQL keeps its safe settings here, so that what is timed is what is run.
"""

import os
import secrets
import subprocess
import sys

from ocgmap.bootstrap import frontend
from ocgmap.bootstrap.console import step
from ocgmap.bootstrap.environment import writable_home
from ocgmap.bootstrap.guarded import GuardedServers
from ocgmap.bootstrap.paths import ROOT

BENCHMARKS = "tests.bench"


def main(arguments: list[str]) -> int:
    """Run the benchmarks, and return their exit code."""
    frontend.build_if_changed()
    with step("Starting the throw-away servers"):
        servers = GuardedServers(durable=True)
    environment = {
        **os.environ,
        **writable_home(),
        "DJANGO_SETTINGS_MODULE": "ocgmap.settings",
        "OCGMAP_INSECURE_HTTP": "1",
        "OCGMAP_REQUIRE_MFA": "0",  # who asks has a password alone
        "SECRET_KEY": secrets.token_urlsafe(50),
        "OCGMAP_TOKEN_PEPPER": secrets.token_urlsafe(50),
        **servers.environment,
    }
    try:
        return subprocess.run(
            [sys.executable, "-m", BENCHMARKS, *arguments],
            cwd=ROOT,
            env=environment,
            check=False,
        ).returncode
    finally:
        servers.stop()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[2:]))
