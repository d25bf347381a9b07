"""What others have published, for orientation beside our own figures."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ocgmap.common.reference.records import Confidence
from ocgmap.common.reference.rows import Row, read_records

FILE = Path(__file__).resolve().parents[1] / "reference" / "published_figures.csv"
_COLUMNS = ["period", "area", "measure", "printed", "source", "confidence"]
_PUBLISHED = (Confidence.EXACT, Confidence.PARTLY)


@dataclass(frozen=True, slots=True)
class PublishedFigure:
    """One figure as its source words it; never a number to reckon with."""

    period: str
    area: str
    measure: str
    printed: str
    source: str
    confidence: Confidence


@cache
def published_figures() -> tuple[PublishedFigure, ...]:
    """Return the published figures, in the order of the file.

    Raises:
        ReferenceDataError: a cell is wrong, or a figure is not tagged as published.
    """
    return read_records(FILE, _COLUMNS, _figure)


def _figure(row: Row) -> PublishedFigure:
    confidence = row.choice("confidence", Confidence)
    if confidence not in _PUBLISHED:
        raise row.error("confidence", "only what was published may be in this file")
    return PublishedFigure(
        period=row.text("period"),
        area=row.text("area"),
        measure=row.text("measure"),
        printed=row.text("printed"),
        source=row.text("source"),
        confidence=confidence,
    )
