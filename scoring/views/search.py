"""One search over groups, people, numbers and reports, from the head of every page.

What is looked for is sent by POST and never stands in an address: the page that shows
what was found carries an opaque id, which only the one who searched can open.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Greatest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts import audit
from accounts.models.audit_event import AuditKind
from accounts.visibility import Viewer
from groups.actions import identifiers
from groups.search import groups_matching, keep_term, people_matching, term_of
from groups.views.finding import record_shown
from groups.views.looking_up import uses_of
from groups.views.people import people_table
from intelligence.models import Report
from intelligence.search import reports_matching
from intelligence.views.cells import grade_code
from ocgmap.common.forms import error_links
from ocgmap.common.highlight import excerpt_of
from ocgmap.common.parameters import InvalidParameter, check_parameters
from scoring.forms import SearchForm
from scoring.views.asking import reader
from scoring.views.group_rows import HEAD, rows_of_records

SHOWN = 10
COUNTED_UP_TO = 10_000


@dataclass(frozen=True, slots=True)
class Section:
    """What was found of one kind: how many, the best of them, and where all are."""

    key: str
    one: str
    many: str
    count: int
    head: Sequence[dict[str, Any]] = ()
    rows: Sequence[Any] = field(default=())
    all_url: str = ""

    @property
    def count_text(self) -> str:
        """Return the number in words; beyond 10,000 it says so."""
        if self.count > COUNTED_UP_TO:
            return f"{COUNTED_UP_TO:,}+ {self.many}"
        return f"{self.count:,} {self.one if self.count == 1 else self.many}"

    @property
    def has_more(self) -> bool:
        """Return whether the list behind holds more than is shown."""
        return bool(self.all_url) and self.count > len(self.rows)


@require_http_methods(["GET", "HEAD", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Take what is looked for by POST, and show by an opaque id what it finds."""
    by = reader(request)
    if request.method == "POST":
        form = SearchForm(request.POST)
        if not form.is_valid():
            context = {"form": form, "links": error_links(form)}
            return render(request, "scoring/search.html", context)
        term = keep_term(by, form.cleaned_data["q"])
        audit.record(
            AuditKind.CONSULTATION,
            "accounts.SearchTerm",
            [],
            detail={"term": str(term.pk)},
        )
        return redirect(f"{reverse('scoring:search_all')}?q={term.pk}")
    check_parameters(request.GET, {"q"})
    context = {"form": SearchForm()}
    if term_id := request.GET.get("q", ""):
        context |= _answer(by, term_id)
    return render(request, "scoring/search.html", context)


def _answer(by: Viewer, term_id: str) -> dict[str, Any]:
    try:
        term = term_of(by, term_id)
    except ValueError:
        term = None
    if term is None:
        raise InvalidParameter(
            "q: This search is not one of yours. Search again.", field="q"
        )
    text = term.text.strip()
    sections = [
        _groups(by, text, term_id),
        _people(by, text, term_id),
        _identifiers(by, text),
        _reports(by, text, term_id),
    ]
    return {
        "form": SearchForm(initial={"q": term.text}),
        "text": term.text,
        "sections": [one for one in sections if one.count],
        "nothing": [one for one in sections if not one.count],
    }


def _groups(by: Viewer, text: str, term_id: str) -> Section:
    found = groups_matching(by, text).filter(merged_into__isnull=True)
    best = list(_ranked(found.select_related("owner"), text, "name")[:SHOWN])
    audit.consulted("groups.CrimeGroup", [one.pk for one in best])
    rows = rows_of_records(by, best, timezone.localdate())
    return Section(
        *("groups", "group", "groups"),
        count=_count(found),
        head=HEAD,
        rows=[row.cells for row in rows],
        all_url=f"{reverse('scoring:groups')}?q={term_id}",
    )


def _people(by: Viewer, text: str, term_id: str) -> Section:
    found = people_matching(by, text)
    names = ("surname", "given_names", "designation")
    best = list(_ranked(found.select_related("owner"), text, *names)[:SHOWN])
    record_shown(best)
    table = people_table(best)
    return Section(
        *("people", "person", "people"),
        count=_count(found),
        head=table["head"],
        rows=table["rows"],
        all_url=f"{reverse('groups:people_list')}?q={term_id}",
    )


def _identifiers(by: Viewer, text: str) -> Section:
    """Return who uses this number; every use is shown, so there is no list behind."""
    matches = identifiers.look_up(by=by, value=text)
    head, rows = uses_of(by, matches)
    return Section(
        *("identifiers", "use of this identifier", "uses of this identifier"),
        count=len(rows),
        head=head,
        rows=rows,
    )


def _reports(by: Viewer, text: str, term_id: str) -> Section:
    found = reports_matching(by, text)
    newest = list(found.select_related("owner").order_by("-id")[:SHOWN])
    record_shown(newest)
    return Section(
        *("reports", "report", "reports"),
        count=_count(found),
        rows=[_report(one, text.split()) for one in newest],
        all_url=f"{reverse('intelligence:reports')}?q={term_id}",
    )


def _report(report: Report, words: list[str]) -> dict[str, Any]:
    return {
        "reference": report.reference,
        "url": reverse("intelligence:report", args=[report.public_id]),
        "grade": grade_code(report),
        "received_on": report.received_on,
        "owner": report.owner.short_name,
        "pieces": excerpt_of(report.text, words),
    }


def _ranked(rows: QuerySet[Any], text: str, *names: str) -> QuerySet[Any]:
    """Put first what bears this reference, then what starts so, then what is nearest."""
    starts = Q()
    for name in names:
        starts |= Q(**{f"{name}__istartswith": text})
    likeness = [TrigramSimilarity(name, text) for name in names]
    ranked: QuerySet[Any] = rows.annotate(
        _place=Case(
            When(reference__iexact=text, then=Value(0)),
            When(starts, then=Value(1)),
            default=Value(2),
            output_field=IntegerField(),
        ),
        _likeness=Greatest(*likeness) if len(likeness) > 1 else likeness[0],
    ).order_by("_place", "-_likeness", "-id")
    return ranked


def _count(rows: QuerySet[Any]) -> int:
    return rows.order_by()[: COUNTED_UP_TO + 1].count()
