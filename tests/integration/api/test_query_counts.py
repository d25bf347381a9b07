"""A page costs the same number of queries however many rows it holds."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

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


@pytest.mark.parametrize("resource", RESOURCES)
def test_more_rows_need_no_more_queries(
    resource: str,
    shelf_of: Callable[..., Shelf],
    call_as: Callable[..., Caller],
) -> None:
    for _ in range(4):
        shelf_of("owner_analyst", "durham")
    caller = call_as("owner_analyst")
    caller.json(f"/{resource}/?page_size=1")  # notes the token's use, once a minute
    counts = []
    for size in (1, 4):
        with CaptureQueriesContext(connection) as captured:
            rows = caller.json(f"/{resource}/?page_size={size}")["results"]
        assert len(rows) == size
        counts.append(len(captured))
    assert counts[0] == counts[1], resource
