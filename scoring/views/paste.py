"""Look up a pasted list: which lines are known, and to whom they lead.

The list is sent by POST and never stands in an address: the page of what was found
carries an opaque id, which only the one who pasted can open.
"""

import uuid
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from accounts import audit
from accounts.actions import large_exports
from accounts.models import PastedList
from accounts.models.audit_event import AuditKind
from accounts.permissions import can, check_has
from accounts.roles import Right
from accounts.step_up import step_up_required
from accounts.visibility import Viewer
from groups.actions import pasted_lists
from groups.matching import answering
from groups.models import CrimeGroup, Identifier, Nominal
from groups.pasted import Line, PasteKind, read_lines
from groups.views.finding import record_shown
from intelligence.models import Report
from intelligence.return_files import csv_bytes
from intelligence.search import reports_referred
from ocgmap.common.forms import error_links
from ocgmap.common.parameters import InvalidParameter, check_parameters
from ocgmap.common.records import ProtectedRecord
from scoring.forms import PasteForm
from scoring.views.asking import reader
from scoring.views.search_kinds import report_url

PAGE_SIZE = 200
_SHOWN_OF_ONE = 5
Cell = dict[str, Any]


class Outcome(StrEnum):
    """What became of a line."""

    KNOWN = "known"
    AMBIGUOUS = "ambiguous"
    UNKNOWN = "unknown"
    INVALID = "invalid"


_COLOURS = {
    Outcome.KNOWN: "green",
    Outcome.AMBIGUOUS: "yellow",
    Outcome.UNKNOWN: "grey",
    Outcome.INVALID: "red",
}
_HEAD: list[Cell] = [
    {"text": "Line"},
    {"text": "What you pasted"},
    {"text": "Result"},
    {"text": "Who or what"},
]


@dataclass(frozen=True, slots=True)
class LookedUp:
    """A line with the records that answer to it."""

    line: Line
    records: list[ProtectedRecord]
    # What stands in the file for people whose records do not leave.
    kept_in: tuple[str, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """Return what became of it: more than one record cannot be told apart."""
        if not self.line.readings:
            return Outcome.INVALID
        count = len(self.records) + len(self.kept_in)
        if not count:
            return Outcome.UNKNOWN
        return Outcome.KNOWN if count == 1 else Outcome.AMBIGUOUS


@require_http_methods(["GET", "HEAD", "POST"])
def paste(request: HttpRequest) -> HttpResponse:
    """Take a list by POST, and show by an opaque id what is known of each line."""
    by = reader(request)
    if request.method == "POST":
        form = PasteForm(request.POST)
        if not form.is_valid():
            context = {"form": form, "links": error_links(form)}
            return render(request, "scoring/paste.html", context)
        kept = pasted_lists.keep(
            by=by, text=form.cleaned_data["lines"], kind=form.cleaned_data["kind"]
        )
        return redirect(_address(kept))
    check_parameters(request.GET, {"q", "outcome", "after"})
    context = {"form": PasteForm()}
    if "q" in request.GET:
        kept = own_list(by, request.GET["q"])
        context = {"form": PasteForm(initial={"lines": kept.text, "kind": kept.kind})}
        context |= _answer(by, kept, request.GET.dict())
    return render(request, "scoring/paste.html", context)


@require_safe
@step_up_required
def paste_file(request: HttpRequest) -> HttpResponse:
    """Hand out what was found as a file; a long one, once a colleague approved.

    As long as its lines or the records found, whichever are more, and those of the
    reader's other files of a day.

    Raises:
        RightMissing: the reader may not take records out.
    """
    by = reader(request)
    check_has(by, Right.EXPORT)
    check_parameters(request.GET, {"q"})
    kept = own_list(by, request.GET.get("q", ""))
    found = [_without_restricted(one) for one in look_up(by, kept)]
    ids_of = _ids_of(found)
    size = max(len(found), sum(map(len, ids_of.values())))
    if not large_exports.take_out(by=by, list_id=kept.pk, size=size):
        return redirect("scoring:ask_export", list_id=kept.pk)
    for label, ids in ids_of.items():
        audit.record(AuditKind.DISCLOSURE, label, ids, detail={"list": str(kept.pk)})
    rows = (
        [
            str(one.line.number),
            one.line.text,
            one.outcome.value,
            "; ".join(
                [*(_cell(record)["text"] for record in one.records), *one.kept_in]
            ),
        ]
        for one in found
    )
    content = csv_bytes([str(cell["text"]) for cell in _HEAD], rows)
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = (
        'attachment; filename="list-OFFICIAL-SENSITIVE.csv"'
    )
    return response


def look_up(by: Viewer, kept: PastedList) -> list[LookedUp]:
    """Return every line of a list with what answers to it, of what ``by`` may see."""
    lines = read_lines(kept.text, PasteKind(kept.kind))
    readings = {one for line in lines for one in line.readings}
    records = answering(by, readings)
    references = [one.value for one in readings if one.kind == "reference"]
    reports = reports_referred(by, references)
    found = []
    for line in lines:
        answers: dict[tuple[str, int], ProtectedRecord] = {}
        for one in line.readings:
            also = reports.get(one.value, []) if one.kind == "reference" else []
            for record in (*records.get(one, []), *also):
                answers[record._meta.label, record.pk] = record  # noqa: SLF001
        found.append(LookedUp(line, list(answers.values())))
    return found


def _without_restricted(one: LookedUp) -> LookedUp:
    """Return the line with a word in place of each person who is not exported."""
    people = [row for row in one.records if isinstance(row, Nominal)]
    held = {row.pk for row in people if row.restriction_ground}
    left = [
        row for row in one.records if not (isinstance(row, Nominal) and row.pk in held)
    ]
    return LookedUp(one.line, left, ("Processing restricted",) * len(held))


def _answer(by: Viewer, kept: PastedList, asked: dict[str, str]) -> dict[str, Any]:
    outcome, after = asked.get("outcome", ""), asked.get("after", "0")
    if outcome and outcome not in {one.value for one in Outcome}:
        raise InvalidParameter("outcome: There is no such outcome.", field="outcome")
    if not (after.isascii() and after.isdigit() and len(after) < 9):
        raise InvalidParameter("after: Give the number of a line.", field="after")
    found = look_up(by, kept)
    counts = Counter(one.outcome for one in found)
    wanted = [one for one in found if not outcome or one.outcome == outcome]
    rest = [one for one in wanted if one.line.number > int(after)]
    shown = rest[:PAGE_SIZE]
    record_shown(record for one in shown for record in one.records)
    more = {"outcome": outcome} if outcome else {}
    last = shown[-1].line.number if shown else 0
    return {
        "tabs": _tabs(kept, counts, outcome),
        "head": _HEAD,
        "rows": [_row(one) for one in shown],
        "next_url": _address(kept, **more, after=str(last))
        if len(rest) > PAGE_SIZE
        else "",
        "file_url": f"{reverse('scoring:paste_file')}?q={kept.pk}"
        if can(check_has, by, Right.EXPORT)
        else "",
    }


def _tabs(kept: PastedList, counts: Counter[Outcome], chosen: str) -> list[Cell]:
    total = sum(counts.values())
    tabs = [{"text": f"All ({total:,})", "url": _address(kept), "current": not chosen}]
    for one in Outcome:
        text = f"{one.value.capitalize()} ({counts[one]:,})"
        url = _address(kept, outcome=one.value)
        tabs.append({"text": text, "url": url, "current": one == chosen})
    return tabs


def _row(one: LookedUp) -> list[Cell]:
    who: Cell = {"text": ""}
    if one.records:
        who = {"links": [_cell(record) for record in one.records[:_SHOWN_OF_ONE]]}
        if len(one.records) > _SHOWN_OF_ONE:
            others = len(one.records) - _SHOWN_OF_ONE
            who["links"].append({"text": f"and {others} more", "url": ""})
    elif one.outcome is Outcome.UNKNOWN:
        who = {"text": "Nothing that you may see"}
    elif one.outcome is Outcome.INVALID:
        who = {"text": "No shape that can be looked up"}
    tag = {"text": one.outcome.value.capitalize(), "colour": _COLOURS[one.outcome]}
    return [{"text": str(one.line.number)}, {"text": one.line.text}, {"tag": tag}, who]


def _cell(record: ProtectedRecord) -> Cell:
    if isinstance(record, Nominal):
        text = f"{record.display_name} ({record.reference})"
        return {"text": text, "url": reverse("groups:person", args=[record.public_id])}
    if isinstance(record, CrimeGroup):
        text = f"{record.name} ({record.reference})"
        return {"text": text, "url": reverse("groups:detail", args=[record.public_id])}
    if isinstance(record, Report):
        return {"text": f"Report {record.reference}", "url": report_url(record)}
    if isinstance(record, Identifier):
        text = f"{record.value} ({record.reference}), no use that you may see"
        return {"text": text, "url": ""}
    raise TypeError(record)


def _ids_of(found: list[LookedUp]) -> dict[str, set[int]]:
    ids: dict[str, set[int]] = {}
    for one in found:
        for record in one.records:
            ids.setdefault(record._meta.label, set()).add(record.pk)  # noqa: SLF001
    return ids


def line_count(kept: PastedList) -> int:
    """Return how many lines a list has in which anything stands."""
    return len(read_lines(kept.text, PasteKind(kept.kind)))


def own_list(by: Viewer, list_id: str) -> PastedList:
    """Return a list of the viewer's own.

    Raises:
        InvalidParameter: it is another's, absent or too old: the answer is the same.
    """
    try:
        own = PastedList.objects.filter(
            user_id=by.user_id, created_at__gte=pasted_lists.oldest_kept()
        )
        kept = own.filter(pk=uuid.UUID(list_id)).first()
    except ValueError:
        kept = None
    if kept is None:
        raise InvalidParameter(
            "q: This list is not one of yours, or is older than a week. Paste it again.",
            field="q",
        )
    return kept


def _address(kept: PastedList, **more: str) -> str:
    return f"{reverse('scoring:paste')}?{urlencode({'q': str(kept.pk), **more})}"
