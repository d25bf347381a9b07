"""What a program is told when the record has another version than it named."""

from typing import Any

from rest_framework.response import Response

from accounts import audit
from accounts.api.resources import Endpoint
from groups import former
from ocgmap.common.errors import StaleVersion
from ocgmap.common.records import ProtectedRecord

_NOT_TOLD = {"id", "public_id", "created_at", "created_by", "version", "changed_at"}


class TellsConflicts(Endpoint):
    """An address whose 412 says which columns differ, as far as the caller may see."""

    about: ProtectedRecord | None = None

    def handle_exception(self, exc: Exception) -> Response:
        """Return the problem; of an old version, with what was and what stands now.

        The caller is shown the record, so the reading is kept, unlike all else of a
        request that is refused; nothing else was written.
        """
        if not isinstance(exc, StaleVersion) or self.about is None:
            return super().handle_exception(exc)
        exc.details |= self._differences(self.about)
        self.audit_reading([self.about])
        audit.refused(exc.code)
        response = super().handle_exception(exc)
        sent: Any = self.request._request  # noqa: SLF001 - it was marked there
        sent.refused = False
        return response

    def _differences(self, record: ProtectedRecord) -> dict[str, Any]:
        record.refresh_from_db()
        body: Any = self.request.data
        seen = body.get("version")
        states = former.states_since(
            self.viewer, record, seen if isinstance(seen, int) else 0
        )
        if len(states) < 2:
            return {"current": {}}
        was, now, last = states[0].row, states[-1].row, states[-2].ended
        names = former.names_of([last.user_id]) if last else {}
        return {
            "current": {
                name: {"was": _told(was, name), "now": _told(now, name)}
                for name in _columns(record)
                if getattr(was, name) != getattr(now, name)
            },
            "changed_at": last.at.isoformat() if last else None,
            "changed_by": names.get(last.user_id, "System") if last else None,
        }


def _columns(record: ProtectedRecord) -> list[str]:
    """Return the record's own columns: what it says of others is read at its address."""
    fields = record._meta.concrete_fields  # noqa: SLF001 - documented
    return [
        one.name for one in fields if not one.is_relation and one.name not in _NOT_TOLD
    ]


def _told(row: Any, name: str) -> Any:
    value = getattr(row, name)
    return value.isoformat() if hasattr(value, "isoformat") else value
