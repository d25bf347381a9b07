"""The daily email: it says how many notices there are, and nothing of what they are.

Neither names, references, forces nor kinds of notice stand in it. The number is counted
when the mail is sent, with what the account may see then.
"""

import datetime
import time
from collections import Counter
from typing import Final

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from accounts.access import scope_of, viewer_of
from accounts.models import User
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from scoring.actions import digests
from scoring.filters import usual_scope
from scoring.models import Delivery
from scoring.models.watch import DeliveryState
from scoring.notices.reading import Noticed, news_of

ROUTE: Final = "digest"
SUBJECT: Final = "ocgmap"
logger = structlog.get_logger(__name__)


def send_due(
    now: datetime.datetime | None = None, *, seconds: float | None = None
) -> Counter[str]:
    """Send the mails that are due, and return how many came to which state.

    May run at any time, several at once, and again after a kill. Stops after
    ``seconds``; nothing is sent where the service sends no mail.
    """
    done: Counter[str] = Counter()
    if settings.MAIL == "off":
        return done
    moment = now or timezone.now()
    until = None if seconds is None else time.monotonic() + seconds
    with acting_as(system(ROUTE)), transaction.atomic():
        digests.queue_due(moment)
    while until is None or time.monotonic() < until:
        with acting_as(system(ROUTE)), transaction.atomic():
            one = digests.claim(now or timezone.now())
        if one is None:
            break
        done[_deliver(one)] += 1
    return done


def _deliver(one: Delivery) -> DeliveryState:
    """Count, send, and note the outcome, in this order: at least once, never in a lock.

    A sender killed between sending and noting sends again, under the same message id.
    """
    fault = ""
    try:
        number = _number_for(one)
        if number:
            message_for(one.user, number, one).send()
        state = DeliveryState.SENT if number else DeliveryState.NOTHING
    except Exception as error:  # noqa: BLE001 - one mail's fault must not hold the others
        state, fault = DeliveryState.FAILED, type(error).__name__
        logger.warning("a digest was not sent", fault=fault)
    with acting_as(system(ROUTE)), transaction.atomic():
        digests.settle(one, state, fault)
    return state


def _number_for(one: Delivery) -> int:
    """Return how many notices the account has now; 0 if none is newer than its last mail.

    An account that was closed, or may see nothing any more, has none.
    """
    with acting_as(system(ROUTE)), transaction.atomic():
        user = User.objects.select_related("organisation").get(pk=one.user_id)
        viewer = viewer_of(user)
        sent = Delivery.objects.filter(user=user, state=DeliveryState.SENT)
        last = sent.order_by("-day").values_list("claimed_at", flat=True).first()
    if not viewer.can_view:
        return 0
    scope = scope_of(viewer, route=ROUTE, repeatable_read=True)
    with acting_as(scope), transaction.atomic():
        noticed = news_of(viewer, usual_scope(user.organisation))
    return noticed.count if _is_newer(noticed, last) else 0


def _is_newer(noticed: Noticed, last: datetime.datetime | None) -> bool:
    newest = noticed.newest_at
    return newest is not None and (last is None or newest > last)


def message_for(user: User, number: int, one: Delivery) -> EmailMessage:
    """Return the mail: a number, and where to sign in."""
    notices = "1 notice" if number == 1 else f"{number:,} notices"
    them = "it" if number == 1 else "them"
    lines = [f"You have {notices} in ocgmap. Sign in to read {them}."]
    if settings.SITE_URL:
        lines += ["", f"{settings.SITE_URL}/notices/"]
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    return EmailMessage(
        SUBJECT,
        "\n".join([*lines, ""]),
        to=[user.email],
        headers={
            "Message-ID": f"<{one.message_id}@{domain}>",
            "Auto-Submitted": "auto-generated",
        },
    )
