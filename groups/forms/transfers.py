"""Forms that hand a group over and decide on it."""

from typing import Any

from django import forms

from accounts.models import Organisation
from groups.actions.transfers import receivers_of
from groups.forms.fields import RecordForm
from groups.models import CrimeGroup
from groups.models.transfer import SharingAfter
from ocgmap.common.forms import GovukRadios, LongTextField


class TransferForm(RecordForm):
    """To whom a group is handed over, who may see it then, and why."""

    receiver = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="Who takes the group over",
        empty_label="Choose one",
        to_field_name="code",
    )
    sharing = forms.ChoiceField(
        label="Who may see it afterwards",
        choices=SharingAfter.choices,
        initial=SharingAfter.AS_NOW,
        widget=GovukRadios(
            hints={
                SharingAfter.AS_NOW: "Compartments stay in every case. What is stricter "
                "than the group stays as strict.",
                SharingAfter.FORCE: "You will not see the group unless you are one of "
                "them.",
            }
        ),
    )
    reason = LongTextField(
        label="Why it is handed over",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": "3"}),
    )

    def __init__(self, *args: Any, group: CrimeGroup, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["receiver"].queryset = receivers_of(group)  # type: ignore[attr-defined]


class DecisionForm(RecordForm):
    """Why a transfer is accepted, declined or taken back."""

    reason = LongTextField(
        label="Reason",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": "3"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
