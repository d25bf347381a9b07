"""What people type into the forms and programs send, right in every field."""

import datetime
import uuid
from typing import Any

from django.utils import timezone

Typed = dict[str, Any]


def day(name: str, value: datetime.date) -> Typed:
    """Return the three boxes of a date."""
    return {
        f"{name}_day": value.day,
        f"{name}_month": value.month,
        f"{name}_year": value.year,
    }


def rows(prefix: str, *filled: Typed) -> Typed:
    """Return rows of the same questions, with their count."""
    found: Typed = {f"{prefix}-TOTAL_FORMS": len(filled), f"{prefix}-INITIAL_FORMS": 0}
    for number, row in enumerate(filled):
        found |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return found


def yesterday() -> datetime.date:
    return timezone.localdate() - datetime.timedelta(days=1)


def report_form(owner: str, *claims: Typed, **changes: Any) -> Typed:
    """Return the form of a report that breaks no rule."""
    return {
        "idempotency_key": str(uuid.uuid4()),
        "owner": owner,
        "text": "Seen unloading at the yard on three nights.",
        "source_grade": "1",
        "assessment_grade": "A",
        "handling": "P",
        "sharing": "force",
        **day("received_on", yesterday()),
        **rows("claims", *claims),
        **changes,
    }


def report_body(**changes: Any) -> Typed:
    """Return the body of a report, as a program sends it, that breaks no rule."""
    return {
        "text": "Seen unloading at the yard on three nights.",
        "received_on": yesterday().isoformat(),
        "source_grade": 1,
        "assessment_grade": "A",
        "handling": "P",
        "sharing": "force",
        **changes,
    }


def group_form(owner: str, *members: Typed, **changes: Any) -> Typed:
    """Return the form of a group that breaks no rule."""
    return {
        "owner": owner,
        "name": "Yard crew",
        "kind": "crime_group",
        "tier": "force",
        "s45_test": "yes",
        "soc_test": "unknown",
        "sharing": "force",
        "rationale": "Reports of the last month agree.",
        # Whatever is on record that is like it, this is another.
        "sure": "yes",
        **rows("members", *members),
        **changes,
    }


def member_row(**changes: Any) -> Typed:
    """Return one new member of a group."""
    return {
        "surname": "Marlowe",
        "given_names": "Alex",
        "standing": "unknown",
        "dpa_category": "suspect",
        **changes,
    }


def member_form(**changes: Any) -> Typed:
    """Return the form of a member of a group that stands."""
    return {**member_row(), "basis": "reported", "rationale": "Seen there.", **changes}
