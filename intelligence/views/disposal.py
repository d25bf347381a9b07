"""How long a record is kept: its reviews, the steps of disposal, the certificates."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from accounts.permissions import can
from accounts.step_up import StepUpRequired
from accounts.visibility import Viewer
from groups.forms.fields import RecordForm
from groups.permissions import check_can_retain
from groups.views.cards import Row, row
from groups.views.finding import found, reader, record_shown
from groups.views.form_page import FormPage
from intelligence.actions import disposal
from intelligence.forms.retention import KeepForm, ProposeDisposalForm
from intelligence.forms.sharing import DecisionForm
from intelligence.models import DisposalCertificate, RetentionReview
from intelligence.models.retention import REVIEWED
from intelligence.retention_policy import (
    DISPOSAL_REASONS,
    GROUNDS,
    LINES,
    VERSION,
    DisposalReason,
    Ground,
    falls_due,
    latest_review,
)
from intelligence.views.cells import Cell
from intelligence.views.retention import KINDS
from ocgmap.common.date_fields import date_text
from ocgmap.common.keyset import Order, page_of
from ocgmap.common.parameters import check_parameters
from ocgmap.common.records import TopRecord
from ocgmap.common.templatetags.govuk import local_time

PAGE_SIZE = 25
_REVIEW_HEAD = ("When", "Who", "Outcome", "Grounds and reason", "Then")
_WAITING_HEAD = ("Record", "What it is", "Why", "Proposed", "Action")
_CERTIFICATE_HEAD = ("Disposed of", "Kind", "Retention class", "Why", "Certificate")


@require_safe
def retention_page(request: HttpRequest, kind: str, public_id: Any) -> HttpResponse:
    """Show what the policy says of a record, and every review of it."""
    by = reader(request)
    record = _record(by, kind, public_id)
    disposal.check_can_see_reviews(by, record)
    rows = RetentionReview.objects.visible_to(by).of(record)
    reviews = list(rows.select_related("created_by", "decided_by").order_by("-id"))
    record_shown([record, *reviews])
    waiting = next((one for one in reviews if one.state == "proposed"), None)
    here = [kind, record.public_id]
    not_here = disposal.why_not_here(record)
    may_review = not waiting and not not_here and can(check_can_retain, by, record)
    context = {
        "kind": kind,
        "record": record,
        "named": KINDS[kind].named(record),
        "policy": _policy_rows(record),
        "waiting": waiting,
        "waiting_why": waiting and waiting.get_disposal_reason_display(),
        "steps": _steps_of(by, kind, waiting) if waiting else [],
        "not_here": not_here,
        "keep_url": may_review and reverse("intelligence:keep", args=here),
        "dispose_url": may_review
        and not record.legal_hold
        and reverse("intelligence:propose_disposal", args=here),
        "head": [{"text": text} for text in _REVIEW_HEAD],
        "reviews": [_review_row(one) for one in reviews],
    }
    return render(request, "intelligence/retention.html", context)


def _record(by: Viewer, kind: str, public_id: Any) -> TopRecord:
    rows = KINDS[kind].model.objects.visible_to(by).select_related("owner")
    record: TopRecord = found(rows, public_id)
    return record


def _policy_rows(record: TopRecord) -> list[Row]:
    line = LINES[record.retention_class]
    day = record.review_on or falls_due(
        record.retention_class, timezone.localdate(record.created_at)
    )
    said = "" if record.review_on else " by the policy; nobody set a day"
    return [
        row("Retention class", record.get_retention_class_display()),
        row("Policy", f"{line.rule} (version {VERSION})"),
        row("Source", f"{line.source}. {line.confidence}"),
        row("Review on", f"{date_text(day)}{said}"),
        row("Legal hold", "On hold" if record.legal_hold else "No"),
    ]


def _review_row(one: RetentionReview) -> list[Cell]:
    grounds = [GROUNDS[Ground(code)] for code in one.grounds]
    if one.disposal_reason:
        grounds = [DISPOSAL_REASONS[DisposalReason(one.disposal_reason)]]
    then = (
        [f"Next review {date_text(one.next_review_on)}"] if one.next_review_on else []
    )
    if one.decided_at:
        at = format_html("{}, {}", local_time(one.decided_at), one.decided_by)
        then = [at, one.decision_reason]
    return [
        {"time": one.created_at},
        {"text": str(one.created_by)},
        {"text": one.get_state_display()},
        {"lines": [*grounds, one.reason]},
        {"lines": then} if then else {"text": "–"},
    ]


def _steps_of(by: Viewer, kind: str, review: RetentionReview) -> list[Cell]:
    """Return the links of the steps that ``by`` may take on a proposal."""
    names = [("Decline", "decline_disposal")]
    if can(disposal.check_can_decide, by, review):
        names.insert(0, ("Approve", "approve_disposal"))
    record = review.record
    here = [kind, record.public_id, review.public_id]
    return [
        {
            "text": text,
            "url": reverse(f"intelligence:{name}", args=here),
            "hidden": getattr(record, "reference", ""),
        }
        for text, name in names
    ]


class RetentionPage(StepUpRequired, FormPage):
    """A form about how long one record is kept."""

    form_class: ClassVar[type[RecordForm]] = DecisionForm
    kind: str
    record: TopRecord

    def prepare(self, **kwargs: Any) -> None:
        """Find the record; refuse those who may not take the step."""
        self.kind = kwargs["kind"]
        self.record = _record(self.viewer, self.kind, kwargs["public_id"])
        self.check(**kwargs)
        record_shown([self.record])
        named = KINDS[self.kind].named(self.record)
        self.caption = f"{KINDS[self.kind].cell(self.record)['text']}: {named}"
        here = [self.kind, self.record.public_id]
        self.back = reverse("intelligence:retention", args=here)

    def check(self, **kwargs: Any) -> None:
        """Raise unless the viewer may take the step that the page is for."""
        check_can_retain(self.viewer, self.record)

    def subject(self) -> Any:
        """Return the record."""
        return self.record

    def undo_url(self) -> str:
        """Return none: a review is followed by another, and a disposal is for good."""
        return ""


class Keep(RetentionPage):
    """Keep a record until its next review."""

    title = "Keep this record"
    button = "Keep it"
    done = "The record is kept"
    form_class = KeepForm

    def form_arguments(self) -> dict[str, Any]:
        """Tell the last day that the policy allows."""
        today = timezone.localdate()
        latest = latest_review(self.record.retention_class, today)
        return {"latest": date_text(latest)}

    def save(self, form: KeepForm, rows: Mapping[str, list[Any]]) -> str:
        """Keep it."""
        disposal.keep(
            by=self.viewer,
            record=self.record,
            **form.given("grounds", "reason", "next_review_on", "version"),
        )
        return self.back


class ProposeDisposal(RetentionPage):
    """Propose to dispose of a record."""

    title = "Propose to dispose of this record"
    button = "Propose it"
    done = "Proposed: a second person decides"
    form_class = ProposeDisposalForm
    note = (
        "Once another person approves, the record, all that is recorded on it and the "
        "history of both are erased for good. What cites it loses it, and scores move."
    )

    def prepare(self, **kwargs: Any) -> None:
        """Say of a group besides what past figures keep."""
        super().prepare(**kwargs)
        if self.kind == "groups":
            self.note = (
                f"{self.note} Figures of past days go on counting the group, and say "
                "that its record was disposed of since."
            )

    def save(self, form: ProposeDisposalForm, rows: Mapping[str, list[Any]]) -> str:
        """Propose it."""
        disposal.propose(
            by=self.viewer,
            record=self.record,
            **form.given("disposal_reason", "reason", "version"),
        )
        return self.back


class DisposalDecision(RetentionPage):
    """A decision on a disposal that was proposed."""

    review: RetentionReview

    def prepare(self, **kwargs: Any) -> None:
        """Find the proposal of the record."""
        super().prepare(**kwargs)
        record_shown([self.review])
        why = self.review.get_disposal_reason_display()
        self.note = f"{why}. {self.review.reason}"

    def check(self, **kwargs: Any) -> None:
        """Find the proposal first: to whom it is hidden, it is not there."""
        rows = RetentionReview.objects.visible_to(self.viewer).of(self.record)
        self.review = found(rows, kwargs["row_id"])
        self.check_decides()

    def check_decides(self) -> None:
        """Raise unless the viewer decides."""
        disposal.check_can_see_reviews(self.viewer, self.record)

    def subject(self) -> RetentionReview:
        """Return the proposal."""
        return self.review


class ApproveDisposal(DisposalDecision):
    """Approve it: the record is erased."""

    title = "Dispose of this record for good"
    button = "Erase it for good"
    done = "The record is erased. This is its certificate"
    is_final = True

    def check_decides(self) -> None:
        """Raise unless the viewer is the second person."""
        disposal.check_can_decide(self.viewer, self.review)

    def save(self, form: DecisionForm, rows: Mapping[str, list[Any]]) -> str:
        """Erase the record; lead to its certificate."""
        made = disposal.dispose(
            by=self.viewer, review=self.review, **form.given("version", "reason")
        )
        return reverse("intelligence:certificate", args=[made.public_id])


class DeclineDisposal(DisposalDecision):
    """Leave the record as it is."""

    title = "Decline to dispose of this record"
    button = "Decline"
    done = "The record stays"

    def save(self, form: DecisionForm, rows: Mapping[str, list[Any]]) -> str:
        """Decline."""
        disposal.decline(
            by=self.viewer, review=self.review, **form.given("version", "reason")
        )
        return self.back


@require_safe
def disposal_list(request: HttpRequest) -> HttpResponse:
    """Show own records whose disposal waits, and the certificates, the newest first."""
    by = reader(request)
    disposal.check_decides_at_all(by)
    check_parameters(request.GET, {"cursor"})
    own = RetentionReview.objects.visible_to(by).filter(owner_id=by.organisation_id)
    waiting = list(
        own.waiting()
        .select_related(*(f"{column}__owner" for column in REVIEWED.values()))
        .order_by("id")[:PAGE_SIZE]
    )
    page = page_of(
        _certificates(by),
        Order("id", descending=True),
        size=PAGE_SIZE,
        cursor=request.GET.get("cursor", ""),
    )
    record_shown([*waiting, *(one.record for one in waiting), *page.rows])
    context = {
        "waiting_count": own.waiting().count(),
        "waiting_head": [{"text": text} for text in _WAITING_HEAD],
        "waiting": [_waiting_row(by, one) for one in waiting],
        "count": _certificates(by).count(),
        "head": [{"text": text} for text in _CERTIFICATE_HEAD],
        "rows": [_certificate_row(one) for one in page.rows],
        "next_url": f"?cursor={page.next}" if page.next else "",
        "previous_url": f"?cursor={page.previous}" if page.previous else "",
    }
    return render(request, "intelligence/disposals.html", context)


def to_decide(by: Viewer) -> int:
    """Return how many proposals of others wait for the reader; none for most roles."""
    if not can(disposal.check_decides_at_all, by):
        return 0
    own = RetentionReview.objects.visible_to(by).filter(owner_id=by.organisation_id)
    return int(own.waiting().exclude(created_by_id=by.user_id).count())


def _certificates(by: Viewer) -> Any:
    rows = DisposalCertificate.objects.visible_to(by)
    return rows.filter(owner_id=by.organisation_id)


def _waiting_row(by: Viewer, review: RetentionReview) -> list[Cell]:
    record = review.record
    kind = next(code for code, one in KINDS.items() if one.model is type(record))
    url = reverse("intelligence:retention", args=[kind, record.public_id])
    return [
        {"text": KINDS[kind].cell(record)["text"], "url": url, "nowrap": True},
        {"text": KINDS[kind].named(record)},
        {"lines": [review.get_disposal_reason_display(), review.reason]},
        {"time": review.created_at},
        {"links": _steps_of(by, kind, review)},
    ]


def _certificate_row(one: DisposalCertificate) -> list[Cell]:
    return [
        {"time": one.created_at},
        {"text": one.get_kind_display()},
        {"text": one.get_retention_class_display()},
        {"text": one.get_reason_code_display()},
        {
            "text": "Open",
            "hidden": f"certificate {one.public_id}",
            "url": reverse("intelligence:certificate", args=[one.public_id]),
        },
    ]
