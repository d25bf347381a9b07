"""Ask what another version of the scheme would make of the groups that one sees."""

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import Organisation, User
from accounts.models.audit_event import AuditKind
from accounts.models.organisation import REGION_KINDS
from accounts.visibility import Viewer
from ocgmap.common.errors import NotFound
from scoring.engine import PRIMARY
from scoring.exceptions import AlreadyComparing, NotComparable
from scoring.models import SchemeVersion, WhatIf
from scoring.models.what_if import WhatIfState
from scoring.permissions import check_can_compare
from scoring.picture.scopes import NATIONAL, ScopeKind

# What one person keeps; the oldest goes when another is asked for.
MOST_KEPT = 5
TASK = "scoring.work_off_what_ifs"


def scope_for(organisation: Organisation) -> str:
    """Return the scope that someone of ``organisation`` compares: its region or all."""
    if organisation.kind in REGION_KINDS:
        return f"{ScopeKind.REGION}:{organisation.code}"
    return NATIONAL.key


def start(*, by: Viewer, before: SchemeVersion, after: SchemeVersion) -> WhatIf:
    """Let the worker compare two versions over what ``by`` sees of their scope.

    Raises:
        RightMissing: the right to compare is missing.
        NotComparable: they are one version, or not of the primary scheme.
        AlreadyComparing: another comparison of theirs is under way.
    """
    check_can_compare(by)
    if before.pk == after.pk or {before.name, after.name} != {PRIMARY.key}:
        raise NotComparable("Choose two different versions.", field="after")
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=by.user_id)  # one at a time
        mine = WhatIf.objects.visible_to(by)
        if mine.filter(state=WhatIfState.RUNNING).exists():
            raise AlreadyComparing(
                "A comparison of yours is under way. Wait for it, or remove it."
            )
        for old in mine.order_by("-id")[MOST_KEPT - 1 :]:
            _erase(old)
        made = WhatIf(
            user_id=by.user_id,
            scope=scope_for(Organisation.objects.get(pk=by.organisation_id)),
            before=before,
            after=after,
            day=timezone.localdate(),
        )
        made.save(force_insert=True)
        audit.record(
            AuditKind.COLLECTION,
            "scoring.WhatIf",
            [made.pk],
            detail={"before": str(before), "after": str(after), "scope": made.scope},
        )
    return made


def carry_on(*, by: Viewer, asked: WhatIf) -> None:
    """Let a stopped comparison go on where it stopped; another stays as it is.

    Raises:
        RightMissing: the right to compare is missing.
        NotFound: it is not theirs, or was removed.
        AlreadyComparing: another comparison of theirs is under way.
    """
    check_can_compare(by)
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=by.user_id)
        mine = WhatIf.objects.visible_to(by)
        if not mine.filter(pk=asked.pk).exists():
            raise NotFound
        others = mine.filter(state=WhatIfState.RUNNING).exclude(pk=asked.pk)
        if others.exists():
            raise AlreadyComparing("Another comparison of yours is under way.")
        moved = mine.filter(pk=asked.pk, state=WhatIfState.STOPPED).update(
            state=WhatIfState.RUNNING, state_reason="", failures=0, finished_at=None
        )
        if moved:
            audit.record(
                AuditKind.ALTERATION,
                "scoring.WhatIf",
                [asked.pk],
                detail={"state": WhatIfState.RUNNING},
            )


def remove(*, by: Viewer, asked: WhatIf) -> None:
    """Remove a comparison with its results; what is gone stays so."""
    check_can_compare(by)
    with transaction.atomic():
        found = WhatIf.objects.visible_to(by).filter(pk=asked.pk).first()
        if found is not None:
            _erase(found)


def _erase(asked: WhatIf) -> None:
    audit.record(AuditKind.ERASURE, "scoring.WhatIf", [asked.pk])
    asked.delete()
