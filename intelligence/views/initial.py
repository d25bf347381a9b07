"""A report as the form shows it, to be corrected."""

from typing import Any

from django.db.models import QuerySet

from accounts.actions import labels
from accounts.models.access_class import TagKind
from accounts.visibility import Viewer
from intelligence.forms.claims import initial_claims
from intelligence.models import AttributeClaim, Mention, Report
from ocgmap.common.date_fields import PreciseDate
from ocgmap.common.records import Precision


def initial_of(
    report: Report, by: Viewer
) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """Return what the form and its rows of claims start with: what ``by`` may see.

    The original text stays where it is, under its own right.
    """
    mentions = Mention.objects.visible_to(by).filter(report=report).order_by("pk")
    claims = (
        AttributeClaim.objects.visible_to(by)
        .filter(report=report)
        .select_related("group")
        .order_by("pk")
    )
    condition = report.handling_condition or {}
    initial = {
        "owner": report.owner.code,
        "text": report.text,
        "received_on": report.received_on,
        "event": PreciseDate(
            report.event_from, report.event_to, Precision(report.event_precision)
        ),
        "owner_reference": report.owner_reference,
        "groups": _references(mentions, "group"),
        "nominals": _references(mentions, "nominal"),
        "source_grade": str(report.source_grade),
        "assessment_grade": report.assessment_grade,
        "handling": report.handling,
        "recipients": condition.get("recipients", ""),
        "condition_note": condition.get("note", ""),
        "returned_in": _return_id(report),
        **_sharing_of(report, by),
    }
    return initial, initial_claims(list(claims))


def _references(mentions: QuerySet[Mention], target: str) -> str:
    rows = mentions.filter(**{f"{target}__isnull": False})
    return ", ".join(rows.values_list(f"{target}__reference", flat=True))


def _return_id(report: Report) -> str:
    return str(report.returned_in.public_id) if report.returned_in else ""


def _sharing_of(report: Report, by: Viewer) -> dict[str, Any]:
    """Return the audience and compartments that make up the report's label."""
    label = labels.labels_of([report.access_class_id])[report.access_class_id]
    options = [
        option
        for option in labels.options_for(report.owner)
        if option.label.requires <= label.requires
    ]
    held = {tag.pk for tag in labels.compartments_for(by)}
    chosen = next((one for one in options if one.code == TagKind.ORGANISATION), None)
    chosen = chosen or next(iter(options), None)
    return {
        **({"sharing": chosen.code} if chosen else {}),
        "compartments": sorted(label.requires & held),
    }
