"""The button "Add another" for a browser without scripts: the server adds the row.

A view that finds ``add_row`` in what was posted binds its forms to
``with_extra_row(request.POST)``, passes them through `unjudged` and shows the page
again: one row more, all typed text kept, and no error yet.
"""

from typing import Any

from django import forms
from django.forms.utils import ErrorDict, ErrorList
from django.http import QueryDict

BUTTON = "add_row"
MOST_DIGITS = 4


def with_extra_row(data: QueryDict) -> QueryDict:
    """Return posted data with room for one more row of the list whose button it was."""
    copy = data.copy()
    key = f"{data.get(BUTTON, '')}-TOTAL_FORMS"
    total = str(copy.get(key, "0"))
    # A number that no form of ours has is left as it is: the formset refuses it.
    if total.isdecimal() and len(total) <= MOST_DIGITS:
        copy[key] = str(int(total) + 1)
    elif not total.isdecimal():
        copy[key] = "1"
    return copy


def unjudged(*sources: Any) -> None:
    """Let bound forms and formsets show what was typed without any error.

    An error of the whole form may be added afterwards.
    """
    for source in sources:
        if isinstance(source, forms.BaseFormSet):
            unjudged(*source.forms)
            _set(source, _errors=[form.errors for form in source.forms])
            _set(source, _non_form_errors=ErrorList())
        else:
            _set(source, _errors=ErrorDict(renderer=source.renderer), cleaned_data={})


def _set(source: Any, **values: Any) -> None:
    """Put in place what Django would work out on first use: it has no public way."""
    for name, value in values.items():
        setattr(source, name, value)
