"""Folders that the embedded servers can use: reachable, private, with short sockets."""

import hashlib
import os
import pwd
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ocgmap.bootstrap.console import SetupError, say

# A socket's whole path fits in 108 bytes on Linux and 104 on macOS, with the final NUL.
SOCKET_PATH_BYTES = 103
LONGEST_SOCKET_NAME = "/.s.PGSQL.5432.lock"
PRIVATE = 0o700
UNPRIVILEGED = ("postgres", "nobody")


@dataclass(frozen=True, slots=True)
class Account:
    """The unprivileged account of PostgreSQL, which refuses to run as root."""

    uid: int
    gid: int

    @property
    def switch(self) -> dict[str, Any]:
        """The arguments by which `subprocess` starts a child under this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def account_for(data: Path) -> Account | None:
    """Return the account for a data folder; None when we already are a normal user.

    Whoever owns existing data keeps them: PostgreSQL refuses data of another account.
    """
    if os.geteuid() != 0:
        return None
    if data.exists() and data.stat().st_uid != 0:
        owner = data.stat()
        return Account(owner.st_uid, owner.st_gid)
    for name in UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise SetupError(
        "PostgreSQL refuses to run as root, and this machine has no account to use",
        "run as a normal user, or create an account named postgres",
    )


def can_reach(path: Path, account: Account | None) -> bool:
    """Return whether the account may enter a folder or execute a file."""
    switch = account.switch if account else {}
    result = subprocess.run(
        ["/bin/sh", "-c", 'test -x "$1"', "sh", str(path)],
        cwd="/",
        check=False,
        **switch,
    )
    return result.returncode == 0


def private_folder(path: Path, account: Account | None) -> Path:
    """Make a folder that only its owner may enter, or take an existing one of ours.

    Raises:
        SetupError: when the folder belongs to somebody else (a planted folder or link
            in a shared place, or data of another user).
    """
    owner = account.uid if account else os.geteuid()
    path.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
    found = path.lstat()
    if found.st_uid not in {owner, os.geteuid()} or path.is_symlink():
        raise SetupError(
            f"{path} belongs to another user (number {found.st_uid})",
            "start as the user who started it before, or set OCGMAP_VAR elsewhere",
        )
    path.chmod(PRIVATE)
    if account:
        os.chown(path, account.uid, account.gid)
    return path


def _mark(var: Path) -> str:
    return hashlib.sha256(os.fsencode(var)).hexdigest()[:10]


def data_folder(var: Path) -> Path:
    """Return the folder of PostgreSQL's data, moved out where root's home hides it.

    Run as root in a folder that no other account may enter, the data go to
    `/var/lib/ocgmap-…`, the same place at each start.
    """
    outside = Path("/var/lib") / f"ocgmap-{_mark(var)}"
    inside = var / "postgres"
    account = account_for(outside if outside.exists() else inside)
    if not outside.exists():
        private_folder(inside, account)
        if can_reach(inside, account):
            return inside
        inside.rmdir()
        say(f"The database keeps its data in {outside}: it cannot enter {var}.")
    return private_folder(outside, account)


def fits_sockets(folder: Path) -> bool:
    """Return whether a socket in this folder has a path that the system accepts."""
    return len(os.fsencode(folder)) + len(LONGEST_SOCKET_NAME) <= SOCKET_PATH_BYTES


def socket_folder(preferred: Path, account: Account | None) -> Path:
    """Return a private folder for sockets: the preferred one, else a short one."""
    if fits_sockets(preferred):
        return private_folder(preferred, account)
    name = f"ocgmap-{os.geteuid()}-{_mark(preferred)}"
    for base in (Path(tempfile.gettempdir()), Path("/var/tmp")):  # noqa: S108 - checked
        if fits_sockets(base / name):
            return private_folder(base / name, account)
    raise SetupError(
        f"the path {preferred} is too long for a socket",
        "set OCGMAP_VAR to a folder with a shorter path",
    )
