"""Which two versions to compare, and which of the results to list."""

from typing import Any

from django import forms

from ocgmap.common.date_fields import date_text
from ocgmap.common.forms import GovukForm
from scoring.engine import INSUFFICIENT, PRIMARY
from scoring.models import SchemeVersion
from scoring.models.scheme_version import SchemeStatus
from scoring.picture.what_if import Move
from scoring.templatetags.scoring_tags import band_text


class WhatIfForm(GovukForm):
    """Two versions of the primary scheme."""

    before = forms.ModelChoiceField(
        label="Version to compare with",
        queryset=SchemeVersion.objects.none(),
        to_field_name="version",
        empty_label=None,
    )
    after = forms.ModelChoiceField(
        label="Version to try",
        queryset=SchemeVersion.objects.none(),
        to_field_name="version",
        empty_label=None,
        help_text="Nothing that you or others see changes by it.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = SchemeVersion.objects.filter(name=PRIMARY.key)
        for name, order in (("before", "-is_primary"), ("after", "is_primary")):
            chosen: Any = self.fields[name]
            chosen.queryset = rows.order_by(order, "-effective_on", "-id")
            chosen.label_from_instance = version_text

    def clean(self) -> dict[str, Any]:
        """Refuse one version twice."""
        cleaned = super().clean() or {}
        before, after = cleaned.get("before"), cleaned.get("after")
        if before is not None and before == after:
            self.add_error("after", "Choose another version than the one above.")
        return cleaned


def version_text(version: SchemeVersion) -> str:
    """Return a version as people choose it: its number, and whether it is in effect."""
    standing = version.get_status_display()
    if version.is_primary:
        standing = "In effect"
    elif version.status == SchemeStatus.ADOPTED:
        standing = f"Adopted, from {date_text(version.effective_on)}"
    return f"Version {version.version} ({standing[0].lower()}{standing[1:]})"


_BANDS = (*PRIMARY.bands(), INSUFFICIENT)


class ResultForm(GovukForm):
    """Which results are listed."""

    move = forms.ChoiceField(
        label="Moves",
        required=False,
        choices=[
            ("", "All"),
            (Move.GRAVER, "Graver"),
            (Move.LESS_GRAVE, "Less grave"),
            (Move.SAME, "The same band"),
            (Move.UNTOLD, "A band in only one of them"),
        ],
    )
    before = forms.ChoiceField(
        label="Band now",
        required=False,
        choices=[("", "All"), *((band, band_text(band)) for band in _BANDS)],
    )
    after = forms.ChoiceField(
        label="Band then",
        required=False,
        choices=[("", "All"), *((band, band_text(band)) for band in _BANDS)],
    )
    owner = forms.SlugField(required=False, widget=forms.HiddenInput)
    threat = forms.SlugField(required=False, widget=forms.HiddenInput)
