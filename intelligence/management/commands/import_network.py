"""Take a published network in as a group, through the same actions as the browser."""

import hashlib
import json
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from tqdm import tqdm

from accounts.models.access_class import TagKind
from accounts.visibility import Viewer
from groups.models import CrimeGroup
from groups.models.nominal import PersonLink
from groups.models.participation import DpaCategory
from groups.network_files import NetworkFiles, read_network
from intelligence.actions import networks
from intelligence.actions.network_drafts import NetworkDraft, Taken, designation_of
from intelligence.management.acting import acting
from ocgmap.common.errors import AppError
from ocgmap.common.queues import hint

_ROUTE = "command import_network"
_LABELS = [kind.value for kind in TagKind if kind is not TagKind.COMPARTMENT]
_LINK_KINDS = [value for value, _ in PersonLink._meta.get_field("kind").choices or ()]  # noqa: SLF001

_CATEGORIES = [
    one.value
    for one in DpaCategory
    if one not in {DpaCategory.VICTIM, DpaCategory.WITNESS}
]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError("write the date as YYYY-MM-DD") from error


def _grade(text: str) -> str:
    if len(text) != 2 or text[0] not in "123" or text[1].upper() not in "ABCDE":
        raise ArgumentTypeError(
            "a grade is a source from 1 to 3 and an assessment from A to E, like 1A"
        )
    return text.upper()


class Command(BaseCommand):
    """Import one network; print what was written as JSON."""

    help = (
        "Turn a published network (nodes id,name; edges source,target by id) into a "
        "group with people who are not identified, links between them and one graded "
        "report. Other columns, such as ethnicity or birthplace, are not taken and are "
        "named. Exit code 1 if rows were left out, 2 if nothing was written."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the files, and how the network is owned, named, graded and shared."""
        parser.add_argument("nodes", type=Path, metavar="NODES.csv")
        parser.add_argument("edges", type=Path, metavar="EDGES.csv")
        parser.add_argument("--owner", required=True, metavar="CODE")
        parser.add_argument("--name", required=True)
        parser.add_argument("--grade", required=True, type=_grade, metavar="1A to 3E")
        parser.add_argument("--label", required=True, choices=_LABELS)
        parser.add_argument(
            "--user", metavar="EMAIL", help="who imports; else the owner's own service"
        )
        parser.add_argument("--handling", default="P", choices=["P", "C"])
        parser.add_argument("--reason", default="", help="for the label organisation")
        parser.add_argument("--from", type=_day, dest="first", metavar="YYYY-MM-DD")
        parser.add_argument("--to", type=_day, dest="last", metavar="YYYY-MM-DD")
        parser.add_argument(
            "--group",
            metavar="REFERENCE",
            help="an imported group that this is a later phase of",
        )
        parser.add_argument("--links", default="associate", choices=_LINK_KINDS)
        parser.add_argument(
            "--dpa-category",
            default=DpaCategory.SUSPECT.value,
            choices=_CATEGORIES,
            help="what its people are held as, under the Data Protection Act 2018 "
            "s.38(3) (default: %(default)s)",
        )
        parser.add_argument("--all-or-nothing", action="store_true")
        parser.add_argument("--dry-run", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import the files, or say row by row what is wrong with them.

        Raises:
            CommandError: with exit code 2, and nothing was written; or with 1, where
                rows were left out.
        """
        bad_rows: list[AppError] = []
        contents = [_content(options[name]) for name in ("nodes", "edges")]
        try:
            files = read_network(
                *contents, on_bad_row=bad_rows.append, called=designation_of
            )
            self._tell(files.not_taken, bad_rows)
            if bad_rows and options["all_or_nothing"]:
                raise CommandError(
                    f"{len(bad_rows)} rows are wrong; nothing was written.",
                    returncode=2,
                )
            taken = self._take(files, contents, bad_rows, options)
        except AppError as error:
            raise CommandError(
                f"{error.field or 'import'}: {error.message} Nothing was written.",
                returncode=2,
            ) from error
        self._tell((), taken.refused)
        left_out = len(bad_rows) + len(taken.refused)
        self.stdout.write(json.dumps(_summary(taken, files, left_out, options)))
        if left_out:
            raise CommandError(f"{left_out} rows were left out.", returncode=1)

    def _tell(self, not_taken: tuple[str, ...], refused: list[AppError]) -> None:
        if not_taken:
            self.stderr.write(f"Columns not taken: {', '.join(not_taken)}")
        for error in refused:
            self.stderr.write(error.message)

    def _take(
        self,
        files: NetworkFiles,
        contents: list[bytes],
        bad_rows: list[AppError],
        options: dict[str, Any],
    ) -> Taken:
        """Import under the viewer's own scope: both locks hold for a command too."""
        steps = len(files.names) + len(files.links)
        with acting(options["user"], options["owner"], route=_ROUTE) as (
            viewer,
            owner,
        ):
            draft = NetworkDraft(
                files=files,
                owner=owner,
                name=options["name"],
                grade=options["grade"],
                sharing=options["label"],
                handling=options["handling"],
                sharing_reason=options["reason"],
                source=f"Source: {options['nodes'].name} and {options['edges'].name}.",
                period=_period(options["first"], options["last"]),
                group=_group(viewer, options["group"]),
                link_kind=options["links"],
                dpa_category=options["dpa_category"],
                file_digest=hashlib.sha256(b"".join(contents)).hexdigest(),
                rows_refused=len(bad_rows),
            )
            with tqdm(
                total=steps, unit="rows", file=self.stderr, disable=not steps
            ) as bar:
                taken = networks.take(
                    by=viewer,
                    draft=draft,
                    all_or_nothing=options["all_or_nothing"],
                    on_step=bar.update,
                )
            if options["dry_run"]:
                transaction.set_rollback(True)
            else:
                hint("scoring.drain")
        return taken


def _group(viewer: Viewer, reference: str | None) -> CrimeGroup | None:
    if reference is None:
        return None
    rows = CrimeGroup.objects.visible_to(viewer)
    group = rows.filter(reference=reference.strip().upper()).first()
    if group is None:
        raise CommandError(
            f"group: there is no group {reference} that the account may see. Check the "
            "reference.",
            returncode=2,
        )
    return group


def _period(first: date | None, last: date | None) -> tuple[date, date] | None:
    if first is None and last is None:
        return None
    if first is None or last is None:
        raise CommandError("from, to: give both days or neither.", returncode=2)
    return first, last


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(
            f"{path}: The file cannot be read ({error.strerror}). Give the path of a "
            "file that you may read.",
            returncode=2,
        ) from error


def _summary(
    taken: Taken, files: NetworkFiles, left_out: int, options: dict[str, Any]
) -> dict[str, Any]:
    return {
        "group": taken.group.reference,
        "group_id": str(taken.group.public_id),
        "report": taken.report.reference,
        "people": {"new": taken.people_new, "known": taken.people_known},
        "links": {"new": taken.links_new, "known": taken.links_known},
        "dpa_category": options["dpa_category"],
        "rows_left_out": left_out,
        "columns_not_taken": list(files.not_taken),
        "dry_run": options["dry_run"],
    }
