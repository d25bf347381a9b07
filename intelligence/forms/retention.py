"""Forms that say how long a record is kept, or that it is disposed of."""

from typing import Any

from django import forms

from intelligence.forms.sharing import DecisionForm
from intelligence.retention_policy import DISPOSAL_REASONS, GROUNDS
from ocgmap.common.date_fields import GovukDateField
from ocgmap.common.forms import GovukCheckboxes, GovukRadios


class KeepForm(DecisionForm):
    """On what grounds a record is kept, and until when."""

    field_order = ["grounds", "reason", "next_review_on", "version"]

    grounds = forms.MultipleChoiceField(
        label="Grounds for keeping it",
        choices=list(GROUNDS.items()),
        widget=GovukCheckboxes(),
        error_messages={
            "required": "Say on what ground the record is kept. If there is none, "
            "propose its disposal."
        },
    )
    next_review_on = GovukDateField(
        label="Next review on", allow_future=True, required=False
    )

    def __init__(self, *args: Any, latest: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["next_review_on"].help_text = (
            f"By {latest}, the last day that its retention class allows. Left blank, it "
            "is that day."
        )


class ProposeDisposalForm(DecisionForm):
    """Why a record is to be disposed of."""

    field_order = ["disposal_reason", "reason", "version"]

    disposal_reason = forms.ChoiceField(
        label="Why it is disposed of",
        choices=list(DISPOSAL_REASONS.items()),
        widget=GovukRadios(),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[
            "reason"
        ].help_text = "Name nobody here: the audit keeps it when the record is gone."
