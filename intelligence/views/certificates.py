"""The certificate of a disposal, fit to be printed."""

from typing import Any

from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from groups.views.cards import row
from groups.views.finding import found, reader, record_shown
from intelligence.actions import disposal
from intelligence.models import DisposalCertificate
from ocgmap.common.templatetags.govuk import local_time


@require_safe
def certificate(request: HttpRequest, public_id: Any) -> HttpResponse:
    """Show one certificate, fit to be printed."""
    by = reader(request)
    rows = DisposalCertificate.objects.visible_to(by).select_related(
        "owner", "proposed_by", "approved_by"
    )
    one = found(rows, public_id)
    disposal.check_can_see_reviews(by, one)
    record_shown([one])
    context = {
        "certificate": one,
        "rows": [
            row("Certificate", str(one.public_id)),
            row("Kind of record", one.get_kind_display()),
            row("Owner", one.owner.name),
            row("Retention class", one.get_retention_class_display()),
            row("Why", one.get_reason_code_display()),
            row("Proposed by", str(one.proposed_by)),
            row("Approved by", str(one.approved_by)),
            row("Erased at", local_time(one.created_at)),
        ],
        "head": [{"text": "What it held"}, {"text": "Rows", "numeric": True}],
        "counts": [
            [{"text": _words(table)}, {"text": str(count), "numeric": True}]
            for table, count in sorted(one.counts.items())
        ],
    }
    return render(request, "intelligence/certificate.html", context)


def _words(table: str) -> str:
    """Return what a table holds as people say it; one that is no more, by its name."""
    for model in apps.get_models():
        if model._meta.db_table == table:  # noqa: SLF001 - the documented interface
            said = str(model._meta.verbose_name).capitalize()  # noqa: SLF001
            is_past = hasattr(model, "pgh_tracked_model")
            return f"{said.removesuffix(' event')}, history" if is_past else said
    return table
