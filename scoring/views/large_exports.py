"""Pages by which a long list leaves as a file: one asks, a colleague decides."""

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.actions import large_exports
from accounts.models import LargeExport
from accounts.models.compartment import ProposalState
from accounts.permissions import check_has
from accounts.roles import Right
from accounts.step_up import StepUpRequired
from accounts.visibility import Viewer
from groups.forms.compartments import NoForm
from groups.forms.fields import RecordForm
from groups.views.finding import reader
from groups.views.form_page import FormPage
from ocgmap.common.errors import NotFound
from ocgmap.common.keyset import Order, page_of
from ocgmap.common.parameters import check_parameters
from scoring.forms.large_exports import AskExportForm
from scoring.views.figure_tables import Cell
from scoring.views.paste import line_count, own_list

PAGE_SIZE = 25
_HEAD = ("Who asks", "Lines", "What for", "Asked", "Action")


class AskExport(StepUpRequired, FormPage):
    """Ask a colleague to let a long list out."""

    title = "Ask for a long list as a file"
    button = "Ask a colleague"
    done = "Asked: a colleague decides. Come back to the list then"
    form_class = AskExportForm
    list_id: uuid.UUID
    lines: int

    def prepare(self, **kwargs: Any) -> None:
        """Find the list; refuse those who may not take records out."""
        check_has(self.viewer, Right.EXPORT)
        kept = own_list(self.viewer, str(kwargs["list_id"]))
        self.list_id, self.lines = kept.pk, line_count(kept)
        self.back = f"{reverse('scoring:paste')}?q={kept.pk}"
        self.note = (
            f"This list has {self.lines:,} lines. A file with more than "
            f"{large_exports.LARGE_LINES:,} lines or records found, alone or with your "
            "other files of the last 24 hours, leaves only when a colleague who may take "
            "records out approves. They see your reason and how many lines there are, "
            "and nothing of what was found."
        )

    def save(self, form: AskExportForm, rows: Mapping[str, list[Any]]) -> str:
        """Ask."""
        large_exports.ask(
            by=self.viewer,
            list_id=self.list_id,
            lines=self.lines,
            reason=form.cleaned_data["reason"],
        )
        return self.back


@require_safe
def exports(request: HttpRequest) -> HttpResponse:
    """Show the long lists that colleagues ask for."""
    by = reader(request)
    check_has(by, Right.EXPORT)
    check_parameters(request.GET, {"cursor"})
    rows = waiting_for(by).select_related("user")
    page = page_of(
        rows,
        Order("id", descending=True),
        size=PAGE_SIZE,
        cursor=request.GET.get("cursor", ""),
    )
    audit.consulted("accounts.LargeExport", [one.pk for one in page.rows])
    context = {
        "count": rows.count(),
        "head": [{"text": text} for text in _HEAD],
        "rows": [_row(one) for one in page.rows],
        "next_url": f"?cursor={page.next}" if page.next else "",
        "previous_url": f"?cursor={page.previous}" if page.previous else "",
    }
    return render(request, "scoring/large_exports.html", context)


def waiting_for(by: Viewer) -> Any:
    """Return what colleagues of the reader's organisation ask for."""
    rows = LargeExport.objects.filter(
        organisation_id=by.organisation_id, state=ProposalState.PROPOSED
    )
    return rows.exclude(user_id=by.user_id)


def _row(one: LargeExport) -> list[Cell]:
    steps = (("Approve", "approve_export"), ("Decline", "decline_export"))
    return [
        {"text": one.user.name},
        {"text": f"{one.lines:,}"},
        {"text": one.reason},
        {"time": one.asked_at},
        {
            "links": [
                {
                    "text": text,
                    "url": reverse(f"scoring:{name}", args=[one.public_id]),
                    "hidden": one.user.name,
                }
                for text, name in steps
            ]
        },
    ]


class ApproveExport(StepUpRequired, FormPage):
    """Let a colleague's long list out for a day."""

    title = "Let this list out as a file"
    button = "Approve"
    done = "It is approved for a day"
    form_class: ClassVar[type[RecordForm]] = NoForm
    export: LargeExport

    def prepare(self, **kwargs: Any) -> None:
        """Find the request; what is not a colleague's is not there."""
        check_has(self.viewer, Right.EXPORT)
        rows = waiting_for(self.viewer).filter(public_id=kwargs["public_id"])
        found = rows.select_related("user").first()
        if found is None:
            raise NotFound
        self.export = found
        audit.consulted("accounts.LargeExport", [found.pk])
        self.caption = f"{found.user.name}: {found.lines:,} lines"
        self.note = found.reason
        self.back = reverse("scoring:exports")

    def save(self, form: NoForm, rows: Mapping[str, list[Any]]) -> str:
        """Approve it."""
        large_exports.approve(by=self.viewer, export=self.export)
        return self.back


class DeclineExport(ApproveExport):
    """Keep a colleague's long list in."""

    title = "Keep this list in"
    button = "Decline"
    done = "It is declined"

    def save(self, form: NoForm, rows: Mapping[str, list[Any]]) -> str:
        """Decline it."""
        large_exports.decline(by=self.viewer, export=self.export)
        return self.back
