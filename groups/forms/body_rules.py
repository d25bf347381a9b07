"""The form of a rule that a region sets: whether, from which day on, and why."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils import timezone

from groups.guards import MAY_ADD, WORDS, Demand
from ocgmap.common.date_fields import GovukDateField
from ocgmap.common.forms import GovukForm, GovukRadios, LongTextField


class BodyRuleForm(GovukForm):
    """Whether something is required, from which day on, and why that changes."""

    is_required = forms.TypedChoiceField(
        choices=[("true", "Yes"), ("false", "No")],
        coerce=lambda text: text == "true",
    )
    from_on = GovukDateField(label="From", allow_future=True)
    reason = LongTextField(label="Reason", max_length=2000)

    def __init__(
        self, *args: Any, question: str, hints: Mapping[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        asked: Any = self.fields["is_required"]
        asked.label = question
        asked.widget = GovukRadios(hints=dict(hints), choices=asked.choices)
        self.initial.setdefault("from_on", timezone.localdate())

    def said(self) -> dict[str, Any]:
        """Return what was said, as the action takes it."""
        return dict(self.cleaned_data)


def _needs(step: str, demands: Iterable[Demand]) -> list[tuple[str, str]]:
    """Return the choices of one step: its code and the demand's, and how both read."""
    return [(f"{step}:{one.value}", f"{step}: {WORDS[one].needs}") for one in demands]


class StepRuleForm(BodyRuleForm):
    """Which step needs one more thing, beside what every rule says."""

    field_order = ["what", "is_required", "from_on", "reason"]

    what = forms.ChoiceField(
        label="Which step needs what",
        choices=[
            ("", "Choose a step and what it needs"),
            *(
                (step[:1].upper() + step[1:], _needs(step, demands))
                for step, demands in MAY_ADD.items()
            ),
        ],
    )

    def said(self) -> dict[str, Any]:
        """Return the step and what it needs apart."""
        said = super().said()
        step, _, demand = said.pop("what").partition(":")
        return {**said, "step": step, "demand": demand}
