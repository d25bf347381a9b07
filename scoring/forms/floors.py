"""The form that chooses on which evidence a floor stands."""

from typing import Any

from django import forms

from ocgmap.common.forms import GovukForm
from scoring.engine import EvidenceFilter, EvidenceRule

_SOURCES = {"1": "Source 1 only"}
_ASSESSMENTS = {"A": "Assessment A only", "AB": "Assessment A to B"}
_MONTHS = {"6": "The last 6 months", "12": "The last 12 months"}
_REPORTS = {"2": "Two reports or more", "3": "Three reports or more"}


def _choices(
    codes: dict[str, str], usual: str = "Any that counts"
) -> list[tuple[str, str]]:
    return [("", usual), *codes.items()]


class FloorForm(GovukForm):
    """Which evidence the floor of a score is to stand on."""

    marks_optional = False
    source = forms.ChoiceField(
        label="Source", required=False, choices=_choices(_SOURCES)
    )
    assessment = forms.ChoiceField(
        label="Assessment", required=False, choices=_choices(_ASSESSMENTS)
    )
    months = forms.ChoiceField(
        label="Received in", required=False, choices=_choices(_MONTHS)
    )
    reports = forms.ChoiceField(
        label="Each level reached by",
        required=False,
        choices=_choices(_REPORTS, "One report or more"),
    )

    @property
    def chosen(self) -> EvidenceFilter | None:
        """Return the filter of a valid form; None where nothing was chosen."""
        given: dict[str, Any] = self.cleaned_data
        if not any(given.values()):
            return None
        return EvidenceFilter(
            grades=EvidenceRule(
                int(given["source"] or 3), frozenset(given["assessment"] or "ABCDE")
            ),
            months=int(given["months"]) if given["months"] else None,
            reports=int(given["reports"] or 1),
        )

    @property
    def chosen_text(self) -> str:
        """Return what was chosen, in words."""
        tables = {
            "source": _SOURCES,
            "assessment": _ASSESSMENTS,
            "months": _MONTHS,
            "reports": _REPORTS,
        }
        words = [
            codes[self.cleaned_data[name]]
            for name, codes in tables.items()
            if self.cleaned_data[name]
        ]
        return ", ".join(f"{text[0].lower()}{text[1:]}" for text in words)
