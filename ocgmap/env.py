"""Read the environment strictly: a wrong or missing value ends start-up with a sentence."""

import os
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import NoReturn

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off", ""}


def _die(sentence: str) -> NoReturn:
    raise SystemExit(f"ocgmap settings: {sentence}")


def env_str(name: str, default: str | None = None) -> str:
    """Return the value of ``name``; end start-up if it is unset and has no default."""
    value = os.environ.get(name, default)
    if value is None:
        _die(f"{name} is not set. Set it, or start with `python3 manage.py demo`.")
    return value


def env_bool(name: str, *, default: bool = False) -> bool:
    """Return ``name`` as true or false; end start-up on any other word."""
    raw = os.environ.get(name)
    if raw is None:
        return default
    word = raw.strip().lower()
    if word not in _TRUE | _FALSE:
        _die(f"{name} must be 1 or 0, not {raw!r}.")
    return word in _TRUE


def env_int(name: str, default: int) -> int:
    """Return ``name`` as a whole number; end start-up if it is not one."""
    raw = os.environ.get(name)
    if raw is None:
        return default
    try:
        return int(raw)
    except ValueError:
        _die(f"{name} must be a whole number, not {raw!r}.")


def env_list(name: str, default: str = "") -> list[str]:
    """Return the comma-separated parts of ``name`` without blanks."""
    return [part.strip() for part in env_str(name, default).split(",") if part.strip()]


def env_secret(name: str, default: str | None = None) -> str:
    """Return a secret from the file named by ``NAME_FILE``, else from ``NAME``.

    End start-up if there is neither and no default.
    """
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            secret = Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            _die(f"{name}_FILE cannot be read: {error}.")
    else:
        secret = os.environ.get(name, "") or default or ""
    if not secret and default is None:
        _die(
            f"{name} is not set. Set {name} or {name}_FILE, "
            "or start with `python3 manage.py demo`."
        )
    return secret


def env_key(name: str, shortest: int) -> str:
    """Return an optional secret, '' if unset; end start-up if it is easily guessed."""
    secret = env_secret(name, "")
    if secret and len(secret) < shortest:
        _die(f"{name} must have at least {shortest} characters.")
    return secret


def env_networks(name: str) -> list[IPv4Network | IPv6Network]:
    """Return the comma-separated addresses or networks of ``name``."""
    try:
        return [ip_network(part, strict=False) for part in env_list(name)]
    except ValueError as error:
        _die(f"{name} must be addresses or networks: {error}.")


def env_choice(name: str, default: str, choices: tuple[str, ...]) -> str:
    """Return ``name``; end start-up if it is none of the choices."""
    value = env_str(name, default)
    if value not in choices:
        _die(f"{name} must be {' or '.join(choices)}, not {value!r}.")
    return value
