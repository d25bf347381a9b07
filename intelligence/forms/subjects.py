"""Forms about what people ask of their data, and about restriction of processing."""

from collections.abc import Iterable
from typing import Any

from django import forms

from groups.forms.fields import RecordForm
from groups.models.nominal import RestrictionGround
from intelligence.forms.sharing import DecisionForm
from intelligence.subject_rights import (
    DECISIONS,
    GROUNDS,
    SECTIONS,
    WHOLE,
    Decision,
)
from ocgmap.common.date_fields import GovukDateField
from ocgmap.common.forms import GovukCheckboxes, GovukRadios, LongTextField

_YES_NO = (("no", "No"), ("yes", "Yes"))


def _is_yes(value: Any) -> bool:
    return bool(value == "yes")


class RegisterForm(RecordForm):
    """What came in: from whom, about whom, what is asked for."""

    section = forms.ChoiceField(
        label="What is asked for",
        choices=[(one.value, text) for one, text in SECTIONS.items()],
        widget=GovukRadios(),
    )
    given_names = forms.CharField(
        label="Given names of the person", max_length=120, required=False
    )
    surname = forms.CharField(label="Surname of the person", max_length=120)
    born_on = GovukDateField(label="Date of birth", required=False)
    identifiers = LongTextField(
        label="Telephone numbers, vehicles, addresses and the like",
        help_text="As the person gives them, one on each line, 20 at most. They are "
        "looked for.",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": "3"}),
    )
    asked_for = LongTextField(
        label="What they want, in short",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": "4"}),
    )
    received_on = GovukDateField(label="Received on")
    is_identity_asked = forms.TypedChoiceField(
        label="Were they asked to prove who they are?",
        help_text="Only where there is reasonable doubt. The month then runs from the "
        "day on which they prove it.",
        choices=_YES_NO,
        coerce=_is_yes,
        widget=GovukRadios(),
    )


class IdentityForm(RecordForm):
    """When the person proved who they are."""

    on = GovukDateField(label="Confirmed on")
    version = forms.IntegerField(widget=forms.HiddenInput)


class RefuseRequestForm(DecisionForm):
    """Why a request is refused."""

    field_order = ["whole_ground", "reason", "version"]

    whole_ground = forms.ChoiceField(
        label="What it is refused on",
        choices=[
            ("", "What was decided on the records that were found"),
            *((one.value, text) for one, text in WHOLE.items()),
        ],
        required=False,
        widget=GovukRadios(),
    )


class TickForm(RecordForm):
    """Which of the records that were found are about the person."""

    def __init__(
        self, *args: Any, offered: Iterable[tuple[str, str, Any]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, label, choices in offered:
            self.fields[name] = forms.MultipleChoiceField(
                label=label,
                choices=choices,
                required=False,
                widget=GovukCheckboxes(),
            )

    def ticked(self) -> dict[str, list[str]]:
        """Return the public ids that were ticked, by sort."""
        return {name: self.cleaned_data[name] for name in self.fields}


class DecideForm(DecisionForm):
    """What is done with one record."""

    field_order = ["decision", "reason", "version"]

    decision = forms.ChoiceField(
        label="What is done with it",
        choices=[
            (one.value, text)
            for one, text in DECISIONS.items()
            if one not in (Decision.UNDECIDED, Decision.REFUSE)
        ],
        widget=GovukRadios(
            hints={
                Decision.RECTIFY: "Whoever records for its owner corrects it on its page.",
                Decision.RESTRICT: "Where it must be kept as evidence, or nobody can tell "
                "whether it is right. Restrict the person’s record on its page.",
                Decision.ERASE: "A second person approves the disposal.",
            }
        ),
    )


class RefuseFindingForm(DecisionForm):
    """On what grounds the right over one record is refused."""

    field_order = ["grounds", "is_neutral", "reason", "version"]

    grounds = forms.MultipleChoiceField(
        label="Grounds",
        help_text="As far and as long as it is necessary and proportionate, with regard "
        "to the person’s rights.",
        choices=[(one.value, text) for one, text in GROUNDS.items()],
        widget=GovukCheckboxes(),
        error_messages={
            "required": "Choose at least one ground: without one the right stands."
        },
    )
    is_neutral = forms.TypedChoiceField(
        label="Would it undermine the ground to tell them that it is refused?",
        help_text="Then the letter neither confirms nor denies that it is held.",
        choices=_YES_NO,
        coerce=_is_yes,
        widget=GovukRadios(),
    )


class RestrictForm(DecisionForm):
    """Why the processing of a person's record is restricted."""

    field_order = ["ground", "reason", "version"]

    ground = forms.ChoiceField(
        label="Why it is restricted",
        choices=RestrictionGround.choices,
        widget=GovukRadios(),
    )


class AcknowledgeForm(RecordForm):
    """That what was received is put right too."""

    is_done = forms.BooleanField(
        label="Our copies are corrected, restricted or erased likewise, and those to whom "
        "we gave them are told",
        error_messages={"required": "Put your copies right first, then tick this."},
    )


class PostForm(RecordForm):
    """That those outside who have a copy were told."""

    is_done = forms.BooleanField(
        label="Everyone who got this copy was told in writing",
        error_messages={"required": "Tell them first, then tick this."},
    )
