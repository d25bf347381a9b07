"""What every list page shares: filters in the address, chips that drop one, pages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict

from accounts.models import User
from ocgmap.common.columns import PARAMETER, Columns, chosen
from ocgmap.common.filters import CodesField, IdsField, StrictFilterSet
from ocgmap.common.forms import GovukCheckboxes
from ocgmap.common.keyset import Order, Page, page_of

PAGE_SIZE = 25
_ALWAYS_HIDDEN = ("region", "updated_since", "saved_search")
# Chosen from a list of all organisations.
_ORGANISATIONS = ("owner", "asked_of", "asked_region")


class SelectOne(forms.Select):
    """A list to choose one of, for a parameter that may also be given several times."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        """Return all values given."""
        given = data.getlist(name) if isinstance(data, QueryDict) else [data.get(name)]
        return [value for value in given if value]


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of a list as a template shows it; `rows` are all that are kept."""

    rows: QuerySet[Any]
    page: Page[Any]
    form: forms.Form
    chosen: list[dict[str, str]]
    clear_url: str
    next_url: str
    previous_url: str
    is_right: bool

    @property
    def status(self) -> int:
        """Return the status of the page: 400 while a filter is wrong."""
        return 200 if self.is_right else 400


def listed(
    request: HttpRequest,
    kind: type[StrictFilterSet],
    rows: QuerySet[Any],
    order: Order,
    *,
    hidden: Iterable[str] = (),
    also: Iterable[str] = (),
) -> Listed:
    """Return the rows that the address asks for; none while a filter is wrong.

    Filters named in ``hidden`` are kept in the form without being shown; ``also`` are
    parameters that are no filters.

    Raises:
        UnknownParameter: the address has a parameter that this list does not know.
        BadCursor: the cursor is not one of this list.
    """
    kind.check_names(request.GET, {"cursor", *also})
    narrowed = kind(data=request.GET, queryset=rows, request=request)
    form = _for_a_page(narrowed.form, {*_ALWAYS_HIDDEN, *hidden})
    is_right = narrowed.is_valid()
    kept = narrowed.qs if is_right else rows.none()
    page = page_of(
        kept,
        order,
        size=PAGE_SIZE,
        cursor=request.GET.get("cursor", ""),
    )
    return Listed(
        rows=kept,
        page=page,
        form=form,
        chosen=_chosen(request, form),
        clear_url=request.path,
        next_url=_url(request, page.next),
        previous_url=_url(request, page.previous),
        is_right=is_right,
    )


def columns_of(request: HttpRequest, code: str, names: Mapping[str, str]) -> Columns:
    """Return the columns that the address asks for, else those the account chose.

    Raises:
        InvalidParameter: the address names one that the list does not have.
    """
    user = request.user
    remembered = user.list_columns.get(code, []) if isinstance(user, User) else []
    asked = request.GET.get(PARAMETER)
    return chosen(code, names, asked=asked, remembered=remembered)


def _for_a_page(form: forms.Form, hidden: set[str]) -> forms.Form:
    """Give the filters the inputs of a page, before any is read; the API has names."""
    for name, field in form.fields.items():
        field.help_text = ""
        if name in hidden:
            takes_several = isinstance(field, CodesField | IdsField)
            field.widget = (
                forms.MultipleHiddenInput() if takes_several else forms.HiddenInput()
            )
        elif isinstance(field, forms.MultipleChoiceField):
            field.widget = GovukCheckboxes(
                attrs={"class": "govuk-checkboxes--small"}, choices=field.choices
            )
        elif name in _ORGANISATIONS:
            listed_in: Any = field
            names = listed_in.queryset.values_list("code", "short_name")
            field.widget = SelectOne(choices=[("", "Any"), *names])
        elif isinstance(field, forms.DateField):
            field.help_text = "For example, 27/3/2025."
    return form


def _chosen(request: HttpRequest, form: forms.Form) -> list[dict[str, str]]:
    """Return one chip for each filter in use, with the address that drops it."""
    found = []
    for name, values in request.GET.lists():
        if name not in form.fields or name == "cursor":
            continue
        bound = form[name]
        shown = {str(key): str(text) for key, text in _choices(bound.field)}
        for value in filter(None, values):
            rest = request.GET.copy()
            rest.pop("cursor", None)
            rest.setlist(name, [one for one in rest.getlist(name) if one != value])
            if not rest.getlist(name):
                rest.pop(name, None)
            is_id = bound.field.widget.is_hidden
            text = (
                str(bound.label)
                if is_id
                else f"{bound.label}: {shown.get(value, value)}"
            )
            found.append({"text": text, "url": _address(request, rest)})
    return found


def _choices(field: forms.Field) -> Iterable[tuple[Any, Any]]:
    widget = field.widget
    return widget.choices if isinstance(widget, forms.Select | GovukCheckboxes) else ()


def _address(request: HttpRequest, query: QueryDict) -> str:
    text = query.urlencode()
    return f"{request.path}?{text}" if text else request.path


def _url(request: HttpRequest, cursor: str) -> str:
    if not cursor:
        return ""
    query = request.GET.copy()
    query["cursor"] = cursor
    return _address(request, query)
