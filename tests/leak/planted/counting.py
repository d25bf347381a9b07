"""Leaks of numbers: counts, scores, orders and measures that hidden rows move."""

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from accounts.visibility import join
from intelligence.models import Mention, Return
from scoring.outbox.labels import Realised
from tests.leak.planted import Plant
from tests.leak.planted.kit import page_unlocked, unlocked, without_locks, wrapped

DASHBOARDS = ("scoring:dashboard/national", "scoring:dashboard/region")


@contextmanager
def scored_by_all() -> Iterator[None]:
    """Score every label of a group by all the evidence there is."""

    def realised(original: Any, sight: Any, dossier: Any) -> Any:
        found = original(sight, dossier)
        everything = frozenset(dossier.classes())
        return found and [
            Realised(join(sight.labels[one] for one in each.seen), everything)
            for each in found
        ]

    with wrapped("scoring.outbox.labels.Sight.realised", realised):
        yield


@contextmanager
def ordered_by_all_reports() -> Iterator[None]:
    """Put the groups of a page of the API in the order of how much is known of them."""

    def paginate(original: Any, view: Any, rows: Any) -> Any:
        page = original(view, rows)
        if page and page[0]._meta.label == "groups.CrimeGroup":
            with without_locks():
                page.sort(key=lambda one: Mention.objects.filter(group=one).count())
        return page

    with wrapped("rest_framework.generics.GenericAPIView.paginate_queryset", paginate):
        yield


@contextmanager
def returns_of_all() -> Iterator[None]:
    """Count every return, also those that are hidden, in how complete the figures are."""

    def caveats(original: Any, *args: Any) -> Any:
        freshness, coverage = original(*args)
        with without_locks():
            return freshness, dataclasses.replace(
                coverage, due=coverage.due + Return.objects.filter(is_nil=True).count()
            )

    with wrapped("scoring.picture.queries.caveats", caveats):
        yield


PLANTS = [
    Plant(
        "the dashboard counts hidden groups",
        "aggregates",
        DASHBOARDS,
        partial(unlocked, "scoring.picture.queries.counts"),
    ),
    Plant(
        "the API counts hidden reports",
        "count of a list",
        ("api:reports-list",),
        partial(page_unlocked, r"^/api/v1/reports/$"),
    ),
    Plant(
        "a hidden report moves the score that is shown",
        "the score itself",
        ("scoring:score", "scoring:groups", "api:groups-assessments"),
        scored_by_all,
        is_derived=True,
    ),
    Plant(
        "groups stand in the order of hidden reports",
        "order by what is hidden",
        ("api:groups-list",),
        ordered_by_all_reports,
    ),
    Plant(
        "a network marks who was harmed as a hidden record says",
        "measures over hidden nodes",
        ("groups:group_network", "groups:person_network"),
        partial(unlocked, "groups.assembly._notes"),
    ),
    Plant(
        "the completeness of figures counts hidden returns",
        "receipts and freshness",
        (*DASHBOARDS, "api:picture"),
        returns_of_all,
    ),
    Plant(
        "the tile of a saved search counts hidden groups",
        "tiles of saved searches",
        DASHBOARDS,
        partial(unlocked, "scoring.views.pinned.tiles_of"),
    ),
]
