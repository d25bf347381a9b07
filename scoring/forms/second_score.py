"""Forms of the laboratory: a level for each attribute, of a group or of vignettes."""

from collections.abc import Iterable
from typing import Any, Final

from django import forms

from ocgmap.common.forms import GovukForm, GovukRadios, LongTextField
from scoring.agreement.packs import Pack
from scoring.engine import CATALOGUE
from scoring.forms.decisions import LEVELS

_CHOICES: Final = [(str(level), title) for level, (title, _) in LEVELS.items()]


def name_of(vignette: str, attribute: str) -> str:
    """Return the name of the field of one attribute of one vignette."""
    return f"{vignette}.{attribute}"


def _level_field(attribute: str, of: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=f"{CATALOGUE[attribute].title}{of}",
        choices=_CHOICES,
        help_text=CATALOGUE[attribute].meaning,
        widget=GovukRadios(attrs={"class": "govuk-radios--inline"}),
    )


class LevelsForm(GovukForm):
    """One level for each of some attributes; ``prefix`` tells several forms apart."""

    def __init__(self, *args: Any, attributes: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.attributes = list(attributes)
        fields = {key: _level_field(key) for key in self.attributes}
        self.fields = {**fields, **self.fields}

    @property
    def levels(self) -> dict[str, str]:
        """Return the level of each attribute, once the form is valid."""
        return {key: self.cleaned_data[key] for key in self.attributes}


class PackForm(GovukForm):
    """A level for each attribute of each vignette of a pack."""

    def __init__(self, *args: Any, pack: Pack, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pack = pack
        self.fields = {
            name_of(vignette.key, key): _level_field(key, f", {vignette.title}")
            for vignette in pack.vignettes
            for key in pack.attributes
        }

    @property
    def levels(self) -> dict[str, dict[str, str]]:
        """Return the levels by vignette and attribute, once the form is valid."""
        return {
            one.key: {
                key: self.cleaned_data[name_of(one.key, key)]
                for key in self.pack.attributes
            }
            for one in self.pack.vignettes
        }


class SecondScoreForm(LevelsForm):
    """The levels of a second score, and remarks on what was hard to tell."""

    remarks = LongTextField(
        label="Remarks",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": "4"}),
        help_text="What was hard to tell. Do not name a source.",
    )
