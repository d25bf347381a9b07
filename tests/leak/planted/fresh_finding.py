"""Searches, suggestions, notices and scores that were worked out with the wrong rights."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from django.db import connection
from django.db.models import OuterRef, Subquery

from intelligence.models import ReportOriginal
from ocgmap.common.ranking import Found, Hit
from tests.leak.planted import Plant
from tests.leak.planted.kit import (
    function_altered,
    policy_opened,
    unlocked,
    wrapped,
)

_FOUND = (
    "select id, tier, score from ocgmap_find_reports(%s, 10001) "
    "order by tier, score desc, id desc"
)


@contextmanager
def reports_counted_before_rights() -> Iterator[None]:
    """Let the search function find every report, and trust what it found."""

    def found(original: Any, seen: Any, function: str, arguments: Any) -> Found:
        with connection.cursor() as cursor:
            cursor.execute(_FOUND, list(arguments))
            return Found([Hit(*row) for row in cursor.fetchall()])

    with (
        function_altered(
            "ocgmap_find_reports", "t.access_class_id = any (held)", "true"
        ),
        wrapped("intelligence.search.found_among", found),
    ):
        yield


@contextmanager
def excerpts_of_originals() -> Iterator[None]:
    """Show of each report that was found the text as it came."""

    def excerpts(original: Any, reports: Any, text: str) -> Any:
        whole = ReportOriginal.objects.filter(report=OuterRef("pk"))
        return reports.annotate(excerpt=Subquery(whole.values("text")[:1]))

    with (
        policy_opened("intelligence_reportoriginal"),
        wrapped("scoring.views.search_kinds.with_excerpts", excerpts),
    ):
        yield


@contextmanager
def every_line_of_all_facts() -> Iterator[None]:
    """Score each label of a group by all that is known of it."""

    def facts(original: Any, dossier: Any, classes: Any, day: Any) -> Any:
        return original(dossier, dossier.classes(), day)

    with wrapped("scoring.assembly.dossiers.Dossier.facts", facts):
        yield


PLANTS = [
    Plant(
        "a search counts reports before rights are asked",
        "function of the database",
        ("scoring:search_all",),
        reports_counted_before_rights,
    ),
    Plant(
        "the excerpt of a report is of its original",
        "excerpt of a search",
        ("scoring:search_all",),
        excerpts_of_originals,
    ),
    Plant(
        "a new record is held against all that are like it",
        "suggestions",
        ("groups:create", "groups:person_create", "groups:merge"),
        partial(unlocked, "groups.likeness._alike"),
    ),
    Plant(
        "notices tell of changes that are hidden",
        "notices",
        ("scoring:notices", "scoring:notices_count", "api:notices"),
        partial(unlocked, "scoring.notices.reading.told_of"),
    ),
    Plant(
        "each label's score counts every report",
        "score that is worked out",
        ("scoring:score", "scoring:dashboard/national", "api:groups-assessments"),
        every_line_of_all_facts,
        is_derived=True,
    ),
]
