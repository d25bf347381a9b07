"""The form by which an auditor asks."""

from typing import Any

from django import forms

from accounts.audit_pages.asking import Asked, officers_of, records_of
from accounts.audit_pages.words import PARTS
from accounts.models import Organisation
from accounts.models.audit_event import AuditKind
from ocgmap.common.date_fields import GovukDateField
from ocgmap.common.forms import GovukForm


class AuditForm(GovukForm):
    """Which events of the audit? Nothing filled in asks for all of them."""

    marks_optional = False
    record = forms.CharField(
        label="Record",
        required=False,
        max_length=80,
        help_text="A reference, or the id in the record’s address.",
    )
    officer = forms.CharField(
        label="Officer",
        required=False,
        max_length=120,
        help_text="An email address, a collar number or part of a name.",
    )
    organisation = forms.ChoiceField(label="Organisation", required=False)
    kind = forms.ChoiceField(
        label="What was done",
        required=False,
        choices=[("", "Anything"), *AuditKind.choices],
    )
    part = forms.ChoiceField(
        label="Where",
        required=False,
        choices=[
            ("", "Anywhere"),
            *((code, words) for code, (words, _) in PARTS.items()),
        ],
    )
    first = GovukDateField(label="From", required=False)
    last = GovukDateField(label="To", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = Organisation.objects.order_by("name").values_list("code", "name")
        self.fields["organisation"].choices = [  # type: ignore[attr-defined]
            ("", "Any organisation"),
            *known,
        ]

    @classmethod
    def of(cls, wanted: Asked) -> "AuditForm":
        """Return the form filled in with what is asked for."""
        names = ("record", "officer", "organisation", "kind", "part", "first", "last")
        return cls(initial={name: getattr(wanted, name) for name in names})

    def clean_record(self) -> str:
        """Refuse what no record is known by."""
        text: str = self.cleaned_data["record"]
        if text and not records_of(text):
            raise forms.ValidationError(
                "Record must be one that exists. Enter its reference, or the id in its "
                "address."
            )
        return text

    def clean_officer(self) -> str:
        """Refuse what no account is known by."""
        text: str = self.cleaned_data["officer"]
        if text and not officers_of(text).exists():
            raise forms.ValidationError(
                "Officer must be one who has an account. Enter an email address, a "
                "collar number or part of a name."
            )
        return text

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = values.get("first"), values.get("last")
        if first and last and last < first:
            self.add_error(
                "last", "To must not be before From. Enter a later day, or none."
            )
        return values
