"""The answers of an entry in words, for the page on which they are checked."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db import models

from intelligence.actions.recordings import Thing
from intelligence.forms.entry import EntryForms
from intelligence.views.entry_parts import ROW_WORDS, Section
from ocgmap.common.date_fields import PreciseDate, date_text
from ocgmap.common.forms import OptionHints
from ocgmap.common.templatetags.govuk import uk_date

Cell = dict[str, Any]
_NOT_SHOWN = {"pasted", "take"}


def answers(section: Section, entry: EntryForms) -> list[Cell]:
    """Return the rows of a summary card: what was said in this part; all is valid."""
    of_report = set(section.of_report)
    names = [*section.fields, *section.report, *section.more]
    found = [
        row
        for name in names
        for row in _said(entry.report if name in of_report else entry.main, name)
    ]
    for prefix in section.rows:
        legend = ROW_WORDS[prefix].legend
        for number, row in enumerate(entry.filled(prefix), start=1):
            found.append({"key": f"{legend} {number}", "value": {"lines": _lines(row)}})
    return found


def _said(form: Any, name: str) -> Iterable[Cell]:
    """Yield the answer to a question and to those that its choice reveals."""
    if form is None or name not in form.fields:
        return
    text = words(form.fields[name], form.cleaned_data.get(name))
    if text:
        lines = text.split("\n")
        value: Cell = {"lines": lines} if len(lines) > 1 else {"text": text}
        yield {"key": str(form.fields[name].label), "value": value}
    widget = form.fields[name].widget
    if isinstance(widget, OptionHints):
        for revealed in widget.reveals.get(str(form.cleaned_data.get(name)), ()):
            yield from _said(form, revealed)


def _lines(row: Any) -> list[str]:
    """Return what was said in a row, a line for each question."""
    found = []
    for name, field in row.fields.items():
        text = "" if name in _NOT_SHOWN else words(field, row.cleaned_data.get(name))
        if text:
            found.append(f"{field.label}: {text}")
    return found


def words(field: forms.Field, value: Any) -> str:
    """Return a cleaned value as people read it; empty where nothing was said."""
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, PreciseDate):
        return uk_date(value) if value.first else ""
    if hasattr(value, "isoformat"):
        return date_text(value)
    if isinstance(value, Thing):
        return value.value
    if isinstance(value, models.Model):
        return _record(value)
    chosen = value if isinstance(value, list | tuple) else [value]
    if isinstance(field, forms.ChoiceField):
        options: Any = field.choices
        texts = {str(key): str(text) for key, text in options}
        return ", ".join(texts.get(str(one), str(one)) for one in chosen)
    return "\n".join(str(one) for one in chosen)


def _record(record: Any) -> str:
    """Return a record with its reference, or an entry of a code list by its name."""
    name = getattr(record, "display_name", "") or getattr(record, "name", str(record))
    reference = getattr(record, "reference", "")
    return f"{name} ({reference})" if reference else str(name)
