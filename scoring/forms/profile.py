"""The form of a printed profile: why, for whom, and in how many copies."""

from typing import Any

from django import forms

from ocgmap.common.forms import GovukForm, LongTextField

MOST_COPIES = 10
LEAST_REASON = 10
RECIPIENT_MAX_LENGTH = 120


class ProfileForm(GovukForm):
    """What a person says before a group's profile is put on paper."""

    reason = LongTextField(
        label="Reason for printing",
        min_length=LEAST_REASON,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": "3"}),
        help_text="What the paper is for. It is recorded with your name.",
    )
    copies = forms.IntegerField(
        label="Number of copies",
        min_value=1,
        max_value=MOST_COPIES,
        initial=1,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-2"}),
        help_text=f"From 1 to {MOST_COPIES}. Each copy bears its number.",
    )
    distribution = LongTextField(
        label="Distribution list",
        max_length=MOST_COPIES * (RECIPIENT_MAX_LENGTH + 2),
        widget=forms.Textarea(attrs={"rows": "4"}),
        help_text="Who receives each copy, one a line, in the order of the copies.",
    )

    def clean_distribution(self) -> list[str]:
        """Return who receives each copy."""
        typed = self.cleaned_data["distribution"].splitlines()
        names = [" ".join(line.split()) for line in typed if line.strip()]
        if any(len(name) > RECIPIENT_MAX_LENGTH for name in names):
            raise forms.ValidationError(
                "Distribution list: A line must be "
                f"{RECIPIENT_MAX_LENGTH} characters or fewer. Shorten it."
            )
        return names

    def clean(self) -> dict[str, Any]:
        """Refuse copies for nobody, and recipients without a copy."""
        given = super().clean() or self.cleaned_data
        copies, names = given.get("copies"), given.get("distribution")
        if copies and names and len(names) != copies:
            self.add_error(
                "distribution",
                f"Distribution list: It names {len(names)} and there "
                f"{'is 1 copy' if copies == 1 else f'are {copies} copies'}. "
                "Name who receives each copy, one a line.",
            )
        return given
