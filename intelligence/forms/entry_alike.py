"""The question that nobody passes by: is it one of those on record already?"""

from dataclasses import dataclass
from typing import Any

from django import forms

from groups.likeness import Likeness, groups_like, people_like
from intelligence.forms.entry import EntryForms
from intelligence.forms.entry_rows import NEW, OUT
from ocgmap.common.forms import GovukForm, GovukRadios

_TAKE = "take-"


@dataclass(frozen=True, slots=True)
class Alike:
    """A new member and the people on record who may be the same."""

    row: int
    name: str
    people: list[Likeness]


@dataclass(frozen=True, slots=True)
class AlikeAll:
    """Everything on record that may be what is about to be recorded."""

    groups: list[Likeness]
    members: list[Alike]


def alike(forms: EntryForms) -> AlikeAll:
    """Return the likenesses of the group and of each new member; all is valid."""
    rows = [row for row in forms.filled("members") if not row.choices]
    sought = [row.sought() for row in rows]
    found = people_like(forms.viewer, sought)
    members = [
        Alike(int(row.prefix.rpartition("-")[2]), one.names[0], people)
        for row, one, people in zip(rows, sought, found, strict=True)
        if people and one.names
    ]
    return AlikeAll(groups_like(forms.viewer, forms.group_sought()), members)


class AlikeForm(GovukForm):
    """One question for the group and one for each new member who is like somebody."""

    marks_optional = False

    def __init__(self, data: Any, found: AlikeAll) -> None:
        super().__init__(data)
        if found.groups:
            self.fields["other_group"] = forms.BooleanField(
                label="None of these is the group: record a new one",
                error_messages={
                    "required": "Look at the groups that are like it. Tick that none of "
                    "them is the group, or go to the one that is."
                },
            )
        for one in found.members:
            self.fields[f"{_TAKE}{one.row}"] = _who(one)

    def taken(self) -> dict[str, str]:
        """Return what was chosen for each row of members, as the entry names it."""
        return {
            f"members-{name.removeprefix(_TAKE)}-take": value
            for name, value in self.cleaned_data.items()
            if name.startswith(_TAKE)
        }


def _who(one: Alike) -> forms.ChoiceField:
    options = [
        *(
            (
                alike.record.reference,
                f"{alike.record.display_name} ({alike.record.reference})",
            )
            for alike in one.people
        ),
        (NEW, "None of these: record a new person"),
        (OUT, "Leave this member out"),
    ]
    hints: dict[str, str] = {
        alike.record.reference: "; ".join(alike.reasons) for alike in one.people
    }
    return forms.ChoiceField(
        label=f"Is {one.name} one of these?",
        choices=options,
        widget=GovukRadios(hints=hints),
        error_messages={
            "required": f"Choose whether {one.name} is one of the people on record."
        },
    )
