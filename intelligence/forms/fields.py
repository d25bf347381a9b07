"""Fields that only the forms of intelligence need."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone

from accounts.models import Organisation
from accounts.roles import Right
from accounts.visibility import Viewer
from intelligence.grading import Condition, Definition, Handling, Recipients
from ocgmap.common.forms import GovukRadios
from ocgmap.common.plain_text import is_readable

_BETWEEN = re.compile(r"[\s,;]+")


class ReferencesInput(forms.Textarea):
    """A box for references; found records that were ticked come under the same name."""

    def __init__(self) -> None:
        super().__init__(attrs={"rows": "2", "spellcheck": "false"})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        """Return all of it as one text, each reference once."""
        given = data.getlist(name) if isinstance(data, QueryDict) else [data.get(name)]
        return ", ".join(dict.fromkeys(part for text in given for part in _split(text)))


class ReferencesField(forms.Field):
    """References, separated by commas, spaces or lines; cleans to a list of them."""

    widget = ReferencesInput

    def clean(self, value: Any) -> list[str]:
        """Return the references in their order, in capitals, each once."""
        super().clean(value)
        if not is_readable(str(value or "")):
            raise ValidationError(self.error_messages["null_characters_not_allowed"])
        return list(dict.fromkeys(part.upper() for part in _split(value)))


def _split(text: Any) -> list[str]:
    return [part for part in _BETWEEN.split(str(text or "")) if part]


def owners_for(viewer: Viewer) -> list[Organisation]:
    """Return the organisations that ``viewer`` may record for, the own one first."""
    if viewer.has(Right.MODERATE):
        today = timezone.localdate()
        found = Organisation.objects.placed_in(viewer.organisation_id, today)
    else:
        found = Organisation.objects.filter(pk=viewer.organisation_id)
    return sorted(found, key=lambda one: (one.pk != viewer.organisation_id, one.name))


def owner_field(owners: list[Organisation]) -> forms.ChoiceField:
    """Return a choice of these; hidden when there is nothing to choose."""
    return forms.ChoiceField(
        label="Owner",
        choices=[(one.code, one.name) for one in owners],
        initial=owners[0].code,
        widget=forms.Select if len(owners) > 1 else forms.HiddenInput,
        help_text="The organisation that answers for the record.",
    )


def condition_typed(
    handling: Any, legacy_grade: Any, recipients: Any, *, note: str = ""
) -> Condition | None:
    """Return the condition of handling C as typed; None where none was chosen.

    Beside a 5x5x5 grade the handling may be left open; with P nothing counts.
    """
    counts = handling == Handling.CONDITIONS or (legacy_grade and not handling)
    if not counts or recipients not in set(Recipients):
        return None
    return Condition(Recipients(recipients), note.strip())


def defined_radios(
    definitions: Iterable[Definition], **reveals: list[str]
) -> dict[str, Any]:
    """Return choices and radios that show each definition in full.

    ``reveals`` maps a code to the fields that belong to it.
    """
    known = list(definitions)
    return {
        "choices": [(one.code, _named(one)) for one in known],
        "widget": GovukRadios(
            hints={one.code: one.meaning for one in known}, reveals=reveals
        ),
    }


def _named(one: Definition) -> str:
    """Return a grade as its code and label; a code that is a word is left out."""
    return f"{one.code}: {one.label}" if len(one.code) == 1 else one.label
