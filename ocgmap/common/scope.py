"""Who acts in this transaction, and what the database lets them see.

A `Scope` is set for a block of code with `ocgmap.common.acting.acting_as`; the
database wrapper (`ocgmap.common.db`) writes it into every transaction before the
first statement.
"""

import uuid
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Literal

DatabaseRole = Literal["web", "worker", "owner"]


@dataclass(slots=True)
class Scope:
    """What one piece of work may do; `classes` is filled when it is applied.

    `role` is the database role to step down to. `tags` and `clearance` select the
    visible access classes; `can_view` false means an empty set. `classes` holds the
    ids of the visible classes of the running transaction and is never kept beyond it.
    """

    role: DatabaseRole
    tags: frozenset[int] = frozenset()
    clearance: int = 0
    can_view: bool = False
    may_audit: bool = False
    actor_id: int | None = None
    on_behalf_of: str = ""
    organisation_id: int | None = None
    request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    reason: str = ""
    route: str = ""
    repeatable_read: bool = False
    classes: tuple[int, ...] = ()

    def key(self) -> tuple[Any, ...]:
        """Return what makes two scopes show the same rows."""
        return (self.role, self.tags, self.clearance, self.can_view)


current: ContextVar[Scope | None] = ContextVar("ocgmap_scope", default=None)


def anonymous(*, repeatable_read: bool = False) -> Scope:
    """Return the scope of a request whose viewer is not known yet: sees nothing."""
    return Scope(role="web", repeatable_read=repeatable_read)


def system(name: str = "system") -> Scope:
    """Return the worker's own scope: source rows of every label, for the drain only."""
    return Scope(role="worker", route=name)
