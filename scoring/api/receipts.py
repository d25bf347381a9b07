"""Receipts: is what was submitted in the picture yet?

An organisation asks after its own submissions; never after those of others.
"""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.authentication import Scopes
from accounts.api.resources import Endpoint, Listing
from accounts.models.api_token import TokenScope
from accounts.visibility import Viewer
from intelligence.models import Report
from ocgmap.common.errors import NotFound
from ocgmap.common.records import ProtectedRecord
from scoring.api.filters import ReceiptFilterSet
from scoring.api.serializers import ReceiptSerializer, ReportReceiptSerializer
from scoring.models import Receipt
from scoring.models.outbox import NOT_COUNTED, ReceiptState

# Whoever may submit may follow what they submitted.
FOLLOW: Scopes = {"GET": (TokenScope.INTEL_READ, TokenScope.INTEL_SUBMIT)}
NONE = "none"


def own_reports(viewer: Viewer) -> QuerySet[Report]:
    """Return the visible reports of the viewer's organisation or of their own making."""
    mine = Q(owner_id=viewer.organisation_id) | Q(created_by_id=viewer.user_id)
    return Report.objects.visible_to(viewer).filter(mine)


def receipts_for(viewer: Viewer) -> QuerySet[Receipt]:
    """Return the receipts of the viewer's own reports."""
    return (
        Receipt.objects.visible_to(viewer)
        .filter(report__in=own_reports(viewer))
        .select_related("report", "group")
    )


class ReceiptListing(Listing[Receipt]):
    """Receipts of own reports, one for each report and group."""

    scopes = FOLLOW
    queryset = Receipt.objects.none()
    serializer_class = ReceiptSerializer
    filterset_class = ReceiptFilterSet
    orderings: ClassVar = {"created": "id", "submitted_at": "submitted_at"}

    def get_queryset(self) -> QuerySet[Receipt]:
        """Return the receipts that the viewer may ask for."""
        return receipts_for(self.viewer)

    def shown(self, rows: Sequence[Any]) -> Iterable[ProtectedRecord]:
        """Return the reports and groups that the receipts name."""
        for row in rows:
            yield from (row.report, row.group)


class ReportReceipt(Endpoint):
    """The receipt of one report."""

    scopes = FOLLOW

    @extend_schema(responses=ReportReceiptSerializer)
    def get(self, request: Request, id: str) -> Response:  # noqa: A002
        """Return where an own report stands: queued, included, set aside, or none.

        `none` means that the report affects no group; `awaiting` that it counts in no
        score until an assurer has passed it; `returned` that it must be corrected.
        """
        self.refuse_parameters_but()
        report = own_reports(self.viewer).filter(public_id=id).first()
        if report is None:
            raise NotFound
        found = list(receipts_for(self.viewer).filter(report=report).order_by("id"))
        self.audit_reading([report, *(row.group for row in found)])
        values = {**_whole(report, found), "report": report, "groups": found}
        values.setdefault("submitted_at", report.created_at)
        return Response(ReportReceiptSerializer(values).data)


def _whole(report: Report, receipts: Sequence[Receipt]) -> dict[str, Any]:
    """Return what the receipts of one report come to: the slowest one decides."""
    states = {row.state for row in receipts}
    for state in (ReceiptState.SET_ASIDE, *NOT_COUNTED, ReceiptState.QUEUED):
        if state in states:
            return {"state": state.value, "included_at": None, "milliseconds": None}
    if not receipts:
        none = report.state if report.state in NOT_COUNTED else NONE
        return {"state": none, "included_at": None, "milliseconds": None}
    last = max(receipts, key=lambda row: row.included_at or row.submitted_at)
    shown = ReceiptSerializer(last)
    return {
        "state": ReceiptState.INCLUDED.value,
        "submitted_at": last.submitted_at,
        "included_at": last.included_at,
        "milliseconds": shown.data["milliseconds"],
    }
