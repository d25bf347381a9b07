"""Where one's own changes of the last 15 minutes can be undone."""

import uuid
from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone

from accounts.visibility import Viewer
from groups.actions import undoing
from groups.models import CrimeGroup, Nominal
from groups.views.changes import History

# More of them on one page of the history are not looked into.
MOST_OFFERED = 10


def offered(
    viewer: Viewer, record: CrimeGroup | Nominal, requests: Iterable[uuid.UUID]
) -> dict[uuid.UUID, str]:
    """Return where each of these requests of the viewer's can be undone, if it can."""
    if isinstance(record, CrimeGroup):
        name, scope = "groups:undo", undoing.of_group(viewer, record)
    else:
        name, scope = "groups:undo_person", undoing.of_person(viewer, record)
    return {
        one: reverse(name, args=[record.public_id, one])
        for one in requests
        if undoing.is_open(undoing.foresee(viewer, scope, one))
    }


def own_requests(viewer: Viewer, history: History) -> list[uuid.UUID]:
    """Return the viewer's requests of late that the steps of a history are from."""
    since = timezone.now() - undoing.OPEN_FOR
    found = dict.fromkeys(
        step.request_id
        for step, _ in history.steps
        if step.request_id and step.user_id == viewer.user_id and step.at >= since
    )
    return [one for one in found if one is not None][:MOST_OFFERED]
