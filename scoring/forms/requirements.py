"""Forms of intelligence requirements: ask, answer by a report, withdraw."""

from collections.abc import Iterable
from typing import Any

from django import forms

from accounts.models import Organisation, User
from intelligence.models import Report
from ocgmap.common.date_fields import GovukDateField
from ocgmap.common.forms import GovukForm, GovukRadios, LongTextField
from scoring.forms.decisions import LEAST_RATIONALE, named

_ORGANISATION, _PERSON = "organisation", "person"


class AskForm(GovukForm):
    """What is asked, of whom, and until when."""

    question = LongTextField(
        label="Question",
        min_length=LEAST_RATIONALE,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": "4"}),
        help_text="Whoever may see the group may read it. Do not name a source.",
    )
    asked_of = forms.ChoiceField(
        label="Who is to answer it",
        help_text="Organisations that may see this group, and your own people who may.",
    )
    due_on = GovukDateField(
        label="Answer by",
        allow_future=True,
        help_text="Within 12 months. For example 27 3 2027.",
    )

    def __init__(
        self,
        *args: Any,
        organisations: Iterable[Organisation],
        people: Iterable[User],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        bodies = {f"{_ORGANISATION}:{one.code}": one for one in organisations}
        persons = {f"{_PERSON}:{one.email}": one for one in people}
        self._askable: dict[str, Organisation | User] = {**bodies, **persons}
        field: Any = self.fields["asked_of"]
        field.choices = [
            ("", "Choose one"),
            ("Organisations", [(key, one.short_name) for key, one in bodies.items()]),
            ("People", [(key, one.name) for key, one in persons.items()]),
        ]

    @property
    def asked(self) -> Organisation | User:
        """Return who was chosen."""
        return self._askable[self.cleaned_data["asked_of"]]


class RequirementAnswerForm(GovukForm):
    """Which report answers a question, and what it says to it."""

    report = forms.ChoiceField(label="Report that answers it", widget=GovukRadios())
    text = LongTextField(
        label="What it says to the question",
        min_length=LEAST_RATIONALE,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": "4"}),
        help_text="Whoever may see the report and the group may read it.",
    )

    def __init__(self, *args: Any, reports: Iterable[Report], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offered = {str(report.public_id): report for report in reports}
        field: Any = self.fields["report"]
        field.choices = [(key, named(one)) for key, one in self._offered.items()]

    @property
    def cited(self) -> Report:
        """Return the report that was chosen."""
        return self._offered[self.cleaned_data["report"]]


class RequirementWithdrawForm(GovukForm):
    """Why a question needs no answer any more."""

    reason = LongTextField(
        label="Reason",
        min_length=LEAST_RATIONALE,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": "3"}),
        help_text="Why it needs no answer any more, or cannot be answered.",
    )
