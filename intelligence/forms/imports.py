"""The form with which a return's file is sent."""

from typing import Any

from django import forms

from accounts.models import Organisation
from accounts.visibility import Viewer
from intelligence.forms.states import PeriodForm
from intelligence.models import Return
from intelligence.return_files import MOST_BYTES, MOST_ROWS
from intelligence.return_files.limits import MEBIBYTE
from ocgmap.common.date_fields import date_text
from ocgmap.common.forms import GovukRadios

NEW_PERIOD = "new"
WHOLE = "whole"
_PERIOD = ("from_on", "to_on", "due_on")
_OFFERED = 12


class ImportForm(PeriodForm):
    """A file, and the return that it is: one of the register, or a new period."""

    returned_in = forms.ChoiceField(
        label="Return", help_text="The period that the file is for."
    )
    file = forms.FileField(
        label="File",
        help_text=f"CSV or Excel (.xlsx), by the template; at most {MOST_ROWS:,} rows "
        f"and {MOST_BYTES // MEBIBYTE} MB.",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )
    # Stands behind the file in the page, so it comes last: a file that was cut off on
    # its way comes without it.
    complete = forms.CharField(
        widget=forms.HiddenInput, required=False, initial=WHOLE, strip=False
    )

    def __init__(
        self, *args: Any, by: Viewer, too_large: int = 0, **kwargs: Any
    ) -> None:
        super().__init__(*args, by=by, **kwargs)
        self.too_large = too_large
        self.owner = Organisation.objects.get(pk=by.organisation_id)
        del self.fields["owner"]  # one's own organisation, always
        rows = Return.objects.visible_to(by).filter(owner=self.owner, is_nil=False)
        self.returns = {
            str(one.public_id): one for one in rows.order_by("-to_on")[:_OFFERED]
        }
        choice: Any = self.fields["returned_in"]
        choice.widget = GovukRadios(reveals={NEW_PERIOD: _PERIOD})
        choice.choices = [
            *((key, _named(one)) for key, one in self.returns.items()),
            (NEW_PERIOD, "A period that is not in the register"),
        ]
        is_new = self["returned_in"].value() == NEW_PERIOD
        for name in _PERIOD:
            self.fields[name].required = is_new

    def clean(self) -> dict[str, Any]:
        """Refuse a file that was cut off or is too large, in words about the file."""
        cleaned = super().clean() or self.cleaned_data
        if self.too_large:
            self._refuse_file(
                f"The file has {self.too_large / MEBIBYTE:,.1f} MB; at most "
                f"{MOST_BYTES // MEBIBYTE} MB are taken. Split it into several files."
            )
        elif cleaned.get("file") and cleaned.get("complete") != WHOLE:
            self._refuse_file(
                "The file did not arrive whole. Nothing of it was kept. Send it again."
            )
        return cleaned

    def _refuse_file(self, text: str) -> None:
        self.errors.pop("file", None)
        self.add_error("file", text)

    @property
    def chosen(self) -> Return | None:
        """Return the return chosen from the register; None for a new period."""
        return self.returns.get(self.cleaned_data["returned_in"])

    @property
    def period(self) -> dict[str, Any]:
        """Return the days of the new period."""
        return {name: self.cleaned_data[name] for name in _PERIOD}

    def sent(self) -> tuple[str, bytes]:
        """Return the name and the content of the file that was sent."""
        file: Any = self.cleaned_data["file"]
        return str(file.name or ""), file.read()


def _named(one: Return) -> str:
    period = f"{date_text(one.from_on)} to {date_text(one.to_on)}"
    if one.received_at is None:
        return f"{period}, due {date_text(one.due_on)}"
    return f"{period}, received before: the file is added to it"
