"""What a form would have sent, had some of its fields been left as they stand now."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict

from groups.forms.fields import RecordForm
from groups.views.conflicts import Background, Values


def with_theirs(
    data: QueryDict,
    form: RecordForm,
    formsets: Mapping[str, Any],
    background: Background,
    theirs: frozenset[str],
) -> QueryDict:
    """Return what was typed, with what stands now in the place of these fields and rows.

    A row of mine whose part was withdrawn meanwhile is a new row.
    """
    mixed = data.copy()
    for name in theirs & form.fields.keys():
        _put(mixed, form.add_prefix(name), form.fields[name], background.now.get(name))
    for prefix, formset in formsets.items():
        for number, row in enumerate(formset.forms):
            part = str(row["part"].value() or "")
            now = background.rows_now.get(prefix, {}).get(part)
            if f"{prefix}-{number}" in theirs:
                _put_row(mixed, row, now)
            elif part and now is None:
                mixed[row.add_prefix("part")] = ""
    return mixed


def _put_row(data: QueryDict, row: RecordForm, now: Values | None) -> None:
    if now is None:
        data[row.add_prefix("part")] = ""
        data[row.add_prefix("is_withdrawn")] = "on"
        return
    for name, one in row.fields.items():
        if name != "part":
            _put(data, row.add_prefix(name), one, now.get(name))


def _put(data: QueryDict, name: str, one: forms.Field, value: Any) -> None:
    """Say in ``data`` what the field would send if it held the value."""
    if isinstance(one.widget, forms.MultiWidget):
        widget: Any = one.widget
        boxes = widget.decompress(value)
        for suffix, text in zip(widget.widgets_names, boxes, strict=True):
            data[name + suffix] = text
    elif isinstance(one.widget, forms.CheckboxInput):
        data.pop(name, None)
        if value:
            data[name] = "on"
    elif isinstance(value, list | tuple):
        data.setlist(name, [str(each) for each in value])
    else:
        data[name] = "" if value is None else str(value)
