"""Who has read a record: for those of its owner who answer for it."""

import json
import uuid
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from cryptography.fernet import InvalidToken
from django.apps import apps
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.audit_pages import reading
from accounts.audit_pages.words import said
from accounts.exceptions import NotOwner
from accounts.gate import asker
from accounts.models.audit_event import AuditKind
from accounts.permissions import check_has
from accounts.roles import Right
from accounts.visibility import Viewer
from ocgmap.common.errors import NotFound
from ocgmap.common.keyset import BadCursor, sealed_box
from ocgmap.common.parameters import check_parameters
from ocgmap.common.records import ProtectedRecord

PAGE_SIZE: Final = 50
# The word of the address, the kind of record, and the page that shows it.
KINDS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "groups": ("groups.CrimeGroup", "groups:detail"),
        "people": ("groups.Nominal", "groups:person"),
        "reports": ("intelligence.Report", "intelligence:report"),
    }
)
HEAD: Final = [
    {"text": "When"},
    {"text": "Officer"},
    {"text": "Organisation"},
    {"text": "What"},
    {"text": "How"},
]
_SEEN: Final = """
select id, at, kind, actor_id, on_behalf_of, organisation_id, is_alone, is_api
from accounts_audit_seen(%s, %s, %s, %s)
"""


def check_may_see_readers(by: Viewer, record: Any) -> None:
    """Raise unless ``by`` answers for who reads this record.

    Raises:
        RightMissing: the role does not.
        NotOwner: the record is another organisation's.
    """
    check_has(by, Right.SEE_READERS)
    if record.owner_id != by.organisation_id:
        raise NotOwner("Only its owner sees who has read a record.")


@require_safe
def readers(request: HttpRequest, kind: str, public_id: uuid.UUID) -> HttpResponse:
    """Show who has read a record of the reader's own organisation, when and how."""
    by = asker(request)
    check_has(by, Right.SEE_READERS)
    check_parameters(request.GET, {"cursor"})
    label, page_name = KINDS[kind]
    model: Any = apps.get_model(label)
    record: ProtectedRecord | None = (
        model.objects.visible_to(by).filter(public_id=public_id).first()
    )
    if record is None:
        raise NotFound
    check_may_see_readers(by, record)
    before = _opened(request.GET.get("cursor", ""), label, record)
    found = _read(label, record, before)
    audit.consulted(label, [record.pk], what="readers")
    rows = found[:PAGE_SIZE]
    context = {
        "record": record,
        "kind": said(label),
        "page_name": page_name,
        "head": HEAD,
        "rows": _rows(rows),
        "next_url": _next(label, record, rows[-1][0]) if found[PAGE_SIZE:] else "",
        "is_first": before is None,
    }
    return render(request, "accounts/readers.html", context)


def _read(
    label: str, record: ProtectedRecord, before: int | None
) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_SEEN, [label, record.public_id, before, PAGE_SIZE + 1])
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _rows(found: list[tuple[Any, ...]]) -> list[list[dict[str, Any]]]:
    who = reading.who_of((row[3] for row in found), (row[5] for row in found))
    return [
        [
            {"time": at, "nowrap": True},
            {"text": who.officer(actor_id, on_behalf_of)},
            {"text": who.organisation(organisation_id) or "–"},
            {"text": AuditKind(kind).label},
            {"text": _how(is_alone=is_alone, is_api=is_api)},
        ]
        for _, at, kind, actor_id, on_behalf_of, organisation_id, is_alone, is_api in found
    ]


def _how(*, is_alone: bool, is_api: bool) -> str:
    """Say how it was read; never which other records stood beside it, nor how many."""
    what = "By itself" if is_alone else "In a list or beside others"
    return f"{what}, by a program" if is_api else what


def _next(label: str, record: ProtectedRecord, last: int) -> str:
    said_so = json.dumps([label, str(record.public_id), last]).encode()
    return f"?cursor={sealed_box().encrypt(said_so).decode().rstrip('=')}"


def _opened(cursor: str, label: str, record: ProtectedRecord) -> int | None:
    if not cursor:
        return None
    padded = cursor + "=" * (-len(cursor) % 4)
    try:
        of_label, of_record, last = json.loads(sealed_box().decrypt(padded.encode()))
    except (InvalidToken, ValueError) as error:
        raise BadCursor from error
    if (of_label, of_record) != (label, str(record.public_id)):
        raise BadCursor
    return int(last)
