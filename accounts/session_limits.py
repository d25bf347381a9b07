"""How long a session lasts, by role: without activity, and at all. Pure.

Source: OWASP ASVS 5.0, 7.3.1 and 7.3.2, which ask for both limits to be documented. The
shorter ones are of those who manage access, read the audit or belong to a partner.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from accounts.roles import Role

MINUTE = 60
HOUR = 60 * MINUTE
# How long before it ends a session says so.
WARNED_SECONDS = 2 * MINUTE
# How often activity is noted at most: a limit is kept to within this.
NOTED_EVERY_SECONDS = MINUTE


class Ended(StrEnum):
    """Why a session is over."""

    IDLE = "idle"
    OLD = "old"


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds without activity, and seconds at all, after which a session is over."""

    idle_seconds: int
    absolute_seconds: int

    @property
    def texts(self) -> tuple[str, str]:
        """Return both as people say them."""
        hours = self.absolute_seconds // HOUR
        return (
            f"{self.idle_seconds // MINUTE} minutes",
            f"{hours} hour{'' if hours == 1 else 's'}",
        )


_USUAL = Limits(30 * MINUTE, 8 * HOUR)
_SHORT = Limits(15 * MINUTE, 4 * HOUR)
LIMITS: Mapping[Role, Limits] = MappingProxyType(
    {
        Role.FORCE_ANALYST: _USUAL,
        Role.FORCE_SUPERVISOR: _USUAL,
        Role.ROCU_ANALYST: _USUAL,
        Role.ROCU_LEAD: _USUAL,
        Role.INTELLIGENCE_ASSURER: _USUAL,
        Role.NCA_OFFICER: _USUAL,
        Role.RECORDS_MANAGER: _USUAL,
        Role.PARTNER_READER: _SHORT,
        Role.AUDITOR: _SHORT,
        Role.SYSTEM_ADMINISTRATOR: _SHORT,
        Role.SERVICE: Limits(15 * MINUTE, HOUR),
    }
)


def seconds_left(
    limits: Limits, *, started: float, seen: float, now: float
) -> tuple[float, Ended]:
    """Return how long the session lasts if nothing happens, and what would end it.

    Nought or less means that it is over. Times are seconds of the same clock.
    """
    idle = seen + limits.idle_seconds - now
    old = started + limits.absolute_seconds - now
    return (old, Ended.OLD) if old <= idle else (idle, Ended.IDLE)
