"""The ticket of a form: by it the server knows the same form when it comes again."""

import uuid

from django.core import signing
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from accounts.actions.sent_forms import KNOWN_SECONDS, Sending
from accounts.visibility import Viewer

# The hidden field that carries it.
FIELD = "entry"
_SALT = "accounts.forms.ticket"
_NOT_SAID = ("csrfmiddlewaretoken", FIELD)


def new_ticket(viewer: Viewer) -> str:
    """Return a ticket for one form of this viewer's."""
    return signing.dumps([str(uuid.uuid4()), viewer.user_id], salt=_SALT)


def ticket_after(sending: Sending | None, viewer: Viewer) -> str:
    """Return the ticket for the page shown next: the same while it is not spent."""
    return sending.ticket if sending and sending.id else new_ticket(viewer)


def sending_of(request: HttpRequest, viewer: Viewer) -> Sending:
    """Return the form that the request carries."""
    ticket = request.POST.get(FIELD, "")
    said = sorted(
        (name, value)
        for name, values in request.POST.lists()
        if name not in _NOT_SAID
        for value in values
    )
    digest = salted_hmac(_SALT, repr((request.path, said)), algorithm="sha256")
    return Sending(ticket, _id_in(ticket, viewer), digest.hexdigest())


def _id_in(ticket: str, viewer: Viewer) -> uuid.UUID | None:
    try:
        one, user_id = signing.loads(ticket, salt=_SALT, max_age=KNOWN_SECONDS)
        return uuid.UUID(one) if user_id == viewer.user_id else None
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        return None
