"""Forms of what is known of groups and people: names, threats, identifiers, links."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms

from accounts.models import Organisation
from accounts.models.organisation import Kind
from groups.actions.activities import (
    UNITS,
    PlaceDraft,
    QuantityDraft,
    commodities,
)
from groups.forms.fields import (
    FREE_TEXT_HINT,
    OffenceField,
    RecordForm,
    ReferenceField,
    SharingForm,
    TellingForm,
    ThreatField,
)
from groups.forms.groups import INLINE
from groups.models import (
    ActivityPlace,
    CrimeGroup,
    GroupAlias,
    GroupLink,
    Nominal,
    NominalAlias,
    PersonLink,
)
from groups.models.identifier import IdentifierKind
from ocgmap.common.date_fields import GovukDateField
from ocgmap.common.forms import GovukRadios, LongTextField


def choices_of(model: type[Any], column: str) -> list[tuple[str, str]]:
    """Return the choices that a column allows."""
    return list(model._meta.get_field(column).choices)  # noqa: SLF001 - documented


class AliasForm(TellingForm):
    """Another name of a group."""

    field_order = ["name", "kind"]

    name = forms.CharField(label="Other name", max_length=120)
    kind = forms.ChoiceField(
        label="What sort of name",
        choices=choices_of(GroupAlias, "kind"),
        initial="alias",
        widget=GovukRadios(attrs=INLINE),
    )


class PersonAliasForm(TellingForm):
    """Another name of a person."""

    field_order = ["given_names", "surname", "kind"]

    given_names = forms.CharField(label="Given names", max_length=120, required=False)
    surname = forms.CharField(
        label="Surname, nickname or single name", max_length=120, required=False
    )
    kind = forms.ChoiceField(
        label="What sort of name",
        choices=choices_of(NominalAlias, "kind"),
        initial="alias",
        widget=GovukRadios(attrs=INLINE),
    )


class ThreatForm(TellingForm):
    """A threat that a group poses."""

    field_order = ["threat_type", "is_predominant"]

    threat_type = ThreatField()
    is_predominant = forms.BooleanField(
        label="It is the group's predominant threat", required=False
    )


class ActivityForm(TellingForm):
    """What a group does; places and quantities stand in rows of their own."""

    field_order = ["threat_type", "offence", "modus"]

    threat_type = ThreatField()
    offence = OffenceField()
    modus = LongTextField(
        label="How they do it",
        help_text=FREE_TEXT_HINT,
        max_length=4000,
        required=False,
    )


class PlaceForm(RecordForm):
    """A place of an activity."""

    role = forms.ChoiceField(
        label="What happens there",
        choices=[("", "Choose one"), *choices_of(ActivityPlace, "role")],
    )
    area = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="Force area",
        empty_label="Not known",
        to_field_name="code",
        required=False,
    )
    outcode = forms.CharField(
        label="Postcode district",
        help_text="For example, DH1.",
        max_length=8,
        required=False,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-4"}),
    )
    country = forms.CharField(
        label="Country",
        help_text="Two-letter country code.",
        initial="GB",
        max_length=2,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-2"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas = Organisation.objects.filter(kind=Kind.FORCE, population__isnull=False)
        self.fields["area"].queryset = areas  # type: ignore[attr-defined]

    def draft(self) -> PlaceDraft:
        """Return the place to record."""
        return PlaceDraft(**self.given("role", "area", "outcode", "country"))


class QuantityForm(RecordForm):
    """How much of what an activity moved or made."""

    commodity = forms.ChoiceField(
        label="Commodity", choices=lambda: [("", "Choose one"), *commodities().items()]
    )
    amount = forms.DecimalField(label="Amount", required=False)
    low = forms.DecimalField(label="Lowest amount", required=False)
    high = forms.DecimalField(label="Highest amount", required=False)
    unit = forms.ChoiceField(label="Unit", choices=[("", "Choose one"), *UNITS.items()])

    def draft(self) -> QuantityDraft:
        """Return the quantity to record."""
        return QuantityDraft(**self.given("commodity", "unit", "amount", "low", "high"))


class IdentifierForm(SharingForm):
    """A telephone number, vehicle, address or the like that someone uses."""

    names: ClassVar[Mapping[str, str]] = {"nominal": "value"}
    field_order = ["kind", "value", "rationale"]

    kind = forms.ChoiceField(
        label="Kind", choices=[("", "Choose one"), *IdentifierKind.choices]
    )
    value = forms.CharField(label="Identifier", max_length=200)
    rationale = LongTextField(
        label="Why it is recorded",
        help_text=FREE_TEXT_HINT,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": "3"}),
    )

    def said(self) -> dict[str, Any]:
        """Return what was said of the identifier, as the action takes it."""
        return {**self.given("kind", "value", "rationale"), **self.sharing_values()}


class PersonLinkForm(TellingForm):
    """A link from one person to another."""

    names: ClassVar[Mapping[str, str]] = {**TellingForm.names, "b": "other"}
    field_order = ["other", "kind", "is_directed"]

    other = ReferenceField(
        Nominal, what="person", label="Reference of the other person"
    )
    kind = forms.ChoiceField(
        label="What sort of link",
        choices=choices_of(PersonLink, "kind"),
        widget=GovukRadios(),
    )
    is_directed = forms.BooleanField(
        label="It goes from this person to the other only", required=False
    )


class GroupLinkForm(TellingForm):
    """A link from one group to another."""

    names: ClassVar[Mapping[str, str]] = {**TellingForm.names, "b": "other"}
    field_order = ["other", "kind", "is_directed"]

    other = ReferenceField(
        CrimeGroup, what="group", label="Reference of the other group"
    )
    kind = forms.ChoiceField(
        label="What sort of link",
        choices=choices_of(GroupLink, "kind"),
        widget=GovukRadios(),
    )
    is_directed = forms.BooleanField(
        label="It goes from this group to the other only", required=False
    )


class EndForm(RecordForm):
    """When a fact stopped to hold, and why."""

    to_on = GovukDateField(label="When it ended")
    reason = LongTextField(
        label="Why it ended",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": "3"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class LookUpForm(RecordForm):
    """A number or the like, to find who uses it."""

    value = forms.CharField(
        label="Number, registration, address or the like",
        help_text="Any spelling will do: spaces, dashes and +44 make no difference.",
        max_length=200,
    )
    kind = forms.ChoiceField(
        label="Kind", choices=[("", "Any"), *IdentifierKind.choices], required=False
    )
