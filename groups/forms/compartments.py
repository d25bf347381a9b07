"""Forms about who is in a compartment."""

from typing import Any

from django import forms
from django.utils import timezone

from accounts.actions.compartments import account_of
from accounts.models import Organisation
from accounts.models.compartment import MembershipStep
from groups.forms.fields import NARROW, RecordForm
from ocgmap.common.date_fields import GovukDateField
from ocgmap.common.forms import GovukRadios, LongTextField

_NONE = "No account has this email address or collar number. Check it."


class AccountField(forms.CharField):
    """An account, by its email address or collar number; cleans to it, or None."""

    def clean(self, value: Any) -> Any:
        """Return the account; None for a blank."""
        text = str(super().clean(value)).strip()
        found = account_of(text)
        if text and found is None:
            raise forms.ValidationError(_NONE)
        return found


class ProposeForm(RecordForm):
    """Who enters a compartment and until when, or leaves it, and why."""

    step = forms.ChoiceField(
        label="What is proposed", choices=MembershipStep.choices, widget=GovukRadios()
    )
    account = AccountField(
        label="Email address or collar number of the account",
        max_length=254,
        required=False,
        widget=forms.TextInput(attrs=NARROW),
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="Or a whole organisation",
        to_field_name="code",
        empty_label="None",
        required=False,
    )
    until_on = GovukDateField(
        label="Until when",
        help_text="For whoever enters: a year from today at the latest.",
        allow_future=True,
        required=False,
    )
    reason = LongTextField(
        label="Reason", max_length=1000, widget=forms.Textarea(attrs={"rows": "3"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Organisation.objects.standing(timezone.localdate()).order_by("name")
        self.fields["organisation"].queryset = rows  # type: ignore[attr-defined]


class SubjectForm(RecordForm):
    """Whose account a compartment is about, and how that is known."""

    account = AccountField(
        label="Email address or collar number of the account",
        max_length=254,
        widget=forms.TextInput(attrs=NARROW),
    )
    reason = LongTextField(
        label="Reason", max_length=1000, widget=forms.Textarea(attrs={"rows": "3"})
    )


class NoForm(RecordForm):
    """A decision that needs no more words: the proposal has them."""

    sure = forms.CharField(widget=forms.HiddenInput, initial="yes")
