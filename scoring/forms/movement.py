"""Forms of two moments: what moved between them, or how the figures compare."""

import datetime
from typing import Any

from django import forms
from django.utils import timezone

from ocgmap.common.filters import DATE_FORMATS
from scoring.forms.lists import AsAtForm, checked_day
from scoring.picture import MoveKind
from scoring.picture.movement import USUAL_DAYS

MOVES: dict[MoveKind, str] = {
    MoveKind.NEW: "New in the figures",
    MoveKind.GONE: "Gone from the figures",
    MoveKind.DORMANT: "Gone dormant",
    MoveKind.ARCHIVED: "Archived",
    MoveKind.BAND: "Computed band changed",
    MoveKind.CONFIRMED: "Confirmed band changed",
    MoveKind.TIER: "Tier changed",
    MoveKind.POINTS: "Points changed within the band",
}


class TwoDaysForm(AsAtForm):
    """The day whose end is shown, and the earlier day that it is held against."""

    since = forms.DateField(
        label="Movement since",
        required=False,
        input_formats=DATE_FORMATS,
        help_text=(
            "The end of an earlier day, for example 20/3/2026. "
            f"Leave empty for {USUAL_DAYS} days before."
        ),
        widget=forms.DateInput(
            format="%d/%m/%Y", attrs={"class": "govuk-input--width-10"}
        ),
    )

    def clean_since(self) -> datetime.date | None:
        """Return the earlier day; None for a week before."""
        day: datetime.date | None = self.cleaned_data["since"]
        if day is not None and day >= self._later():
            raise forms.ValidationError(
                "Movement since: Choose a day before the one that the picture is of."
            )
        return checked_day(day)

    def _later(self) -> datetime.date:
        chosen: datetime.date | None = self.cleaned_data.get("at")
        return chosen or timezone.localdate()


class MovementForm(TwoDaysForm):
    """As above, and which moves to list."""

    kind = forms.ChoiceField(
        label="What moved",
        required=False,
        choices=[("", "Anything"), *((str(key), text) for key, text in MOVES.items())],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["since", "at", "kind"])
