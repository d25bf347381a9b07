"""Gaps that a group's own score shows: nothing counted, little known, nothing new."""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from groups.models import Activity, CrimeGroup
from groups.models.crime_group import RecordState
from intelligence.models import AttributeClaim, Mention
from intelligence.models.report import ReportState
from scoring import picture
from scoring.picture import Criterion, PictureFilters
from scoring.quality.asking import Ask, kept_groups, since

_ANY_STATUS = PictureFilters(status="any")
# Source: the ICO's enforcement notice on the Gangs Matrix (2018): people who scored
# nothing stayed on the list.
AT_ZERO = Criterion(Q(assessment__value=0), lambda line: line.assessment.value == 0)
MOSTLY_UNKNOWN = Criterion(
    Q(unknown_count__gt=F("attribute_count") / 2),
    lambda line: line.unknown_count > line.attribute_count // 2,
)


def at_zero(ask: Ask) -> QuerySet[Any]:
    """Return the mapped groups, not archived, whose score counts no point."""
    return _whose_line(ask, AT_ZERO)


def mostly_unknown(ask: Ask) -> QuerySet[Any]:
    """Return those of which more than half of the attributes are not known."""
    return _whose_line(ask, MOSTLY_UNKNOWN)


def _whose_line(ask: Ask, criterion: Criterion) -> QuerySet[Any]:
    """Return the groups whose line, as the reader sees it, meets a condition."""
    moment = picture.moment_of(None)
    stored = picture.lines_of(ask.viewer, ask.owners, moment, _ANY_STATUS)
    live = picture.live_lines_of(ask.viewer, ask.owners, _ANY_STATUS)
    return kept_groups(ask.viewer).filter(
        Q(pk__in=stored.filter(criterion.query).values("group_id"))
        | Q(pk__in=[line.group_id for line in live if criterion.holds(line)]),
        record_state=RecordState.MAPPED,
    )


def stale(ask: Ask) -> QuerySet[Any]:
    """Return the active groups of which nothing of the last 12 months is on record.

    That is: no report on them was received, and no activity of theirs was going on.
    """
    day = since(ask)
    submitted = {
        "report__state": ReportState.SUBMITTED,
        "report__received_on__gte": day,
    }
    claims = AttributeClaim.objects.visible_to(ask.viewer).filter(**submitted)
    mentions = Mention.objects.visible_to(ask.viewer).filter(
        group__isnull=False, **submitted
    )
    going_on = Activity.objects.visible_to(ask.viewer).filter(
        Q(to_on__gte=day) | Q(to_on__isnull=True, from_on__gte=day)
    )
    here = OuterRef("pk")
    return (
        CrimeGroup.objects.visible_to(ask.viewer)
        .headline()
        .filter(
            ~Exists(claims.filter(group=here)),
            ~Exists(mentions.filter(group=here)),
            ~Exists(going_on.filter(group=here)),
        )
    )
