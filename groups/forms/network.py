"""What a chart is asked for: by address, so only codes, days and opaque ids."""

import uuid
from collections.abc import Iterable
from typing import Any, Final

from django import forms

from groups.assembly import Asked
from groups.network.chart import LinkKind, Node
from ocgmap.common.filters import DATE_FORMATS
from ocgmap.common.forms import GovukCheckboxes, GovukForm, GovukRadios

LINK_NAMES: Final[dict[LinkKind, str]] = {
    LinkKind.MEMBER: "Memberships",
    LinkKind.INVOLVED: "Other involvement",
    LinkKind.PEOPLE: "Links between people",
    LinkKind.USES: "Identifiers",
    LinkKind.GROUPS: "Links between groups",
}
# What may stand in the address of a chart; the last may come several times.
REPEATED: Final = ("without", "expand", "hide")
PARAMETERS: Final = (
    "steps", "at", "first", "second", "page", "nodes", "show", "saved", *REPEATED,
)  # fmt: skip
# What a saved chart keeps of its address.
KEPT: Final = ("steps", "at", "without", "expand", "hide")
MOST_CHOSEN: Final = 300


class IdsField(forms.MultipleChoiceField):
    """Opaque ids of nodes; what is no id is refused, what is not there has no effect."""

    def valid_value(self, value: str) -> bool:
        """Return whether the text is an id as the site writes it."""
        return _is_id(value)

    def clean(self, value: Any) -> list[str]:
        """Return the ids.

        Raises:
            ValidationError: one is no id, or there are too many.
        """
        ids: list[str] = super().clean(value)
        if len(ids) > MOST_CHOSEN:
            raise forms.ValidationError(f"Choose at most {MOST_CHOSEN}.")
        return ids


class IdField(forms.CharField):
    """The opaque id of one node, or nothing."""

    def clean(self, value: Any) -> str:
        """Return the id.

        Raises:
            ValidationError: it is none.
        """
        text: str = super().clean(value)
        if text and not _is_id(text):
            raise forms.ValidationError("Choose one of the list.")
        return text


class NetworkForm(GovukForm):
    """How far a chart reaches, of when, and which sorts of links are left out."""

    marks_optional = False
    steps = forms.TypedChoiceField(
        label="Steps from the centre",
        choices=[("1", "1"), ("2", "2"), ("3", "3")],
        coerce=int,
        required=False,
        initial="1",
        widget=GovukRadios(attrs={"class": "govuk-radios--inline"}),
    )
    at = forms.DateField(
        label="Links that held on",
        required=False,
        input_formats=DATE_FORMATS,
        help_text="A day, for example 27/3/2026. Leave empty for every link held.",
        widget=forms.DateInput(
            format="%d/%m/%Y",
            attrs={"class": "govuk-input--width-10", "data-time-slider": ""},
        ),
    )
    without = forms.MultipleChoiceField(
        label="Leave out",
        required=False,
        choices=[(kind.value, name) for kind, name in LINK_NAMES.items()],
        widget=GovukCheckboxes,
    )
    saved = IdField(required=False, widget=forms.HiddenInput)
    expand = IdsField(required=False, widget=forms.MultipleHiddenInput)
    hide = IdsField(required=False, widget=forms.MultipleHiddenInput)

    def asked(self, *more: str) -> Asked:
        """Return what is asked for; the links of ``more`` nodes are added."""
        said = self.cleaned_data
        return Asked(
            steps=said["steps"] or 1,
            at=said["at"],
            without=frozenset(LinkKind(code) for code in said["without"]),
            expanded=frozenset([*said["expand"], *(one for one in more if one)]),
        )


class TwoNodesForm(GovukForm):
    """Between which two nodes a path, and whom both share, is looked for."""

    marks_optional = False
    first = IdField(label="From", required=False, widget=forms.Select)
    second = IdField(label="To", required=False, widget=forms.Select)

    def offer(self, nodes: Iterable[Node]) -> None:
        """Offer these nodes in both lists."""
        choices = [("", "Choose one")]
        choices += [(one.key, f"{one.label} ({one.reference})") for one in nodes]
        for name in ("first", "second"):
            self.fields[name].widget.choices = choices


def _is_id(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False
