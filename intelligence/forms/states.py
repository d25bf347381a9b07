"""Forms for what happens to a report or a return later."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from accounts.visibility import Viewer
from intelligence.forms.fields import owner_field, owners_for
from ocgmap.common.date_fields import GovukDateField
from ocgmap.common.forms import GovukForm, LongTextField

_USUAL_DAYS = 14
SHOWS = [
    ("due", "Review overdue"),
    ("soon", "Review due within 90 days"),
    ("held", "On legal hold"),
    ("undated", "No day set, due by the policy"),
]


class VersionForm(GovukForm):
    """A step on one record, as it stood when the page was opened."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class ReasonForm(VersionForm):
    """A step that needs a reason."""

    reason = LongTextField(label="Reason", max_length=2000)


class PeriodForm(GovukForm):
    """A period for which an organisation owes a return."""

    from_on = GovukDateField(label="First day of the period", allow_future=True)
    to_on = GovukDateField(label="Last day of the period", allow_future=True)
    due_on = GovukDateField(label="Due on", allow_future=True)

    def __init__(self, *args: Any, by: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owners = {one.code: one for one in owners_for(by)}
        self.fields["owner"] = owner_field(list(self.owners.values()))
        self.order_fields(["owner"])
        last = timezone.localdate().replace(day=1) - timedelta(days=1)
        self.initial.setdefault("from_on", last.replace(day=1))
        self.initial.setdefault("to_on", last)
        self.initial.setdefault("due_on", last + timedelta(days=_USUAL_DAYS))


class ReviewListForm(GovukForm):
    """Which records a records manager looks at."""

    marks_optional = False
    kind = forms.ChoiceField(
        label="Kind of record",
        required=False,
        choices=[
            ("groups", "Groups"),
            ("people", "People"),
            ("identifiers", "Identifiers"),
            ("reports", "Reports"),
        ],
    )
    show = forms.ChoiceField(
        label="Show",
        required=False,
        choices=SHOWS,
    )
