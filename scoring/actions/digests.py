"""The daily email: who wants one, and the log of what became of each."""

import datetime
from typing import Final

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts.permissions import check_has
from accounts.roles import Right
from accounts.visibility import Viewer
from scoring.models import Delivery, DigestChoice
from scoring.models.watch import DeliveryState

# So often a mail is tried on its day, and this long after the last try at the earliest.
MOST_ATTEMPTS: Final = 5
LEASE: Final = datetime.timedelta(minutes=10)
DAY_PASSED: Final = "DayPassed"

_QUEUE: Final = """
insert into scoring_delivery (user_id, day, state, attempts, fault, message_id)
select c.user_id, %(day)s, 'queued', 0, '', gen_random_uuid()
from scoring_digestchoice c join accounts_user u on u.id = c.user_id and u.is_active
where c.hour <= %(hour)s
on conflict (user_id, day) do nothing
"""


def choose(*, by: Viewer, hour: int | None) -> None:
    """Send ``by`` a mail a day from this hour of London on; None: no mail.

    Raises:
        RightMissing: they may see no intelligence, so there is nothing to tell them.
    """
    check_has(by, Right.VIEW)
    if hour is None:
        DigestChoice.objects.filter(user_id=by.user_id).delete()
        return
    DigestChoice.objects.update_or_create(user_id=by.user_id, defaults={"hour": hour})


def queue_due(now: datetime.datetime) -> None:
    """Put one row a day for each account whose hour has come; once, however often asked.

    What waits from a day that has passed is given up: that day's mail is the next one.
    """
    local = timezone.localtime(now)
    with transaction.atomic():
        Delivery.objects.filter(
            state=DeliveryState.QUEUED, day__lt=local.date()
        ).update(state=DeliveryState.FAILED, fault=DAY_PASSED, settled_at=now)
        with connection.cursor() as cursor:
            cursor.execute(_QUEUE, {"day": local.date(), "hour": local.hour})


def claim(now: datetime.datetime) -> Delivery | None:
    """Return a mail of today to be sent, kept from other senders for a while, or None.

    It counts as tried once it is claimed: a sender that dies has used an attempt.
    """
    free = Q(claimed_at__isnull=True) | Q(claimed_at__lte=now - LEASE)
    with transaction.atomic():
        one = (
            Delivery.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(
                free,
                day=timezone.localdate(now),
                state__in=(DeliveryState.QUEUED, DeliveryState.FAILED),
                attempts__lt=MOST_ATTEMPTS,
            )
            .select_related("user__organisation")
            .order_by("pk")
            .first()
        )
        if one is None:
            return None
        Delivery.objects.filter(pk=one.pk).update(
            state=DeliveryState.QUEUED,
            attempts=F("attempts") + 1,
            claimed_at=now,
        )
        one.claimed_at = now
    return one


def settle(delivery: Delivery, state: DeliveryState, fault: str = "") -> None:
    """Note what became of a claimed mail; ``fault`` is the class of an error."""
    Delivery.objects.filter(pk=delivery.pk).update(
        state=state, fault=fault[:60], settled_at=timezone.now()
    )
