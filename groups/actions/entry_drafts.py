"""Keep what somebody typed until it is sent; nothing of it is part of the record."""

import datetime
import uuid
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.actions import labels
from accounts.models import Organisation
from accounts.models.access_class import TagKind
from accounts.models.audit_event import AuditKind
from accounts.permissions import check_has
from accounts.roles import Right
from accounts.visibility import Viewer
from groups.actions.records import check_fields, held
from groups.exceptions import DraftChanged, InvalidRecord
from groups.models import EntryDraft
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system

KEPT_DAYS = 30
# More than the pages themselves take.
MOST_CHARACTERS = 500_000
Typed = Mapping[str, Sequence[str]]


def start(*, by: Viewer, kind: str, tab: uuid.UUID | None = None) -> EntryDraft:
    """Return a new empty draft; drop this author's older ones that stayed empty.

    ``tab`` is the page that began it by saving what was typed there.

    Raises:
        RightMissing: ``by`` may record nothing.
    """
    check_has(by, Right.CONTRIBUTE)
    owner = Organisation.objects.get(pk=by.organisation_id)
    yesterday = timezone.now() - datetime.timedelta(days=1)
    with transaction.atomic():
        own = EntryDraft.objects.visible_to(by)
        own.filter(data={}, changed_at__lt=yesterday).delete()
        draft = EntryDraft(
            owner=owner, kind=kind, access_class_id=_label(by, owner, (), ())
        )
        draft.tab = tab or draft.tab
        check_fields(draft)
        draft.save(force_insert=True)
        draft.refresh_from_db()
        audit.record(
            AuditKind.COLLECTION, "groups.EntryDraft", [draft.pk], detail={"kind": kind}
        )
    return draft


def save(
    *,
    by: Viewer,
    draft: EntryDraft,
    typed: Typed,
    version: int,
    tab: uuid.UUID,
    compartments: Sequence[int] = (),
) -> EntryDraft:
    """Put what was typed into the draft, if ``tab`` saved it last or knows ``version``.

    Its label is the own organisation's with the compartments ever wanted for it, and
    never falls. Saving the same again changes nothing.

    Raises:
        NotFound: it was sent or discarded meanwhile, or is another's.
        DraftChanged: another page saved it meanwhile; nothing was written.
        InvalidRecord: it is too long.
    """
    check_has(by, Right.CONTRIBUTE)
    data = {name: list(values) for name, values in typed.items()}
    if sum(len(text) for texts in data.values() for text in texts) > MOST_CHARACTERS:
        raise InvalidRecord(
            f"A draft has at most {MOST_CHARACTERS:,} characters. Shorten the longest "
            "text."
        )
    with transaction.atomic():
        now = held(by, draft)
        if data == now.data:
            return now
        _check_unchanged(now, version, tab)
        now.data, now.tab = data, tab
        now.access_class_id = _label(by, now.owner, compartments, [now.access_class_id])
        now.save(update_fields=["data", "tab", "access_class_id"])
        now.refresh_from_db()
    return now


def kept_from_others(*, by: Viewer, draft: EntryDraft) -> EntryDraft:
    """Return the draft as it stands now; nobody saves it before the transaction ends.

    Raises:
        NotFound: it was sent or discarded meanwhile, or is another's.
    """
    return held(by, draft)


def kept_for_sending(
    *, by: Viewer, draft: EntryDraft, version: int, tab: uuid.UUID
) -> EntryDraft:
    """Return the draft whose form ``tab`` sends, kept from others as above.

    Raises:
        NotFound: it was sent or discarded meanwhile, or is another's.
        DraftChanged: another page saved it meanwhile; that text would be forgotten.
    """
    now = held(by, draft)
    _check_unchanged(now, version, tab)
    return now


def discard(*, by: Viewer, draft: EntryDraft) -> None:
    """Forget a draft: it was sent, or its author wants it no more.

    Raises:
        NotFound: it is gone already, or is another's.
    """
    with transaction.atomic():
        now = held(by, draft)
        _audit(AuditKind.ERASURE, now)
        now.delete()


def forget_old(*, days: int = KEPT_DAYS) -> int:
    """Delete the drafts of everybody that nobody saved for so long; return how many."""
    oldest = timezone.now() - datetime.timedelta(days=days)
    with acting_as(system("forget_drafts")), transaction.atomic():
        old = EntryDraft.objects.filter(changed_at__lt=oldest)
        ids = list(old.values_list("pk", flat=True))
        if ids:
            audit.record(AuditKind.ERASURE, "groups.EntryDraft", ids)
        EntryDraft.objects.filter(pk__in=ids).delete()
    return len(ids)


def _check_unchanged(now: EntryDraft, version: int, tab: uuid.UUID) -> None:
    if version != now.version and tab != now.tab:
        raise DraftChanged(
            "This draft was saved from another page meanwhile. What you typed is here "
            "and was not saved. Save or send it again to keep it in place of the "
            "other, or open the draft anew to see the other.",
            current_version=now.version,
        )


def _label(
    by: Viewer,
    owner: Organisation,
    compartments: Sequence[int],
    former: Sequence[int],
) -> int:
    mine = {tag.pk for tag in labels.compartments_for(by)} if compartments else set()
    return labels.class_for(
        owner=owner,
        sharing=TagKind.ORGANISATION,
        compartments=mine & set(compartments),
        parents=former,
        by=by,
    )


def _audit(kind: AuditKind, draft: EntryDraft) -> None:
    audit.record(kind, "groups.EntryDraft", [draft.pk], detail={"kind": draft.kind})
