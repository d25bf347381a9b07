"""Forms of decisions: a level judged by a person, a confirmed band."""

import datetime
from collections.abc import Iterable
from typing import Any

from django import forms

from intelligence.models import Report
from ocgmap.common.date_fields import GovukDateField, date_text
from ocgmap.common.forms import GovukCheckboxes, GovukForm, GovukRadios, LongTextField
from scoring.engine import INSUFFICIENT, PRIMARY, Level

LEAST_RATIONALE = 10
LEVELS = {
    Level.HIGH: ("High", "Present to a great extent."),
    Level.MEDIUM: ("Medium", "Present to a moderate extent."),
    Level.LOW: ("Low", "Present to a small extent."),
    Level.NIL: ("Nil", "Looked for, and not present."),
    Level.UNKNOWN: (
        "Not known",
        "The evidence does not allow a level. This is not nil.",
    ),
}


class JudgementForm(GovukForm):
    """One attribute's level as a person decides it, why, and on which reports."""

    level = forms.ChoiceField(
        label="Level",
        choices=[(str(level), title) for level, (title, _) in LEVELS.items()],
        widget=GovukRadios(
            hints={str(level): hint for level, (_, hint) in LEVELS.items()}
        ),
    )
    rationale = LongTextField(
        label="Rationale",
        min_length=LEAST_RATIONALE,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": "5"}),
        help_text="Why this level, and why not the one above or below. Do not name a "
        "source.",
    )
    reports = forms.MultipleChoiceField(
        label="Reports that this rests on", required=False, widget=GovukCheckboxes
    )

    def __init__(
        self, *args: Any, reports: Iterable[Report] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offered = {str(report.public_id): report for report in reports}
        field: Any = self.fields["reports"]
        field.choices = [(key, named(one)) for key, one in self.offered.items()]
        if not self.offered:
            del self.fields["reports"]

    def ask_why(self, question: str) -> None:
        """Ask that the rationale says why the level stands apart, until it is ticked."""
        self.fields["says_why"] = forms.BooleanField(
            label="My rationale says why", help_text=question
        )
        self.full_clean()

    @property
    def cited(self) -> list[Report]:
        """Return the reports that were ticked."""
        return [self.offered[key] for key in self.cleaned_data.get("reports", ())]


def named(report: Report) -> str:
    """Return a report as a choice: reference, grading and the beginning of its text."""
    grading = f"{report.source_grade}{report.assessment_grade}{report.handling}"
    first = " ".join(report.text.split())
    short = first if len(first) <= 90 else f"{first[:89]}…"
    return f"{report.reference}, graded {grading}: {short}"


class BandForm(GovukForm):
    """The band that a person confirms, or puts in the computed one's place."""

    band = forms.ChoiceField(
        label="Band",
        choices=[
            ("", "Choose a band"),
            *((band, band) for band in PRIMARY.bands()),
            (INSUFFICIENT, INSUFFICIENT.capitalize()),
        ],
        help_text="From 1a, the gravest, to 5c.",
    )
    reason = LongTextField(
        label="Reason",
        min_length=LEAST_RATIONALE,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": "5"}),
        help_text="Needed whether or not you agree with the computed band.",
    )
    sets_review = forms.BooleanField(label="Set the next review", required=False)
    expires_on = GovukDateField(
        label="Holds until",
        required=False,
        allow_future=True,
        help_text="From this day on the group awaits confirmation again. For example "
        "27 3 2027. An override needs it; otherwise leave it empty for no end.",
    )
    field_order = ("band", "reason", "expires_on", "sets_review")

    def __init__(self, *args: Any, review_on: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._review_on = review_on
        field: Any = self.fields["sets_review"]
        field.label = f"Set the next review to {date_text(review_on)}"
        field.help_text = "The day that the review policy proposes for its tier."
        field.initial = True

    @property
    def decision(self) -> dict[str, Any]:
        """Return what was decided, as the action takes it."""
        given = dict(self.cleaned_data)
        is_set = given.pop("sets_review")
        return {**given, "review_on": self._review_on if is_set else None}
