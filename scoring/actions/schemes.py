"""Load a proposed version of the primary scheme from its file, and adopt it."""

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models.audit_event import AuditKind
from ocgmap.common.date_fields import date_text
from ocgmap.common.errors import NotFound
from ocgmap.common.reference.records import Confidence
from scoring.actions.judgements import worded
from scoring.engine import PRIMARY, rows_from, scheme_digest, scheme_of
from scoring.exceptions import NotAdoptable, VersionWasEdited
from scoring.models import SchemeVersion
from scoring.models.scheme_version import SchemeStatus
from scoring.outbox import mark_all


def load(*, content: bytes) -> tuple[SchemeVersion, bool]:
    """Keep the version of a file as proposed, frozen from then on; say if it is new.

    It scores no group. The same file again changes nothing.

    Raises:
        SchemeFileRefusedError: the file makes no version; each fault is named.
        VersionWasEdited: this version was loaded, and the file says otherwise.
    """
    rows = rows_from(content, PRIMARY, list(Confidence))
    scheme = scheme_of(rows, PRIMARY)
    kept = [list(row) for row in rows]
    with transaction.atomic():
        version, is_new = SchemeVersion.objects.get_or_create(
            name=scheme.key,
            version=scheme.version,
            defaults={
                "digest": scheme_digest(scheme),
                "effective_on": scheme.effective_on,
                "status": SchemeStatus.PROPOSED,
                "rows": kept,
            },
        )
        if version.rows != kept:
            raise VersionWasEdited(
                f"{version} is loaded and frozen, and this file says otherwise. Give "
                "the file a new version.",
                field="version",
            )
        if is_new:
            audit.record(
                AuditKind.COLLECTION,
                "scoring.SchemeVersion",
                [version.pk],
                reason=f"{version} loaded as proposed",
            )
    return version, is_new


def adopt(*, name: str, version: str, reason: str) -> SchemeVersion:
    """Let a proposed version take effect on its day; groups are scored by it from now.

    Until then the figures are those of the version before it.

    Raises:
        NotFound: no such version is loaded.
        NotAdoptable: it is adopted, its day has come, or another takes effect then.
        AppError: names the reason that cannot stand.
    """
    words = worded(reason, field="reason", longest=2000)
    with transaction.atomic():
        rows = SchemeVersion.objects.select_for_update()
        found = rows.filter(name=name, version=version).first()
        if found is None:
            raise NotFound(f"No version {version} of {name} is loaded.")
        if found.status == SchemeStatus.ADOPTED:
            raise NotAdoptable(f"{found} is adopted already.", field="version")
        _check_day(found)
        found.status = SchemeStatus.ADOPTED
        found.save(update_fields=["status"])
        audit.record(
            AuditKind.ALTERATION,
            "scoring.SchemeVersion",
            [found.pk],
            reason=words,
            detail={"adopted": str(found), "from": found.effective_on.isoformat()},
        )
        mark_all()
    return found


def _check_day(found: SchemeVersion) -> None:
    """Raise unless all groups can be scored before the version takes effect."""
    day = date_text(found.effective_on)
    cure = "Load its table as a new version with a later day."
    if found.effective_on <= timezone.localdate():
        raise NotAdoptable(
            f"{found} would take effect on {day}, and a version takes effect on a day "
            f"to come, so that every group is scored by then. {cure}",
            field="effective_on",
        )
    others = SchemeVersion.objects.filter(
        name=found.name,
        status=SchemeStatus.ADOPTED,
        effective_on__gte=found.effective_on,
    )
    if others.exists():
        raise NotAdoptable(
            f"{others[0]} takes effect on {date_text(others[0].effective_on)}, and a "
            f"version follows those before it. {cure}",
            field="effective_on",
        )
