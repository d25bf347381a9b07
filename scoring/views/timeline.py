"""The timeline of a group or a person: what happened and what we did, by month."""

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from accounts.visibility import Viewer
from groups.models import CrimeGroup, Nominal
from groups.views.finding import group_for, nominal_for, record_shown
from groups.views.history import person_sources
from ocgmap.common.date_fields import date_text
from ocgmap.common.merged import merged_page
from ocgmap.common.parameters import check_parameters
from scoring import picture
from scoring.forms.timeline import DONE, HAPPENED, PARTS, TimelineForm
from scoring.permissions import check_not_blind
from scoring.picture import Moment
from scoring.views import done, happened
from scoring.views.asking import reader
from scoring.views.entries import Entry, Source

PAGE_SIZE = 50
PARAMETERS = {"what", "kind", "at", "cursor"}
KINDS = {HAPPENED: happened.KINDS, DONE: done.KINDS}
PERSON_KINDS = {
    HAPPENED: {key: happened.KINDS[key] for key in ("member", "involved", "report")},
    DONE: {key: done.KINDS[key] for key in ("record", done.LABELS)},
}
Sources = Callable[[Viewer, Moment], Iterator[Source]]


@require_safe
def group_timeline(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show what happened with a group and what was done about it, newest first."""
    by = reader(request)
    group = group_for(by, public_id)
    check_not_blind(by, group)
    return _timeline(
        request,
        by,
        group,
        reverse("scoring:timeline", args=[group.public_id]),
        TimelineForm(request.GET, kinds=KINDS),
    )


@require_safe
def person_timeline(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show what happened with a person and what was done about them, newest first."""
    by = reader(request)
    nominal = nominal_for(by, public_id)
    return _timeline(
        request,
        by,
        nominal,
        reverse("scoring:person_timeline", args=[nominal.public_id]),
        TimelineForm(request.GET, kinds=PERSON_KINDS),
    )


def _timeline(
    request: HttpRequest,
    by: Viewer,
    about: CrimeGroup | Nominal,
    address: str,
    form: TimelineForm,
) -> HttpResponse:
    check_parameters(request.GET, PARAMETERS)
    is_group = isinstance(about, CrimeGroup)
    template = f"scoring/{'group' if is_group else 'person'}_timeline.html"
    context: dict[str, Any] = {
        "group" if is_group else "nominal": about,
        "form": form,
        "address": address,
    }
    if not form.is_valid():
        record_shown([about])
        return render(request, template, context, status=400)
    asked = {
        "what": form.cleaned_data["what"],
        "kind": form.cleaned_data["kind"],
        "at": request.GET.get("at", ""),
    }
    kept = {name: value for name, value in asked.items() if value}
    moment = picture.moment_of(form.cleaned_data["at"])
    entries, following = entries_of(
        by, about, moment, kept, cursor=request.GET.get("cursor", "")
    )
    record_shown([about, *(row for one in entries for row in one.records)])
    context |= {
        "tabs": _tabs(address, kept),
        "months": months(entries),
        "is_narrowed": bool(kept),
        "is_first": "cursor" not in request.GET,
        "first_url": _url(address, kept),
        "next_url": _url(address, kept | {"cursor": following}) if following else "",
        "as_at": "" if moment.is_now else date_text(moment.day),
    }
    return render(request, template, context)


def entries_of(
    by: Viewer,
    about: CrimeGroup | Nominal,
    moment: Moment,
    asked: dict[str, str],
    *,
    cursor: str = "",
    size: int = PAGE_SIZE,
) -> tuple[list[Entry], str]:
    """Return a page of entries, newest first, and the cursor of the next, if any.

    Raises:
        BadCursor: the cursor is not of this timeline.
    """
    kind = asked.get("kind", "")
    sources = {
        one.stream.code: one
        for one in _sources(by, about, moment, asked.get("what", ""))
        if one.kind == kind or (not kind and one.kind != done.LABELS)
    }
    page = merged_page(
        [one.stream for one in sources.values()],
        asked=f"{about._meta.label} {about.pk} {sorted(asked.items())}",  # noqa: SLF001
        size=size,
        cursor=cursor,
        until=moment.instant,
    )
    return done.with_names(list(_told(sources, page.rows))), page.next


def _sources(
    by: Viewer, about: CrimeGroup | Nominal, moment: Moment, what: str
) -> Iterator[Source]:
    if what != DONE:
        if isinstance(about, CrimeGroup):
            yield from happened.happened(by, about, moment.instant)
        else:
            yield from happened.happened_to(by, about, moment.instant)
    if what != HAPPENED:
        if isinstance(about, CrimeGroup):
            yield from done.done(by, about)
        else:
            for source in person_sources(by, about):
                yield from done.record_sources(by, source)
                yield done.labels_source(by, source)


def _told(
    sources: dict[str, Source], rows: Sequence[tuple[str, Any]]
) -> Iterator[Entry]:
    """Yield the entries in the order of their rows; each source tells its own at once."""
    told: dict[str, Iterator[Entry | None]] = {
        code: iter(source.tell([row for key, row in rows if key == code]))
        for code, source in sources.items()
        if any(key == code for key, _ in rows)
    }
    for code, _ in rows:
        entry = next(told[code])
        if entry is not None:
            yield entry


def months(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """Return the entries under their months."""
    return [
        {"heading": heading, "entries": list(several)}
        for heading, several in groupby(entries, key=lambda one: one.heading)
    ]


def _tabs(address: str, kept: dict[str, str]) -> list[dict[str, Any]]:
    """Return the parts; another part keeps the day, not the kind."""
    now = kept.get("what", "")
    day = {"at": kept["at"]} if "at" in kept else {}
    return [
        {
            "text": text,
            "url": _url(address, day | ({"what": code} if code else {})),
            "current": code == now,
        }
        for code, text in PARTS.items()
    ]


def _url(address: str, asked: dict[str, str]) -> str:
    return f"{address}?{urlencode(asked)}" if asked else address
