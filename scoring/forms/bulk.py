"""Forms of the change of several groups: what becomes the same of all, and why."""

import uuid
from typing import Any, cast

from django import forms

from groups.actions.bulk import FIELDS, BulkChanges
from groups.models.crime_group import ActivityStatus, Tier
from ocgmap.common.date_fields import GovukDateField
from ocgmap.common.forms import GovukCheckboxes, GovukForm, GovukRadios, LongTextField

INLINE = {"class": "govuk-radios--inline"}


class BulkForm(GovukForm):
    """What to change of all selected groups; what is not ticked stays as it is."""

    marks_optional = False

    change = forms.MultipleChoiceField(
        label="What to change",
        choices=list(FIELDS.items()),
        widget=GovukCheckboxes(
            choices=list(FIELDS.items()),
            reveals={name: [name] for name in FIELDS},
            hints={
                "activity_status": "To let groups rest, tick the review date as well."
            },
        ),
    )
    tier = forms.ChoiceField(
        label="New tier",
        choices=Tier.choices,
        required=False,
        widget=GovukRadios(attrs=INLINE),
    )
    lead_officer = forms.CharField(
        label="New lead officer", max_length=120, required=False
    )
    review_on = GovukDateField(
        label="New review date", allow_future=True, required=False
    )
    activity_status = forms.ChoiceField(
        label="New activity status",
        choices=ActivityStatus.choices,
        required=False,
        widget=GovukRadios(attrs=INLINE),
    )

    def clean(self) -> dict[str, Any]:
        """Refuse a ticked field without its new value."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        for name in values.get("change", ()):
            if not values.get(name) and name not in self.errors:
                self.add_error(
                    name, f"Enter the {str(self.fields[name].label).lower()}."
                )
        return values

    def wanted(self) -> BulkChanges:
        """Return what is to be the same of all groups, as the action takes it."""
        ticked = self.cleaned_data["change"]
        found = {name: self.cleaned_data[name] for name in FIELDS if name in ticked}
        return cast("BulkChanges", found)


class ReasonForm(GovukForm):
    """Why the groups change; it stands in the history of each."""

    reason = LongTextField(
        label="Reason for the changes",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": "3"}),
    )


def versions_in(texts: list[str]) -> dict[uuid.UUID, int]:
    """Return the versions that a page sent with its groups; what is garbled is left out."""
    found = {}
    for text in texts:
        name, _, version = text.partition(":")
        try:
            found[uuid.UUID(name)] = int(version)
        except ValueError:
            continue
    return found


def ids_in(texts: list[str]) -> list[uuid.UUID]:
    """Return the ids of the groups that an address names; garbled ones are left out."""
    found = []
    for text in texts:
        try:
            found.append(uuid.UUID(text))
        except ValueError:
            continue
    return found
