"""The audit rows of one test: rows of earlier tests that committed stay for ever."""

from collections.abc import Callable

import pytest
from django.db.models import Max

from accounts.models import AuditEvent
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system

Audited = Callable[..., list[AuditEvent]]


@pytest.fixture
def audited(db: None) -> Audited:
    """Return the rows written since the test began, oldest first, that match."""
    with acting_as(system("test")):
        start = AuditEvent.objects.aggregate(last=Max("id"))["last"] or 0

    def rows(**wanted: object) -> list[AuditEvent]:
        with acting_as(system("test")):
            found = AuditEvent.objects.filter(id__gt=start, **wanted)
            return list(found.order_by("id"))

    return rows
