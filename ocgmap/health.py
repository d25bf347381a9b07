"""Is the service well? Nothing about anyone's records, and never a long wait."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Final

from django.conf import settings
from django.db import Error, transaction
from django.db.models import F, FloatField
from django.db.models.functions import Extract, Now
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from ocgmap.common.acting import acting_as
from ocgmap.common.errors import OutsideScope
from ocgmap.common.scope import anonymous
from scoring.models import Heartbeat

# Two waits at most, for the connection and for the answer: 0.3 seconds together.
_BROKER_WAIT_SECONDS: Final = 0.15
# Beat asks for a drain every few seconds, so a minute without one is a fault.
LONGEST_PAUSE_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class Health:
    """How each part stands; seconds since a part was last seen, None if never."""

    status: str
    database: str
    broker: str
    worker_seen_seconds: float | None
    last_drain_seconds: float | None
    version: str

    @property
    def is_well(self) -> bool:
        """Return whether people can work: records are stored and scores move."""
        return self.status == "ok"

    def as_json(self) -> dict[str, str | float | None]:
        """Return the fields by name."""
        return asdict(self)


def health() -> Health:
    """Return how the service stands now. One query, one ping of the broker.

    A lost broker alone does not make the service unwell: the drain goes on by the
    clock of whoever runs it, and nothing that was sent is lost.
    """
    seen = _seconds_since_seen()
    drained = (seen or {}).get("drain")
    is_well = drained is not None and drained < LONGEST_PAUSE_SECONDS
    return Health(
        status="ok" if is_well else "degraded",
        database="ok" if seen is not None else "unavailable",
        broker="ok" if _broker_answers() else "unavailable",
        worker_seen_seconds=(seen or {}).get("worker"),
        last_drain_seconds=drained,
        version=settings.OCGMAP_VERSION,
    )


def _seconds_since_seen() -> Mapping[str, float] | None:
    """Return the age of each heartbeat, by the database's clock; None if it is away."""
    age = Extract(Now() - F("seen_at"), "epoch", output_field=FloatField())
    try:
        with acting_as(anonymous()), transaction.atomic():
            ages = dict(Heartbeat.objects.values_list("name", age))
    except (Error, OutsideScope):
        return None
    return {name: round(max(seconds, 0.0), 1) for name, seconds in ages.items()}


def _broker_answers() -> bool:
    """Return whether the broker answers a ping at once; no retry."""
    url = settings.BROKER_URL.replace("redis+socket://", "unix://", 1)
    if not url:
        return False
    try:
        client = Redis.from_url(
            url,
            socket_timeout=_BROKER_WAIT_SECONDS,
            socket_connect_timeout=_BROKER_WAIT_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
        with client:
            return bool(client.ping())
    except (RedisError, OSError, ValueError):
        return False
