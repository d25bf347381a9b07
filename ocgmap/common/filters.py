"""Filters shared by pages and API: strict about names, and OR within one parameter."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, TypeVar

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import QueryDict
from django_filters.fields import IsoDateTimeField
from rest_framework import exceptions
from rest_framework.filters import BaseFilterBackend
from rest_framework.request import Request
from rest_framework.views import APIView

from ocgmap.common.moments import in_utc
from ocgmap.common.pagination import PARAMETERS
from ocgmap.common.parameters import InvalidParameter, check_parameters

M = TypeVar("M", bound=Model)
R = TypeVar("R")

# The first is the API's; the second is what a date picker on a page sends.
DATE_FORMATS = ("%Y-%m-%d", "%d/%m/%Y")


class AnyOfFilter(django_filters.MultipleChoiceFilter):  # type: ignore[misc]
    """Keep the rows whose column holds any of the values given."""

    def filter(self, qs: QuerySet[M], value: Sequence[str]) -> QuerySet[M]:
        """Return the rows with one of ``value``, or all where none was given."""
        return qs.filter(**{f"{self.field_name}__in": list(value)}) if value else qs


class CodesField(forms.Field):
    """Codes of a reference table, each of which must exist; cleans to their rows' ids.

    With `none`, that word stands for rows that point at nothing, and cleans to None.
    """

    widget = forms.SelectMultiple
    hidden_widget = forms.MultipleHiddenInput

    def __init__(
        self, *args: Any, queryset: QuerySet[Any], none: str = "", **kwargs: Any
    ) -> None:
        self.queryset = queryset
        self.none = none
        super().__init__(*args, **kwargs)

    def clean(self, value: Any) -> list[int | None]:
        """Return the ids of the rows with these codes.

        Raises:
            ValidationError: a code is not in the table.
        """
        codes = {str(code) for code in value or () if code}
        if not codes:
            return []
        if any("\0" in code for code in codes):
            raise ValidationError("This is not a code.")
        rows = self.queryset.filter(code__in=codes).values_list("code", "pk")
        found: dict[str, int | None] = dict(rows)
        if self.none and self.none in codes:
            found[self.none] = None
        unknown = sorted(codes - set(found))
        if unknown:
            listed = ", ".join(unknown)[:80]
            raise ValidationError(f"There is no {listed} in this code list.")
        return list(found.values())


class CodesFilter(django_filters.Filter):  # type: ignore[misc]
    """Keep the rows that point at any of the reference rows whose codes are given.

    `listed_at` is the address of the API that lists the codes.
    """

    field_class = CodesField
    listed_at = "/api/v1/codes/"

    def filter(self, qs: QuerySet[M], value: Sequence[int]) -> QuerySet[M]:
        """Return the rows that point at one of ``value``, or all where none was given."""
        return qs.filter(**{f"{self.field_name}__in": list(value)}) if value else qs


class IdsField(forms.Field):
    """Public ids: of the right shape, existing or not; cleans to a list of text."""

    widget = forms.SelectMultiple

    def clean(self, value: Any) -> list[str]:
        """Return the ids, each of them a UUID."""
        parse = forms.UUIDField().clean
        try:
            return [str(parse(one)) for one in value or () if one]
        except ValidationError as error:
            raise ValidationError("Give the id of a record: a UUID.") from error


class IdsFilter(django_filters.Filter):  # type: ignore[misc]
    """Keep the rows of any of the records whose public ids are given.

    An id that is absent or hidden matches nothing, so both answer the same.
    """

    field_class = IdsField

    def filter(self, qs: QuerySet[M], value: Sequence[str]) -> QuerySet[M]:
        """Return the rows that match, or all where none was given."""
        return qs.filter(**{f"{self.field_name}__in": list(value)}) if value else qs


class DayFilter(django_filters.DateFilter):  # type: ignore[misc]
    """Keep the rows by a day, written 2026-01-31 (or 31/01/2026 in a form)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("input_formats", DATE_FORMATS)
        super().__init__(*args, **kwargs)


class MomentField(IsoDateTimeField):  # type: ignore[misc]
    """A moment in ISO 8601; cleans to UTC."""

    def clean(self, value: Any) -> Any:
        """Return the moment, or None where none was given."""
        moment = super().clean(value)
        if moment is None:
            return None
        found = in_utc(moment)
        if found is None:
            raise ValidationError("Give a moment within the years 1 to 9999, in UTC.")
        return found


class MomentFilter(django_filters.IsoDateTimeFilter):  # type: ignore[misc]
    """Keep the rows by a moment in ISO 8601; without an offset it is London time."""

    field_class = MomentField


class TruthFilter(django_filters.Filter):  # type: ignore[misc]
    """Keep the rows by true or false, written so."""

    field_class = forms.TypedChoiceField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("choices", [("true", "Yes"), ("false", "No")])
        kwargs.setdefault("coerce", lambda text: text == "true")
        kwargs.setdefault("empty_value", None)
        super().__init__(*args, **kwargs)


class TermFilter(django_filters.UUIDFilter):  # type: ignore[misc]
    """Keep the rows that an earlier search finds, given by its opaque id."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label", "Search")
        kwargs.setdefault("help_text", "Id of a search that was sent by POST.")
        super().__init__(*args, **kwargs)


class SavedFilter(django_filters.UUIDFilter):  # type: ignore[misc]
    """Keep the rows that a saved search finds, given by its id."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label", "Saved search")
        kwargs.setdefault("help_text", "Id of a saved search of this list.")
        super().__init__(*args, **kwargs)


_REPEATABLE = (AnyOfFilter, CodesFilter, IdsFilter)


class StrictFilterSet(django_filters.FilterSet):  # type: ignore[misc]
    """A filter set that knows every parameter of its address.

    `also` names the parameters that the address takes beside the filters, such as the
    cursor of a page.
    """

    also: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    def repeatable(cls) -> set[str]:
        """Return the names of the filters that take several values."""
        return {
            name
            for name, one in cls.base_filters.items()
            if isinstance(one, _REPEATABLE)
        }

    @classmethod
    def check_names(cls, data: QueryDict, also: Iterable[str] = ()) -> None:
        """Raise unless every parameter is a filter, in `also`, or in ``also``.

        Raises:
            UnknownParameter: one is none of these; the valid ones are named.
            InvalidParameter: one that takes a single value came twice.
        """
        known = {*cls.base_filters, *cls.also, *also}
        check_parameters(data, known, repeatable=cls.repeatable())


def refusals_of(chosen: StrictFilterSet) -> dict[str, list[str]]:
    """Return what is wrong with each query parameter, worded for a program's author."""
    return {
        name: [_refusal(name, chosen, [str(one) for one in errors])]
        for name, errors in chosen.errors.items()
    }


def _refusal(name: str, chosen: StrictFilterSet, errors: list[str]) -> str:
    """Name the parameter, and what it takes or where that is listed."""
    one, given = chosen.filters[name], chosen.data.getlist(name)
    options = _options_of(one)
    if options:
        unknown = [value[:40] for value in given if value not in options]
        said = f"{', '.join(unknown)} is not one of: {', '.join(options)}."
    elif isinstance(one, CodesFilter):
        said = f"{errors[0]} {one.listed_at} lists the codes."
    elif isinstance(one, MomentFilter):
        said = "Give a moment in ISO 8601, such as 2026-01-31T09:30:00Z."
    elif isinstance(one, DayFilter):
        said = "Give a day as year-month-day, such as 2026-01-31."
    else:
        said = " ".join(errors)
    return f"{name}: {said}"


def _options_of(one: Any) -> list[str]:
    """Return the values that a filter takes, if they are few and known."""
    choices = one.extra.get("choices") or ()
    listed = choices.choices if hasattr(choices, "choices") else choices
    return [str(value) for value, _ in listed]


class NoFilters(StrictFilterSet):
    """For lists that cannot be narrowed."""


class StrictFilterBackend(BaseFilterBackend):
    """Narrow a list by its view's `filterset_class`; refuse what it does not know."""

    def filter_queryset(
        self, request: Request, queryset: QuerySet[M, R], view: APIView
    ) -> QuerySet[M, R]:
        """Return the rows that match every parameter.

        Raises:
            UnknownParameter: a parameter is not known here.
            InvalidParameter: a parameter is empty, or came twice and takes one value.
            ValidationError: a value cannot be meant.
        """
        if getattr(view, "detail", False):
            known = getattr(view, "detail_parameters", ())
            check_parameters(request.query_params, known)
            return queryset
        kind = filterset_of(view)
        kind.check_names(request.query_params, PARAMETERS)
        for name, values in request.query_params.lists():
            if "" in values:
                raise InvalidParameter(
                    f"{name}: This parameter is empty. Give a value or leave it out.",
                    field=name,
                )
        chosen = kind(
            data=request.query_params,
            queryset=queryset,
            request=request._request,  # noqa: SLF001
        )
        if not chosen.is_valid():
            raise exceptions.ValidationError(refusals_of(chosen))
        narrowed: QuerySet[M, R] = chosen.qs
        return narrowed

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """Return the query parameters that narrow the list."""
        return [
            _described(name, one)
            for name, one in sorted(filterset_of(view).base_filters.items())
        ]


def filterset_of(view: Any) -> type[StrictFilterSet]:
    """Return the view's filter set, or the one that takes no parameter."""
    kind: type[StrictFilterSet] = getattr(view, "filterset_class", None) or NoFilters
    return kind


_TYPES: tuple[tuple[type[Any], Mapping[str, str]], ...] = (
    (django_filters.IsoDateTimeFilter, {"type": "string", "format": "date-time"}),
    (django_filters.DateFilter, {"type": "string", "format": "date"}),
    (TruthFilter, {"type": "boolean"}),
    (IdsFilter, {"type": "string", "format": "uuid"}),
    (django_filters.UUIDFilter, {"type": "string", "format": "uuid"}),
)


def _described(name: str, one: Any) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    for kind, shape in _TYPES:
        if isinstance(one, kind):
            schema = dict(shape)
            break
    options = _options_of(one)
    if options and not isinstance(one, TruthFilter):
        schema["enum"] = options
    if isinstance(one, _REPEATABLE):
        schema = {"type": "array", "items": schema}
    return {
        "name": name,
        "in": "query",
        "required": False,
        "schema": schema,
        "description": str(one.extra.get("help_text", "")),
    }
