"""Forms of a timeline: what of it, which kind, and as at which day."""

from collections.abc import Mapping
from typing import Any

from django import forms

from scoring.forms.lists import AsAtForm

EVERYTHING = ""
HAPPENED = "happened"
DONE = "done"
PARTS = {
    EVERYTHING: "Both together",
    HAPPENED: "What happened",
    DONE: "What we did",
}


class TimelineForm(AsAtForm):
    """Which part of a timeline, narrowed to a kind and to a day."""

    what = forms.ChoiceField(
        required=False, choices=list(PARTS.items()), widget=forms.HiddenInput
    )
    kind = forms.ChoiceField(label="Kind", required=False)

    def __init__(self, data: Any, *, kinds: Mapping[str, Mapping[str, str]]) -> None:
        super().__init__(data)
        part = data.get("what", EVERYTHING)
        offered = [
            (code, text)
            for name, several in kinds.items()
            if part in (EVERYTHING, name)
            for code, text in several.items()
        ]
        field: Any = self.fields["kind"]
        field.choices = [("", "Everything"), *offered]
        self.order_fields(["kind", "at"])
