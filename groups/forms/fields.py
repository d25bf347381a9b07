"""What the forms of this app are made of: who may see it, on what basis, which record."""

import calendar
import datetime
from collections.abc import Mapping
from typing import Any, ClassVar, Generic, TypeVar

from django import forms
from django.core.exceptions import ValidationError

from accounts.actions.labels import Option, compartments_for, labels_of, options_for
from accounts.models import Organisation
from accounts.models.access_class import TagKind
from accounts.visibility import Viewer
from groups.actions.groups import check_sharing_reason
from groups.actions.records import Telling
from groups.exceptions import InvalidRecord
from groups.models import CrimeGroup, Nominal, Offence, ThreatType
from ocgmap.common.date_fields import GovukDateField, PreciseDate, PreciseDateField
from ocgmap.common.errors import AppError
from ocgmap.common.forms import (
    GovukCheckboxes,
    GovukForm,
    GovukRadios,
    LongTextField,
)
from ocgmap.common.identifiers import is_reference
from ocgmap.common.records import Basis, Fact, Precision, ProtectedRecord

M = TypeVar("M", CrimeGroup, Nominal)

NARROW = {"class": "govuk-input--width-20"}
FREE_TEXT_HINT = (
    "Facts and their basis only. Leave out the identity of any source, and ethnicity, "
    "religion, health, orientation and politics. Nothing above OFFICIAL-SENSITIVE."
)


class ReferenceField(forms.CharField, Generic[M]):
    """The reference of a record; cleans to the record, if the viewer sees it."""

    viewer: Viewer

    def __init__(self, model: type[M], *, what: str, **kwargs: Any) -> None:
        self.model: type[M] = model
        self.what = what
        kwargs.setdefault("widget", forms.TextInput(attrs=NARROW))
        super().__init__(max_length=40, **kwargs)

    def clean(self, value: Any) -> Any:
        """Return the record, or None for a blank; absent and hidden are one answer."""
        text = str(super().clean(value)).upper()
        if not text:
            return None
        if not is_reference(text):
            raise ValidationError(
                f"“{text}” is not the reference of a {self.what}: it has a slip. Copy it "
                "from the page of the record."
            )
        rows: Any = self.model.objects
        found = rows.visible_to(self.viewer).filter(reference=text).first()
        if found is None:
            raise ValidationError(
                f"There is no {self.what} {text} that you may see. Check the reference."
            )
        return found


class ThreatField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A threat, by its code."""

    def __init__(self, **kwargs: Any) -> None:
        asked = {"label": "Threat", "empty_label": "Choose one"} | kwargs
        super().__init__(ThreatType.objects.all(), to_field_name="code", **asked)


class OffenceField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """An offence, by its code, where it is known."""

    def __init__(self, **kwargs: Any) -> None:
        asked = {"label": "Offence", "empty_label": "Not known"} | kwargs
        super().__init__(
            Offence.objects.all(), to_field_name="code", required=False, **asked
        )


class RecordForm(GovukForm):
    """A form of one viewer, whose record fields find only what that viewer sees.

    `names` maps what actions call a value to the field that it was typed into.
    """

    names: ClassVar[Mapping[str, str]] = {}

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer = viewer
        for field in self.fields.values():
            if isinstance(field, ReferenceField):
                field.viewer = viewer

    def has_changed(self) -> bool:
        """Return whether anything was typed; what was not sent at all was not."""
        return any(self._was_sent(name) for name in self.changed_data)

    def _was_sent(self, name: str) -> bool:
        full = self.add_prefix(name)
        return any(key == full or key.startswith(f"{full}_") for key in self.data)

    def refuse(self, error: AppError) -> None:
        """Show an action's refusal beside the field that it is about."""
        if error.field:
            error.field = self.names.get(error.field, error.field)
        self.add_app_error(error)

    def given(self, *names: str) -> dict[str, Any]:
        """Return these cleaned values."""
        return {name: self.cleaned_data[name] for name in names}


class CompartmentsField(forms.TypedMultipleChoiceField):
    """Compartments to put on a record; cleans to their ids."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label="Compartments",
            help_text="Only people who hold each ticked compartment will see the record.",
            coerce=int,
            required=False,
            widget=GovukCheckboxes(),
            **kwargs,
        )


def offer_compartments(form: RecordForm, is_offered: bool) -> None:
    """Let the form offer the compartments that its viewer holds; none, no question."""
    held = compartments_for(form.viewer) if is_offered else []
    if held:
        form.fields["compartments"].choices = [(tag.pk, tag.name) for tag in held]  # type: ignore[attr-defined]
    else:
        del form.fields["compartments"]


class SharingForm(RecordForm):
    """Who may see the record: four options, a reason for the narrowest, compartments."""

    sharing = forms.ChoiceField(label="Who may see this record", widget=GovukRadios())
    sharing_reason = LongTextField(
        label="Reason for sharing with nobody else",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": "3"}),
    )
    compartments = CompartmentsField()

    def __init__(self, *args: Any, owner: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        options = options_for(owner)
        if owner.pk != self.viewer.organisation_id:
            # Whoever records for another organisation must see what they record.
            options = [one for one in options if one.label.requires <= self.viewer.tags]
        self._offer(options)
        offer_compartments(self, True)

    def _offer(self, options: list[Option]) -> None:
        field = self.fields["sharing"]
        field.choices = [(one.code, one.text) for one in options]  # type: ignore[attr-defined]
        field.widget = GovukRadios(
            choices=[(one.code, one.text) for one in options],
            hints={one.code: one.hint for one in options},
            reveals={TagKind.ORGANISATION: ["sharing_reason"]},
        )
        if options:
            field.initial = options[0].code

    def clean(self) -> dict[str, Any]:
        """Refuse the narrowest sharing without its reason, where it is newly chosen."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        sharing = values.get("sharing", "")
        if sharing != self.initial.get("sharing"):
            try:
                check_sharing_reason(sharing, values.get("sharing_reason", ""))
            except InvalidRecord as error:
                self.refuse(error)
        return values

    def sharing_values(self) -> dict[str, Any]:
        """Return what was chosen, as the actions take it."""
        return {
            "sharing": self.cleaned_data["sharing"],
            "compartments": self.cleaned_data.get("compartments", ()),
            "sharing_reason": self.cleaned_data["sharing_reason"],
        }


def sharing_of(record: ProtectedRecord, owner: Organisation) -> dict[str, Any]:
    """Return the sharing that a record's label stands for, as a form's initial values.

    An option is named where the label has just that audience; else none is chosen.
    """
    label = labels_of([record.access_class_id])[record.access_class_id]
    for option in options_for(owner):
        if option.label.requires <= label.requires:
            rest = sorted(label.requires - option.label.requires)
            return {"sharing": option.code, "compartments": rest}
    return {}


class TellingForm(RecordForm):
    """On what basis a fact stands and when it held; comes last in its form."""

    names: ClassVar[Mapping[str, str]] = {"from_on": "started", "to_on": "ended"}
    offers_compartments: ClassVar[bool] = True

    basis = forms.ChoiceField(
        label="Basis",
        choices=Basis.choices,
        initial=Basis.REPORTED,
        widget=GovukRadios(
            attrs={"class": "govuk-radios--inline"},
            hints={
                Basis.REPORTED: "Someone said so or it was seen.",
                Basis.ASSESSED: "A person concluded it.",
                Basis.RESEARCH: "It stands in published research.",
            },
        ),
    )
    rationale = LongTextField(
        label="Why it is recorded",
        help_text=FREE_TEXT_HINT,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": "3"}),
    )
    started = PreciseDateField(label="From when", required=False)
    ended = GovukDateField(label="Until when", required=False)
    compartments = CompartmentsField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_compartments(self, self.offers_compartments)

    def telling(self) -> Telling:
        """Return what was said, as the actions take it."""
        started: PreciseDate = self.cleaned_data["started"]
        told = Telling(
            basis=self.cleaned_data["basis"],
            rationale=self.cleaned_data["rationale"].strip(),
            from_on=started.first,
            to_on=self.cleaned_data["ended"],
            precision=started.precision,
        )
        if "compartments" in self.cleaned_data:
            told["compartments"] = self.cleaned_data["compartments"]
        return told


def telling_of(fact: Fact) -> dict[str, Any]:
    """Return the initial values of a `TellingForm` for a fact that stands."""
    return {
        "basis": fact.basis,
        "rationale": fact.rationale,
        "started": as_known(fact.from_on, fact.precision),
        "ended": fact.to_on,
    }


def as_known(day: datetime.date | None, precision: str) -> PreciseDate:
    """Return a stored day as far as it is known: a month or year has its last day.

    About a date, only the first of a month or year says how roughly it is known.
    """
    if day is None:
        return PreciseDate(None, None, Precision.UNKNOWN)
    known = Precision(precision)
    is_circa = known == Precision.CIRCA
    last = day
    if known == Precision.YEAR or (is_circa and (day.month, day.day) == (1, 1)):
        last = day.replace(month=12, day=31)
    elif known == Precision.MONTH or (is_circa and day.day == 1):
        last = day.replace(day=calendar.monthrange(day.year, day.month)[1])
    return PreciseDate(day, last, known)
