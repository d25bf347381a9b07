"""Forms of people in groups: members, and apart from them everyone else involved."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms

from groups.actions.entries import InvolvementDraft, MemberDraft
from groups.actions.people import NominalDetails
from groups.actions.records import Telling
from groups.forms.fields import RecordForm, ReferenceField, TellingForm, telling_of
from groups.forms.groups import INLINE
from groups.forms.people import ChangeForm, sought_of
from groups.likeness import Sought
from groups.models import Involvement, Membership, Nominal
from groups.models.participation import DpaCategory, InvolvementKind, Standing
from ocgmap.common.date_fields import GovukDateField, PreciseDate, PreciseDateField
from ocgmap.common.forms import GovukRadios

MEMBER_CATEGORIES = [
    (value, text)
    for value, text in DpaCategory.choices
    if value not in {DpaCategory.VICTIM, DpaCategory.WITNESS}
]
NOT_CHOSEN = ("", "Choose one")
KIND_HINTS: Mapping[str, str] = {
    InvolvementKind.ASSOCIATE: "Knows the group; reviewed within a year.",
    InvolvementKind.PROFESSIONAL_ENABLER: "Their profession serves the group.",
    InvolvementKind.PUBLIC_OFFICIAL: "Only holders of the corruption compartment may "
    "record and see this.",
    InvolvementKind.EXPLOITED: "Used by the group, for example to carry drugs. Seen by "
    "few.",
    InvolvementKind.VICTIM: "Harmed by the group. Seen by few.",
    InvolvementKind.WITNESS: "Saw or knows something.",
}


class PersonParts(RecordForm):
    """A person on record by reference, or a new one by name or designation."""

    names: ClassVar[Mapping[str, str]] = {"nominal": "person"}

    person = ReferenceField(
        Nominal, what="person", label="Reference of a person on record", required=False
    )
    given_names = forms.CharField(label="Given names", max_length=120, required=False)
    surname = forms.CharField(label="Surname", max_length=120, required=False)
    designation = forms.CharField(
        label="Designation",
        help_text="For someone who is not identified: “Male 2, black van”.",
        max_length=120,
        required=False,
    )
    born = PreciseDateField(label="Date of birth", required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse a reference and a name together: it would be unclear who is meant."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        typed = any(
            values.get(name) for name in ("surname", "given_names", "designation")
        )
        if values.get("person") and typed:
            self.add_error(
                "person",
                "Enter the reference of a person on record or the name of a new one, "
                "not both. Empty one of them.",
            )
        return values

    def sought(self) -> Sought:
        """Return what tells whether a new person is on record; empty for others."""
        if self.cleaned_data.get("person"):
            return Sought()
        return sought_of(self.cleaned_data)

    def details(self) -> NominalDetails:
        """Return what was said of a new person."""
        born: PreciseDate = self.cleaned_data["born"]
        return NominalDetails(
            given_names=self.cleaned_data["given_names"],
            surname=self.cleaned_data["surname"],
            designation=self.cleaned_data["designation"],
            born_from=born.first,
            born_to=born.last,
            born_precision=born.precision,
        )


class MemberRow(PersonParts):
    """One member among several of a new group."""

    standing = forms.ChoiceField(
        label="Standing", choices=Standing.choices, initial=Standing.UNKNOWN
    )
    dpa_category = forms.ChoiceField(
        label="Data protection category",
        help_text="A victim or witness is never a member.",
        choices=[NOT_CHOSEN, *MEMBER_CATEGORIES],
    )

    def draft(self, told: Telling) -> MemberDraft:
        """Return the member to record."""
        return MemberDraft(
            nominal=self.cleaned_data["person"],
            details=self.details(),
            standing=self.cleaned_data["standing"],
            dpa_category=self.cleaned_data["dpa_category"],
            told=told,
        )


class MemberForm(MemberRow, TellingForm):
    """A member to add to a group that stands."""

    names: ClassVar[Mapping[str, str]] = {**PersonParts.names, **TellingForm.names}
    field_order = [*PersonParts.base_fields, "standing", "dpa_category"]


class InvolvementForm(PersonParts, TellingForm):
    """Someone to record who has to do with the group and is no member."""

    names: ClassVar[Mapping[str, str]] = {**PersonParts.names, **TellingForm.names}
    field_order = ["kind", *PersonParts.base_fields, "dpa_category", "review_on"]

    kind = forms.ChoiceField(
        label="How they are involved",
        choices=InvolvementKind.choices,
        widget=GovukRadios(hints=KIND_HINTS),
    )
    dpa_category = forms.ChoiceField(
        label="Data protection category",
        choices=DpaCategory.choices,
        widget=GovukRadios(attrs=INLINE),
    )
    review_on = GovukDateField(
        label="Review by",
        help_text="An associate is reviewed within a year, also when this is empty.",
        allow_future=True,
        required=False,
    )

    def draft(self) -> InvolvementDraft:
        """Return the involvement to record."""
        return InvolvementDraft(
            nominal=self.cleaned_data["person"],
            details=self.details(),
            kind=self.cleaned_data["kind"],
            dpa_category=self.cleaned_data["dpa_category"],
            review_on=self.cleaned_data["review_on"],
            told=self.telling(),
        )


class MemberEditForm(TellingForm, ChangeForm):
    """Changes of a membership."""

    names: ClassVar[Mapping[str, str]] = {**TellingForm.names, "nominal": "started"}
    field_order = ["standing", "dpa_category"]
    offers_compartments = False

    standing = forms.ChoiceField(
        label="Standing", choices=Standing.choices, widget=GovukRadios(attrs=INLINE)
    )
    dpa_category = forms.ChoiceField(
        label="Data protection category",
        choices=MEMBER_CATEGORIES,
        widget=GovukRadios(attrs=INLINE),
    )

    def changes(self) -> dict[str, Any]:
        """Return everything that was said; what is equal changes nothing."""
        return {
            **self.given("standing", "dpa_category", "reason"),
            **self.telling(),
        }


def member_values(membership: Membership) -> dict[str, Any]:
    """Return the present values of a membership for its edit form."""
    return {
        "standing": membership.standing,
        "dpa_category": membership.dpa_category,
        "version": membership.version,
        **telling_of(membership),
    }


class InvolvementEditForm(TellingForm, ChangeForm):
    """Changes of an involvement; its kind is not one: end it and record another."""

    field_order = ["dpa_category", "review_on"]
    offers_compartments = False

    dpa_category = forms.ChoiceField(
        label="Data protection category",
        choices=DpaCategory.choices,
        widget=GovukRadios(attrs=INLINE),
    )
    review_on = GovukDateField(label="Review by", allow_future=True, required=False)

    def changes(self) -> dict[str, Any]:
        """Return everything that was said; what is equal changes nothing."""
        return {
            **self.given("dpa_category", "review_on", "reason"),
            **self.telling(),
        }


def involvement_values(involvement: Involvement) -> dict[str, Any]:
    """Return the present values of an involvement for its edit form."""
    return {
        "dpa_category": involvement.dpa_category,
        "review_on": involvement.review_on,
        "version": involvement.version,
        **telling_of(involvement),
    }
