"""What pages show of records, as the components take it. No query in here."""

import datetime
from collections.abc import Iterable
from typing import Any, Protocol

from django.urls import reverse
from django.utils import timezone

from groups.actions.stepping import Standing
from groups.forms.fields import as_known
from groups.models import CrimeGroup, Nominal
from ocgmap.common.records import ProtectedRecord
from ocgmap.common.templatetags.govuk import local_time, uk_date

Cell = dict[str, Any]
Row = dict[str, Any]
OVERDUE: Cell = {"text": "Overdue", "colour": "red"}


def row(key: str, value: Any) -> Row:
    """Return a row of a summary card; a plain value is shown as text."""
    return {
        "key": key,
        "value": value if isinstance(value, dict) else {"text": value or "Not known"},
    }


def person_cell(nominal: Nominal) -> Cell:
    """Return the link to a person."""
    restricted = " (restricted)" if nominal.restriction_ground else ""
    return {
        "text": f"{nominal.display_name}{restricted}",
        "url": reverse("groups:person", args=[nominal.public_id]),
    }


def group_cell(group: CrimeGroup) -> Cell:
    """Return the link to a group."""
    return {
        "text": f"{group.name} ({group.reference})",
        "url": reverse("groups:detail", args=[group.public_id]),
    }


def under(group: CrimeGroup, recorded_on: CrimeGroup) -> str:
    """Return that a fact was recorded on a group that was merged into this one, or ''."""
    if recorded_on.pk == group.pk:
        return ""
    return f" (recorded under {recorded_on.name}, {recorded_on.reference})"


class Dated(Protocol):
    """What held from one day to another, as far as it is known."""

    @property
    def from_on(self) -> datetime.date | None:
        """Return the first day."""

    @property
    def to_on(self) -> datetime.date | None:
        """Return the last day."""

    @property
    def precision(self) -> str:
        """Return how exactly the first day is known."""


def period(fact: Dated) -> str:
    """Return when a fact held, as far as it is known."""
    start = uk_date(as_known(fact.from_on, fact.precision)) if fact.from_on else ""
    end = uk_date(fact.to_on)
    if start and end:
        return f"{start} to {end}"
    if end:
        return f"Until {end}"
    return f"Since {start.replace('About', 'about')}" if start else "Not known"


def date_cell(day: datetime.date | None) -> Cell:
    """Return a day, or that none is set."""
    return {"text": uk_date(day) or "Not set"}


def due_cell(day: datetime.date | None, today: datetime.date) -> Cell:
    """Return the day of a review, with a flag where it has passed."""
    cell = date_cell(day)
    return cell | {"flag": OVERDUE} if day and day < today else cell


def review_rows(group: CrimeGroup) -> list[Row]:
    """Return when a group is looked at again, and what its latest review came to."""
    due = row("Review by", due_cell(group.review_on, timezone.localdate()))
    if group.reviewed_at is None or group.reviewed_by is None:
        return [due]
    told = f"{group.get_review_outcome_display()} ({group.reviewed_by.name})"
    return [due, row("Last review", {"lines": [told, local_time(group.reviewed_at)]})]


def step_rows(steps: Iterable[Standing]) -> list[Row]:
    """Return each step from where a group stands: open, or what is missing."""
    return [
        row(
            one.step.verb.capitalize(),
            {"lines": list(one.missing)} if one.missing else "Open to you",
        )
        for one in steps
    ]


def record_rows(record: ProtectedRecord, audience: Iterable[str]) -> list[Row]:
    """Return who owns the record, who may see it, and who wrote it when."""
    kind = "groups" if isinstance(record, CrimeGroup) else "people"
    sharing = reverse("intelligence:sharing", args=[kind, record.public_id])
    return [
        row("Owner", record.owner.name),
        {
            **row("Who may see it", {"lines": list(audience)}),
            "actions": [{"text": "Why I see it", "url": sharing}],
        },
        row("Recorded", {"time": record.created_at}),
        row("Recorded by", record.created_by.name if record.created_by else "System"),
        row("Last changed", {"time": record.changed_at}),
        row("Version", str(record.version)),
    ]
