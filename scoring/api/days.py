"""Days among the parameters of a query."""

import contextlib
import datetime
import re
from collections.abc import Iterator, Mapping

from ocgmap.common.parameters import InvalidParameter
from scoring.exceptions import UnknownFilter

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def day_of(asked: Mapping[str, str], name: str) -> datetime.date | None:
    """Return the day that a query parameter gives; None where it is left out.

    Raises:
        InvalidParameter: it is no day.
    """
    text = asked.get(name)
    if text is None:
        return None
    # Python also reads the other forms of ISO 8601, which people misread.
    if _DAY.fullmatch(text):
        with contextlib.suppress(ValueError):
            return datetime.date.fromisoformat(text)
    raise InvalidParameter(
        f"{name}: Give a day as year-month-day, such as 2026-01-31.", field=name
    )


@contextlib.contextmanager
def naming_days() -> Iterator[None]:
    """Let a refusal in the block name the parameter, where pages say `at`.

    Raises:
        InvalidParameter: instead of an `UnknownFilter`.
    """
    try:
        yield
    except UnknownFilter as error:
        name = "as_at" if error.field == "at" else error.field
        raise InvalidParameter(f"{name}: {error.message}", field=name) from error
