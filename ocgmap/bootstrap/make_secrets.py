"""`manage.py make_secrets FOLDER`: every secret of a deployment, one file each.

The files are what `docker-compose.yml` mounts. The folder lets only its owner in; the
files in it may be read by all, since a container's account has another number.
"""

import argparse
import sys
from pathlib import Path

from ocgmap.bootstrap.console import SetupError, say
from ocgmap.bootstrap.secret_store import fresh

DATABASE_PLACE, BROKER_PLACE = "db:5432", "redis:6379"
ADMINISTRATOR = "postgres"


def main(arguments: list[str]) -> int:
    """Make the files and return the exit code."""
    parser = argparse.ArgumentParser(prog="manage.py make_secrets", description=__doc__)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args(arguments).folder
    write(folder)
    say(f"{len(contents())} secrets are in {folder}. Keep a copy where no backup lies.")
    return 0


def contents() -> dict[str, str]:
    """Return new random secrets by the name of their file."""
    made = fresh()
    admin, broker = made.passwords["ocgmap_admin"], fresh().passwords["ocgmap_admin"]
    logins = {
        f"database_{name}_url": (
            f"postgresql://ocgmap_{name}:{made.passwords[f'ocgmap_{name}']}"
            f"@{DATABASE_PLACE}/ocgmap"
        )
        for name in ("owner", "web", "worker")
    }
    return {
        "secret_key": made.keys["SECRET_KEY"],
        "token_pepper": made.keys["OCGMAP_TOKEN_PEPPER"],
        "metrics_token": fresh().keys["SECRET_KEY"],
        # The identity provider gives it; empty where there is none.
        "oidc_secret": "",
        "seal_key": made.keys["OCGMAP_SEAL_KEY"],
        "postgres_password": admin,
        "database_url": f"postgresql://{ADMINISTRATOR}:{admin}@{DATABASE_PLACE}/ocgmap",
        **logins,
        "redis_url": f"redis://:{broker}@{BROKER_PLACE}/0",
        "redis.conf": f"requirepass {broker}",
    }


def write(folder: Path) -> None:
    """Write new secrets into an empty folder, which is made where it is missing.

    Raises:
        SetupError: the folder holds something, or cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise SetupError(
                f"{folder} is not empty: secrets that are in use are never replaced",
                "name another folder, or move the old secrets away first",
            )
        folder.chmod(0o700)
        for name, secret in contents().items():
            path = folder / name
            path.touch(mode=0o444)
            path.chmod(0o644)
            path.write_text(secret + "\n", encoding="ascii")
            path.chmod(0o444)
    except OSError as error:
        raise SetupError(f"{folder} cannot be used: {error.strerror}") from error


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[2:]))
