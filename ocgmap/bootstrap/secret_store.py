"""Secrets made once for this folder and kept in a file that only its owner may read."""

import json
import os
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ocgmap.bootstrap.console import SetupError

FILE_NAME = "secrets.json"
KEYS = ("SECRET_KEY", "OCGMAP_TOKEN_PEPPER")
# What every process needs, and what the sealer of the audit alone needs.
SEAL_KEY = "OCGMAP_SEAL_KEY"
ALL_KEYS = (*KEYS, SEAL_KEY)
PASSWORDS = ("ocgmap_admin", "ocgmap_owner", "ocgmap_web", "ocgmap_worker")


@dataclass(frozen=True, slots=True)
class Secrets:
    """The keys of the application and the passwords of the database roles."""

    keys: Mapping[str, str]
    passwords: Mapping[str, str]

    def environment(self) -> dict[str, str]:
        """Return the keys of every process that the environment does not give already.

        What seals the audit is not among them.
        """
        return self._missing(KEYS)

    def sealing(self) -> dict[str, str]:
        """Return the key of the seal, unless the environment gives it already."""
        return self._missing((SEAL_KEY,))

    def _missing(self, names: Iterable[str]) -> dict[str, str]:
        return {
            name: self.keys[name]
            for name in names
            if name not in os.environ and f"{name}_FILE" not in os.environ
        }


def fresh() -> Secrets:
    """Return new random secrets, stored nowhere."""
    return Secrets(
        {name: secrets.token_urlsafe(50) for name in ALL_KEYS},
        {name: secrets.token_urlsafe(24) for name in PASSWORDS},
    )


def load_or_create(var: Path) -> Secrets:
    """Return the secrets of a data folder; the first call makes and stores them.

    Raises:
        SetupError: when the file is damaged.
    """
    path = var / FILE_NAME
    new = fresh()
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        kept = Secrets(
            {name: stored["keys"].get(name, new.keys[name]) for name in ALL_KEYS},
            {
                name: stored["passwords"].get(name, new.passwords[name])
                for name in PASSWORDS
            },
        )
    except FileNotFoundError:
        kept = new
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SetupError(
            f"{path} is damaged ({error})", "`demo --reset` starts afresh"
        ) from error
    write_private(path, {"keys": dict(kept.keys), "passwords": dict(kept.passwords)})
    return kept


def write_private(path: Path, content: object) -> None:
    """Replace a file by JSON that only its owner may read, never half-written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=2)
    draft.replace(path)
