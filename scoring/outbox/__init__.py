"""The drain: from marks in the outbox to lines of the picture.

Truth is rows; hints only say when to look. Running it twice, in two processes or after
a kill, writes nothing twice and loses nothing.
"""

from scoring.outbox.draining import (
    BATCH,
    Drainer,
    DrainResult,
    drain_once,
    drain_until_empty,
)
from scoring.outbox.effect import take_effect
from scoring.outbox.heartbeat import beat
from scoring.outbox.marking import mark_all
from scoring.outbox.profiles import refresh_profiles
from scoring.outbox.sweeping import sweep

__all__ = [
    "BATCH",
    "DrainResult",
    "Drainer",
    "beat",
    "drain_once",
    "drain_until_empty",
    "mark_all",
    "refresh_profiles",
    "sweep",
    "take_effect",
]
