"""Files of invented versions of the primary scheme: for tests alone."""

import datetime
from collections.abc import Mapping
from pathlib import Path

from scoring.engine import PRIMARY, SchemeRow, rows_of
from scoring.engine.scheme_file import as_csv
from scoring.engine.scheme_rows import RowKind

SOURCE = "Invented for a test"


def version_rows(
    version: str = "2",
    *,
    weights: Mapping[str, int] | None = None,
    months: str = "24",
    from_on: datetime.date = datetime.date(2027, 4, 1),
) -> list[SchemeRow]:
    """Return the rows of the published version, but for what is named here."""
    said = {
        "version": version,
        "window_months": months,
        "effective_on": from_on.isoformat(),
    }
    rows = []
    for row in rows_of(PRIMARY, SOURCE, "local configuration"):
        value = said.get(row.name, row.value)
        if row.kind == RowKind.WEIGHT:
            value = str((weights or {}).get(row.name, 1))
        rows.append(row._replace(value=value))
    return rows


def version_file(folder: Path, rows: list[SchemeRow]) -> str:
    """Write the rows to a file of ``folder``; return its name."""
    path = folder / "version.csv"
    path.write_text(as_csv(rows), encoding="utf-8")
    return str(path)
