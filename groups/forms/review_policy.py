"""The form of a region's own, stricter choice of when groups are looked at again."""

from typing import Any

from django import forms
from django.utils import timezone

from groups.models.crime_group import Tier
from groups.review_policy import POLICY
from ocgmap.common.date_fields import GovukDateField
from ocgmap.common.forms import GovukForm, GovukRadios, LongTextField


class ReviewRuleForm(GovukForm):
    """For which tier, within how many months, from which day on, and why."""

    tier = forms.ChoiceField(
        label="Tier",
        choices=Tier.choices,
        widget=GovukRadios(
            hints={
                tier: f"The policy for all: within {months} months."
                for tier, months in POLICY.months.items()
            }
        ),
    )
    months = forms.IntegerField(
        label="Months",
        required=False,
        min_value=1,
        max_value=12,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-2"}),
        help_text="Fewer than the policy for all. Empty: as the policy for all.",
    )
    from_on = GovukDateField(label="From", allow_future=True)
    reason = LongTextField(
        label="Reason", max_length=2000, widget=forms.Textarea(attrs={"rows": "3"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("from_on", timezone.localdate())
