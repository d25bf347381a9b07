"""Rows of what a report claims of a group's attributes."""

from collections.abc import Sequence
from typing import Any, TypeAlias

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory

from accounts.visibility import Viewer
from groups.models import CrimeGroup
from intelligence.actions import mentions
from intelligence.actions.drafts import ClaimDraft
from intelligence.models import Attribute, AttributeClaim
from intelligence.models.claim import Level
from ocgmap.common.errors import AppError
from ocgmap.common.forms import GovukForm, GovukRadios

PREFIX = "claims"
MOST = 40


class ClaimForm(GovukForm):
    """One attribute and its level; a row left empty claims nothing."""

    marks_optional = False

    attribute = forms.ChoiceField(label="Attribute", required=False)
    level = forms.ChoiceField(
        label="Level",
        choices=Level,
        required=False,
        widget=GovukRadios(attrs={"class": "govuk-radios--inline govuk-radios--small"}),
        help_text="What is not known is not claimed.",
    )
    group = forms.CharField(
        label="Reference of the group",
        required=False,
        max_length=14,
        help_text="Only when the report mentions several groups.",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
    )

    def __init__(
        self, *args: Any, attributes: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["attribute"]
        choice.choices = [("", "No claim"), *attributes]

    def clean(self) -> dict[str, Any]:
        """Demand attribute and level together."""
        cleaned = super().clean() or self.cleaned_data
        # A choice that is none of the list has its own error already.
        if self.errors.keys() & {"attribute", "level"}:
            return cleaned
        if cleaned.get("attribute") and not cleaned.get("level"):
            self.add_error(
                "level",
                "A claim needs a level. Choose one, or choose “No claim” above.",
            )
        if cleaned.get("level") and not cleaned.get("attribute"):
            self.add_error(
                "attribute", "A level needs an attribute. Choose which one it is of."
            )
        return cleaned

    @property
    def is_empty(self) -> bool:
        """Return whether the row claims nothing."""
        return not self.cleaned_data.get("attribute")


# In quotes: it is no generic when it runs.
ClaimRows: TypeAlias = "BaseFormSet[ClaimForm]"

_ClaimFormSet = formset_factory(
    ClaimForm, extra=1, max_num=MOST, absolute_max=MOST + 1, validate_max=True
)


def claim_formset(
    data: Any = None, *, initial: Sequence[dict[str, str]] = ()
) -> ClaimRows:
    """Return the rows, offering every attribute of the catalogue. One query."""
    attributes = list(Attribute.objects.values_list("key", "title"))
    return _ClaimFormSet(
        data,
        prefix=PREFIX,
        initial=list(initial),
        form_kwargs={"attributes": attributes},
    )


def initial_claims(claims: Sequence[AttributeClaim]) -> list[dict[str, str]]:
    """Return the rows for claims that a report makes already."""
    return [
        {
            "attribute": claim.attribute,
            "level": claim.level,
            "group": claim.group.reference,
        }
        for claim in claims
    ]


def drafts(
    formset: ClaimRows, mentioned: Sequence[CrimeGroup], by: Viewer
) -> list[ClaimDraft]:
    """Return the claims of a valid formset; a row without its group gets an error.

    A row that names no group is about the one that the report mentions.
    """
    found = []
    for form in formset.forms:
        if form.is_empty:
            continue
        group = _group_of(form, mentioned, by)
        if group is not None:
            found.append(
                ClaimDraft(
                    group=group,
                    attribute=form.cleaned_data["attribute"],
                    level=form.cleaned_data["level"],
                )
            )
    return found


def _group_of(
    form: ClaimForm, mentioned: Sequence[CrimeGroup], by: Viewer
) -> CrimeGroup | None:
    reference = form.cleaned_data.get("group", "")
    if reference:
        try:
            return mentions.find(CrimeGroup, [reference], by=by, field="group")[0]
        except AppError as error:
            form.add_app_error(error)
            return None
    if len(mentioned) == 1:
        return mentioned[0]
    form.add_error(
        "group",
        "A claim needs to know its group. Enter the group's reference here, or mention "
        "one group only.",
    )
    return None
