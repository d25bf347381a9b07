"""What is on record already and may be the same, as a table with the reasons."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse

from groups.likeness import Likeness
from groups.models import CrimeGroup
from groups.views.finding import record_shown

Table = dict[str, Any]


def alike_table(found: Iterable[tuple[str, Sequence[Likeness]]]) -> Table:
    """Return a row for each likeness of what was typed; what is shown is recorded."""
    pairs = [(typed, one) for typed, alike in found for one in alike]
    record_shown(one.record for _, one in pairs)
    head = ("What you typed", "On record", "Owner", "Why")
    return {
        "head": [{"text": text} for text in head],
        "rows": [_row(typed, one) for typed, one in pairs],
    }


def _row(typed: str, one: Likeness) -> list[dict[str, Any]]:
    record = one.record
    is_group = isinstance(record, CrimeGroup)
    name = record.name if is_group else record.display_name
    page = "groups:detail" if is_group else "groups:person"
    return [
        {"text": typed},
        {
            "text": f"{name} ({record.reference})",
            "url": reverse(page, args=[record.public_id]),
        },
        {"text": record.owner.short_name},
        {"lines": one.reasons},
    ]
