"""Forms that ask for the sight of one record."""

from django import forms

from groups.forms.fields import NARROW, RecordForm
from ocgmap.common.forms import LongTextField


class AskForm(RecordForm):
    """Which record, and why."""

    reference = forms.CharField(
        label="Reference of the record",
        help_text="Such as G-7K2M-9QX4-T, as it stands on the record.",
        max_length=14,
        widget=forms.TextInput(attrs=NARROW),
    )
    reason = LongTextField(
        label="Why you need to see it",
        help_text="Its owner reads this, if there is such a record.",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": "3"}),
    )
