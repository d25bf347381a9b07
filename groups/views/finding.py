"""Who asks for which record; absent and hidden are one answer."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from typing import TypeVar

from django.http import HttpRequest

from accounts import audit
from accounts.gate import asker
from accounts.permissions import check_has
from accounts.roles import Right
from accounts.visibility import Viewer
from groups.models import CrimeGroup, Nominal
from ocgmap.common.errors import NotFound
from ocgmap.common.records import ProtectedQuerySet, ProtectedRecord

M = TypeVar("M", bound=ProtectedRecord)


def reader(request: HttpRequest) -> Viewer:
    """Return who asks, if they may see intelligence at all.

    Raises:
        RightMissing: an administrator would else see empty pages, which look like facts.
    """
    viewer = asker(request)
    check_has(viewer, Right.VIEW)
    return viewer


def found(rows: ProtectedQuerySet[M], public_id: uuid.UUID) -> M:
    """Return the one of ``rows`` with this id.

    Raises:
        NotFound: there is none such among them.
    """
    row = rows.filter(public_id=public_id).first()
    if row is None:
        raise NotFound
    return row


def group_for(viewer: Viewer, public_id: uuid.UUID) -> CrimeGroup:
    """Return a visible group with all that the head of its pages shows.

    Raises:
        NotFound: it is absent or hidden.
    """
    rows = CrimeGroup.objects.visible_to(viewer).select_related("reviewed_by")
    return found(
        rows.select_related("owner", "access_class", "created_by", "changed_by"),
        public_id,
    )


def nominal_for(viewer: Viewer, public_id: uuid.UUID) -> Nominal:
    """Return a visible person.

    Raises:
        NotFound: they are absent or hidden.
    """
    rows = Nominal.objects.visible_to(viewer)
    return found(
        rows.select_related("owner", "access_class", "created_by", "changed_by"),
        public_id,
    )


def record_shown(records: Iterable[ProtectedRecord]) -> None:
    """Leave an audit row for each kind of record that the page shows."""
    shown: dict[str, set[int]] = defaultdict(set)
    for record in records:
        shown[record._meta.label].add(record.pk)  # noqa: SLF001 - documented
    for label, ids in sorted(shown.items()):
        audit.consulted(label, ids)
