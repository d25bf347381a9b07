"""The form of a report: what it says, how it is graded, and who may see it."""

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone

from accounts.actions import labels
from accounts.models import Organisation
from accounts.models.access_class import TagKind
from accounts.visibility import Viewer
from groups.models import CrimeGroup, Nominal
from intelligence.actions import checks, grades, mentions
from intelligence.actions.drafts import ClaimDraft, ReportDraft
from intelligence.forms.fields import (
    ReferencesField,
    condition_typed,
    defined_radios,
    owner_field,
    owners_for,
)
from intelligence.grading import (
    ASSESSMENT_DEFINITIONS,
    HANDLING_DEFINITIONS,
    NOTE_MAX_LENGTH,
    RECIPIENTS_DEFINITIONS,
    SOURCE_DEFINITIONS,
    Condition,
    Handling,
    stricter,
)
from intelligence.models import Return
from ocgmap.common.date_fields import (
    GovukDateField,
    PreciseDate,
    PreciseDateField,
    date_text,
)
from ocgmap.common.errors import AppError
from ocgmap.common.forms import (
    GovukCheckboxes,
    GovukForm,
    GovukRadios,
    LongTextField,
)

# Where an action's error stands in the form, if the names differ.
_PLACES: Mapping[str, str] = {
    "handling_condition": "recipients",
    "handling_condition_note": "condition_note",
    "event_from": "event",
    "event_to": "event",
    "event_precision": "event",
}
# What a draft of a report takes as it was typed.
_AS_TYPED = (
    "text",
    "original_text",
    "received_on",
    "source_grade",
    "assessment_grade",
    "handling",
    "legacy_grade",
    "legacy_source_choice",
    "owner_reference",
)
_GRADE = ("source_grade", "assessment_grade", "handling")
_RETURNS_OFFERED = 24


class ReportForm(GovukForm):
    """Everything of a report but its claims, which are a list of their own rows."""

    idempotency_key = forms.CharField(
        max_length=80, widget=forms.HiddenInput, required=False
    )
    text = LongTextField(
        label="Sanitised text",
        max_length=checks.TEXT_MAX_LENGTH,
        help_text="What is known, with nothing in it that shows who the source is.",
    )
    original_text = LongTextField(
        label="Original text",
        required=False,
        help_text="As it came. Kept apart: only your organisation can see it, with its "
        "own right, and every reading is recorded. Never the source's identity.",
    )
    received_on = GovukDateField(label="Date received")
    event = PreciseDateField(
        label="When it happened",
        required=False,
        help_text="Enter what is known: a year, a month and year, or a day.",
    )
    owner_reference = forms.CharField(
        label="Your own reference",
        required=False,
        max_length=checks.REFERENCE_MAX_LENGTH,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20"}),
    )
    groups = ReferencesField(
        label="Groups that it mentions",
        required=False,
        help_text="References such as G-7K2M-9QX4-T, separated by commas or lines.",
    )
    nominals = ReferencesField(
        label="People whom it mentions",
        required=False,
        help_text="References such as N-7K2M-9QX4-T, separated by commas or lines.",
    )
    source_grade = forms.ChoiceField(
        label="Source evaluation", **defined_radios(SOURCE_DEFINITIONS.values())
    )
    assessment_grade = forms.ChoiceField(
        label="Intelligence assessment",
        **defined_radios(ASSESSMENT_DEFINITIONS.values()),
    )
    handling = forms.ChoiceField(
        label="Handling",
        **defined_radios(
            HANDLING_DEFINITIONS.values(), C=["recipients", "condition_note"]
        ),
    )
    recipients = forms.ChoiceField(
        label="Who may receive it",
        error_messages={
            "required": "Handling C needs a condition. Choose who may receive the "
            "report, or choose handling P."
        },
        **defined_radios(RECIPIENTS_DEFINITIONS.values()),
    )
    condition_note = LongTextField(
        label="What else must be kept to",
        required=False,
        max_length=NOTE_MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": "3"}),
    )
    legacy_grade = forms.CharField(
        label="5x5x5 grade",
        required=False,
        help_text="Source A to E, intelligence 1 to 5, handling 1 to 5, such as B21. It "
        "is converted and kept; leave the 3x5x2 questions above empty.",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-3"}),
    )
    legacy_source_choice = forms.ChoiceField(
        label="If its source is C: what is the source now?",
        required=False,
        **defined_radios(SOURCE_DEFINITIONS.values()),
    )
    sharing = forms.ChoiceField(label="Who may see it")
    sharing_reason = forms.CharField(
        label="Why only your organisation",
        max_length=500,
        error_messages={
            "required": "A record for your organisation only needs a reason. Enter why: "
            "it is hidden from the region and the nation, and auditors read the reason."
        },
    )
    compartments = forms.MultipleChoiceField(
        label="Compartments",
        required=False,
        widget=GovukCheckboxes,
        help_text="Readers must hold each of these besides.",
    )
    returned_in = forms.ChoiceField(label="Return that it came in", required=False)

    def __init__(self, *args: Any, by: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self.owners = {one.code: one for one in owners_for(by)}
        self.fields["owner"] = owner_field(list(self.owners.values()))
        self.order_fields(["owner"])
        self.initial.setdefault("idempotency_key", str(uuid.uuid4()))
        self.initial.setdefault("received_on", timezone.localdate())
        if self.is_bound:
            self._demand_what_was_chosen()
        self._offer_sharing()
        self._offer_compartments()
        self._offer_returns()

    def _demand_what_was_chosen(self) -> None:
        """Require of the fields that belong to a choice those whose choice was taken."""
        is_converted = bool(self["legacy_grade"].value())
        for name in _GRADE:
            self.fields[name].required = not is_converted
        is_conditional = self["handling"].value() == Handling.CONDITIONS
        self.fields["recipients"].required = is_conditional and not is_converted
        only_own = self["sharing"].value() == TagKind.ORGANISATION
        self.fields["sharing_reason"].required = only_own

    @property
    def owner(self) -> Organisation:
        """Return the owner chosen so far, else the first on offer."""
        chosen = self.owners.get(str(self["owner"].value()))
        return chosen or next(iter(self.owners.values()))

    def _offer_sharing(self) -> None:
        """Offer the audiences of the owner that the handling chosen still allows."""
        options = labels.options_for(self.owner)
        condition = self._chosen_condition()
        if condition is not None:
            options = grades.options_under(self.owner, Handling.CONDITIONS, condition)
        field: Any = self.fields["sharing"]
        field.widget = GovukRadios(
            hints={option.code: option.hint for option in options},
            reveals={str(TagKind.ORGANISATION): ["sharing_reason"]},
        )
        field.choices = [(option.code, option.text) for option in options]
        field.error_messages["invalid_choice"] = (
            "Who may see it: the handling condition does not allow this audience. "
            "Choose one of those listed, or widen the condition."
        )
        if options:
            self.initial.setdefault("sharing", options[0].code)

    def _chosen_condition(self) -> Condition | None:
        """Return the condition as far as it is chosen, or carried by a 5x5x5 grade."""
        names = ("handling", "legacy_grade", "recipients")
        given = condition_typed(*(self[name].value() for name in names))
        return stricter(grades.condition_of(self["legacy_grade"].value()), given)

    def _offer_compartments(self) -> None:
        held = labels.compartments_for(self.by)
        if not held:
            del self.fields["compartments"]
            return
        field: Any = self.fields["compartments"]
        field.choices = [(tag.pk, tag.name) for tag in held]

    def _offer_returns(self) -> None:
        rows = Return.objects.visible_to(self.by).filter(owner__in=self.owners.values())
        self.returns = {
            str(one.public_id): one
            for one in rows.order_by("-to_on")[:_RETURNS_OFFERED]
        }
        if not self.returns:
            del self.fields["returned_in"]
            return
        field: Any = self.fields["returned_in"]
        field.choices = [
            ("", "None"),
            *(
                (key, f"{date_text(one.from_on)} to {date_text(one.to_on)}")
                for key, one in self.returns.items()
            ),
        ]

    def clean_groups(self) -> list[CrimeGroup]:
        """Return the groups; absent and hidden ones are the same error."""
        return self._found(CrimeGroup, "groups")

    def clean_nominals(self) -> list[Nominal]:
        """Return the people; absent and hidden ones are the same error."""
        return self._found(Nominal, "nominals")

    def _found(self, model: Any, name: str) -> list[Any]:
        try:
            return mentions.find(model, self.cleaned_data[name], by=self.by, field=name)
        except AppError as error:
            raise forms.ValidationError(error.message) from error

    def draft(self, claims: list[ClaimDraft]) -> ReportDraft:
        """Return what was filled in; the form is valid."""
        given = self.cleaned_data
        return ReportDraft(
            **self.content(),
            owner=self.owners[given["owner"]],
            sharing=given["sharing"],
            sharing_reason=given["sharing_reason"],
            compartments=[int(pk) for pk in given.get("compartments", ())],
            groups=given["groups"],
            nominals=given["nominals"],
            claims=claims,
            returned_in=self.returns.get(given.get("returned_in", "")),
        )

    def content(self) -> dict[str, Any]:
        """Return what a draft takes from any report: what it says, and its grading."""
        given = self.cleaned_data
        event: PreciseDate = given["event"]
        return {
            **{name: given[name] for name in _AS_TYPED},
            "event_from": event.first,
            "event_to": event.last,
            "event_precision": event.precision,
            "condition": condition_typed(
                *(given[name] for name in ("handling", "legacy_grade", "recipients")),
                note=given["condition_note"],
            ),
        }

    def add_app_error(self, error: AppError) -> None:
        """Show a rule's refusal beside the field that people see for it."""
        error.field = _PLACES.get(error.field or "", error.field)
        super().add_app_error(error)

    def renew_key(self) -> None:
        """Let the next sending count as another report."""
        posted: Any = self.data
        data = posted.copy()
        data["idempotency_key"] = str(uuid.uuid4())
        self.data = data
