"""A network as it is handed in, and what an import made of it."""

from dataclasses import dataclass, field
from datetime import date

from accounts.models import Organisation
from groups.models import CrimeGroup
from groups.network_files import NetworkFiles
from intelligence.models import Report, Return
from ocgmap.common.errors import AppError


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkDraft:
    """A network to take in: whose it is, what it is called, graded, shared and dated.

    `grade` is source and assessment as in “1A”. With a `period` the import is a return
    of the owner. With a `group`, people are found again in it by their designation.
    `dpa_category` is what the files' people are held as.
    """

    files: NetworkFiles
    owner: Organisation
    name: str
    grade: str
    sharing: str
    handling: str = "P"
    sharing_reason: str = ""
    source: str = ""
    period: tuple[date, date] | None = None
    group: CrimeGroup | None = None
    dpa_category: str
    link_kind: str = "associate"
    file_digest: str = ""
    rows_refused: int = 0


@dataclass(slots=True)
class Taken:
    """What an import wrote and what it found there already."""

    group: CrimeGroup
    report: Report
    entry: Return | None = None
    people_new: int = 0
    people_known: int = 0
    links_new: int = 0
    links_known: int = 0
    refused: list[AppError] = field(default_factory=list)


def designation_of(name: str) -> str:
    """Return what a person of a network is called: a bare number becomes an actor."""
    return f"Actor {name}" if name.replace(".", "").isdecimal() else name
