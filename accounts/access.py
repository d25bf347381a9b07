"""From an account to a viewer, and from a viewer to the scope of a transaction."""

import dataclasses
import datetime
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils import timezone

from accounts.models import TagHolder, User
from accounts.roles import RIGHTS, Right, Role
from accounts.visibility import Viewer
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import DatabaseRole, Scope

_BARRED = "select tag_id from accounts_barred(array[%s]::bigint[])"


def viewer_of(user: User, *, on: datetime.date | None = None) -> Viewer:
    """Return what ``user`` holds on a day (today if None). One query, never cached.

    A compartment that is about the user is never held, by whatever way it was given.
    """
    day = on or timezone.localdate()
    tags = (
        TagHolder.objects.on(day)
        .of(user_id=user.pk, organisation_id=user.organisation_id)
        .filter(Q(tag__expires_on__isnull=True) | Q(tag__expires_on__gt=day))
        .exclude(tag_id__in=RawSQL(_BARRED, [user.pk]))  # noqa: S611 - fixed text
        .values_list("tag_id", flat=True)
    )
    role = Role(user.role)
    return Viewer(
        user_id=user.pk,
        organisation_id=user.organisation_id,
        role=role,
        rights=RIGHTS[role] if user.is_active else frozenset(),
        tags=frozenset(tags),
        clearance=user.clearance,
    )


def organisation_viewer_of(user: User) -> Viewer:
    """Return what ``user`` holds today by their organisation, without what is theirs.

    For work whose result all of the organisation reads: no compartment that only this
    person holds may show in it. Two queries.
    """
    tags = TagHolder.objects.on(timezone.localdate()).filter(
        organisation_id=user.organisation_id
    )
    held = frozenset(tags.values_list("tag_id", flat=True))
    viewer = viewer_of(user)
    return dataclasses.replace(viewer, tags=viewer.tags & held)


def barred_from(user_ids: Iterable[int]) -> dict[int, set[int]]:
    """Return the compartments that are about each of these accounts. One query."""
    found: dict[int, set[int]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute("select * from accounts_barred(%s::bigint[])", [list(user_ids)])
        for user_id, tag_id in cursor.fetchall():
            found[user_id].add(tag_id)
    return found


def scope_of(
    viewer: Viewer,
    *,
    role: DatabaseRole = "web",
    request_id: str | None = None,
    on_behalf_of: str = "",
    route: str = "",
    repeatable_read: bool = False,
) -> Scope:
    """Return the scope under which ``viewer`` reads and writes."""
    return Scope(
        role=role,
        tags=viewer.tags,
        clearance=viewer.clearance,
        can_view=viewer.can_view,
        may_audit=viewer.has(Right.AUDIT),
        actor_id=viewer.user_id,
        on_behalf_of=on_behalf_of,
        organisation_id=viewer.organisation_id,
        request_id=request_id or str(uuid.uuid4()),
        route=route,
        repeatable_read=repeatable_read,
    )


@contextmanager
def acting_for(viewer: Viewer, *, route: str = "") -> Iterator[Viewer]:
    """Run the block as ``viewer``, stepped down to the web's powerless role."""
    with acting_as(scope_of(viewer, route=route)):
        yield viewer
