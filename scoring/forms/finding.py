"""Forms of finding: a pasted list, and a search to be kept."""

from typing import Any
from urllib.parse import unquote

from django import forms

from accounts.models import Organisation
from groups.actions.saved_searches import audiences_for
from groups.models.saved_search import SearchKind
from groups.pasted import MOST_LINES, Line, PasteKind, TooManyLines, read_lines
from ocgmap.common.forms import GovukForm, GovukRadios

_KINDS = [
    (PasteKind.ANY, "Anything: tell by the shape of each line"),
    (PasteKind.PEOPLE, "People"),
    (PasteKind.PHONES, "Telephone numbers"),
    (PasteKind.VEHICLES, "Vehicle registrations"),
    (PasteKind.REFERENCES, "References and URNs"),
]


class PasteForm(GovukForm):
    """A list to look up, one thing a line."""

    lines = forms.CharField(
        label="List",
        help_text=f"Enter one per line, at most {MOST_LINES:,} lines. Bullets, numbers before "
        "the text and invisible marks are left out.",
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
        strip=False,
    )
    kind = forms.ChoiceField(
        label="What the list holds",
        choices=_KINDS,
        initial=PasteKind.ANY,
        widget=GovukRadios(),
    )

    def clean(self) -> dict[str, Any]:
        """Check that there is something to look up, and not too much."""
        cleaned: dict[str, Any] = super().clean() or {}
        if "lines" in cleaned and "kind" in cleaned:
            self._check(cleaned["lines"], PasteKind(cleaned["kind"]))
        return cleaned

    def _check(self, text: str, kind: PasteKind) -> None:
        found: list[Line] = []
        try:
            found = read_lines(text, kind)
        except TooManyLines:
            self.add_error(
                "lines",
                f"The list has more than {MOST_LINES:,} lines. Paste it in parts.",
            )
            return
        if not found:
            self.add_error("lines", "The list holds no text. Paste one thing a line.")


class SaveSearchForm(GovukForm):
    """A name for a search, and who finds it."""

    name = forms.CharField(label="Name of the search", max_length=80)
    audience = forms.ChoiceField(
        label="Who finds it",
        help_text="What it finds for them depends on what they may see.",
        widget=GovukRadios(),
    )
    kind = forms.ChoiceField(choices=SearchKind.choices, widget=forms.HiddenInput)
    query = forms.CharField(required=False, max_length=4000, widget=forms.HiddenInput)

    def clean_query(self) -> str:
        """Return the filters as they stood in the address of the list."""
        query: str = self.cleaned_data["query"]
        if "\0" in unquote(query):
            raise forms.ValidationError("Open the list again and save its search.")
        return query

    def __init__(self, *args: Any, owner: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["audience"]
        field.choices = audiences_for(owner)
        field.initial = "private"
