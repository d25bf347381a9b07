"""Which columns of a list are shown: all, those of the address, or those chosen before.

Pure. The first column names its row and always stays.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ocgmap.common.parameters import InvalidParameter

PARAMETER = "columns"


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of one list: `codes` in their order, and those that are `shown`."""

    list_code: str
    names: Mapping[str, str]
    shown: frozenset[str]

    def of(self, cells: Sequence[Any]) -> list[Any]:
        """Return the cells of a row, or the head, that are shown."""
        return [
            cell
            for number, (code, cell) in enumerate(zip(self.names, cells, strict=True))
            if number == 0 or code in self.shown
        ]

    @property
    def options(self) -> list[dict[str, Any]]:
        """Return the columns that can be left out, for the component."""
        return [
            {"value": code, "text": text, "checked": code in self.shown}
            for code, text in list(self.names.items())[1:]
        ]


def chosen(
    list_code: str,
    names: Mapping[str, str],
    *,
    asked: str | None,
    remembered: Sequence[str],
) -> Columns:
    """Return the columns of a list; ``asked`` are codes apart by commas.

    Raises:
        InvalidParameter: an asked code is not one of the list's.
    """
    if asked is None:
        known = [code for code in remembered if code in names]
        return Columns(list_code, names, frozenset(known or names))
    codes = [code for code in asked.split(",") if code]
    unknown = [code[:40] for code in codes if code not in names]
    if unknown:
        raise InvalidParameter(
            f"columns: There is no {', '.join(unknown)}. Use: {', '.join(names)}.",
            field=PARAMETER,
        )
    return Columns(list_code, names, frozenset(codes or names))
