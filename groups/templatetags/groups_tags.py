"""The head of a group's pages. Load with ``{% load groups_tags %}``."""

import re
from collections.abc import Mapping
from typing import Any

from django import template
from django.template import RequestContext
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from accounts.roles import Right
from groups.models import CrimeGroup, Nominal
from groups.models.crime_group import ActivityStatus, RecordState

register = template.Library()
_SPACES = re.compile(r"\s+")

PARTS: Mapping[str, tuple[str, str]] = {
    "summary": ("Summary", "groups:detail"),
    "people": ("People", "groups:people"),
    "network": ("Network", "groups:group_network"),
    "activity": ("Activity", "groups:activity"),
    "intelligence": ("Intelligence", "intelligence:for_group"),
    "score": ("Score", "scoring:score"),
    "timeline": ("Timeline", "scoring:timeline"),
    "history": ("History", "groups:history"),
}
STATE_COLOURS: Mapping[str, str] = {
    RecordState.DRAFT: "grey",
    RecordState.SUBMITTED: "teal",
    RecordState.RETURNED: "orange",
    RecordState.MAPPED: "green",
    ActivityStatus.ACTIVE: "green",
    ActivityStatus.DORMANT: "yellow",
    ActivityStatus.ARCHIVED: "grey",
}


@register.filter
def squeezed(html: SafeString) -> SafeString:
    """Return rendered HTML with one space for several: a long table is half as heavy."""
    return mark_safe(_SPACES.sub(" ", html))  # noqa: S308 - it was safe before


@register.simple_tag(takes_context=True)
def restriction_url(context: RequestContext, nominal: Nominal) -> str:
    """Return where the reader restricts the person's record; empty if that is not theirs."""
    viewer = context.get("viewer")
    if viewer is None or not viewer.has(Right.ANSWER_SUBJECT_REQUESTS):
        return ""
    if nominal.owner_id != viewer.organisation_id:
        return ""
    return reverse("intelligence:restriction", args=[nominal.public_id])


@register.inclusion_tag("groups/_group_head.html", takes_context=True)
def group_head(
    context: RequestContext, group: CrimeGroup, current: str
) -> dict[str, Any]:
    """Show name, reference, band, tier, states and marking, then the parts of the record.

    ``current`` is a key of `PARTS`. The group needs `owner` and `access_class`.
    """
    return {
        "request": context["request"],
        "group": group,
        "caption": f"{group.get_kind_display()}, {group.owner.short_name}",
        "marking": group.access_class.marking,
        "tags": [
            {
                "text": group.get_record_state_display(),
                "colour": STATE_COLOURS[group.record_state],
            },
            {
                "text": group.get_activity_status_display(),
                "colour": STATE_COLOURS[group.activity_status],
            },
        ],
        "parts": [
            {
                "text": text,
                "url": reverse(name, args=[group.public_id]),
                "current": key == current,
            }
            for key, (text, name) in PARTS.items()
        ],
    }
