"""Forms of lists: a search, a day, and what a list is narrowed to."""

import datetime
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, Final

from django import forms

from accounts.models import Organisation
from accounts.models.organisation import REGION_KINDS
from groups.models import ThreatType
from groups.models.crime_group import ActivityStatus, RecordState, Tier
from groups.models.participation import InvolvementKind, Standing
from ocgmap.common.filters import DATE_FORMATS
from ocgmap.common.forms import GovukForm
from ocgmap.common.keyset import Order
from scoring.exceptions import UnknownFilter, UnknownScope
from scoring.models.outbox import ReceiptState
from scoring.picture import BANDS, PictureScope, moment_of, parse_scope
from scoring.picture.filters import ANY, DEBTS, NO_THREAT, NOT_CONFIRMED

# How a list may be put in order; the first is the usual one.
ORDERS: Final[Mapping[str, tuple[str, Order]]] = {
    "": ("Gravest band first", Order("computed_band")),
    "review": ("Review due soonest first", Order("review_due_on")),
    "members": ("Most members first", Order("memberships", descending=True)),
    "unknown": ("Most unknown first", Order("unknown_count", descending=True)),
}
_YES_NO = [("", "Any"), ("true", "Yes"), ("false", "No")]
_EVERY = [("", "Any")]


def _truth(text: str) -> bool | None:
    return {"true": True, "false": False}.get(text)


class _Truth(forms.TypedChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=_YES_NO, coerce=_truth, empty_value=None, required=False, **kwargs
        )


def debt_text(key: str) -> str:
    """Return in words how long a review has been overdue."""
    first, last = DEBTS[key]
    return f"{first} to {last} days" if last else f"{first} days or more"


class SearchForm(GovukForm):
    """What is looked for: a name, a number, words or a reference; never in an address."""

    q = forms.CharField(label="Name, number, words or reference", max_length=200)


class AsAtForm(GovukForm):
    """The day whose end the figures are shown for; empty is now."""

    marks_optional = False
    at = forms.DateField(
        label="As at",
        required=False,
        input_formats=DATE_FORMATS,
        help_text="The end of a day, for example 27/3/2026. Leave empty for now.",
        widget=forms.DateInput(
            format="%d/%m/%Y", attrs={"class": "govuk-input--width-10"}
        ),
    )

    def clean_at(self) -> datetime.date | None:
        """Return the day; None for now."""
        return checked_day(self.cleaned_data["at"])


class ReceiptListForm(GovukForm):
    """Whose submissions, and how they stand."""

    marks_optional = False
    state = forms.ChoiceField(
        label="State", required=False, choices=[("", "Any"), *ReceiptState.choices]
    )
    mine = forms.ChoiceField(
        label="Whose",
        required=False,
        choices=[("", "My organisation's"), ("true", "Only mine")],
    )


class InvolvementListForm(GovukForm):
    """Which involvements."""

    marks_optional = False
    kind = forms.ChoiceField(
        label="Involved as",
        required=False,
        choices=[("", "Anything"), *InvolvementKind.choices],
    )


class MemberListForm(GovukForm):
    """Which memberships."""

    marks_optional = False
    standing = forms.ChoiceField(
        label="Standing",
        required=False,
        choices=[("", "Any"), *Standing.choices],
    )


def checked_day(day: datetime.date | None) -> datetime.date | None:
    """Return a day whose picture can be shown.

    Raises:
        ValidationError: the day is still to come.
    """
    try:
        moment_of(day)
    except UnknownFilter as error:
        raise forms.ValidationError(f"As at: {error.message}") from error
    return day


class GroupListForm(GovukForm):
    """The filters of the list of groups."""

    marks_optional = False

    scope = forms.CharField(label="Place", max_length=80)
    # Places offer every body already; this one only keeps what an address names.
    owner = forms.ChoiceField(label="Owner", required=False, widget=forms.HiddenInput)
    band = forms.ChoiceField(
        label="Computed band",
        required=False,
        choices=_EVERY + [(band, band) for band in BANDS],
    )
    confirmed = forms.ChoiceField(
        label="Confirmed band",
        required=False,
        choices=[
            *_EVERY,
            (NOT_CONFIRMED, "Not confirmed"),
            *((band, band) for band in BANDS),
        ],
    )
    threat = forms.ChoiceField(label="Predominant threat", required=False)
    tier = forms.ChoiceField(
        label="Tier", required=False, choices=_EVERY + Tier.choices
    )
    state = forms.ChoiceField(
        label="Record state",
        required=False,
        choices=[("", "Mapped (headline)"), *RecordState.choices, (ANY, "Any")],
    )
    status = forms.ChoiceField(
        label="Activity status",
        required=False,
        choices=[("", "Active (headline)"), *ActivityStatus.choices, (ANY, "Any")],
    )
    overdue = _Truth(label="Review overdue")
    debt = forms.ChoiceField(
        label="Review overdue for",
        required=False,
        choices=[("", "Any"), *((key, debt_text(key)) for key in DEBTS)],
    )
    awaiting = _Truth(label="Awaiting confirmation")
    unjudged = _Truth(label="Holds levels no person has judged")
    newer = forms.ChoiceField(
        label="New evidence since judged",
        required=False,
        choices=[("", "Any"), ("true", "Yes")],
    )
    across = forms.ChoiceField(
        label="Reaches beyond its region",
        required=False,
        choices=[("", "Any"), ("true", "Yes")],
    )
    at = forms.DateField(
        label="As at",
        required=False,
        input_formats=DATE_FORMATS,
        help_text="The end of a day, for example 27/3/2026.",
        widget=forms.DateInput(
            format="%d/%m/%Y", attrs={"class": "govuk-input--width-10"}
        ),
    )
    sort = forms.ChoiceField(
        label="Order",
        required=False,
        choices=[(key, text) for key, (text, _) in ORDERS.items()],
    )
    q = forms.UUIDField(
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid": "q: This is not the id of a search. Search again."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Read once, and not at all where a form is only judged and asks for neither.
        bodies = cache(lambda: list(Organisation.objects.order_by("short_name")))
        threats = cache(lambda: list(ThreatType.objects.values_list("code", "name")))
        self._offer("owner", lambda: [(one.code, one.short_name) for one in bodies()])
        self._offer("threat", lambda: [(NO_THREAT, "None recorded"), *threats()])
        self.fields["scope"].widget = forms.Select(
            choices=lambda: _places(bodies())  # type: ignore[arg-type]
        )

    def clean_scope(self) -> PictureScope:
        """Return the place."""
        try:
            return parse_scope(self.cleaned_data["scope"])
        except UnknownScope as error:
            raise forms.ValidationError(f"Place: {error.message}") from error

    def clean_at(self) -> datetime.date | None:
        """Return the day; None for now."""
        return checked_day(self.cleaned_data["at"])

    def _offer(self, name: str, choices: Callable[[], list[tuple[str, str]]]) -> None:
        field: Any = self.fields[name]
        field.choices = lambda: _EVERY + choices()


def _places(bodies: Iterable[Organisation]) -> list[tuple[str, Any]]:
    """Return the choices of places: the nation, its regions, its bodies."""
    regions = [one for one in bodies if one.kind in REGION_KINDS]
    return [
        ("national", "The nation"),
        (
            "Regions",
            [
                *((f"region:{one.code}", _region_text(one)) for one in regions),
                ("region:none", "No region"),
            ],
        ),
        ("Bodies", [(f"force:{one.code}", one.short_name) for one in bodies]),
    ]


def _region_text(one: Organisation) -> str:
    return (
        f"{one.region_name} ({one.short_name})" if one.region_name else one.short_name
    )
