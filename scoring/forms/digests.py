"""The form of the daily email."""

from typing import Any

from django import forms

from ocgmap.common.forms import GovukForm, GovukRadios

HOURS = [(hour, f"{hour:02}:00") for hour in range(24)]


class DigestForm(GovukForm):
    """Whether an account wants a mail a day, and from which hour on."""

    marks_optional = False  # the hour is needed where it is shown

    wanted = forms.ChoiceField(
        label="Do you want a daily email?",
        choices=[("yes", "Yes, on days with new notices"), ("no", "No")],
        widget=GovukRadios(reveals={"yes": ["hour"]}),
    )
    hour = forms.TypedChoiceField(
        label="Not before",
        choices=HOURS,
        coerce=int,
        empty_value=None,
        required=False,
        help_text="By the clock of London.",
    )

    def clean(self) -> dict[str, Any]:
        """Leave the hour empty where no mail is wanted."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("wanted") == "no":
            cleaned["hour"] = None
        elif cleaned.get("wanted") and cleaned.get("hour") is None:
            self.add_error("hour", "Choose the hour from which the email may come.")
        return cleaned
