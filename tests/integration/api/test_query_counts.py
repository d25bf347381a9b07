"""A page costs the same number of queries however many rows it holds."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.visibility import Viewer
from groups.models import CrimeGroup
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from scoring.actions import bands, judgements
from scoring.actions.reference import load_schemes
from tests.cast import As
from tests.factories.intelligence import ReturnFactory
from tests.integration.api.conftest import Caller, Shelf

pytestmark = pytest.mark.django_db

RESOURCES = (
    "groups",
    "nominals",
    "memberships",
    "involvements",
    "reports",
    "receipts",
    "assessments",
    "organisations",
    "returns",
    "judgements",
    "band-decisions",
)


def decide(by: Viewer, shelf: Shelf) -> None:
    group = CrimeGroup.objects.visible_to(by).get(pk=shelf.group.pk)
    judgements.judge(
        by=by,
        group=group,
        attribute="drug_activity",
        level="high",
        rationale="As reported",
        reports=[shelf.report],
    )
    bands.confirm(
        by=by,
        group=group,
        band="1a",
        reason="Agreed",
        expires_on=timezone.localdate() + timedelta(days=9),
    )


@pytest.mark.parametrize("resource", RESOURCES)
def test_more_rows_need_no_more_queries(
    resource: str,
    shelf_of: Callable[..., Shelf],
    call_as: Callable[..., Caller],
    acting: As,
) -> None:
    shelves = [shelf_of("owner_analyst", "durham") for _ in range(4)]
    with acting_as(system("test")):
        load_schemes()
        for number in range(4):
            first = date(2026, 1 + number, 1)
            ReturnFactory(from_on=first, to_on=first)
    for shelf in shelves:
        with acting("owner_supervisor") as by:
            decide(by, shelf)
    caller = call_as("owner_analyst")
    caller.json(f"/{resource}/?page_size=1")  # notes the token's use, once a minute
    counts = []
    for size in (1, 4):
        with CaptureQueriesContext(connection) as captured:
            rows = caller.json(f"/{resource}/?page_size={size}")["results"]
        assert len(rows) == size
        counts.append(len(captured))
    assert counts[0] == counts[1], resource
