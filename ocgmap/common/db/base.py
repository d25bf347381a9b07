"""The database wrapper: the one door into every transaction."""

import json
import threading
from typing import Any

from django.db.backends.postgresql import base

from ocgmap.common.errors import OutsideScope
from ocgmap.common.scope import Scope, current

# One statement does it all: role, classes, who, and the history context. A role is
# set only to step down; `none` is the login itself.
_APPLY = """
select set_config('role', %(role)s, true),
       set_config('ocgmap.actor', %(actor)s, true),
       set_config('ocgmap.organisation', %(organisation)s, true),
       set_config('ocgmap.may_audit', %(may_audit)s, true),
       set_config('pghistory.context_id', %(request_id)s, true),
       set_config('pghistory.context_metadata', %(context)s, true)
"""
_CLASSES = """
select set_config('ocgmap.classes', coalesce((
    select array_agg(id order by id)::text from accounts_accessclass
    where %(can_view)s and requires <@ %(tags)s::int[] and marking <= %(clearance)s
), '{}'), true)
"""
# Statements of Django's own that read and write no row.
_BOOKKEEPING = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO", "SET CONSTRAINTS")


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL, with the scope written into each transaction as it opens."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._applying = threading.local()
        self.execute_wrappers.append(self._demand_scope)

    @property
    def login(self) -> str:
        """Return the role that this connection logged in as."""
        return str(self.settings_dict["USER"]).removeprefix("ocgmap_")

    @property
    def is_guarded(self) -> bool:
        """Return whether queries need a scope: always, but for the owner's migrations."""
        return self.login != "owner" and not self.settings_dict.get("UNGUARDED", False)

    def connect(self) -> None:
        """Open the connection; Django looks up type ids there, which are no rows."""
        self._applying.now = True
        try:
            super().connect()
        finally:
            self._applying.now = False

    def _set_autocommit(self, autocommit: bool) -> None:
        super()._set_autocommit(autocommit)  # type: ignore[misc]  # not in the stubs
        scope = current.get()
        if autocommit or scope is None or not self.is_guarded:
            return
        try:
            if scope.repeatable_read:
                self._run("set transaction isolation level repeatable read", {})
            self.apply_scope(scope)
        except BaseException:
            self.close()  # else the connection stays in a failed transaction for ever
            raise

    def apply_scope(self, scope: Scope | None) -> None:
        """Write ``scope`` into the open transaction and read its visible classes back."""
        shown = scope or Scope(role="web")
        role = "none" if shown.role == self.login else f"ocgmap_{shown.role}"
        self._run(
            _APPLY,
            {
                "role": role,
                "actor": "" if shown.actor_id is None else str(shown.actor_id),
                "organisation": str(shown.organisation_id or ""),
                "may_audit": "yes" if shown.may_audit else "no",
                "request_id": shown.request_id,
                "context": json.dumps(
                    {"user": shown.actor_id, "reason": shown.reason, "url": shown.route}
                ),
            },
        )
        text = self._run(
            _CLASSES,
            {
                "can_view": shown.can_view,
                "tags": sorted(shown.tags),
                "clearance": shown.clearance,
            },
        )
        shown.classes = tuple(int(part) for part in text.strip("{}").split(",") if part)

    def _run(self, sql: str, params: dict[str, Any]) -> str:
        self._applying.now = True
        try:
            with self.cursor() as cursor:
                cursor.execute(sql, params or None)
                return str(cursor.fetchone()[0]) if cursor.description else ""
        finally:
            self._applying.now = False

    def _demand_scope(
        self, execute: Any, sql: Any, params: Any, many: bool, context: Any
    ) -> Any:
        own = getattr(self._applying, "now", False)
        if self.is_guarded and not own and not str(sql).startswith(_BOOKKEEPING):
            if current.get() is None:
                raise OutsideScope("a query ran with no scope: use acting_as(...)")
            if not self.in_atomic_block:
                raise OutsideScope("a query ran outside a transaction: use atomic()")
        return execute(sql, params, many, context)
