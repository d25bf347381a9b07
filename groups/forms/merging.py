"""Forms that merge a group into another and split it off again."""

from django import forms

from groups.forms.fields import RecordForm, ReferenceField
from groups.models import CrimeGroup
from ocgmap.common.forms import LongTextField


class SurvivorForm(RecordForm):
    """The group that another is merged into."""

    into = ReferenceField(
        CrimeGroup,
        what="group",
        label="Reference of the group that stands",
        help_text="Like G-7K2M-9QX4-T, from the page of the group.",
    )


class MergeForm(RecordForm):
    """Why two groups are one."""

    reason = LongTextField(
        label="Why they are one group",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": "3"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class SplitForm(RecordForm):
    """Why a group is one of its own after all."""

    reason = LongTextField(
        label="Why it is a group of its own",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": "3"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
