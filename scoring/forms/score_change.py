"""The form of two moments between which a score is explained."""

import datetime
from typing import Any

from django import forms
from django.utils import timezone

from ocgmap.common.filters import DATE_FORMATS
from ocgmap.common.forms import GovukForm
from scoring.forms.lists import checked_day
from scoring.picture.movement import USUAL_DAYS


def _day(label: str, help_text: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        input_formats=DATE_FORMATS,
        help_text=help_text,
        widget=forms.DateInput(
            format="%d/%m/%Y", attrs={"class": "govuk-input--width-10"}
        ),
    )


class ScoreChangeForm(GovukForm):
    """The days whose ends are compared: `from` and `to`, which Python keeps as words."""

    marks_optional = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["from"] = _day(
            "From",
            "The end of a day, for example 20/3/2026. "
            f"Leave empty for {USUAL_DAYS} days before the other.",
        )
        self.fields["to"] = _day(
            "To", "The end of a later day, for example 27/3/2026. Leave empty for now."
        )

    def clean_from(self) -> datetime.date | None:
        """Return the earlier day; None where it was left empty."""
        return checked_day(self.cleaned_data["from"])

    def clean_to(self) -> datetime.date | None:
        """Return the later day; None for now."""
        return checked_day(self.cleaned_data["to"])

    def clean(self) -> dict[str, Any]:
        """Fill in the earlier day, and hold the days against each other."""
        given: dict[str, Any] = self.cleaned_data
        if "from" in given and "to" in given:
            until = given["to"] or timezone.localdate()
            usual = until - datetime.timedelta(days=USUAL_DAYS)
            given["from"] = given["from"] or usual
            if given["from"] >= until:
                self.add_error("from", "From: Choose a day before the other one.")
        return given
