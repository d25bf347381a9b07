"""How imports and their problems are put into tables and summaries."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from intelligence.models import ImportJob
from intelligence.models.imports import ImportState
from intelligence.return_files import Problem
from intelligence.views.cells import Cell
from ocgmap.common.date_fields import date_text

_COLOURS: Mapping[str, str] = {
    ImportState.READING: "yellow",
    ImportState.CHECKING: "yellow",
    ImportState.CHECKED: "blue",
    ImportState.WRITING: "yellow",
    ImportState.DONE: "green",
    ImportState.REFUSED: "red",
    ImportState.STOPPED: "orange",
    ImportState.DISCARDED: "grey",
}
JOB_HEAD: list[Cell] = [
    {"text": "File"},
    {"text": "Period"},
    {"text": "Sent"},
    {"text": "By"},
    {"text": "Rows", "numeric": True},
    {"text": "State"},
]
PROBLEM_HEAD: list[Cell] = [
    {"text": "Row", "numeric": True},
    {"text": "Column"},
    {"text": "Value"},
    {"text": "What is wrong"},
    {"text": "What to do"},
]


def state_tag(job: ImportJob) -> dict[str, str]:
    """Return how far the import is as a tag."""
    return {"text": job.get_state_display(), "colour": _COLOURS[job.state]}


def period_of(job: ImportJob) -> str:
    """Return the period of the return that the file is."""
    ret = job.returned_in
    return f"{date_text(ret.from_on)} to {date_text(ret.to_on)}"


def job_row(job: ImportJob) -> list[Cell]:
    """Return one import as a row of the list."""
    return [
        {"text": job.name, "url": reverse("intelligence:import", args=[job.public_id])},
        {"text": period_of(job)},
        {"time": job.created_at},
        {"text": job.runs_as.name},
        {"text": f"{job.rows:,}", "numeric": True},
        {"tag": state_tag(job)},
    ]


def problem_row(one: Problem) -> list[Cell]:
    """Return one problem as a row of a table."""
    return [
        {"text": f"{one.row:,}", "numeric": True},
        {"text": one.column or "The whole row"},
        {"text": one.value},
        {"text": one.rule},
        {"text": one.cure},
    ]


def summary_of(job: ImportJob) -> list[dict[str, Any]]:
    """Return what an import is and how it stands, as the rows of a summary."""
    rows: list[tuple[str, Cell]] = [
        ("State", {"tag": state_tag(job)}),
        ("Return", {"text": f"{job.owner.short_name}, {period_of(job)}"}),
        ("Sent", {"time": job.created_at}),
        ("Runs as", {"text": job.runs_as.name}),
    ]
    if job.rows:
        rows.append(("Rows in the file", {"text": f"{job.rows:,}"}))
        rows += [
            (text, {"text": f"{count:,}"})
            for text, count in (
                (_ACCEPTED.get(job.state, "Would be imported"), job.accepted),
                ("Duplicates, left out", job.duplicates),
                ("Refused", job.refused),
            )
        ]
    return [{"key": key, "value": value} for key, value in rows]


_ACCEPTED: Mapping[str, str] = {
    ImportState.WRITING: "Imported so far",
    ImportState.DONE: "Imported",
}
