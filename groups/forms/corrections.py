"""Forms that correct or withdraw what was recorded wrongly."""

from typing import Any

from django import forms

from groups.actions.activities import PlaceDraft, QuantityDraft
from groups.actions.activity_corrections import PartChange
from groups.forms.facts import (
    ActivityForm,
    AliasForm,
    GroupLinkForm,
    PersonAliasForm,
    PersonLinkForm,
    PlaceForm,
    QuantityForm,
    ThreatForm,
)
from groups.forms.fields import RecordForm, TellingForm
from ocgmap.common.forms import LongTextField


class CorrectionForm(RecordForm):
    """What every correction asks besides: what was wrong, and from which version."""

    reason = LongTextField(
        label="What was wrong, and how you know",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": "3"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


_TOLD = ("basis", "rationale", "started", "ended", "reason")


class CorrectTellingForm(TellingForm, CorrectionForm):
    """Corrections of on what basis a fact stands and when it held."""

    field_order = [*_TOLD]
    offers_compartments = False
    columns: tuple[str, ...] = ()

    def changes(self) -> dict[str, Any]:
        """Return everything that was said; what is equal changes nothing."""
        return {**self.given(*self.columns, "version", "reason"), **self.telling()}


class CorrectAliasForm(AliasForm, CorrectTellingForm):
    """Corrections of another name of a group."""

    columns = ("name", "kind")
    field_order = [*columns, *_TOLD]


class CorrectPersonAliasForm(PersonAliasForm, CorrectTellingForm):
    """Corrections of another name of a person."""

    columns = ("given_names", "surname", "kind")
    field_order = [*columns, *_TOLD]


class CorrectThreatForm(ThreatForm, CorrectTellingForm):
    """Corrections of a threat."""

    columns = ("threat_type", "is_predominant")
    field_order = [*columns, *_TOLD]


class CorrectActivityForm(ActivityForm, CorrectTellingForm):
    """Corrections of an activity; its places and quantities stand in rows."""

    columns = ("threat_type", "offence", "modus")
    field_order = [*columns, *_TOLD]


class _LinkEnds(CorrectTellingForm):
    """A link without the question for its other end, which is not corrected."""

    columns = ("kind", "is_directed")
    field_order = [*columns, *_TOLD]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["other"]


class CorrectGroupLinkForm(_LinkEnds, GroupLinkForm):
    """Corrections of a link between groups."""


class CorrectPersonLinkForm(_LinkEnds, PersonLinkForm):
    """Corrections of a link between people."""


class WithdrawForm(RecordForm):
    """Why a fact was recorded in error."""

    reason = LongTextField(
        label="What was wrong, and how you know",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": "3"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class _PartParts(RecordForm):
    """Which part a row is of, and whether it goes."""

    part = forms.UUIDField(widget=forms.HiddenInput, required=False)
    is_withdrawn = forms.BooleanField(
        label="Withdraw this row: it was recorded in error", required=False
    )


class PlaceCorrection(PlaceForm, _PartParts):
    """A place of an activity as it should be."""

    field_order = ["role", "area", "outcode", "country"]

    def change(self) -> PartChange[PlaceDraft]:
        """Return what the place should say."""
        return PartChange(self.draft(), **self.given("part", "is_withdrawn"))


class QuantityCorrection(QuantityForm, _PartParts):
    """A quantity of an activity as it should be."""

    field_order = ["commodity", "amount", "low", "high", "unit"]

    def change(self) -> PartChange[QuantityDraft]:
        """Return what the quantity should say."""
        return PartChange(self.draft(), **self.given("part", "is_withdrawn"))
