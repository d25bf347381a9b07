"""Forms sent twice: the second leads where the first led, and nothing is done twice."""

import datetime
import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts.exceptions import SentBefore
from accounts.models import SentForm
from accounts.visibility import Viewer
from ocgmap.common.one_at_a_time import wait_for

# How long a form is known after it was made.
KNOWN_SECONDS = 7 * 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Sending:
    """A form as it comes in: its ticket as sent, the id in it, and what it says.

    `id` is None where the ticket was altered, is old, or was another person's: such a
    form is taken, but not known again.
    """

    ticket: str
    id: uuid.UUID | None
    digest: str


def led_to(*, by: Viewer, sending: Sending) -> str:
    """Return where this form led when it was sent before; an empty text if it is new.

    It waits for the same form that is being taken at this moment, and keeps others
    waiting until the transaction ends.

    Raises:
        SentBefore: it was sent before with other words.
    """
    if sending.id is None:
        return ""
    wait_for(str(sending.id))
    former = SentForm.objects.filter(pk=sending.id, user_id=by.user_id).first()
    if former is None:
        return ""
    if former.digest != sending.digest:
        raise SentBefore
    return former.address


def note(*, by: Viewer, sending: Sending, address: str) -> None:
    """Keep that this form was taken and where it led; forget this user's old ones."""
    if sending.id is None:
        return
    oldest = timezone.now() - datetime.timedelta(seconds=KNOWN_SECONDS)
    own = SentForm.objects.filter(user_id=by.user_id)
    with transaction.atomic():
        own.filter(created_at__lt=oldest).delete()
        own.create(
            pk=sending.id, user_id=by.user_id, digest=sending.digest, address=address
        )
