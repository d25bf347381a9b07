"""Which groups may be drawn, and which draws are a viewer's to score."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.actions.body_rules import deciding_body
from accounts.models import Organisation
from accounts.visibility import Viewer
from groups.models import CrimeGroup
from groups.models.crime_group import RecordState
from scoring.agreement.drawing import drawn_number, is_drawn
from scoring.laboratory.shares import share_of
from scoring.models import SecondScoring


@dataclass(frozen=True, slots=True)
class Drawn:
    """A mapped group whose submission was drawn, by which number of how many."""

    group: CrimeGroup
    submitted_at: datetime.datetime
    number: int
    one_in: int


def candidates() -> Iterator[Drawn]:
    """Yield the mapped groups whose last submission is drawn and is not noted yet.

    The share is that of the region on the day of the submission, so that a later change
    of it draws nothing anew. As the worker: it is asked of groups of every label.
    """
    noted = SecondScoring.objects.filter(
        group=OuterRef("pk"), submitted_at=OuterRef("submitted_at")
    )
    rows = (
        CrimeGroup.objects.filter(
            record_state=RecordState.MAPPED,
            merged_into__isnull=True,
            submitted_at__isnull=False,
        )
        .exclude(Exists(noted))
        .select_related("owner")
        .order_by("pk")
    )
    bodies: dict[int, str] = {}
    for group in rows.iterator():
        if group.submitted_at is None:
            continue
        body = bodies.get(group.owner_id) or deciding_body(group.owner).code
        bodies[group.owner_id] = body
        number = drawn_number(group.public_id, group.submitted_at)
        one_in = share_of(body, timezone.localdate(group.submitted_at))
        if is_drawn(number, one_in):
            yield Drawn(group, group.submitted_at, number, one_in)


def scorings_for(viewer: Viewer) -> QuerySet[SecondScoring]:
    """Return the draws of the viewer's region, or organisation, that they may see.

    Two queries beside the rows' own.
    """
    own = Organisation.objects.get(pk=viewer.organisation_id)
    body = deciding_body(own)
    owners = Organisation.objects.placed_in(body.pk, timezone.localdate())
    groups = CrimeGroup.objects.visible_to(viewer).filter(merged_into__isnull=True)
    return SecondScoring.objects.visible_to(viewer).filter(
        group__in=groups.filter(owner__in=owners)
    )
