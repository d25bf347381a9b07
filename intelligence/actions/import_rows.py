"""Some rows of a return's file, checked or written by the rules of one report each."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from django.db import transaction
from django.db.models.functions import MD5

from accounts.models import Organisation
from accounts.visibility import Viewer
from groups.models import CrimeGroup, Nominal
from intelligence.actions import checks, grades, reports
from intelligence.actions.drafts import ClaimDraft, ReportDraft
from intelligence.models import Attribute, ImportJob, Report
from intelligence.return_files import Parsed, Problem, Row, by_key, parse
from intelligence.return_files.problems import problem
from ocgmap.common.errors import AppError, PermissionDenied
from ocgmap.common.remembering import forget, remembered_many, remembering

Target = TypeVar("Target", CrimeGroup, Nominal)
# What the rules call a thing, by the column in which it stands.
_PLACES: Mapping[str, str] = {
    "event_from": "event",
    "event_to": "event",
    "event_precision": "event",
}
# Text hash, days and grade: what makes two reports say the same.
Content = tuple[str, date, date | None, date | None, str]


@dataclass(slots=True)
class Verdict:
    """What became of some rows; refused ones with every problem that they have."""

    accepted: int = 0
    duplicates: int = 0
    problems: list[Problem] = field(default_factory=list)
    refused: list[Row] = field(default_factory=list)

    def refuse(self, row: Row, problems: Iterable[Problem]) -> None:
        """Count the row as refused, for these problems."""
        self.refused.append(row)
        self.problems += problems


def attribute_names() -> dict[str, str]:
    """Return the key of each attribute by the ways to write it, in small letters."""
    rows = Attribute.objects.values_list("key", "title")
    return {name.lower(): key for key, title in rows for name in (key, title)}


def check_rows(*, by: Viewer, job: ImportJob, rows: Sequence[Row]) -> Verdict:
    """Return what would become of the rows now; nothing at all is written."""
    with remembering(), transaction.atomic():
        verdict = _Going(by, job, is_writing=False).through(rows)
        transaction.set_rollback(True)
    return verdict


def write_rows(*, by: Viewer, job: ImportJob, rows: Sequence[Row]) -> Verdict:
    """Submit the rows as reports, each once however often it is tried."""
    with remembering(), transaction.atomic():
        return _Going(by, job, is_writing=True).through(rows)


class _Going:
    """One going through rows: what they mention is looked up at once."""

    def __init__(self, by: Viewer, job: ImportJob, *, is_writing: bool) -> None:
        self.by = by
        self.job = job
        self.is_writing = is_writing
        self.attributes = attribute_names()
        self.verdict = Verdict()
        self.known: dict[Content, set[str]] = {}
        self.groups: dict[str, CrimeGroup] = {}
        self.nominals: dict[str, Nominal] = {}

    def through(self, rows: Sequence[Row]) -> Verdict:
        """Judge, and perhaps write, each row."""
        parsed = [(row, *parse(row, self.attributes)) for row in rows]
        sound = [one for _, one, _ in parsed if one is not None]
        self._look_up(sound)
        for row, one, problems in parsed:
            if row.same_as is not None:
                self.verdict.duplicates += 1
            elif one is None:
                self.verdict.refuse(row, problems)
            else:
                self._sound(row, one)
        return self.verdict

    def _look_up(self, sound: Sequence[Parsed]) -> None:
        groups = {ref for one in sound for ref in one.groups}
        groups |= {claim.group for one in sound for claim in one.claims}
        self.groups = self._found(CrimeGroup, groups)
        nominals = {ref for one in sound for ref in one.nominals}
        self.nominals = self._found(Nominal, nominals)
        references = [one.owner_reference for one in sound if one.owner_reference]
        checks.bearers(self.job.owner, references, by=self.by)
        self.known = said_before(self.job.owner, sound, by=self.by)

    def _found(self, model: type[Target], references: set[str]) -> dict[str, Target]:
        """Return those that are visible, and let the rules find them without asking."""
        if not references:
            return {}
        rows = model.objects.visible_to(self.by).filter(reference__in=references)
        found: dict[str, Target] = {row.reference: row for row in rows}
        by_id = {row.pk: row for row in found.values()}
        remembered_many(model, by_id, lambda _: by_id)
        return found

    def _sound(self, row: Row, one: Parsed) -> None:
        """Judge a row whose cells can be read: its draft, repeats, and the rules."""
        problems = [*self._unknown(row, one), *_clash(row)]
        if problems:
            self.verdict.refuse(row, problems)
            return
        draft = self._draft(one)
        try:
            if self._is_known(draft):
                self.verdict.duplicates += 1
                return
            with transaction.atomic():
                self._take(row, draft)
        except PermissionDenied:
            raise  # is no fault of the row
        except AppError as error:
            forget()
            self.verdict.refuse(row, [_problem(row, error)])
        else:
            self.verdict.accepted += 1

    def _take(self, row: Row, draft: ReportDraft) -> None:
        if not self.is_writing:
            reports.check(by=self.by, draft=draft)
            return
        reports.submit(
            by=self.by,
            draft=draft,
            idempotency_key=f"{self.job.public_id}:{row.number}",
            credential=f"import:{self.job.pk}",
        )

    def _unknown(self, row: Row, one: Parsed) -> list[Problem]:
        """Return a problem for each reference that leads nowhere or to what is hidden."""
        named = [
            *(("groups", ref) for ref in one.groups if ref not in self.groups),
            *(("nominals", ref) for ref in one.nominals if ref not in self.nominals),
            *(
                ("claims", ref)
                for ref in dict.fromkeys(claim.group for claim in one.claims)
                if ref not in self.groups and ref not in one.groups
            ),
        ]
        return [
            problem(
                row.number,
                by_key[key].header,
                ref,
                f"There is no such {'person' if key == 'nominals' else 'group'} that "
                "your organisation may see.",
                "Check the reference.",
            )
            for key, ref in named
        ]

    def _draft(self, one: Parsed) -> ReportDraft:
        return ReportDraft(
            owner=self.job.owner,
            text=one.text,
            received_on=one.received_on,
            sharing=one.sharing,
            sharing_reason=one.sharing_reason,
            source_grade=one.source_grade,
            assessment_grade=one.assessment_grade,
            handling=one.handling,
            condition=one.condition,
            event_from=one.event.first,
            event_to=one.event.last,
            event_precision=one.event.precision,
            groups=[self.groups[ref] for ref in one.groups],
            nominals=[self.nominals[ref] for ref in one.nominals],
            claims=[
                ClaimDraft(
                    group=self.groups[claim.group],
                    attribute=claim.attribute,
                    level=claim.level,
                )
                for claim in one.claims
            ],
            owner_reference=one.owner_reference,
            legacy_grade=one.legacy_grade,
            legacy_source_choice=one.legacy_source_choice,
            returned_in=self.job.returned_in,
        )

    def _is_known(self, draft: ReportDraft) -> bool:
        """Return whether a report says the same, under no other reference of theirs."""
        grade = grades.graded(draft).grade.code
        digest = _digest(draft.text)
        received = draft.received_on or date.min
        content = (digest, received, draft.event_from, draft.event_to, grade)
        bearing = self.known.get(content)
        if bearing is None:
            return False
        reference = draft.owner_reference.casefold()
        return not reference or bool({reference, ""} & bearing)


def _digest(text: str) -> str:
    """Return what the database computes of the text, to find it there by."""
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def said_before(
    owner: Organisation, sound: Iterable[Parsed], *, by: Viewer
) -> dict[Content, set[str]]:
    """Return what the owner's reports say already, with the references they bear.

    Only of those whose text is one of these. One query.
    """
    texts = {_digest(one.text) for one in sound}
    rows = Report.objects.visible_to(by).standing().filter(owner=owner)
    found: dict[Content, set[str]] = {}
    for row in rows.annotate(hash=MD5("text")).filter(hash__in=texts).values():
        content = (
            row["hash"],
            row["received_on"],
            row["event_from"],
            row["event_to"],
            f"{row['source_grade']}{row['assessment_grade']}{row['handling']}",
        )
        found.setdefault(content, set()).add(row["owner_reference"].casefold())
    return found


def _clash(row: Row) -> list[Problem]:
    if row.clashes_with is None:
        return []
    return [
        problem(
            row.number,
            by_key["owner_reference"].header,
            row.values.get("owner_reference", ""),
            f"Row {row.clashes_with} has the same reference and says something else.",
            "Give each report a reference of its own, or leave one of the rows out.",
        )
    ]


def _problem(row: Row, error: AppError) -> Problem:
    key = _PLACES.get(error.field or "", error.field or "")
    column = by_key.get(key)
    return problem(
        row.number,
        column.header if column else "",
        row.values.get(key, ""),
        str(error.details.get("rule", error.message)),
        str(error.details.get("cure", "")),
    )
