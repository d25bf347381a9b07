"""Write the audit: in the transaction of the step, so that both stand or neither."""

import json
from collections.abc import Iterable, Mapping
from string import Template
from typing import Any, Final

from django.db import connection

from accounts.models.audit_event import AuditKind
from ocgmap.common.scope import Scope, current

# The columns that a program says; number, time, era and transaction are the database's.
WRITTEN: Final = (
    *("kind", "actor_id", "on_behalf_of", "organisation_id", "request_id", "route"),
    *("object_type", "object_ids", "reason", "detail"),
)
_INSERT: Final = Template(
    "insert into accounts_auditevent ($names) values ($values)"
).substitute(names=", ".join(WRITTEN), values=", ".join(["%s"] * len(WRITTEN)))


def record(
    kind: AuditKind,
    object_type: str,
    object_ids: Iterable[int],
    *,
    reason: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Write one audit row for what the acting scope does to these records.

    `detail` holds ids, counts and codes, never names or text of intelligence.
    Source: Data Protection Act 2018 s.62 (who, when, which; a reason is local policy).
    """
    scope = current.get() or Scope(role="web")
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT,
            (
                kind,
                scope.actor_id,
                scope.on_behalf_of,
                scope.organisation_id,
                scope.request_id,
                scope.route[:120],
                object_type,
                sorted(set(object_ids)),
                reason or scope.reason,
                json.dumps(detail or {}),
            ),
        )


def refused(code: str) -> None:
    """Record that a step was refused to the acting user on a page that stays open."""
    record(AuditKind.REFUSAL, "request", [], detail={"code": code})


def consulted(object_type: str, object_ids: Iterable[int], **detail: Any) -> None:
    """Record that these records were shown to the acting user."""
    record(AuditKind.CONSULTATION, object_type, object_ids, detail=detail)
