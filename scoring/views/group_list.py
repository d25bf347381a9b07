"""The list of groups: what every number opens, and where every search ends."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, Sum
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_POST, require_safe

from accounts import audit
from accounts.models.audit_event import AuditKind
from accounts.permissions import can, check_has
from accounts.roles import Right
from accounts.visibility import Viewer
from groups.actions.bulk import MOST_AT_ONCE
from groups.search import keep_term
from groups.views.lists import columns_of
from groups.views.saved import choices
from ocgmap.common.columns import PARAMETER, Columns
from ocgmap.common.keyset import Order, Page, page_and_sums, page_of
from ocgmap.common.parameters import InvalidParameter
from scoring import picture
from scoring.filters import (
    GroupQuery,
    asked_of,
    check_names,
    in_use,
    lines_of,
    query_of,
    records_of,
    searched,
)
from scoring.forms import GroupListForm, SearchForm
from scoring.models import PictureLine
from scoring.views.asking import account, own_scope, reader
from scoring.views.figure_tables import since_disposed
from scoring.views.group_rows import (
    COLUMNS,
    HEAD,
    SELECT,
    Row,
    rows_of_lines,
    rows_of_records,
    with_selection,
)
from scoring.views.list_digest import digest_of, newer_url

PAGE_SIZE = 50
COUNTED_UP_TO = 10_000
NEWEST = Order("id", descending=True)


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of groups, how many there are, and the memberships that they have.

    `count` is None beyond what is counted; `memberships` is None where the list is of
    records as they stand, which hold no such sum. `disposed` are counted and have no row.
    """

    rows: list[Row]
    page: Page[Any]
    count: int | None
    memberships: int | None = None
    disposed: int = 0

    @property
    def count_text(self) -> str:
        """Return the count as it is shown."""
        if self.count is None:
            return f"{COUNTED_UP_TO:,}+ groups"
        return f"{self.count:,} group{'' if self.count == 1 else 's'}"

    @property
    def disposed_text(self) -> str:
        """Return that some of those counted were disposed of since; '' for none."""
        return since_disposed(self.disposed)

    @property
    def memberships_text(self) -> str:
        """Return the sum of memberships as it is shown."""
        number = self.memberships or 0
        return f"{number:,} membership{'' if number == 1 else 's'}"


@require_safe
def groups(request: HttpRequest) -> HttpResponse:
    """Show the groups that the address asks for, those of the reader's scope first."""
    by = reader(request)
    check_names(request.GET)
    usual = own_scope(account(request))
    form = GroupListForm(asked_of(request.GET, usual))
    context: dict[str, Any] = {
        "form": form,
        "head": HEAD,
        "may_record": can(check_has, by, Right.CONTRIBUTE),
    }
    if not form.is_valid():
        return render(request, "scoring/group_list.html", context, status=400)
    query = query_of(form)
    term = searched(by, query.term)
    listing = _listing(by, query, term, request.GET.get("cursor", ""))
    audit.consulted(
        "groups.CrimeGroup",
        [row.group_id for row in listing.rows],
        scope=query.scope.key,
    )
    may_select = not query.at and can(check_has, by, Right.CONTRIBUTE)
    columns = columns_of(request, "groups", COLUMNS)
    head = columns.of(HEAD)
    context |= {
        "views": views_of(request.GET, "scoring:groups"),
        "columns": columns,
        "saved": choices(by, "groups", request.GET),
        "query_text": request.GET.urlencode(),
        "head": with_selection(head, SELECT) if may_select else head,
        "may_select": may_select,
        "all_url": _all_url(request.GET, usual) if may_select else "",
        "most_at_once": MOST_AT_ONCE,
        "query": query,
        "search": term,
        "listing": listing,
        "rows": [_cells(row, columns, may_select) for row in listing.rows],
        "chosen": in_use(form, request.GET),
        "newer_url": "" if query.at else newer_url(request.GET, listing),
        "next_url": _url(request.GET, listing.page.next),
        "previous_url": _url(request.GET, listing.page.previous),
    }
    return render(request, "scoring/group_list.html", context)


def _cells(row: Row, columns: Columns, may_select: bool) -> list[dict[str, Any]]:
    cells = columns.of(row.cells)
    return with_selection(cells, row.box) if may_select else cells


@require_safe
def newer(request: HttpRequest) -> HttpResponse:
    """Offer the list anew when what its page shows has changed, else nothing.

    An open list asks again and again; no row is moved until the reader follows the link.
    """
    by = reader(request)
    data = request.GET.copy()
    digest = str(data.pop("digest", [""])[-1])
    check_names(data)
    form = GroupListForm(asked_of(data, own_scope(account(request))))
    if not form.is_valid():
        name, errors = next(iter(form.errors.items()))
        raise InvalidParameter(f"{name}: {errors[0]}", field=name)
    query = query_of(form)
    listing = _listing(by, query, searched(by, query.term), data.get("cursor", ""))
    if constant_time_compare(digest_of(listing), digest):
        return HttpResponse(status=204)
    context = {
        "url": f"{reverse('scoring:groups')}?{data.urlencode()}",
        "text": "The list as you may see it has changed since this page was opened.",
    }
    return render(request, "scoring/_newer.html", context)


@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """Keep what is looked for under an opaque id, and show what it finds.

    The text itself never stands in an address, nor in the audit.
    """
    by = reader(request)
    form = SearchForm(request.POST)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, str(errors[0]))
        return redirect("scoring:groups")
    term = keep_term(by, form.cleaned_data["q"])
    audit.record(
        AuditKind.CONSULTATION, "accounts.SearchTerm", [], detail={"term": str(term.pk)}
    )
    return redirect(f"{reverse('scoring:groups')}?q={term.pk}")


def _listing(by: Viewer, query: GroupQuery, term: str, cursor: str) -> Listing:
    if query.is_of_records:
        return _of_records(by, query, term, cursor)
    return _of_lines(by, query, term, cursor)


def _of_lines(by: Viewer, query: GroupQuery, term: str, cursor: str) -> Listing:
    """Return the lines of the picture: those that a figure counts."""
    moment = picture.moment_of(query.at)
    lines, live = lines_of(by, query, term)
    page, sums = page_and_sums(
        lines,
        query.order,
        size=PAGE_SIZE,
        cursor=cursor,
        count=Count("id"),
        members=Sum("memberships"),
        disposed=Count("id", filter=Q(is_disposed=True)),
    )
    joined = PictureLine.objects.visible_to(by).select_related(
        "group", "owner", "predominant_threat"
    )
    by_id = joined.in_bulk([line.pk for line in page.rows])
    # Nothing is left to show of a group that was disposed of since.
    shown = [by_id[line.pk] for line in page.rows if line.pk in by_id]
    return Listing(
        # Scored at read, and so rare that all of them lead the first page.
        rows=rows_of_lines(shown if cursor else [*live, *shown], moment.day),
        page=page,
        count=sums["count"] + len(live),
        memberships=(sums["members"] or 0) + sum(line.memberships for line in live),
        disposed=sums["disposed"],
    )


def disposed_of(by: Viewer, query: GroupQuery, term: str) -> int:
    """Return how many groups of the list of a past day were disposed of since."""
    if not query.at:
        return 0
    lines, _ = lines_of(by, query, term)
    return lines.filter(is_disposed=True).count()


def by_owner(by: Viewer, query: GroupQuery, term: str) -> dict[str, int]:
    """Return how many groups of the list each owner has, by the owner's code."""
    if query.is_of_records:
        records = records_of(by, query, term).order_by().values_list("owner__code")
        return dict(records.annotate(number=Count("id")))
    lines, live = lines_of(by, query, term)
    stored = lines.order_by().values_list("owner__code")
    found = Counter(dict(stored.annotate(number=Count("id"))))
    found.update(line.owner.code for line in live)
    return dict(found)


def views_of(data: QueryDict, current: str) -> list[dict[str, Any]]:
    """Return the ways to see a list, each with the filters of the address."""
    query = data.copy()
    for name in ("cursor", PARAMETER):
        query.pop(name, None)
    asked = f"?{query.urlencode()}" if query else ""
    return [
        {"text": text, "url": f"{reverse(name)}{asked}", "current": name == current}
        for name, text in (("scoring:groups", "List"), ("scoring:group_map", "Map"))
    ]


def _of_records(by: Viewer, query: GroupQuery, term: str, cursor: str) -> Listing:
    """Return the page of records, newest first."""
    day = picture.moment_of(None).day
    found = records_of(by, query, term)
    counted = found.order_by()[: COUNTED_UP_TO + 1].count()
    page = page_of(found.select_related("owner"), NEWEST, size=PAGE_SIZE, cursor=cursor)
    return Listing(
        rows=rows_of_records(by, page.rows, day),
        page=page,
        count=counted if counted <= COUNTED_UP_TO else None,
    )


def _all_url(data: QueryDict, usual: str) -> str:
    """Return the address that changes all the groups of the list at once."""
    asked = asked_of(data, usual)
    asked["all"] = "true"
    for name in ("cursor", PARAMETER):
        asked.pop(name, None)
    return f"{reverse('scoring:bulk')}?{asked.urlencode()}"


def _url(data: QueryDict, cursor: str) -> str:
    if not cursor:
        return ""
    query = data.copy()
    query["cursor"] = cursor
    return f"?{query.urlencode()}"
