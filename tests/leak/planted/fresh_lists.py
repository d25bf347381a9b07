"""Lists, choices and figures that were widened or kept by somebody in a hurry."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from django.db.models import Max

from groups.models import Membership
from intelligence.models import Return
from scoring.models import PictureLine
from tests.leak.planted import Plant
from tests.leak.planted.kit import unlocked, without_locks, wrapped


@contextmanager
def returns_counted_over_all() -> Iterator[None]:
    """Head the register with how many returns there are."""

    def rendered(
        original: Any, request: Any, template: str, context: Any, **more: Any
    ) -> Any:
        if "returns" in context:
            with without_locks():
                context["count"] = Return.objects.count()
        return original(request, template, context, **more)

    with wrapped("intelligence.views.returns.render", rendered):
        yield


@contextmanager
def members_of_any_group() -> Iterator[None]:
    """Look up the members of a group by its id, whoever may see the membership."""

    def chosen(original: Any, asked: Any, rows: Any, name: str, value: Any) -> Any:
        with without_locks():
            found = Membership.objects.filter(group__public_id__in=list(value))
            people = list(found.values_list("nominal_id", flat=True))
        return rows.filter(pk__in=people) if value else rows

    with wrapped("groups.filters.NominalFilterSet.members_of", chosen):
        yield


@contextmanager
def in_order_of_every_score() -> Iterator[None]:
    """Put the groups of a list into the order of the greatest score of any label."""

    def rows(original: Any, lines: Any, day: Any) -> Any:
        shown = list(lines)
        with without_locks():
            found = PictureLine.objects.at(None).filter(
                group__in=[line.group_id for line in shown],
                scheme_version__is_primary=True,
            )
            worst = dict(
                found.order_by()
                .values_list("group_id")
                .annotate(worst=Max("assessment__value"))
            )
        shown.sort(key=lambda line: worst.get(line.group_id, 0), reverse=True)
        return original(shown, day)

    with wrapped("scoring.views.group_list.rows_of_lines", rows):
        yield


@contextmanager
def figures_kept_by_place() -> Iterator[None]:
    """Keep the figures of a place and a day, since they are slow to add up."""
    kept: dict[Any, Any] = {}

    def read(original: Any, viewer: Any, scope: Any, at: Any = None) -> Any:
        key = (scope.key, at)
        if key not in kept:
            kept[key] = original(viewer, scope, at)
        return kept[key]

    with wrapped("scoring.picture.read", read):
        yield


PLANTS = [
    Plant(
        "the register of returns counts those that are not listed",
        "count of a list",
        ("intelligence:returns",),
        returns_counted_over_all,
    ),
    Plant(
        "people are narrowed to the members of a group that is hidden",
        "filter as an oracle",
        ("groups:people_list", "api:nominals-list"),
        members_of_any_group,
    ),
    Plant(
        "the list of groups is in the order of scores that are hidden",
        "order of a list",
        ("scoring:groups",),
        in_order_of_every_score,
    ),
    Plant(
        "the figures of a place are kept for whoever asks next",
        "cached pages",
        (
            "scoring:dashboard/national",
            "scoring:dashboard/region",
            "scoring:dashboard/force",
            "scoring:my_work",
        ),
        figures_kept_by_place,
    ),
    Plant(
        "tiles count what a saved search finds among all records",
        "count of a saved search",
        ("scoring:my_work",),
        partial(unlocked, "scoring.views.saved_rows.count_texts"),
    ),
    Plant(
        "a list offers the saved searches of everybody",
        "choices and options",
        ("scoring:groups",),
        partial(unlocked, "scoring.views.group_list.choices"),
    ),
    Plant(
        "the caveats of a dashboard speak of all returns and submissions",
        "stamp of freshness",
        (
            "scoring:dashboard/national",
            "scoring:dashboard/region",
            "scoring:dashboard/force",
            "api:picture",
        ),
        partial(unlocked, "scoring.picture.queries.caveats"),
    ),
]
