"""What a person does with the import of a return's file: send, import, discard."""

import hashlib
import zlib

from django.db import transaction

from accounts import audit
from accounts.actions import labels
from accounts.models import Organisation
from accounts.models.access_class import TagKind
from accounts.models.audit_event import AuditKind
from accounts.visibility import Viewer
from intelligence.actions import checks
from intelligence.exceptions import Refused
from intelligence.models import ImportFile, ImportJob, Return
from intelligence.models.imports import ImportState
from intelligence.permissions import check_can_import
from intelligence.return_files.reading import check_size
from ocgmap.common.errors import Conflict, InvalidTransition, NotFound
from ocgmap.common.once import inserted

_ONCE = "intelligence_import_file_once"
_NAME_LONGEST = 120


def upload(
    *, by: Viewer, ret: Return, name: str, content: bytes
) -> tuple[ImportJob, bool]:
    """Keep the file for the worker to read and check; say whether it is new.

    A file that the owner sent before, whatever its name, gives the job of then.

    Raises:
        FileRefused: it is empty or too large.
        Refused: the return was received as nil.
        PermissionDenied: ``by`` may not import for the return's owner.
    """
    check_can_import(by, ret.owner)
    check_size(len(content))
    check_not_nil(ret)
    digest = _digest(content)
    with transaction.atomic():
        former = _former(ret.owner, digest, by)
        if former is not None:
            return former, False
        job = ImportJob(
            owner=ret.owner,
            access_class_id=_class_for(ret.owner, by),
            returned_in=ret,
            runs_as_id=by.user_id,
            name=_shown(name),
            digest=digest,
            size_bytes=len(content),
        )
        if not inserted(job, _ONCE):  # the same file came twice at once
            former = _former(ret.owner, digest, by)
            if former is None:
                raise Conflict("This file is being sent a second time. Open the list.")
            return former, False
        ImportFile.objects.create(
            job=job,
            owner=job.owner,
            access_class_id=job.access_class_id,
            content=zlib.compress(content, 1),
        )
        audit.record(
            AuditKind.COLLECTION,
            "intelligence.ImportJob",
            [job.pk],
            detail={"sha256": digest, "bytes": len(content), "return": ret.pk},
        )
    return job, True


def sent_before(*, by: Viewer, owner: Organisation, content: bytes) -> ImportJob | None:
    """Return the job of the same file that the owner sent before, if there is one."""
    return _former(owner, _digest(content), by)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def confirm(
    *, by: Viewer, job: ImportJob, version: int, leave_refused_out: bool = False
) -> ImportJob:
    """Let the worker import what was checked, in the name of ``by``.

    With `leave_refused_out` the good rows are taken; else all rows or none.

    Raises:
        InvalidTransition: it is not waiting for this, or changed since ``version``.
        Refused: rows are refused and not to be left out, or none is left to take.
        PermissionDenied: ``by`` may not import for the owner.
    """
    check_can_import(by, job.owner)
    check_not_nil(job.returned_in)
    if job.refused and not leave_refused_out:
        raise Refused(
            "leave_refused_out",
            f"{job.refused:,} of {job.rows:,} rows are refused, and a file is taken "
            "whole or not at all.",
            "Correct the file and send it again, or choose to leave those rows out.",
        )
    if not job.accepted and job.state == ImportState.CHECKED:
        raise Refused(
            "leave_refused_out",
            "No row is left to import.",
            "Correct the file and send it again.",
        )
    return _move(
        job,
        version,
        by,
        since=ImportState.CHECKED,
        to=ImportState.WRITING,
        leaves_refused_out=leave_refused_out,
        runs_as_id=by.user_id,
        position=0,
        accepted=0,
        duplicates=0,
        refused=0,
        failures=0,
    )


def carry_on(*, by: Viewer, job: ImportJob, version: int) -> ImportJob:
    """Let a stopped import go on where it stopped, in the name of ``by``.

    Rows that are refused from here on are left out and handed back.

    Raises:
        InvalidTransition: it is not stopped, or changed since ``version``.
        PermissionDenied: ``by`` may not import for the owner.
    """
    check_can_import(by, job.owner)
    check_not_nil(job.returned_in)
    return _move(
        job,
        version,
        by,
        since=ImportState.STOPPED,
        to=ImportState(job.stopped_at or ImportState.READING),
        leaves_refused_out=True,
        runs_as_id=by.user_id,
        failures=0,
    )


def discard(*, by: Viewer, job: ImportJob, version: int) -> ImportJob:
    """End a job of which nothing was imported; its file may be sent anew.

    Raises:
        InvalidTransition: it is being imported or has ended, or changed since.
        PermissionDenied: ``by`` may not import for the owner.
    """
    check_can_import(by, job.owner)
    if job.state == ImportState.STOPPED and job.position and job.is_writing:
        raise InvalidTransition(
            "Some of its rows are imported already. Let it go on, or withdraw the "
            "reports. Nothing was changed."
        )
    since = job.state if job.state in _DISCARDABLE else ImportState.CHECKED
    return _move(job, version, by, since=since, to=ImportState.DISCARDED)


_DISCARDABLE = (ImportState.CHECKED, ImportState.REFUSED, ImportState.STOPPED)


def check_not_nil(ret: Return) -> None:
    """Return unless the return was received as nil.

    Raises:
        Refused: it was; its reports would belie it.
    """
    if ret.is_nil:
        raise Refused(
            "returned_in",
            "This return was received as nil: there was nothing to report.",
            "Choose another return, or enter the period of this file in the register.",
        )


def _move(
    job: ImportJob,
    version: int,
    by: Viewer,
    *,
    since: str,
    to: ImportState,
    **columns: object,
) -> ImportJob:
    """Change the state of a job that is as it was seen, with its audit row."""
    rows = ImportJob.objects.visible_to(by).filter(pk=job.pk)
    with transaction.atomic():
        moved = rows.filter(version=version, state=since).update(
            state=to, stopped_at="", state_reason="", **columns
        )
        now = rows.select_related("owner", "returned_in").first()
        if now is None:
            raise NotFound
        if not moved:
            raise InvalidTransition(
                f"This import is now in the state “{now.get_state_display()}”. Nothing "
                "was changed. Look at it again."
            )
        audit.record(
            AuditKind.ALTERATION,
            "intelligence.ImportJob",
            [job.pk],
            detail={"state": to, "leaves_refused_out": now.leaves_refused_out},
        )
    return now


def _former(owner: Organisation, digest: str, by: Viewer) -> ImportJob | None:
    rows = ImportJob.objects.visible_to(by).filter(owner=owner, digest=digest)
    return (
        rows.exclude(state=ImportState.DISCARDED)
        .select_related("owner", "returned_in")
        .first()
    )


def _class_for(owner: Organisation, by: Viewer) -> int:
    """Return the class of the owner alone: the file holds rows of every audience."""
    return labels.class_for(owner=owner, sharing=TagKind.ORGANISATION, by=by)


def _shown(name: str) -> str:
    """Return the file's name as a page may show it."""
    plain = "".join(one for one in name if one.isprintable()).strip()
    return checks.text(
        plain[-_NAME_LONGEST:] or "file", field="file", name="The name", longest=200
    )
