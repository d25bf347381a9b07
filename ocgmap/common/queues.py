"""Hints to Celery: sent after the commit, never waited for, never relied on."""

import time
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

import structlog
from celery import current_app
from django.db import transaction
from kombu.exceptions import KombuError
from prometheus_client import Counter
from redis.exceptions import RedisError

logger = structlog.get_logger(__name__)


class Queue(StrEnum):
    """The queues; every task names one."""

    DRAIN = "drain"


_PAUSE_SECONDS = 5.0
HINTS_LOST = Counter(
    "ocgmap_hints_lost",
    "Hints that the broker did not take. The drain finds their work by the clock.",
    registry=None,
)


@dataclass(slots=True)
class _Breaker:
    """Until when no hint is tried, since the broker did not take one."""

    rest_until: float = 0.0


breaker = _Breaker()


def hint(task_name: str, *args: int) -> None:
    """Wake ``task_name`` after the commit; losing the hint only costs time.

    A broken or hanging broker never blocks or fails the caller: no retry, 0.2 s socket
    timeouts, and a pause of some seconds after a failure.
    """
    transaction.on_commit(partial(_send, task_name, args), robust=True)


def _send(task_name: str, args: tuple[int, ...]) -> None:
    if time.monotonic() < breaker.rest_until:
        HINTS_LOST.inc()
        return
    try:
        current_app.send_task(
            task_name,
            args=list(args),
            queue=Queue.DRAIN,
            retry=False,
            ignore_result=True,
            expires=60,
        )
    except (OSError, KombuError, RedisError) as error:
        HINTS_LOST.inc()
        breaker.rest_until = time.monotonic() + _PAUSE_SECONDS
        logger.warning("hint not sent", task=task_name, kind=type(error).__name__)
