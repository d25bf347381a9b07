"""The auditor's list of events, and the page of one."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from accounts import audit
from accounts.audit_pages import reading
from accounts.audit_pages.asking import CODES, TERMS, Asked, asked, keep
from accounts.audit_pages.forms import AuditForm
from accounts.audit_pages.words import lines_of, said
from accounts.gate import asker
from accounts.models import AuditEvent
from accounts.models.audit_event import AuditKind
from accounts.permissions import check_has
from accounts.roles import Right
from accounts.visibility import Viewer
from ocgmap.common.errors import NotFound
from ocgmap.common.forms import error_links
from ocgmap.common.keyset import Order, page_of
from ocgmap.common.parameters import check_parameters

PAGE_SIZE: Final = 50
# So many records are named in a row of the list, and on the page of an event.
_FEW, _MOST = 2, 200
HEAD: Final = [
    {"text": "When"},
    {"text": "What"},
    {"text": "Who"},
    {"text": "Records"},
    {"text": "Where"},
    {"text": "Seal"},
]
Cell = dict[str, Any]


@require_http_methods(["GET", "HEAD", "POST"])
def events(request: HttpRequest) -> HttpResponse:
    """Take a question by POST, and show by codes and opaque ids what answers it."""
    by = asker(request)
    check_has(by, Right.AUDIT)
    if request.method == "POST":
        form = AuditForm(request.POST)
        if form.is_valid():
            return redirect(_address(by, form.cleaned_data))
        _record_refused(by, form)
        context = {"form": form, "links": error_links(form), "filters": "open"}
        return render(request, "accounts/audit_list.html", context)
    wanted = asked(by, request.GET)
    return render(request, "accounts/audit_list.html", _answer(request, wanted))


def _record_refused(by: Viewer, form: AuditForm) -> None:
    """Record a question that was not answered: what it asked for tells as much.

    What was typed is kept by its opaque id, as that of a question that was answered.
    """
    typed = {name: str(form.data.get(name, "")).strip() for name in TERMS}
    kept = {name: keep(by, text) for name, text in typed.items() if text}
    detail = {"code": "audit_question", "fields": sorted(form.errors), **kept}
    audit.record(AuditKind.REFUSAL, "accounts.AuditEvent", [], detail=detail)


def _address(by: Viewer, said_by_form: dict[str, Any]) -> str:
    query = {name: keep(by, said_by_form[name]) for name in TERMS if said_by_form[name]}
    days = {"from": said_by_form["first"], "to": said_by_form["last"]}
    codes = {name: said_by_form[name] for name in ("organisation", "kind", "part")}
    query |= {name: str(value) for name, value in (codes | days).items() if value}
    return f"{reverse('accounts:audit')}?{urlencode(query)}"


def _answer(request: HttpRequest, wanted: Asked) -> dict[str, Any]:
    found = wanted.narrow(AuditEvent.objects.all())
    page = page_of(
        found,
        Order("id", descending=True),
        size=PAGE_SIZE,
        cursor=request.GET.get("cursor", ""),
    )
    # What was typed is named by its opaque id alone.
    known = {
        name: request.GET[name] for name in (*CODES, *TERMS) if name in request.GET
    }
    audit.consulted("accounts.AuditEvent", [], **known, shown=len(page.rows))
    waiting, oldest = reading.unsealed()
    return {
        "form": AuditForm.of(wanted),
        "links": [],
        "is_asked": bool(known),
        "count": reading.count_of(found),
        "head": HEAD,
        "rows": _rows(page.rows),
        "unsealed": waiting,
        "oldest_seconds": round(oldest),
        "next_url": _url(known, page.next),
        "previous_url": _url(known, page.previous),
    }


def _url(known: dict[str, str], cursor: str) -> str:
    return f"?{urlencode(known | {'cursor': cursor})}" if cursor else ""


def _rows(found: list[AuditEvent]) -> list[list[Cell]]:
    who = reading.who_of(
        (one.actor_id for one in found), (one.organisation_id for one in found)
    )
    seals = reading.seals_of(found)
    names = reading.names_of(found, most=_FEW)
    return [
        [
            {"time": one.at, "nowrap": True},
            {
                "text": one.get_kind_display(),
                "url": reverse("accounts:audit_event", args=[one.pk]),
                "hidden": f"event {one.pk}",
            },
            {"lines": _who(who, one)},
            {"lines": _records(one, names, _FEW)},
            {"text": one.route},
            {"text": _seal(seals.get(one.pk)), "nowrap": True},
        ]
        for one in found
    ]


def _who(who: reading.Who, one: AuditEvent) -> list[str]:
    place = who.organisation(one.organisation_id)
    return [who.officer(one.actor_id, one.on_behalf_of), *([place] if place else [])]


def _records(
    one: AuditEvent, names: dict[tuple[str, int], str], most: int
) -> list[str]:
    """Return the kind of the records, how many, and the first of them as known outside."""
    total, kind = len(one.object_ids), said(one.object_type)
    head = f"{total:,} × {kind}" if total > 1 else kind.capitalize()
    known = [
        names.get((one.object_type, pk), f"{one.object_type} {pk}")
        for pk in one.object_ids[:most]
    ]
    more = [f"and {total - most:,} more"] if total > most else []
    return [head, *known, *more]


def _seal(seal: reading.Seal | None) -> str:
    return f"Batch {seal.batch:,}" if seal else "Not yet"


@require_safe
def event(request: HttpRequest, event_id: int) -> HttpResponse:
    """Show one event: all that is kept of it, and its seal."""
    by = asker(request)
    check_has(by, Right.AUDIT)
    check_parameters(request.GET, ())
    one = AuditEvent.objects.filter(pk=event_id).first()
    if one is None:
        raise NotFound
    audit.consulted("accounts.AuditEvent", [one.pk])
    seal = reading.seals_of([one]).get(one.pk)
    return render(
        request,
        "accounts/audit_event.html",
        {"event": one, "facts": _facts(one), "seal": seal},
    )


def _facts(one: AuditEvent) -> list[dict[str, Any]]:
    who = reading.who_of([one.actor_id], [one.organisation_id])
    names = reading.names_of([one], most=_MOST)
    together = (
        f"{reverse('accounts:audit')}?{urlencode({'request': str(one.request_id)})}"
    )
    facts: list[tuple[str, Cell]] = [
        ("When", {"time": one.at}),
        ("What", {"text": one.get_kind_display()}),
        ("Who", {"lines": _who(who, one)}),
        ("Records", {"lines": _records(one, names, _MOST)}),
        ("Where", {"text": one.route or "–"}),
        ("Reason", {"text": one.reason or "None was asked for"}),
        ("Besides", {"lines": lines_of(one.detail) or ["–"]}),
        (
            "Request",
            {"text": "All events of the same request", "url": together}
            if one.request_id
            else {"text": "–"},
        ),
    ]
    return [{"key": key, "value": value} for key, value in facts]
