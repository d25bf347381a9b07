"""Notices of correction: those to read, and for who answers, those to post."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.models import User
from accounts.permissions import check_has
from accounts.roles import Right
from accounts.visibility import Viewer
from groups.forms.fields import RecordForm
from groups.models import Nominal
from groups.views.finding import reader
from groups.views.form_page import FormPage
from intelligence.actions import correction_notices
from intelligence.forms.subjects import AcknowledgeForm, PostForm
from intelligence.models import CorrectionNotice
from intelligence.views.cells import Cell
from ocgmap.common.errors import NotFound
from ocgmap.common.keyset import Order, page_of
from ocgmap.common.parameters import check_parameters
from ocgmap.common.templatetags.govuk import local_time

PAGE_SIZE = 25
_LABEL = "intelligence.CorrectionNotice"
_HEAD = ("Person", "What became of it", "Told by", "When", "Action")
_SENT_HEAD = ("Person", "What became of it", "For whom", "When", "State")
_WAYS = {"paper": "On paper", "svg": "As a picture", "list": "As a list"}


@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    """Show what the reader's organisation is told of data that it received."""
    by = reader(request)
    check_parameters(request.GET, {"cursor"})
    rows = CorrectionNotice.objects.received_by(by)
    page = page_of(
        rows.select_related("sender", "acknowledged_by"),
        Order("id", descending=True),
        size=PAGE_SIZE,
        cursor=request.GET.get("cursor", ""),
    )
    seen = people_of(by, page.rows)
    audit.consulted(_LABEL, [one.pk for one in page.rows])
    context = {
        "count": rows.to_read().count(),
        "head": [{"text": text} for text in _HEAD],
        "rows": [_row(one, seen) for one in page.rows],
        "may_send": by.has(Right.ANSWER_SUBJECT_REQUESTS),
        "next_url": f"?cursor={page.next}" if page.next else "",
        "previous_url": f"?cursor={page.previous}" if page.previous else "",
    }
    return render(request, "intelligence/corrections.html", context)


def people_of(by: Viewer, notices: Any) -> Mapping[str, Nominal]:
    """Return by reference those people of the notices whom ``by`` may see now. One query."""
    rows = Nominal.objects.visible_to(by).filter(
        reference__in={one.reference for one in notices}
    )
    return {one.reference: one for one in rows}


def to_read(by: Viewer) -> int:
    """Return how many notices wait for the reader's organisation."""
    return CorrectionNotice.objects.received_by(by).to_read().count()


def to_post(by: Viewer) -> int:
    """Return how many copies outside wait to be told of; none for most roles."""
    if not by.has(Right.ANSWER_SUBJECT_REQUESTS):
        return 0
    return CorrectionNotice.objects.sent_by(by).to_post().count()


def _person(one: CorrectionNotice, seen: Mapping[str, Nominal]) -> Cell:
    """Return the person, linked where they may be seen; else the reference alone."""
    cell: Cell = {"text": one.reference, "nowrap": True}
    if one.reference in seen:
        cell["url"] = reverse("groups:person", args=[seen[one.reference].public_id])
    return cell


def _row(one: CorrectionNotice, seen: Mapping[str, Nominal]) -> list[Cell]:
    step: Cell = {
        "text": "Acknowledge",
        "url": reverse("intelligence:acknowledge_correction", args=[one.public_id]),
        "hidden": f"{one.reference}, {one.get_correction_display().lower()}",
    }
    if one.acknowledged_at:
        told = [str(one.acknowledged_by), local_time(one.acknowledged_at)]
        step = {"lines": ["Acknowledged", *told]}
    return [
        _person(one, seen),
        {"text": one.get_correction_display()},
        {"text": one.sender.name},
        {"time": one.made_at},
        step,
    ]


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """Show the notices about own data: who acknowledged, and which copies to post to."""
    by = reader(request)
    check_has(by, Right.ANSWER_SUBJECT_REQUESTS)
    check_parameters(request.GET, {"cursor"})
    rows = CorrectionNotice.objects.sent_by(by)
    page = page_of(
        rows.select_related("recipient", "acknowledged_by", "sent_by"),
        Order("id", descending=True),
        size=PAGE_SIZE,
        cursor=request.GET.get("cursor", ""),
    )
    seen = people_of(by, page.rows)
    takers = User.objects.in_bulk(
        {pk for one in page.rows if not one.recipient for pk in one.received_by}
    )
    audit.consulted(_LABEL, [one.pk for one in page.rows])
    context = {
        "count": rows.to_post().count(),
        "head": [{"text": text} for text in _SENT_HEAD],
        "rows": [_sent_row(one, seen, takers) for one in page.rows],
        "next_url": f"?cursor={page.next}" if page.next else "",
        "previous_url": f"?cursor={page.previous}" if page.previous else "",
    }
    return render(request, "intelligence/corrections_sent.html", context)


def _sent_row(
    one: CorrectionNotice, seen: Mapping[str, Nominal], takers: Mapping[int, User]
) -> list[Cell]:
    return [
        _person(one, seen),
        {"text": one.get_correction_display()},
        {"lines": _for_whom(one, takers)},
        {"time": one.made_at},
        _state(one),
    ]


def _for_whom(one: CorrectionNotice, takers: Mapping[int, User]) -> list[str]:
    if one.recipient:
        return [one.recipient.name]
    who = ", ".join(takers[pk].name for pk in one.received_by if pk in takers)
    how = _WAYS.get(one.way, "As a file")
    number = f" {one.copy_number}" if one.copy_number else ""
    lines = [f"{how}{number}, taken out by {who}"]
    return [*lines, one.copied_for] if one.copied_for else lines


def _state(one: CorrectionNotice) -> Cell:
    if one.acknowledged_at:
        told = [str(one.acknowledged_by), local_time(one.acknowledged_at)]
        return {"lines": ["Acknowledged", *told]}
    if one.sent_at:
        return {"lines": ["Sent", str(one.sent_by), local_time(one.sent_at)]}
    if one.recipient:
        return {"text": "Not acknowledged yet"}
    return {
        "text": "Mark as sent",
        "url": reverse("intelligence:post_correction", args=[one.public_id]),
        "hidden": one.reference,
    }


class AcknowledgeCorrection(FormPage):
    """Say that the notice was read and acted upon."""

    title = "Acknowledge this notice"
    button = "Acknowledge it"
    done = "It is acknowledged, for your organisation"
    form_class: ClassVar[type[RecordForm]] = AcknowledgeForm
    note = (
        "Whoever has a copy must correct, restrict or erase it likewise, and tell those "
        "to whom they gave it (Data Protection Act 2018, sections 38(5) and 48)."
    )
    notice: CorrectionNotice

    def prepare(self, **kwargs: Any) -> None:
        """Find the notice; one of others is not there."""
        self.notice = self.find(kwargs["public_id"])
        audit.consulted(_LABEL, [self.notice.pk])
        told = self.notice.get_correction_display()
        self.caption = f"{self.notice.reference}: {told.lower()}"

    def find(self, public_id: Any) -> CorrectionNotice:
        """Return the notice if it is one for the viewer.

        Raises:
            NotFound: it is absent, or for others.
        """
        self.back = reverse("intelligence:corrections")
        return _one(CorrectionNotice.objects.received_by(self.viewer), public_id)

    def save(self, form: RecordForm, rows: Mapping[str, list[Any]]) -> str:
        """Acknowledge it."""
        correction_notices.acknowledge(by=self.viewer, notice=self.notice)
        return self.back


class PostCorrection(AcknowledgeCorrection):
    """Say that those outside who have a copy were told."""

    title = "Everyone who got this copy was told"
    button = "Mark as sent"
    done = "It is marked as sent"
    form_class = PostForm
    note = ""

    def find(self, public_id: Any) -> CorrectionNotice:
        """Return the notice if it is the viewer's to post."""
        check_has(self.viewer, Right.ANSWER_SUBJECT_REQUESTS)
        self.back = reverse("intelligence:corrections_sent")
        rows = CorrectionNotice.objects.sent_by(self.viewer)
        return _one(rows.filter(recipient__isnull=True), public_id)

    def save(self, form: RecordForm, rows: Mapping[str, list[Any]]) -> str:
        """Mark it."""
        correction_notices.mark_sent(by=self.viewer, notice=self.notice)
        return self.back


def _one(rows: Any, public_id: Any) -> CorrectionNotice:
    found: CorrectionNotice | None = rows.filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found
