"""Hints to Celery: sent after the commit, never waited for, never relied on."""

import logging
import time
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from celery import current_app
from django.db import transaction
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


class Queue(StrEnum):
    """The queues; every task names one."""

    DRAIN = "drain"


_PAUSE_SECONDS = 5.0


@dataclass(slots=True)
class _Breaker:
    """Hints that could not be sent since this process started, and until when to rest."""

    lost: int = 0
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
        breaker.lost += 1
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
        breaker.lost += 1
        breaker.rest_until = time.monotonic() + _PAUSE_SECONDS
        logger.warning("hint %s not sent: %s", task_name, type(error).__name__)
