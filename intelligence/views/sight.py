"""Pages that ask for the sight of one record, show what was given, and decide."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from accounts.permissions import check_has
from accounts.roles import Right
from accounts.step_up import StepUpRequired
from accounts.visibility import Viewer
from groups.exceptions import ApprovalNeeded
from groups.views.finding import found, reader, record_shown
from groups.views.form_page import FormPage, refused_first
from intelligence.actions import sight
from intelligence.forms.sharing import DecisionForm
from intelligence.forms.sight import AskForm
from intelligence.models import SightMatch, SightRequest
from intelligence.views.cells import Cell, condition_text, condition_words
from ocgmap.common.errors import NotFound
from ocgmap.common.keyset import Order, page_of
from ocgmap.common.parameters import check_parameters
from ocgmap.common.templatetags.govuk import local_time

PAGE_SIZE = 25
# One answer, whether there is such a record or not.
RECORDED = "Your request is recorded. If there is such a record, its owner is told"


@require_safe
def own_requests(request: HttpRequest) -> HttpResponse:
    """Show what the reader asked for; what came of it shows only where it was given."""
    by = reader(request)
    check_parameters(request.GET, {"cursor"})
    rows = SightRequest.objects.filter(user_id=by.user_id)
    page = page_of(
        rows,
        Order("id", descending=True),
        size=PAGE_SIZE,
        cursor=request.GET.get("cursor", ""),
    )
    context = {
        "head": [{"text": text} for text in ("Reference", "Why", "Asked", "Look")],
        "rows": [
            [
                {"text": one.reference, "nowrap": True},
                {"text": one.reason},
                {"time": one.asked_at},
                {
                    "text": "See whether it was given",
                    "hidden": one.reference,
                    "url": reverse("intelligence:sight", args=[one.public_id]),
                },
            ]
            for one in page.rows
        ],
        "next_url": f"?cursor={page.next}" if page.next else "",
        "previous_url": f"?cursor={page.previous}" if page.previous else "",
    }
    return render(request, "intelligence/sight_requests.html", context)


@require_safe
def shown(request: HttpRequest, public_id: Any) -> HttpResponse:
    """Show the record that was given to the reader; else that nothing was, as yet."""
    by = reader(request)
    asked = SightRequest.objects.filter(user_id=by.user_id, public_id=public_id).first()
    if asked is None:
        raise NotFound
    try:
        given = sight.given(by=by, request=asked)
    except NotFound:
        return render(request, "intelligence/sight_none.html", {"asked": asked})
    context = {
        "asked": asked,
        "owner": given["owner"],
        "condition": condition_words(given["record"].get("condition")),
        "until_at": parse_datetime(given["until_at"]),
        "record": given["record"],
    }
    return render(request, "intelligence/sight_given.html", context)


class AskSight(StepUpRequired, FormPage):
    """Ask for the sight of one record."""

    title = "Ask to see one record"
    button = "Ask its owner"
    done = RECORDED
    form_class = AskForm
    note = (
        "For when you know a record’s reference and need it to keep someone safe. The "
        "answer is the same whether there is such a record or not. Its owner may show "
        "it to you for an hour. In an emergency, ring them as well."
    )

    def prepare(self, **kwargs: Any) -> None:
        """Refuse those who may see nothing."""
        check_has(self.viewer, Right.VIEW)
        self.back = reverse("intelligence:sight_requests")

    def save(self, form: AskForm, rows: Mapping[str, list[Any]]) -> str:
        """Ask."""
        sight.ask(by=self.viewer, **form.given("reference", "reason"))
        return self.back


@require_safe
def to_decide(request: HttpRequest) -> HttpResponse:
    """Show who asks for records of the reader's organisation."""
    by = reader(request)
    check_has(by, Right.APPROVE)
    check_parameters(request.GET, {"cursor"})
    rows = waiting_for(by).select_related(
        "group", "nominal", "report", "created_by__organisation"
    )
    page = page_of(
        rows,
        Order("id", descending=True),
        size=PAGE_SIZE,
        cursor=request.GET.get("cursor", ""),
    )
    record_shown([*page.rows, *(one.record for one in page.rows)])
    head = ("Record", "Who asks", "Why", "Asked", "Action")
    context = {
        "count": rows.count(),
        "head": [{"text": text} for text in head],
        "rows": [_row(one) for one in page.rows],
        "next_url": f"?cursor={page.next}" if page.next else "",
        "previous_url": f"?cursor={page.previous}" if page.previous else "",
    }
    return render(request, "intelligence/sight_to_decide.html", context)


def waiting_for(by: Viewer) -> Any:
    """Return the visible requests for records of the reader's organisation."""
    rows = SightMatch.objects.visible_to(by).waiting()
    return rows.filter(owner_id=by.organisation_id).exclude(created_by_id=by.user_id)


def _row(one: SightMatch) -> list[Cell]:
    reference = one.record.reference
    return [
        {"text": reference, "nowrap": True},
        {"lines": _asker(one)},
        {"text": one.reason},
        {"time": one.created_at},
        {
            "links": [
                {
                    "text": text,
                    "url": reverse(f"intelligence:{name}", args=[one.public_id]),
                    "hidden": reference,
                }
                for text, name in (
                    ("Show it for an hour", "grant_sight"),
                    ("Decline", "decline_sight"),
                )
            ]
        },
    ]


def _asker(one: SightMatch) -> list[str]:
    who = one.created_by
    return [who.name, who.organisation.short_name] if who else ["Unknown"]


class GrantSight(StepUpRequired, FormPage):
    """Show a record to someone who asked, for an hour."""

    title = "Show this record for an hour"
    button = "Show it"
    done = "It is shown for an hour"
    form_class = DecisionForm
    match: SightMatch

    def prepare(self, **kwargs: Any) -> None:
        """Find the request; refuse those who do not decide for the owner."""
        rows = SightMatch.objects.visible_to(self.viewer).select_related(
            "access_class",
            "group__owner",
            "nominal__owner",
            "report__owner",
            "created_by__organisation",
        )
        self.match = found(rows, kwargs["public_id"])
        sight.check_can_decide(self.viewer, self.match)
        record_shown([self.match, self.match.record])
        self.caption = self.match.record.reference
        self.note = format_html(
            "{}, {}: {}",
            ", ".join(_asker(self.match)),
            local_time(self.match.created_at),
            self.match.reason,
        )
        if self.match.report and self.match.report.handling_condition:
            self.note += format_html(
                " Handling condition: {}.", condition_text(self.match.report)
            )
        self.back = reverse("intelligence:sight_to_decide")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show the form, or why it would be refused: before anything is typed."""
        try:
            self.check_first()
        except ApprovalNeeded as error:
            return refused_first(request, error, self.back)
        return super().get(request, **kwargs)

    def check_first(self) -> None:
        """Raise where the step would be refused, whatever is typed."""
        sight.check_may_be_shown(self.match)

    def subject(self) -> SightMatch:
        """Return the request."""
        return self.match

    def save(self, form: DecisionForm, rows: Mapping[str, list[Any]]) -> str:
        """Show it."""
        sight.grant(by=self.viewer, match=self.match, **form.given("version", "reason"))
        return self.back

    def undo_url(self) -> str:
        """Return none."""
        return ""


class DeclineSight(GrantSight):
    """Decline to show a record."""

    title = "Decline to show this record"
    button = "Decline"
    done = "It is declined; who asked is not told"

    def check_first(self) -> None:
        """Raise nothing: any request may be declined."""

    def save(self, form: DecisionForm, rows: Mapping[str, list[Any]]) -> str:
        """Decline."""
        sight.decline(
            by=self.viewer, match=self.match, **form.given("version", "reason")
        )
        return self.back
