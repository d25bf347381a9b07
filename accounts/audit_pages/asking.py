"""What an auditor asks: kept as codes and opaque ids in the address, never as names."""

import datetime
import re
import uuid
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

from accounts.audit_pages.words import PARTS
from accounts.models import AuditEvent, Organisation, SearchTerm, User
from accounts.models.audit_event import AuditKind
from accounts.visibility import Viewer
from ocgmap.common.date_fields import EARLIEST
from ocgmap.common.errors import NotFound
from ocgmap.common.parameters import InvalidParameter, check_parameters

CODES: Final = ("organisation", "kind", "part", "from", "to", "request")
TERMS: Final = ("record", "officer")
_NUMBERED: Final = re.compile(r"([a-z]+\.[A-Za-z]+)[ :]+(\d{1,18})")
# Beyond it there are days that no clock can reckon with.
_LATEST: Final = datetime.date(3000, 1, 1)
_FIND: Final = "select object_type, id from accounts_audit_find(%s)"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for; empty where it does not matter."""

    record: str = ""
    officer: str = ""
    organisation: str = ""
    kind: str = ""
    part: str = ""
    first: datetime.date | None = None
    last: datetime.date | None = None
    request: str = ""

    def narrow(self, rows: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
        """Keep the events that are asked for."""
        if self.record:
            touched = [
                Q(object_type=label, object_ids__contains=[pk])
                for label, pk in records_of(self.record)
            ]
            rows = rows.filter(_any(touched))
        if self.officer:
            ids = [one.pk for one in officers_of(self.officer)]
            rows = rows.filter(Q(actor_id__in=ids) | Q(on_behalf_of=self.officer))
        return self._narrow_by_codes(rows)

    def _narrow_by_codes(self, rows: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
        if self.organisation:
            found = Organisation.objects.filter(code=self.organisation)
            rows = rows.filter(
                organisation_id__in=list(found.values_list("pk", flat=True))
            )
        if self.kind:
            rows = rows.filter(kind=self.kind)
        if self.part:
            rows = rows.filter(route__regex=PARTS[self.part][1])
        if self.request:
            rows = rows.filter(request_id=self.request)
        if self.first:
            rows = rows.filter(at__gte=_begin(self.first))
        if self.last:
            rows = rows.filter(at__lt=_begin(self.last + datetime.timedelta(days=1)))
        return rows


def records_of(text: str) -> list[tuple[str, int]]:
    """Return kind and number of the records that are known by what was typed.

    A reference, a public id, or kind and number as an event's page says them, which are
    known even after the record was erased.
    """
    if numbered := _NUMBERED.fullmatch(text.strip()):
        return [(numbered[1], int(numbered[2]))]
    with connection.cursor() as cursor:
        cursor.execute(_FIND, [text.strip()])
        return [(label, pk) for label, pk in cursor.fetchall()]


def officers_of(text: str) -> QuerySet[User]:
    """Return the accounts with this email address, collar number or part of a name."""
    text = text.strip()
    return User.objects.filter(
        Q(email__iexact=text) | Q(collar_number__iexact=text) | Q(name__icontains=text)
    )


def keep(by: Viewer, text: str) -> str:
    """Keep what was typed, and return the opaque id that stands for it."""
    return str(SearchTerm.objects.create(user_id=by.user_id, text=text[:200]).pk)


def asked(by: Viewer, query: QueryDict) -> Asked:
    """Return what an address asks for.

    Raises:
        InvalidParameter: a code or a day is none.
        NotFound: an opaque id is not one of the reader's own.
    """
    check_parameters(query, {*CODES, *TERMS, "cursor"})
    first, last = _day(query, "from"), _day(query, "to")
    return Asked(
        record=_term(by, query.get("record", "")),
        officer=_term(by, query.get("officer", "")),
        organisation=_one_of(
            query, "organisation", Organisation.objects.values_list("code", flat=True)
        ),
        kind=_one_of(query, "kind", AuditKind.values),
        part=_one_of(query, "part", PARTS),
        first=first,
        last=last,
        request=_request(query),
    )


def _any(parts: list[Q]) -> Q:
    found = Q(pk__in=[])
    for part in parts:
        found |= part
    return found


def _begin(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))


def _term(by: Viewer, term_id: str) -> str:
    if not term_id:
        return ""
    try:
        found = SearchTerm.objects.filter(pk=uuid.UUID(term_id), user_id=by.user_id)
    except ValueError as error:
        raise NotFound from error
    term = found.first()
    if term is None:
        raise NotFound
    return term.text


def _one_of(query: QueryDict, name: str, known: Any) -> str:
    value = query.get(name, "")
    if value and value not in set(known):
        raise InvalidParameter(f"{name}: There is no such code.", field=name)
    return value


def _day(query: QueryDict, name: str) -> datetime.date | None:
    value = query.get(name, "")
    if not value:
        return None
    try:
        day = datetime.date.fromisoformat(value)
    except ValueError as error:
        raise InvalidParameter(
            f"{name}: Give a day as year-month-day, for instance 2026-03-27.",
            field=name,
        ) from error
    if not EARLIEST <= day < _LATEST:
        raise InvalidParameter(
            f"{name}: Give a day of the years {EARLIEST.year} to {_LATEST.year - 1}.",
            field=name,
        )
    return day


def _request(query: QueryDict) -> str:
    value = query.get("request", "")
    try:
        return str(uuid.UUID(value)) if value else ""
    except ValueError as error:
        raise InvalidParameter(
            "request: Give the id of a request, as an error page shows it.",
            field="request",
        ) from error
