"""What people ask about their data: the register, one request, its printable summary."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import Organisation, User
from accounts.permissions import check_has
from accounts.roles import Right
from accounts.visibility import Viewer
from groups.views.cards import OVERDUE, Row, row
from groups.views.finding import found, reader, record_shown
from intelligence.about_person import recipients
from intelligence.actions.subject_requests import check_answers
from intelligence.models import SubjectFinding, SubjectRequest
from intelligence.models.subject_request import FOUND
from intelligence.subject_rights import (
    SECTIONS,
    WHOLE,
    Decided,
    Decision,
    Ground,
    Section,
    State,
    Whole,
    letter,
)
from intelligence.views import subject_cells as cells
from intelligence.views.cells import Cell
from ocgmap.common.date_fields import date_text
from ocgmap.common.keyset import Order, page_of
from ocgmap.common.parameters import check_parameters
from ocgmap.common.templatetags.govuk import local_time

PAGE_SIZE = 25
_HEAD = ("Request", "Person", "What is asked for", "Received", "Due", "State")
_FOUND_HEAD = ("Record", "Sort", "Decision", "Grounds and reason", "Action")
_SUMMARY_HEAD = ("Record", "Decision", "Grounds and reason", "Decided")
_RECIPIENT_HEAD = ("Record", "Who", "How", "Last", "Times", "For whom")
_WAYS = {
    "consultation": "Read on screen",
    "disclosure": "Received through the API or as a file",
    "combination": "Seen in a chart",
    "paper": "On paper",
    "svg": "As a picture",
    "list": "As a list",
}


@require_safe
def subject_list(request: HttpRequest) -> HttpResponse:
    """Show what people asked of the reader's organisation, the newest first."""
    by = reader(request)
    check_has(by, Right.ANSWER_SUBJECT_REQUESTS)
    check_parameters(request.GET, {"cursor"})
    rows = own_requests(by)
    page = page_of(
        rows,
        Order("id", descending=True),
        size=PAGE_SIZE,
        cursor=request.GET.get("cursor", ""),
    )
    record_shown(page.rows)
    context = {
        "open_count": rows.open().count(),
        "head": [{"text": text} for text in _HEAD],
        "rows": [_list_row(one) for one in page.rows],
        "next_url": f"?cursor={page.next}" if page.next else "",
        "previous_url": f"?cursor={page.previous}" if page.previous else "",
    }
    return render(request, "intelligence/subjects.html", context)


def own_requests(by: Viewer) -> Any:
    """Return the visible requests to the organisation of ``by``."""
    rows = SubjectRequest.objects.visible_to(by)
    return rows.filter(owner_id=by.organisation_id)


def request_for(by: Viewer, public_id: Any) -> SubjectRequest:
    """Return a request that ``by`` answers.

    Raises:
        RightMissing: ``by`` answers none at all.
        NotFound: it is absent, hidden, or another organisation's.
    """
    check_has(by, Right.ANSWER_SUBJECT_REQUESTS)
    one: SubjectRequest = found(
        own_requests(by).select_related("owner", "decided_by", "created_by"), public_id
    )
    check_answers(by, one)
    return one


def findings_of(
    by: Viewer, request: SubjectRequest
) -> list[tuple[SubjectFinding, Any]]:
    """Return what was found with its records, as far as ``by`` may see both now."""
    rows = SubjectFinding.objects.visible_to(by).standing().filter(request=request)
    findings = list(rows.select_related("decided_by").order_by("pk"))
    seen: dict[tuple[str, int], Any] = {}
    for kind, model in FOUND.items():
        ids = [getattr(one, f"{kind}_id") for one in findings if one.kind == kind]
        if not ids:
            continue
        records: Any = model.objects.visible_to(by).filter(pk__in=ids)  # type: ignore[attr-defined]
        if kind in ("membership", "involvement"):
            records = records.select_related("nominal", "group")
        seen |= {(kind, record.pk): record for record in records}
    keys = [(one, (one.kind, getattr(one, f"{one.kind}_id"))) for one in findings]
    return [(one, seen[key]) for one, key in keys if key in seen]


@require_safe
def subject_page(request: HttpRequest, public_id: Any) -> HttpResponse:
    """Show one request: its day, what was found, what is decided, who received it."""
    by = reader(request)
    check_parameters(request.GET, ())
    one = request_for(by, public_id)
    pairs = findings_of(by, one)
    record_shown([one, *(each for pair in pairs for each in pair)])
    is_open = one.state == State.OPEN
    context = {
        "one": one,
        "facts": request_rows(one),
        "steps": _steps(one) if is_open else [],
        "is_open": is_open,
        "head": [{"text": text} for text in _FOUND_HEAD],
        "rows": [_found_row(one, finding, record) for finding, record in pairs],
        "recipient_head": [{"text": text} for text in _RECIPIENT_HEAD],
        "recipients": recipient_rows(by, [record for _, record in pairs]),
    }
    return render(request, "intelligence/subject.html", context)


@require_safe
def summary(request: HttpRequest, public_id: Any) -> HttpResponse:
    """Show the whole of a request as it is printed, with what to write to the person."""
    by = reader(request)
    check_parameters(request.GET, ())
    one = request_for(by, public_id)
    pairs = findings_of(by, one)
    record_shown([one, *(each for pair in pairs for each in pair)])
    context = {
        "one": one,
        "facts": request_rows(one),
        "head": [{"text": text} for text in _SUMMARY_HEAD],
        "rows": [_summary_row(finding, record) for finding, record in pairs],
        "is_decided": all(
            finding.decision != Decision.UNDECIDED for finding, _ in pairs
        ),
        "letter": _letter(one, [finding for finding, _ in pairs]),
        "made_at": timezone.now(),
        "as_at": f"Request {one.reference}",
    }
    return render(request, "intelligence/subject_summary.html", context)


def _letter(one: SubjectRequest, findings: list[SubjectFinding]) -> list[str]:
    decided = [
        Decided(
            Decision(each.decision),
            frozenset(Ground(code) for code in each.grounds),
            each.is_neutral,
        )
        for each in findings
    ]
    whole = Whole(one.whole_ground) if one.whole_ground else None
    return letter(Section(one.section), decided, whole)


def request_rows(one: SubjectRequest) -> list[Row]:
    """Return what stands of a request itself."""
    rows = [
        row("Person", one.name),
        row("Date of birth", date_text(one.born_on) if one.born_on else "Not given"),
        row("Identifiers", {"lines": one.identifiers.splitlines() or ["None given"]}),
        row("What is asked for", SECTIONS[Section(one.section)]),
        row("In their words", one.asked_for or "Not noted"),
        row("Received", date_text(one.received_on)),
        row("Identity", _identity(one)),
        row("Answer due", due_cell(one)),
        row("State", cells.state_cell(one)),
    ]
    if one.is_extended:
        rows.append(row("Two months more because", one.extension_reason))
    if one.decided_at:
        told = f"{one.decided_by}, {local_time(one.decided_at)}"
        whole = [WHOLE[Whole(one.whole_ground)]] if one.whole_ground else []
        rows.append(row("Closed", {"lines": [told, *whole, one.decision_reason]}))
    return rows


def _identity(one: SubjectRequest) -> str:
    if not one.is_identity_asked:
        return "Not in doubt"
    if one.identity_confirmed_on:
        return f"Confirmed on {date_text(one.identity_confirmed_on)}"
    return "Asked to prove it; the month has not begun"


def due_cell(one: SubjectRequest) -> Cell:
    """Return the last day for an answer, with a flag where an open one is past it."""
    if one.due_on is None:
        return {"text": "When the person has proved who they are"}
    cell: Cell = {"text": date_text(one.due_on)}
    is_late = one.state == State.OPEN and one.due_on < timezone.localdate()
    return cell | {"flag": OVERDUE} if is_late else cell


def _list_row(one: SubjectRequest) -> list[Cell]:
    url = reverse("intelligence:subject", args=[one.public_id])
    return [
        {"text": one.reference, "url": url, "nowrap": True},
        {"text": one.name},
        {"text": SECTIONS[Section(one.section)]},
        {"text": date_text(one.received_on), "nowrap": True},
        due_cell(one),
        cells.state_cell(one),
    ]


def _steps(one: SubjectRequest) -> list[Cell]:
    steps = [("Find all about this person", "find_subject")]
    if one.is_identity_asked and one.identity_confirmed_on is None:
        steps.append(("Note that they proved who they are", "subject_identity"))
    if not one.is_extended and one.due_on is not None:
        steps.append(("Take two months more", "extend_subject"))
    steps += [
        ("Answer it", "answer_subject"),
        ("Refuse it", "refuse_subject"),
        ("The person took it back", "withdraw_subject"),
    ]
    return [
        {"text": text, "url": reverse(f"intelligence:{name}", args=[one.public_id])}
        for text, name in steps
    ]


def _found_row(one: SubjectRequest, finding: SubjectFinding, record: Any) -> list[Cell]:
    links = cells.next_steps(finding, record)
    if one.state == State.OPEN:
        here = [one.public_id, finding.public_id]
        told = short_name(record)
        links += [
            {
                "text": text,
                "url": reverse(f"intelligence:{name}", args=here),
                "hidden": told,
            }
            for text, name in (
                ("Decide", "decide_finding"),
                ("Refuse", "refuse_finding"),
            )
        ]
    return [
        cells.record_cell(record),
        {"text": cells.KINDS[finding.kind]},
        cells.decision_cell(finding),
        {"lines": cells.why_lines(finding) or ["–"]},
        {"links": links} if links else {"text": "–"},
    ]


def _summary_row(finding: SubjectFinding, record: Any) -> list[Cell]:
    who = (
        [str(finding.decided_by), local_time(finding.decided_at)]
        if finding.decided_at
        else ["–"]
    )
    return [
        {"text": cells.named(record)},
        cells.decision_cell(finding),
        {"lines": cells.why_lines(finding) or ["–"]},
        {"lines": who},
    ]


def recipient_rows(by: Viewer, records: list[Any]) -> list[list[Cell]]:
    """Return who received or read each record of the reader's organisation."""
    told = recipients(by=by, records=records)
    bodies = Organisation.objects.in_bulk({each["organisation_id"] for each in told})
    actors = {each["actor_id"] for each in told if each["actor_id"]}
    people = User.objects.in_bulk(actors)
    return [
        [
            {"text": short_name(each["record"])},
            {"text": _who(each, bodies, people)},
            {"text": _how(each)},
            {"time": each["at"]},
            {"text": f"{each['times']:,}", "numeric": True},
            {"text": each["copied_for"] or "–"},
        ]
        for each in told
    ]


def short_name(record: Any) -> str:
    """Return the reference of a record; of a fact, what it is."""
    return getattr(record, "reference", "") or cells.named(record)


def _who(each: Any, bodies: Any, people: Any) -> str:
    if each["actor_id"]:
        return f"Taken out by {people[each['actor_id']].name}"
    return str(bodies[each["organisation_id"]].name)


def _how(each: Any) -> str:
    if not each["way"]:
        return _WAYS[each["kind"]]
    how = _WAYS.get(each["way"], "As a file")
    return f"{how}, {each['copy_number']}" if each["copy_number"] else how
