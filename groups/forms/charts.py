"""The form that keeps a chart: its name, who finds it, and how it looks now."""

import json
import math
import uuid
from typing import Any, Final

from django import forms
from django.http import QueryDict

from groups.forms.fields import NARROW, RecordForm
from groups.forms.network import KEPT, MOST_CHOSEN, NetworkForm
from groups.models.saved_chart import ChartAudience
from ocgmap.common.forms import GovukRadios

# No paper of a chart is wider or higher.
_FARTHEST: Final = 20_000


class PlacesField(forms.CharField):
    """Where nodes were put, as JSON that a script writes: id to two numbers."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> dict[str, list[float]]:
        """Return the places.

        Raises:
            ValidationError: it is something else, or too much.
        """
        places: dict[str, list[float]] = _read(super().clean(value), dict)
        if not all(_is_id(key) and _is_place(place) for key, place in places.items()):
            raise forms.ValidationError(_BROKEN)
        return places


class GoneField(forms.CharField):
    """Which nodes were hidden on the page, as JSON that a script writes."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> list[str]:
        """Return the ids; sums of several nodes are left out.

        Raises:
            ValidationError: it is something else, or too much.
        """
        gone = _read(super().clean(value), list)
        return [one for one in gone if _is_id(one)]


class SaveChartForm(RecordForm):
    """What a chart is called and who finds it; the rest goes with it unseen."""

    name = forms.CharField(
        label="Name of the chart",
        help_text="Shown to everyone who finds the chart. Leave out names of people.",
        max_length=80,
        widget=forms.TextInput(attrs=NARROW),
    )
    audience = forms.ChoiceField(
        label="Who finds it",
        choices=ChartAudience.choices,
        initial=ChartAudience.PRIVATE,
        widget=GovukRadios(
            hints={
                ChartAudience.FORCE: "Whoever opens a chart sees the rows of it that "
                "they may see, and no others.",
            }
        ),
    )
    query = forms.CharField(required=False, widget=forms.HiddenInput, max_length=20_000)
    places = PlacesField(required=False, max_length=60_000)
    gone = GoneField(required=False, max_length=20_000)

    def clean_query(self) -> dict[str, Any]:
        """Return what the chart asks for, in the names of its address.

        Raises:
            ValidationError: it is no address of a chart.
        """
        asked = NetworkForm(QueryDict(self.cleaned_data["query"]))
        if not asked.is_valid():
            raise forms.ValidationError(_BROKEN)
        return {name: asked.data.getlist(name) for name in KEPT if name in asked.data}  # type: ignore[attr-defined]

    def said(self) -> dict[str, Any]:
        """Return what the action takes."""
        given = self.cleaned_data
        query = dict(given["query"])
        hidden = dict.fromkeys([*query.get("hide", []), *given["gone"]])
        if hidden:
            query["hide"] = list(hidden)[:MOST_CHOSEN]
        return {
            "name": given["name"],
            "audience": given["audience"],
            "query": query,
            "places": given["places"],
        }


_BROKEN = "Part of the chart did not arrive. Open the chart again and save it."


def _read(text: str, kind: type[Any]) -> Any:
    """Return JSON of the right sort and size; empty for nothing.

    Raises:
        ValidationError: it is something else.
    """
    try:
        found = json.loads(text) if text else kind()
    except (ValueError, RecursionError) as error:
        raise forms.ValidationError(_BROKEN) from error
    if not isinstance(found, kind) or len(found) > MOST_CHOSEN:
        raise forms.ValidationError(_BROKEN)
    return found


def _is_id(key: Any) -> bool:
    try:
        return isinstance(key, str) and str(uuid.UUID(key)) == key
    except ValueError:
        return False


def _is_place(place: Any) -> bool:
    return (
        isinstance(place, list)
        and len(place) == 2
        and all(
            isinstance(one, int | float)
            and not isinstance(one, bool)
            and math.isfinite(one)
            and abs(one) <= _FARTHEST
            for one in place
        )
    )
