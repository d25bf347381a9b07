"""What a long list is taken out for."""

from django import forms

from groups.forms.fields import RecordForm
from ocgmap.common.forms import LongTextField


class AskExportForm(RecordForm):
    """Why a file is needed."""

    reason = LongTextField(
        label="What the file is for",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": "3"}),
    )
