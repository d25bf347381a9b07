"""Which scheme versions score groups, and which one the figures of a moment come from."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q, Subquery
from django.utils import timezone

from scoring.engine import (
    PRIMARY,
    SCHEMES,
    Scheme,
    scheme_digest,
    scheme_named,
    scheme_of,
)
from scoring.exceptions import SchemesNotLoaded
from scoring.models import SchemeVersion
from scoring.models.scheme_version import SchemeStatus


@dataclass(frozen=True, slots=True)
class SchemeInUse:
    """A version that groups are scored by, the id of its row, and its standing.

    `is_primary`: headline figures of the present come from it.
    """

    id: int
    scheme: Scheme
    is_primary: bool = False


def schemes_in_use() -> tuple[SchemeInUse, ...]:
    """Return every version that groups are scored by. One query.

    That is each adopted one, but for versions of the primary scheme that a later one
    has followed: from the day on which that is in effect, they score no group.

    Raises:
        SchemesNotLoaded: one of the code has no row, or none is primary.
    """
    adopted = SchemeVersion.objects.filter(status=SchemeStatus.ADOPTED)
    rows = list(adopted.order_by("effective_on", "id"))
    loaded = {(row.name, row.version): row for row in rows}
    for scheme in SCHEMES:
        row = loaded.get((scheme.key, scheme.version))
        if row is None or row.digest != scheme_digest(scheme):
            raise SchemesNotLoaded(
                f"{scheme.key} {scheme.version} is not loaded: run "
                "`manage.py load_schemes`."
            )
    primary = next((row for row in rows if row.is_primary), None)
    if primary is None:
        raise SchemesNotLoaded("no primary scheme: run `manage.py load_schemes`")
    return tuple(_in_use(rows, primary))


def _in_use(rows: list[SchemeVersion], primary: SchemeVersion) -> Iterator[SchemeInUse]:
    order = {key: place for place, key in enumerate(one.key for one in SCHEMES)}
    published = {(one.key, one.version) for one in SCHEMES}
    known = [row for row in rows if row.rows or (row.name, row.version) in published]
    for row in sorted(known, key=lambda row: order[row.name]):
        if row.name != primary.name or row.effective_on >= primary.effective_on:
            yield SchemeInUse(row.pk, scheme_by(row), row.pk == primary.pk)


def schemes_shown() -> tuple[SchemeInUse, ...]:
    """Return the versions whose scores are shown: those to come are left out. One query."""
    found = schemes_in_use()
    return tuple(
        one for one in found if one.is_primary or one.scheme.key != PRIMARY.key
    )


def primary_in_use() -> SchemeInUse:
    """Return the version that headline figures of the present come from. One query."""
    return next(one for one in schemes_in_use() if one.is_primary)


def scheme_by(version: SchemeVersion) -> Scheme:
    """Return the scheme of a row, adopted or proposed.

    Raises:
        SchemesNotLoaded: its table is not what it was when it was loaded.
    """
    if version.rows is None:
        return scheme_named(version.name, version.version)
    scheme = scheme_of(version.rows, PRIMARY)
    if scheme_digest(scheme) != version.digest:
        raise SchemesNotLoaded(f"{version} is not the table that was loaded.")
    return scheme


def first_day(day: datetime.date) -> datetime.date:
    """Return ``day``, or the day since which there is any version: the first held before."""
    return max(day, PRIMARY.effective_on)


def by_primary(instant: datetime.datetime | None) -> Q:
    """Return the condition that a line counts in the headline figures of a moment.

    None is the present. The version is the one in effect on the day of the moment.
    """
    if instant is None:
        return Q(scheme_version__is_primary=True)
    day = first_day(timezone.localdate(instant))
    version = SchemeVersion.objects.primary_on(day, PRIMARY.key)
    return Q(scheme_version=Subquery(version.values("id")[:1]))
