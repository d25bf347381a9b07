"""Notices: what happened to what I watch, and the number in the head of each page."""

import datetime
import uuid
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST, require_safe

from accounts.visibility import Viewer
from groups.models import CrimeGroup, SavedSearch
from groups.views.finding import record_shown
from ocgmap.common.moments import moment_of
from ocgmap.common.parameters import InvalidParameter, check_parameters
from scoring.actions import watches
from scoring.models import Watch
from scoring.models.watch import WatchQuerySet
from scoring.notices import (
    News,
    Notice,
    NoticeKind,
    found_by_searches,
    news_of,
    watches_of,
)
from scoring.views.asking import account, own_scope, reader
from scoring.views.watching import KINDS, code_of, name_of, url_of, watches_on

_BEYOND: Final = 99
# Where a notice leads: what it tells of, of a group and of a person.
_OF_GROUP: Final[Mapping[NoticeKind, str]] = {
    NoticeKind.REPORTS: "intelligence:for_group",
    NoticeKind.JOINED: "groups:people",
    NoticeKind.LEFT: "groups:people",
    NoticeKind.COMPUTED: "scoring:score",
    NoticeKind.CONFIRMED: "scoring:score",
    NoticeKind.TIER: "scoring:score",
}
_OF_PERSON: Final[Mapping[NoticeKind, str]] = {
    NoticeKind.REPORTS: "groups:person",
    NoticeKind.JOINED: "groups:person",
}


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """Show what happened to what the reader watches since they last read of it."""
    by = reader(request)
    check_parameters(request.GET, ())
    noticed = news_of(by, own_scope(account(request)))
    record_shown(one.watch.target for one in noticed.news)
    context = {
        "count": noticed.count,
        "until": noticed.until.isoformat(),
        "news": [_shown(one) for one in noticed.news],
        "watches_any": bool(noticed.news) or Watch.objects.visible_to(by).exists(),
    }
    return render(request, "scoring/notices.html", context)


@require_safe
def count(request: HttpRequest) -> HttpResponse:
    """Show the number of notices alone, for the head of the page."""
    by = reader(request)
    check_parameters(request.GET, ())
    number = news_of(by, own_scope(account(request))).count
    context = {"count": number, "most": _BEYOND}
    return render(request, "_components/notification_badge.html", context)


@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Take what the page showed as read: of one thing, or of all.

    Raises:
        InvalidParameter: `until` is no moment with an offset from UTC, `id` no id.
    """
    by = reader(request)
    until = _moment(request.POST.get("until", ""))
    mine = _chosen(by, request.POST.get("kind", ""), request.POST.get("id", ""))
    mark(by, mine, until, own_scope(account(request)))
    messages.success(request, "Marked as read.")
    return redirect("scoring:notices")


def mark(
    by: Viewer, chosen: Iterable[Watch], until: datetime.datetime, usual: str
) -> None:
    """Take the notices of these watches as read, as far as a page of ``until`` told.

    ``usual`` is the scope of a saved search that names none.
    """
    mine = list(chosen)
    found = found_by_searches(by, mine, usual, until)
    watches.mark_read(by=by, watches=mine, until=until, found=found)


def _chosen(by: Viewer, kind: str, public_id: str) -> WatchQuerySet:
    if not kind:
        return watches_of(by)
    try:
        return watches_on(by, kind, uuid.UUID(public_id))
    except ValueError as error:
        raise InvalidParameter("id: Open the notices again.", field="id") from error


def _moment(text: str) -> datetime.datetime:
    moment = moment_of(text)
    if moment is None:
        raise InvalidParameter("until: Open the notices again.", field="until")
    return moment


def _shown(news: News) -> dict[str, Any]:
    target = news.watch.target
    code = code_of(target)
    return {
        "name": name_of(target),
        "reference": getattr(target, "reference", ""),
        "caption": KINDS[code].text,
        "url": url_of(target),
        "code": code,
        "id": target.public_id,
        "rows": [
            {"text": one.text, "url": _url(news.watch, one)} for one in news.notices
        ],
        "at": news.notices[0].at,
        "before_url": _before_url(news),
    }


def _url(watch: Watch, notice: Notice) -> str:
    """Return where the reader sees for themselves what the notice tells."""
    target = watch.target
    if isinstance(target, SavedSearch):
        return url_of(target)
    if isinstance(target, CrimeGroup):
        page = _OF_GROUP.get(notice.kind, "groups:history")
    else:
        page = _OF_PERSON.get(notice.kind, "groups:person_history")
    return reverse(page, args=[target.public_id])


def _before_url(news: News) -> str:
    """Return the score as it was when the reader last read of a group that moved."""
    moved = {NoticeKind.COMPUTED, NoticeKind.CONFIRMED, NoticeKind.TIER}
    if not moved & {one.kind for one in news.notices}:
        return ""
    day = localdate(news.watch.read_until) - datetime.timedelta(days=1)
    url = reverse("scoring:past_score", args=[news.watch.target.public_id])
    return f"{url}?{urlencode({'at': day.isoformat()})}"
