"""Work comparisons off, part by part: each part and its progress commit together.

A job is claimed by locking its row, past those that are locked. Groups are read and
results written as the person who asked, as they stand at that moment. Where what they
hold is no longer what it was, everything is compared anew.
"""

import datetime
import hashlib
import logging
import time
import traceback
from collections.abc import Iterator, Mapping

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts import audit
from accounts.access import acting_for, viewer_of
from accounts.actions.labels import labels_of
from accounts.models.audit_event import AuditKind
from accounts.visibility import Viewer, join
from groups.models import CrimeGroup
from groups.models.crime_group import ActivityStatus, RecordState
from ocgmap.common.acting import acting_as, refresh
from ocgmap.common.errors import AppError
from ocgmap.common.records import visible_classes
from ocgmap.common.scope import system
from scoring.actions.what_ifs import scope_for
from scoring.assembly import Dossier, evidence_for, scheme_by
from scoring.engine import compared
from scoring.exceptions import NoLongerTheirs
from scoring.models import WhatIf, WhatIfResult
from scoring.models.what_if import WhatIfState
from scoring.outbox.labels import intern_all
from scoring.permissions import check_can_compare
from scoring.picture.scopes import owners_in, parse_scope

logger = logging.getLogger(__name__)

PART_GROUPS = 500
MOST_FAILURES = 3
KEPT_DAYS = 30


def work(*, seconds: float) -> tuple[int, bool]:
    """Work comparisons off for so long; return how many parts, and whether more wait."""
    until = time.monotonic() + seconds
    count = 0
    clear_old()
    while step():
        count += 1
        if time.monotonic() >= until:
            return count, True
    return count, False


def clear_old() -> None:
    """Remove the comparisons that nobody should go by any more."""
    long_ago = timezone.now() - datetime.timedelta(days=KEPT_DAYS)
    with acting_as(system("what if")), transaction.atomic():
        old = list(
            WhatIf.objects.filter(created_at__lt=long_ago).values_list("pk", flat=True)
        )
        if old:
            WhatIf.objects.filter(pk__in=old).delete()
            audit.record(
                AuditKind.ERASURE, "scoring.WhatIf", old, reason="kept long enough"
            )


def step() -> bool:
    """Take one part of the comparison that waited longest; false: there is none.

    A fault of the program is logged and counted; a job with too many is stopped.
    """
    claimed: list[int] = []
    with acting_as(system("what if")):
        try:
            with transaction.atomic():
                asked = _claim()
                if asked is None:
                    return False
                claimed.append(asked.pk)
                _advance(asked)
        except Exception as error:
            if not claimed:
                raise
            logger.error("what if %s failed: %s", claimed[0], _place(error))  # noqa: TRY400 - a traceback may hold what rows say
            _count_failure(claimed[0])
    return True


def _place(error: Exception) -> str:
    """Return the type of an error and where it was raised, with nothing of a row."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {frame.name}, line {frame.lineno}"


def _claim() -> WhatIf | None:
    rows = WhatIf.objects.filter(state=WhatIfState.RUNNING).select_related(
        "user__organisation", "before", "after"
    )
    locked = rows.select_for_update(of=("self",), skip_locked=True)
    return locked.order_by("changed_at", "pk").first()


def _advance(asked: WhatIf) -> None:
    """Take the next part under the person's own scope, or stop the comparison."""
    viewer = viewer_of(asked.user)
    held = _held(viewer)
    try:
        _check(asked, viewer)
        if asked.held != held:
            _begin(asked, held)
        with (
            acting_for(viewer, route=f"what if {asked.public_id}"),
            transaction.atomic(),
        ):
            _compare_part(asked, viewer)
    except AppError as error:
        _stop(asked, error)


def _check(asked: WhatIf, viewer: Viewer) -> None:
    check_can_compare(viewer)
    if scope_for(asked.user.organisation) != asked.scope:
        raise NoLongerTheirs(
            "Your account is of another organisation than when you asked. Ask anew."
        )


def _held(viewer: Viewer) -> str:
    """Return a digest of all that decides what the person sees."""
    said = f"{sorted(viewer.tags)} {viewer.clearance} {viewer.can_view}"
    return hashlib.sha256(said.encode()).hexdigest()


def _begin(asked: WhatIf, held: str) -> None:
    """Begin anew, as the worker: what is hidden now goes too."""
    WhatIfResult.objects.filter(what_if=asked).delete()
    _note(asked, held=held, day=timezone.localdate(), total=0, done=0, last_group=0)


def _compare_part(asked: WhatIf, viewer: Viewer) -> None:
    owners = owners_in(parse_scope(asked.scope), asked.day)
    rows = CrimeGroup.objects.visible_to(viewer).filter(
        record_state=RecordState.MAPPED,
        activity_status=ActivityStatus.ACTIVE,
        merged_into__isnull=True,
    )
    if owners is not None:
        rows = rows.filter(owner_id__in=owners)
    if not asked.last_group:
        _note(asked, total=rows.count())
    part = rows.filter(id__gt=asked.last_group).order_by("id")
    groups = list(part.values_list("id", flat=True)[:PART_GROUPS])
    if groups:
        found = evidence_for(groups, day=asked.day, classes=visible_classes(viewer))
        WhatIfResult.objects.bulk_create(_results(asked, found))
        _note(asked, last_group=groups[-1], done=asked.done + len(found))
    if len(groups) < PART_GROUPS:
        _finish(asked)


def _results(asked: WhatIf, found: Mapping[int, Dossier]) -> Iterator[WhatIfResult]:
    before, after = scheme_by(asked.before), scheme_by(asked.after)
    classes = _classes(found)
    for group_id, dossier in found.items():
        seen = dossier.classes()
        both = compared(dossier.facts(seen, asked.day), before, after)
        yield WhatIfResult(
            what_if=asked,
            group_id=group_id,
            owner_id=dossier.group.owner_id,
            access_class_id=classes[group_id],
            threat_id=dossier.threat(seen),
            band_before=both.band_before,
            band_after=both.band_after,
            steps=both.steps,
            value_before=both.value_before,
            value_after=both.value_after,
            changes=[list(one) for one in both.changes],
        )


def _classes(found: Mapping[int, Dossier]) -> dict[int, int]:
    """Return the class of each group's result: the join of all that it rests on."""
    seen = {group_id: frozenset(one.classes()) for group_id, one in found.items()}
    labels = labels_of({class_id for own in seen.values() for class_id in own})
    joins = {
        own: join(labels[class_id] for class_id in own) for own in set(seen.values())
    }
    ids = intern_all(joins.values())
    refresh()  # a class that was made just now is not among the visible ones yet
    return {group_id: ids[joins[own]] for group_id, own in seen.items()}


def _finish(asked: WhatIf) -> None:
    _note(asked, state=WhatIfState.DONE, finished_at=timezone.now(), failures=0)
    audit.record(
        AuditKind.COMBINATION,
        "scoring.WhatIf",
        [asked.pk],
        detail={"groups": asked.done},
    )


def _stop(asked: WhatIf, error: AppError) -> None:
    _note(
        asked,
        state=WhatIfState.STOPPED,
        state_reason=error.message,
        finished_at=timezone.now(),
    )
    audit.record(
        AuditKind.ALTERATION,
        "scoring.WhatIf",
        [asked.pk],
        detail={"state": WhatIfState.STOPPED, "code": error.code},
    )


def _count_failure(pk: int) -> None:
    with transaction.atomic():
        rows = WhatIf.objects.filter(pk=pk)
        rows.update(failures=F("failures") + 1)
        asked = rows.select_for_update().first()
        if asked is not None and asked.is_running and asked.failures >= MOST_FAILURES:
            _stop(
                asked,
                AppError(
                    "The comparison failed several times by a fault of this system. Its "
                    "operators find it in the log. It can be let go on."
                ),
            )


def _note(asked: WhatIf, **columns: object) -> None:
    columns["changed_at"] = timezone.now()
    WhatIf.objects.filter(pk=asked.pk).update(**columns)
    for name, value in columns.items():
        setattr(asked, name, value)
