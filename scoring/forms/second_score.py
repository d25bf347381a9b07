"""The form of a second score: a level for each attribute, and a word if one likes."""

from collections.abc import Iterable
from typing import Any

from django import forms

from ocgmap.common.forms import GovukForm, GovukRadios, LongTextField
from scoring.engine import CATALOGUE
from scoring.forms.decisions import LEVELS

_CHOICES = [(str(level), title) for level, (title, _) in LEVELS.items()]


class LevelsForm(GovukForm):
    """One level for each of some attributes; ``prefix`` tells several forms apart."""

    def __init__(self, *args: Any, attributes: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.attributes = list(attributes)
        fields = {
            key: forms.ChoiceField(
                label=CATALOGUE[key].title,
                choices=_CHOICES,
                help_text=CATALOGUE[key].meaning,
                widget=GovukRadios(attrs={"class": "govuk-radios--inline"}),
            )
            for key in self.attributes
        }
        self.fields = {**fields, **self.fields}

    @property
    def levels(self) -> dict[str, str]:
        """Return the level of each attribute, once the form is valid."""
        return {key: self.cleaned_data[key] for key in self.attributes}


class SecondScoreForm(LevelsForm):
    """The levels of a second score, and remarks on what was hard to tell."""

    remarks = LongTextField(
        label="Remarks",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": "4"}),
        help_text="What was hard to tell. Do not name a source.",
    )
