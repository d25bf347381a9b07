"""Forms of people on their own: record one, change one, find one."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms

from groups.forms.fields import NARROW, RecordForm, ReferenceField, SharingForm
from groups.forms.groups import INLINE
from groups.likeness import Sought
from groups.models import Nominal
from groups.models.identifier import IdentifierKind
from groups.models.nominal import Gender
from ocgmap.common.date_fields import GovukDateField, PreciseDate, PreciseDateField
from ocgmap.common.forms import GovukRadios
from ocgmap.common.records import Precision


class ChangeForm(RecordForm):
    """What every change of a record asks besides: why, and from which version."""

    reason = forms.CharField(
        label="Reason for the change", max_length=200, required=False
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class NominalFields(RecordForm):
    """What is said of a person, whether new or changed."""

    is_identified = forms.TypedChoiceField(
        label="Is the person identified?",
        choices=[("yes", "Yes, by name"), ("no", "No, by a designation only")],
        coerce=lambda value: value == "yes",
        initial="yes",
        widget=GovukRadios(attrs=INLINE),
    )
    given_names = forms.CharField(label="Given names", max_length=120, required=False)
    surname = forms.CharField(label="Surname", max_length=120, required=False)
    designation = forms.CharField(
        label="Designation",
        help_text="For someone who is not identified: “Male 2, black van”.",
        max_length=120,
        required=False,
    )
    born = PreciseDateField(
        label="Date of birth",
        help_text="As far as it is known: a year alone will do.",
        required=False,
    )
    gender = forms.ChoiceField(
        label="Gender",
        choices=Gender.choices,
        initial=Gender.UNKNOWN,
        widget=GovukRadios(attrs=INLINE),
    )
    deceased_on = GovukDateField(label="Date of death", required=False)

    def said(self) -> dict[str, Any]:
        """Return what was said of the person, as the actions take it."""
        born: PreciseDate = self.cleaned_data["born"]
        return {
            **self.given(
                "is_identified",
                "given_names",
                "surname",
                "designation",
                "gender",
                "deceased_on",
            ),
            "born_from": born.first,
            "born_to": born.last,
            "born_precision": born.precision,
        }


def sought_of(said: Mapping[str, Any], identifiers: Sequence[str] = ()) -> Sought:
    """Return what tells whether a new person is on record; designations tell nothing."""
    given, surname = str(said.get("given_names") or ""), str(said.get("surname") or "")
    born = said.get("born")
    return Sought(
        names=(f"{given} {surname}".strip(),) if surname else (),
        identifiers=tuple(one for one in identifiers if one),
        born=(born.first, born.last) if born else (None, None),
    )


class NominalForm(NominalFields, SharingForm):
    """A new person, tied to something known: nobody stands in the records alone.

    Source: Minimum POLE Data Standards v1.1, no orphan person.
    """

    names: ClassVar[Mapping[str, str]] = {"b": "associate"}
    field_order = [*NominalFields.base_fields]

    identifier_kind = forms.ChoiceField(
        label="Kind of identifier",
        choices=[("", "None"), *IdentifierKind.choices],
        required=False,
    )
    value = forms.CharField(
        label="Identifier",
        help_text="A telephone number, address or the like that the person uses.",
        max_length=200,
        required=False,
    )
    associate = ReferenceField(
        Nominal,
        what="person",
        label="Reference of a person they are linked to",
        required=False,
    )
    rationale = forms.CharField(
        label="Why they are recorded",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": "3"}),
    )

    def clean(self) -> dict[str, Any]:
        """Refuse a person without an identifier or a link."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        value, kind = values.get("value"), values.get("identifier_kind")
        if value and not kind:
            self.add_error("identifier_kind", "Choose what kind of identifier it is.")
        if kind and not value:
            self.add_error("value", "Enter the identifier, or choose no kind.")
        if not value and not values.get("associate") and "associate" in values:
            self.add_error(
                "value",
                "A person must be tied to something known. Enter an identifier or a "
                "person they are linked to, or add them from the page of their group.",
            )
        return values

    def sought(self) -> Sought:
        """Return what tells whether the person is on record already."""
        return sought_of(self.cleaned_data, [self.cleaned_data.get("value", "")])

    def said(self) -> dict[str, Any]:
        """Return what was said of the new person, with who may see them."""
        return {**super().said(), **self.sharing_values()}


class NominalEditForm(NominalFields, ChangeForm):
    """Changes of a person."""

    field_order = [*NominalFields.base_fields]

    def changes(self) -> dict[str, Any]:
        """Return everything that was said; what is equal changes nothing."""
        return {**self.said(), "reason": self.cleaned_data["reason"]}


def nominal_values(nominal: Nominal) -> dict[str, Any]:
    """Return the present values of a person for the edit form."""
    return {
        "is_identified": "yes" if nominal.is_identified else "no",
        "given_names": nominal.given_names,
        "surname": nominal.surname,
        "designation": nominal.designation,
        "born": PreciseDate(
            nominal.born_from, nominal.born_to, Precision(nominal.born_precision)
        ),
        "gender": nominal.gender,
        "deceased_on": nominal.deceased_on,
        "version": nominal.version,
    }


class PersonSearchForm(RecordForm):
    """A name, alias, designation or reference to look for."""

    q = forms.CharField(
        label="Name, alias, designation or reference",
        max_length=200,
        widget=forms.TextInput(attrs=NARROW),
    )
