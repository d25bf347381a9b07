"""What a checkpoint says, how it is signed, and how it hangs on the one before."""

import datetime
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from accounts.exceptions import CopyDamaged
from accounts.models import AuditCheckpoint
from accounts.sealing.keys import Trusted, key_name

# What the first checkpoint names as the one before it.
NO_DIGEST: Final = "0" * 64


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """One sealed batch without its leaves; the fields are those of `AuditCheckpoint`."""

    number: int
    at: datetime.datetime
    from_era: int
    from_tx: int
    to_era: int
    to_tx: int
    now_era: int
    next_tx: int
    row_count: int
    rows_digest: str
    previous_digest: str
    key: str
    signature: str = ""

    @property
    def message(self) -> bytes:
        """Return what is signed: every field but the signature, in one fixed form."""
        said = self.as_json()
        del said["signature"]
        return _fixed(said)

    @property
    def digest(self) -> str:
        """Return what the next checkpoint names as the one before it."""
        return hashlib.sha256(self.message).hexdigest()

    def as_json(self) -> dict[str, Any]:
        """Return the fields by name; the time in UTC to the microsecond."""
        return {**asdict(self), "at": _moment(self.at)}

    def signed(self, key: Ed25519PrivateKey) -> "Checkpoint":
        """Return it with the name and the signature of ``key``."""
        named = replace(self, key=key_name(key))
        return replace(named, signature=key.sign(named.message).hex())

    def is_signed(self, trusted: Trusted) -> bool:
        """Return whether one of the keys that are trusted has signed just this."""
        return _is_signed(self.message, self.key, self.signature, trusted)


_FIELDS = tuple(field.name for field in fields(Checkpoint))
_TYPES = {field.name: field.type for field in fields(Checkpoint)}


@dataclass(frozen=True, slots=True)
class Restored:
    """That the database came back from a backup which held batches up to `after` only."""

    era: int
    after: int
    at: datetime.datetime
    key: str = ""
    signature: str = ""

    @property
    def message(self) -> bytes:
        """Return what is signed."""
        said = self.as_json()
        del said["signature"]
        return _fixed(said)

    def as_json(self) -> dict[str, Any]:
        """Return the fields by name."""
        return {**asdict(self), "at": _moment(self.at)}

    def signed(self, key: Ed25519PrivateKey) -> "Restored":
        """Return it with the name and the signature of ``key``."""
        named = replace(self, key=key_name(key))
        return replace(named, signature=key.sign(named.message).hex())

    def is_signed(self, trusted: Trusted) -> bool:
        """Return whether one of the keys that are trusted has signed just this."""
        return _is_signed(self.message, self.key, self.signature, trusted)


def stored(row: AuditCheckpoint) -> Checkpoint:
    """Return what the database holds as a checkpoint."""
    return Checkpoint(**{name: getattr(row, name) for name in _FIELDS})


def columns() -> tuple[str, ...]:
    """Return the names of the fields, which are those of the table but the leaves."""
    return _FIELDS


def line_of(what: Checkpoint | Restored) -> str:
    """Return the line of the copy that says this."""
    kind = "checkpoint" if isinstance(what, Checkpoint) else "restored"
    return json.dumps({kind: what.as_json()}, sort_keys=True) + "\n"


def read_line(line: str) -> Checkpoint | Restored:
    """Return what a line of the copy says.

    Raises:
        CopyDamaged: it is no such line.
    """
    try:
        [(kind, said)] = json.loads(line).items()
        made: type[Checkpoint | Restored]
        made = {"checkpoint": Checkpoint, "restored": Restored}[kind]
        return made(**_typed(said))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise CopyDamaged("a line of the copy cannot be read") from error


def _typed(said: Mapping[str, Any]) -> dict[str, Any]:
    known = {"after": int, "era": int, **_TYPES}
    for name, value in said.items():
        if known[name] is int and type(value) is not int:
            raise TypeError(name)
        if known[name] is str and type(value) is not str:
            raise TypeError(name)
    at = datetime.datetime.fromisoformat(said["at"])
    if at.tzinfo is None:
        raise ValueError("at")
    return {**said, "at": at}


def _fixed(said: Mapping[str, Any]) -> bytes:
    return json.dumps(said, sort_keys=True, separators=(",", ":")).encode("ascii")


def _moment(at: datetime.datetime) -> str:
    return at.astimezone(datetime.UTC).isoformat(timespec="microseconds")


def _is_signed(message: bytes, key: str, signature: str, trusted: Trusted) -> bool:
    if key not in trusted:
        return False
    try:
        trusted[key].verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True
