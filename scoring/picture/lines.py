"""The lines that one reader's picture is made of."""

import datetime
from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.actions.labels import labels_of
from accounts.visibility import Label, Viewer, join
from groups.models import CrimeGroup
from ocgmap.common.as_table import as_table
from ocgmap.common.records import visible_classes
from scoring.assembly import (
    SchemeInUse,
    dossiers_for,
    first_day,
    primary_in_use,
    stand,
)
from scoring.engine import PRIMARY
from scoring.exceptions import SchemesNotLoaded
from scoring.models import Assessment, PictureLine, SchemeVersion, ScoreHead
from scoring.models.picture_line import PictureLineQuerySet
from scoring.picture.filters import Moment, PictureFilters, moment_of
from scoring.picture.scopes import PictureScope, owners_in

NO_FILTERS = PictureFilters()


def primary_scheme_id(moment: Moment) -> int:
    """Return the id of the version that headline figures of a moment come from.

    One query.

    Raises:
        SchemesNotLoaded: there is none.
    """
    rows = SchemeVersion.objects.filter(is_primary=True)
    if not moment.is_now:
        rows = SchemeVersion.objects.primary_on(first_day(moment.day), PRIMARY.key)
    found = rows.values_list("id", flat=True).first()
    if found is None:
        raise SchemesNotLoaded("no primary scheme: run `manage.py load_schemes`")
    return found


def primary_scheme_ids(days: Sequence[datetime.date]) -> list[int]:
    """Return the id of the version in effect on each of these past days. One query.

    Raises:
        SchemesNotLoaded: there is none.
    """
    last = first_day(max(days))
    rows = SchemeVersion.objects.primary_on(last, PRIMARY.key)
    versions = list(rows.values_list("effective_on", "id"))
    if not versions:
        raise SchemesNotLoaded("no primary scheme: run `manage.py load_schemes`")
    return [
        next(pk for effective_on, pk in versions if effective_on <= first_day(day))
        for day in days
    ]


def lines(
    viewer: Viewer,
    scope: PictureScope,
    at: datetime.date | None = None,
    filters: PictureFilters = NO_FILTERS,
) -> PictureLineQuerySet:
    """Return the greatest visible line of each group that the filters keep.

    As many rows as `read` counts for the same scope and day, but for groups that are
    scored at read: those come from `live_lines`. Unordered; may be filtered further. Of a
    past day there may be lines whose group `is_disposed` since: a join of the group drops
    them.

    Raises:
        UnknownFilter: a code is not in its table, or the day is still to come.
    """
    moment = moment_of(at)
    return lines_of(viewer, owners_in(scope, moment.day), moment, filters)


def lines_of(
    viewer: Viewer,
    owners: Sequence[int] | None,
    moment: Moment,
    filters: PictureFilters = NO_FILTERS,
) -> PictureLineQuerySet:
    """Return `lines` of the groups of these owners (None: all) at a moment.

    Raises:
        UnknownFilter: a code is not in its table.
    """
    filters.check()
    visible = (
        PictureLine.objects.visible_to(viewer)
        .at(moment.instant)
        .filter(filters.of_groups(), scheme_version_id=primary_scheme_id(moment))
    )
    if not moment.is_now:
        # A line of the past keeps the label it had; its group may be hidden since. Of a
        # group that is gone nothing else is left to ask.
        seen = CrimeGroup.objects.visible_to(viewer).filter(id=OuterRef("group_id"))
        visible = visible.filter(Q(is_disposed=True) | Exists(seen))
    if owners is not None:
        visible = visible.filter(owner_id__in=owners)
    kept = as_table(visible.order_by("group_id", "-rank", "-id").distinct("group_id"))
    for criterion in filters.criteria(moment.day):
        kept = kept.filter(criterion.query)
    return kept


def live_lines(
    viewer: Viewer,
    scope: PictureScope,
    filters: PictureFilters = NO_FILTERS,
) -> list[PictureLine]:
    """Return lines, never saved, of the visible groups that are scored at read.

    They carry more labels than are kept, so the same engine scores what the reader
    sees. Rare: usually the list is empty, for one query.
    """
    return live_lines_of(viewer, owners_in(scope, timezone.localdate()), filters)


def live_lines_of(
    viewer: Viewer,
    owners: Sequence[int] | None,
    filters: PictureFilters = NO_FILTERS,
) -> list[PictureLine]:
    """Return `live_lines` of the groups of these owners (None: all)."""
    filters.check()
    moment = moment_of(None)
    groups = live_groups(viewer, owners, filters.of_groups())
    if not groups:
        return []
    found = score_live(viewer, groups, primary_in_use(), moment)
    criteria = list(filters.criteria(moment.day))
    return [line for line in found if all(each.holds(line) for each in criteria)]


def live_groups(
    viewer: Viewer, owners: Sequence[int] | None, condition: Q
) -> list[int]:
    """Return the ids of the visible groups of these owners that no line is kept of."""
    live = ScoreHead.objects.filter(is_live=True).values("group_id")
    rows = CrimeGroup.objects.visible_to(viewer).filter(condition, id__in=live)
    if owners is not None:
        rows = rows.filter(owner_id__in=owners)
    return list(rows.filter(merged_into__isnull=True).values_list("id", flat=True))


def score_live(
    viewer: Viewer, groups: list[int], in_use: SchemeInUse, moment: Moment
) -> list[PictureLine]:
    """Return unsaved lines of these groups, scored from what ``viewer`` sees."""
    classes = visible_classes(viewer)
    found = []
    dossiers = dossiers_for(groups, day=moment.day, classes=classes)
    for group_id, dossier in dossiers.items():
        seen = frozenset(dossier.classes())
        rank = _join(seen).rank
        for _, standing, result in stand(dossier, seen, rank, [in_use], moment.day):
            content = standing._asdict()
            del content["facts_digest"]
            line = PictureLine(
                group_id=group_id, scheme_version_id=in_use.id, **content
            )
            line.assessment = Assessment(value=result.value)
            found.append(line)
    return found


def _join(class_ids: frozenset[int]) -> Label:
    return join(labels_of(class_ids).values())
