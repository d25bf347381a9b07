"""Find what is held about a person, among visible records, and who received it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Q

from accounts.permissions import check_has
from accounts.roles import Right
from accounts.visibility import Viewer
from groups.models import (
    CrimeGroup,
    Identifier,
    IdentifierUse,
    Involvement,
    Membership,
    Nominal,
)
from groups.search import identifiers_found, people_found, people_matching
from intelligence.models import Mention, Report, SubjectRequest
from intelligence.search import reports_found
from ocgmap.common.records import ProtectedRecord

# Of each sort; who finds more is told so.
MOST = 100
MOST_LINES = 20


@dataclass(slots=True)
class Held:
    """What was found of each sort, by the names of `FOUND`; `cut` says what is not whole."""

    rows: dict[str, list[Any]] = field(default_factory=dict)
    cut: list[str] = field(default_factory=list)

    def take(self, kind: str, rows: Iterable[Any]) -> list[Any]:
        """Keep the first of these rows, and note whether there are more."""
        found = list(rows)
        if len(found) > MOST:
            self.cut.append(kind)
        self.rows[kind] = found[:MOST]
        return self.rows[kind]

    def records(self) -> list[ProtectedRecord]:
        """Return everything that was found."""
        return [one for rows in self.rows.values() for one in rows]


def held_about(by: Viewer, request: SubjectRequest) -> Held:
    """Return the visible records that are, name or may be about the person.

    People by name, other name or birth date with surname, and by what they use; their
    memberships and involvements; reports that mention them or hold the name or number;
    groups whose summary holds the name. About a dozen queries, and two for each number.
    """
    held = Held()
    lines = [one.strip() for one in request.identifiers.splitlines() if one.strip()]
    lines = lines[:MOST_LINES]
    numbers = held.take("identifier", _identifiers(by, lines))
    people = held.take("nominal", _people(by, request, numbers))
    for kind, model in (("membership", Membership), ("involvement", Involvement)):
        rows: Any = model.objects.visible_to(by).filter(nominal__in=people)
        rows = rows.select_related("nominal", "group", "owner").order_by("pk")
        held.take(kind, rows[: MOST + 1])
    held.take("report", _reports(by, request, people, lines))
    held.take("group", _groups(by, request))
    return held


def _people(
    by: Viewer, request: SubjectRequest, numbers: Iterable[Identifier]
) -> list[Nominal]:
    seen = Nominal.objects.visible_to(by)
    ids = [hit.id for hit in people_found(by, request.name).hits[: MOST + 1]]
    named = people_matching(by, request.surname)
    if request.born_on:
        named = named.filter(
            born_from__lte=request.born_on, born_to__gte=request.born_on
        )
    else:
        named = people_matching(by, request.name)
    uses = IdentifierUse.objects.visible_to(by).filter(
        identifier__in=[one.pk for one in numbers], nominal__isnull=False
    )
    rows = seen.filter(
        Q(pk__in=ids)
        | Q(pk__in=named.values("pk"))
        | Q(pk__in=uses.values("nominal_id"))
    )
    return list(rows.select_related("owner").order_by("pk")[: MOST + 1])


def _identifiers(by: Viewer, lines: Iterable[str]) -> list[Identifier]:
    ids = {hit.id for line in lines for hit in identifiers_found(by, line).hits[:MOST]}
    if not ids:
        return []
    rows = Identifier.objects.visible_to(by).filter(pk__in=ids)
    return list(rows.select_related("owner").order_by("pk")[: MOST + 1])


def _reports(
    by: Viewer, request: SubjectRequest, people: Iterable[Nominal], lines: Iterable[str]
) -> list[Report]:
    mentions = Mention.objects.visible_to(by).filter(
        nominal__in=[one.pk for one in people]
    )
    texts = [_quoted(request.name), *map(_quoted, lines)]
    ids = {hit.id for one in texts for hit in reports_found(by, one).hits[: MOST + 1]}
    rows = Report.objects.visible_to(by).filter(
        Q(pk__in=ids) | Q(pk__in=mentions.values("report_id"))
    )
    return list(rows.select_related("owner").order_by("-pk")[: MOST + 1])


def _groups(by: Viewer, request: SubjectRequest) -> list[CrimeGroup]:
    rows = CrimeGroup.objects.visible_to(by)
    for word in request.name.split():
        rows = rows.filter(Q(summary__icontains=word) | Q(name__icontains=word))
    return list(rows.select_related("owner").order_by("pk")[: MOST + 1])


def _quoted(text: str) -> str:
    return f'"{text.replace(chr(34), " ")}"'


def recipients(
    *, by: Viewer, records: Iterable[ProtectedRecord]
) -> list[Mapping[str, Any]]:
    """Return who received or read these own records, as the audit tells it.

    Other organisations once for each record and way, with the last time and how often;
    copies that left on paper or as a file one by one, with for whom as it was typed.
    `record` is the record itself. One query for each sort of record; 500 of each at most.

    Raises:
        RightMissing: ``by`` does not answer for the data of its organisation.
    """
    check_has(by, Right.ANSWER_SUBJECT_REQUESTS)
    by_label: dict[str, dict[Any, ProtectedRecord]] = defaultdict(dict)
    for one in records:
        by_label[one._meta.label][one.public_id] = one  # noqa: SLF001 - documented
    told: list[Mapping[str, Any]] = []
    for label, known in by_label.items():
        with connection.cursor() as cursor:
            cursor.execute(
                "select record, kind, organisation_id, at, times, actor_id, way, "
                "copy_number, copied_for from intelligence_recipients(%s, %s)",
                [label, list(known)],
            )
            names = [column.name for column in cursor.description or ()]
            found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        told += [{**one, "record": known[one["record"]]} for one in found]
    return told
