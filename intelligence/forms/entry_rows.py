"""Rows of the entry of a group: members, things it uses, activities, places, levels."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from django import forms
from django.core.exceptions import ValidationError

from groups.actions.activities import PlaceDraft
from groups.actions.records import Telling
from groups.forms.facts import PlaceForm
from groups.forms.fields import NARROW, OffenceField, RecordForm, ThreatField
from groups.forms.participation import MemberRow
from groups.forms.people import sought_of
from groups.likeness import Sought, people_of_lines
from groups.models import Nominal
from groups.models.identifier import IdentifierKind
from groups.pasted import Line, Reading, plain_line, read_lines
from intelligence.actions.recordings import MemberEntry, Thing
from intelligence.forms.claims import ClaimForm
from ocgmap.common.forms import GovukRadios, LongTextField

NEW, OUT = "new", "out"
_MEMBER_NAMES = ("given_names", "surname", "designation")


def thing_of(text: str) -> Thing | None:
    """Return what a text is by its shape: a telephone, vehicle or the like."""
    for reading in _shapes(text):
        return Thing(kind=reading.kind, value=plain_line(text))
    return None


def _shapes(text: str) -> list[Reading]:
    known = set(IdentifierKind.values)
    lines = read_lines(text)
    return [one for line in lines for one in line.readings if one.kind in known]


class ThingField(forms.CharField):
    """A number or the like whose kind its shape tells; cleans to a `Thing` or None."""

    def clean(self, value: Any) -> Any:
        """Return what it is; refuse what has no shape."""
        text = str(super().clean(value))
        if not text.strip():
            return None
        found = thing_of(text)
        if found is None:
            raise ValidationError(
                f"“{text}” has no shape of a telephone number, vehicle registration, "
                "email address, PNC ID or CRO number. Correct it, or record it from "
                "the person's page."
            )
        return found


class EntryMember(MemberRow):
    """One member: somebody on record, somebody new, or a line of a list to decide on.

    `pasted` is the line; `take` says who it is: the reference of a person on record, a
    new person, or nobody. It is asked where several people answer to the line.
    """

    names: ClassVar[Mapping[str, str]] = {**MemberRow.names, "value": "thing"}
    field_order = [
        "pasted",
        "take",
        "given_names",
        "surname",
        "thing",
        "born",
        "designation",
        "person",
    ]

    pasted = forms.CharField(required=False, widget=forms.HiddenInput)
    take = forms.CharField(
        label="Who is it?", required=False, max_length=40, widget=forms.HiddenInput
    )
    thing = ThingField(
        label="Telephone, vehicle or email",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs=NARROW),
    )
    choices: Sequence[Nominal] = ()

    @property
    def is_left_out(self) -> bool:
        """Return whether the row is a line that nobody is recorded for."""
        return bool(self["take"].value() == OUT)

    @property
    def line(self) -> str:
        """Return the line of the list that the row came from; empty for others."""
        return str(self["pasted"].value() or "")

    @property
    def outcome(self) -> str:
        """Return what became of the line, in a word."""
        if not self.line:
            return ""
        if self.choices:
            return "Known" if len(self.choices) == 1 else "Ambiguous"
        lines = read_lines(self.line)
        return "Unknown" if lines and lines[0].readings else "Invalid"

    @property
    def is_more_open(self) -> bool:
        """Return whether anything of the folded questions was typed or is wrong."""
        return any(
            self[name].errors or any(name in key for key in self._said())
            for name in ("person", "born", "designation", "standing")
        )

    def _said(self) -> list[str]:
        """Return the boxes of the row in which something was typed."""
        start = f"{self.prefix}-"
        said = {
            name: self.data.get(name) for name in self.data if name.startswith(start)
        }
        said.pop(f"{start}standing", None)
        return [name.removeprefix(start) for name, value in said.items() if value]

    def offer(self, people: Sequence[Nominal]) -> None:
        """Ask which of these people the line means."""
        self.choices = people
        options = [
            *(
                (one.reference, f"{one.display_name} ({one.reference})")
                for one in people
            ),
            (NEW, "Somebody new: the name below"),
            (OUT, "Nobody: leave the line out"),
        ]
        self.fields["take"].widget = GovukRadios(choices=options)

    def offer_to_leave_out(self) -> None:
        """Ask whether a line that leads to nobody is somebody new."""
        options = [(NEW, "Somebody new: the name below"), (OUT, "Leave the line out")]
        self.fields["take"].widget = GovukRadios(
            choices=options, attrs={"class": "govuk-radios--inline"}
        )

    def has_changed(self) -> bool:
        """Return whether anybody is to be recorded by the row."""
        return not self.is_left_out and super().has_changed()

    def clean(self) -> dict[str, Any]:
        """Refuse a line about which nothing was decided; put in who was chosen."""
        values = super().clean()
        taken = str(values.get("take") or "")
        chosen = self._chosen(taken)
        if self.choices and not chosen and taken != NEW:
            self.add_error("take", f"Choose who “{self.line}” is, or leave it out.")
        if chosen:
            values |= {"person": chosen, **dict.fromkeys(_MEMBER_NAMES, "")}
        named = any(values.get(name) for name in ("surname", "designation"))
        if not values.get("person") and not named and not self.errors:
            self.add_error("surname", self._nobody())
        return values

    def _chosen(self, taken: str) -> Nominal | None:
        """Return the visible person whom the answer names; None for any other answer."""
        if taken in {"", NEW, OUT}:
            return None
        seen = Nominal.objects.visible_to(self.viewer)
        return seen.filter(reference=taken).first()

    def _nobody(self) -> str:
        if self.line:
            return (
                f"“{self.line}” leads to nobody on record. Enter a surname, or a "
                "designation below, or leave the line out."
            )
        return (
            "Enter a surname, or a designation for someone who is not identified, or "
            "the reference of a person on record."
        )

    def entry(self, told: Telling) -> MemberEntry:
        """Return the member to record."""
        return MemberEntry(draft=self.draft(told), thing=self.cleaned_data["thing"])

    def sought(self) -> Sought:
        """Return what tells whether the new person is on record; empty for others."""
        if self.cleaned_data.get("person"):
            return Sought()
        thing = self.cleaned_data.get("thing")
        return sought_of(self.cleaned_data, [thing.value] if thing else [])


def decide_on_lines(formset: Any) -> None:
    """Let each row that came from a list offer who its line may mean. Few queries."""
    pasted = [form for form in formset.forms if form.line]
    read = [read_lines(form.line)[:1] for form in pasted]
    people = people_of_lines(
        formset.form_kwargs["viewer"], [line for one in read for line in one]
    )
    found = iter(people)
    for form, one in zip(pasted, read, strict=True):
        meant = next(found) if one else []
        if meant:
            form.offer(meant)
        else:
            form.offer_to_leave_out()


def row_of_line(line: Line) -> dict[str, str]:
    """Return what a line of a list fills in of a member's row, by its shape."""
    for reading in line.readings:
        if reading.kind == "name":
            given, _, surname = reading.value.rpartition(" ")
            return {"given_names": given, "surname": surname}
        if reading.kind in set(IdentifierKind.values):
            return {"thing": line.text}
    return {}


class EntryThing(RecordForm):
    """A number, vehicle, address or the like that the group uses."""

    kind = forms.ChoiceField(
        label="Kind", choices=[("", "Choose one"), *IdentifierKind.choices]
    )
    value = forms.CharField(label="Identifier", max_length=200)

    def thing(self) -> Thing:
        """Return what to record."""
        return Thing(**self.given("kind", "value"))


class EntryActivity(RecordForm):
    """Something that the group does."""

    threat_type = ThreatField()
    offence = OffenceField()
    modus = LongTextField(
        label="How they do it",
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": "3"}),
    )


class EntryPlace(PlaceForm):
    """A place of one of the activities above."""

    field_order = ["activity"]

    activity = forms.IntegerField(
        label="Which activity",
        help_text="Its number in the list of activities.",
        initial=1,
        min_value=1,
        widget=forms.TextInput(
            attrs={"class": "govuk-input--width-2", "inputmode": "numeric"}
        ),
    )

    def place(self) -> PlaceDraft:
        """Return the place to record."""
        return self.draft()


class EntryClaim(ClaimForm):
    """One attribute of the new group and its level, as the first report has it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["group"]

    def claim(self) -> tuple[str, str]:
        """Return the attribute and its level."""
        return self.cleaned_data["attribute"], self.cleaned_data["level"]


# What the group does to others; every other attribute tells how able it is.
HARM: Final = frozenset(
    {"corruption", "violence", "infiltration", "subversion", "monopoly"}
)
