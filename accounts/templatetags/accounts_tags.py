"""Links from a record's page to who has read it."""

from typing import Any

from django import template
from django.urls import reverse

from accounts.roles import Right

register = template.Library()


@register.simple_tag(takes_context=True)
def readers_url(context: dict[str, Any], kind: str, record: Any) -> str:
    """Return where the reader sees who has read the record; empty if that is not theirs."""
    viewer = context.get("viewer")
    if viewer is None or not viewer.has(Right.SEE_READERS):
        return ""
    if record.owner_id != viewer.organisation_id:
        return ""
    return reverse("accounts:readers", args=[kind, record.public_id])
