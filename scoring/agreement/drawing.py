"""Which submissions are drawn for a second scoring: chance that anybody can check."""

import datetime
import hashlib
import uuid
from typing import Final

_NUMBERS: Final = 1_000_000_000


def drawn_number(group: uuid.UUID, submitted_at: datetime.datetime) -> int:
    """Return the number that a submission drew.

    It follows from the group and from the moment of the submission to the microsecond,
    so nobody can know it before they submit, and everybody can work it out later.
    """
    moment = submitted_at.astimezone(datetime.UTC).isoformat(timespec="microseconds")
    digest = hashlib.sha256(f"{group}|{moment}".encode()).digest()
    return int.from_bytes(digest[:8]) % _NUMBERS


def is_drawn(number: int, one_in: int) -> bool:
    """Return whether a number is drawn where one in ``one_in`` is; 0: none is."""
    return one_in > 0 and number % one_in == 0
