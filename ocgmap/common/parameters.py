"""Query parameters are never ignored: one that cannot be meant is refused, by name."""

from collections.abc import Iterable

from django.http import QueryDict

from ocgmap.common.errors import AppError


class InvalidParameter(AppError):
    """A query parameter has a value that cannot be meant."""

    code = "invalid_parameter"


class UnknownParameter(AppError):
    """A query parameter that this address does not know."""

    code = "unknown_parameter"


def check_parameters(
    data: QueryDict, known: Iterable[str], *, repeatable: Iterable[str] = ()
) -> None:
    """Raise unless each parameter is known, and given once where once is meant.

    Raises:
        UnknownParameter: a name is not known; the valid ones are named.
        InvalidParameter: a parameter that takes one value came twice.
    """
    names = sorted(set(known))
    for name in data:
        if name not in names:
            raise UnknownParameter(_unknown(name, names), field=name, parameters=names)
    repeats = set(repeatable)
    for name, values in data.lists():
        if len(values) > 1 and name not in repeats:
            raise InvalidParameter(f"{name}: Give this parameter once.", field=name)


def _unknown(name: str, names: list[str]) -> str:
    said = name[:60]
    if not names:
        return f"{said}: This address takes no query parameters."
    return f"{said}: There is no such query parameter. Use: {', '.join(names)}."
