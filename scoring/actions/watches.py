"""Watch a group, a person or a saved search; stop; say what was read."""

import datetime
from collections.abc import Collection, Mapping
from typing import Any, Final

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Least, Now

from accounts import audit
from accounts.models import User
from accounts.models.audit_event import AuditKind
from accounts.permissions import check_has
from accounts.roles import Right
from accounts.visibility import Viewer
from groups.models import CrimeGroup, Nominal, SavedSearch
from ocgmap.common.errors import NotFound
from scoring.exceptions import TooManyWatched
from scoring.models import Watch
from scoring.models.watch import MOST_SEARCHES, MOST_WATCHED

Target = CrimeGroup | Nominal | SavedSearch
_COLUMNS: Final[Mapping[type, str]] = {
    CrimeGroup: "group",
    Nominal: "nominal",
    SavedSearch: "search",
}


def watch(*, by: Viewer, target: Target, found: Collection[int] = ()) -> Watch:
    """Watch ``target`` from now on; one that is watched already stays as it is.

    ``found`` is, of a search, the keys of what it finds now.

    Raises:
        NotFound, RightMissing: ``by`` may not see it, or nothing at all.
        TooManyWatched: they watch as much as can be followed.
    """
    check_has(by, Right.VIEW)
    with transaction.atomic():
        now = _seen(by, target)
        User.objects.select_for_update(no_key=True).get(pk=by.user_id)  # one at a time
        mine = Watch.objects.visible_to(by)
        already = mine.filter(**_is(now)).first()
        if already is not None:
            return already
        _check_room(mine, now)
        made = Watch(
            user_id=by.user_id, read_until=Now(), found=sorted(found), **_is(now)
        )
        made.save(force_insert=True)
        made.refresh_from_db()
        _audit(AuditKind.COLLECTION, made, now)
    return made


def stop(*, by: Viewer, target: Target) -> None:
    """Stop watching ``target``; what is not watched, or hidden now, stays as it is."""
    check_has(by, Right.VIEW)
    with transaction.atomic():
        mine = Watch.objects.visible_to(by).filter(**_is(target))
        watched = mine.select_for_update(of=("self",)).first()
        if watched is None:
            return
        _audit(AuditKind.ERASURE, watched, target)
        watched.delete()


def mark_read(
    *,
    by: Viewer,
    watches: Collection[Watch],
    until: datetime.datetime,
    found: Mapping[int, Collection[int]],
) -> None:
    """Take the notices of these watches as read up to ``until``, never beyond now.

    Asked twice, the second changes nothing; what was read further stays so. ``found`` is, by watch of a search, the keys of what was read.
    """
    check_has(by, Right.VIEW)
    with transaction.atomic():
        mine = Watch.objects.visible_to(by)
        rows = mine.filter(pk__in=[one.pk for one in watches], read_until__lt=until)
        rows.update(read_until=Least(Value(until), Now()))
        for watch_id, keys in found.items():
            mine.filter(pk=watch_id).update(found=sorted(keys))
        audit.record(
            AuditKind.ALTERATION,
            Watch._meta.label,  # noqa: SLF001 - documented
            [one.pk for one in watches],
            detail={"read_until": until.isoformat()},
        )


def _seen(by: Viewer, target: Target) -> Target:
    rows: Any = type(target)._default_manager.all()  # noqa: SLF001 - its own class
    seen: Target | None = rows.visible_to(by).filter(pk=target.pk).first()
    if seen is None:
        raise NotFound
    return seen


def _is(target: Target) -> dict[str, Any]:
    """Return the column that names what is watched."""
    return {f"{_COLUMNS[type(target)]}_id": target.pk}


def _check_room(mine: Any, target: Target) -> None:
    """Raise where no more can be watched; what is hidden from the watcher is no count."""
    if mine.count() >= MOST_WATCHED:
        raise TooManyWatched(
            f"You can watch {MOST_WATCHED} things. Stop watching one of them first."
        )
    is_search = isinstance(target, SavedSearch)
    if is_search and mine.filter(search__isnull=False).count() >= MOST_SEARCHES:
        raise TooManyWatched(
            f"You can watch {MOST_SEARCHES} searches. Stop watching one of them first."
        )


def _audit(kind: AuditKind, one: Watch, target: Target) -> None:
    audit.record(
        kind,
        target._meta.label,  # noqa: SLF001 - documented
        [target.pk],
        detail={"watch": one.pk},
    )
