"""Find reports by words of their text or by a reference, among visible ones."""

from collections import defaultdict
from collections.abc import Collection

from django.contrib.postgres.search import SearchHeadline, SearchQuery
from django.db.models import Q

from accounts.visibility import Viewer
from groups.matching import rows_bearing
from intelligence.models import Report
from intelligence.models.report import ReportQuerySet
from ocgmap.common.highlight import START, STOP
from ocgmap.common.ranking import Found, found_among


def reports_found(viewer: Viewer, text: str) -> Found:
    """Return the visible reports of this reference or with these words, best first.

    Words are those of English full text: "robbing" finds "robbed". Quotation marks keep
    words together, a minus leaves a word out. The newest 200 are ranked by how well they
    fit; what is older follows by age.
    """
    seen = Report.objects.visible_to(viewer)
    return found_among(seen, "ocgmap_find_reports", [text.replace("\0", " ")])


def reports_referred(
    viewer: Viewer, references: Collection[str]
) -> dict[str, list[Report]]:
    """Return the visible reports that bear each of these references, ours or theirs."""
    if not references:
        return {}
    found: dict[str, list[Report]] = defaultdict(list)
    seen = Report.objects.visible_to(viewer)
    for report in seen.filter(reference__in=list(references)):
        found[report.reference].append(report)
    hits = rows_bearing("ocgmap_reports_bearing", list(references))
    theirs = seen.in_bulk({key for _, key in hits})
    for text, key in hits:
        if key in theirs:
            found[text].append(theirs[key])
    return found


def with_excerpts(reports: ReportQuerySet, text: str) -> ReportQuerySet:
    """Add to each report, as `excerpt`, where the words stand, marked for `pieces_of`."""
    return reports.annotate(
        excerpt=SearchHeadline(
            "text",
            SearchQuery(text, search_type="websearch", config="english"),
            config="english",
            start_sel=START,
            stop_sel=STOP,
            max_words=40,
            min_words=20,
        )
    )


def matching(text: str) -> Q:
    """Return the condition that a report holds every word, or bears this reference."""
    held = Q()
    for word in text.split():
        held &= Q(text__icontains=word)
    return held | Q(reference__iexact=text) | Q(owner_reference__iexact=text)
