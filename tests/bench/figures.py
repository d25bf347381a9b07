"""The timing process of the picture benchmark: prints its rows as JSON.

`python -m tests.bench.figures` reads the nation of the database it is given, as the
NCA sees it.
"""

import datetime
import json
import os
from typing import Any

import django
import psycopg

django.setup()

from django.db import transaction  # noqa: E402

from accounts.access import acting_for, viewer_of  # noqa: E402
from accounts.models import User  # noqa: E402
from accounts.visibility import Viewer  # noqa: E402
from ocgmap.common.acting import acting_as  # noqa: E402
from ocgmap.common.records import visible_classes  # noqa: E402
from ocgmap.common.scope import system  # noqa: E402
from scoring import picture  # noqa: E402
from scoring.models import SchemeVersion  # noqa: E402
from scoring.picture import Moment, PictureScope  # noqa: E402
from scoring.picture.filters import NOT_CONFIRMED  # noqa: E402
from tests.bench.rows import Row, compare, interleave  # noqa: E402

ROUNDS, WARM_UP_ROUNDS = 40, 5
TARGET = 3.0
READER = "nca@bench.example"
SCOPES = ("national", "region:nerocu")
AS_AT_DAYS = 7
_PLAIN = """
select distinct on (group_id) group_id, owner_id, predominant_threat_id, computed_band,
       confirmed_band, tier, memberships, unjudged_count, review_due_on, valid_from
from scoring_pictureline
where scheme_version_id = %(scheme)s and access_class_id = any(%(classes)s)
  and (%(at)s::timestamptz is null and valid_to is null
       or valid_from <= %(at)s and (valid_to is null or valid_to > %(at)s))
  and record_state = 'mapped' and activity_status = 'active'
  and (%(owners)s::bigint[] is null or owner_id = any(%(owners)s))
order by group_id, rank desc, id desc
"""


def main() -> None:
    """Print the row of each scope."""
    with acting_as(system("bench")), transaction.atomic():
        viewer = viewer_of(User.objects.get(email=READER))
    with psycopg.connect(os.environ["DATABASE_WORKER_URL"]) as link:
        rows = [_row(viewer, link, key) for key in SCOPES]
        rows.append(_as_at(viewer, link))
    print(json.dumps([row.as_json() for row in rows]))  # noqa: T201


def _row(viewer: Viewer, link: psycopg.Connection[Any], key: str) -> Row:
    with acting_for(viewer), transaction.atomic():
        scope = picture.parse_scope(key)
        day = picture.moment_of(None).day
        values = _values(viewer, scope, picture.moment_of(None))

        def read() -> picture.Figures:
            return picture.read(viewer, scope)

        def plain() -> list[Any]:
            # Each time planned anew, as the site's own statements are.
            return link.execute(_PLAIN, values, prepare=False).fetchall()

        _assert_same(read(), plain(), day)
        tasks = {"read": read, "plain": plain}
        interleave(tasks, WARM_UP_ROUNDS)
        seconds = interleave(tasks, ROUNDS)
    what = "the figures and their breakdown"
    return compare(
        f"picture: {key}, {what}, against a plain SELECT of its rows",
        seconds["read"],
        seconds["plain"],
        what=(f"{what}, as the dashboard reads", "a psycopg SELECT of the same lines"),
        target=TARGET,
    )


def _values(viewer: Viewer, scope: PictureScope, moment: Moment) -> dict[str, Any]:
    return {
        "scheme": SchemeVersion.objects.get(is_primary=True).pk,
        "classes": list(visible_classes(viewer)),
        "owners": picture.owners_in(scope, moment.day),
        "at": moment.instant,
    }


def _as_at(viewer: Viewer, link: psycopg.Connection[Any]) -> Row:
    """Return the row of the nation as at a week ago, against the nation now."""
    with acting_for(viewer), transaction.atomic():
        day = picture.moment_of(None).day - datetime.timedelta(days=AS_AT_DAYS)
        values = _values(viewer, picture.NATIONAL, picture.moment_of(day))

        def then() -> picture.Figures:
            return picture.read(viewer, picture.NATIONAL, day)

        def now() -> picture.Figures:
            return picture.read(viewer, picture.NATIONAL)

        _assert_same(
            then(), link.execute(_PLAIN, values, prepare=False).fetchall(), day
        )
        assert then().bands != now().bands, "nothing moved since"
        tasks = {"then": then, "now": now}
        interleave(tasks, WARM_UP_ROUNDS)
        seconds = interleave(tasks, ROUNDS)
    return compare(
        f"picture: national as at {AS_AT_DAYS} days ago, against now",
        seconds["then"],
        seconds["now"],
        what=("the figures of a past day", "those of now"),
        target=TARGET,
    )


def _assert_same(figures: picture.Figures, rows: list[Any], day: object) -> None:
    assert figures.groups == len(rows) > 0
    assert figures.memberships == sum(row[6] for row in rows)
    assert figures.overdue == sum(row[8] is not None and row[8] < day for row in rows)
    for band, number in figures.bands.items():
        assert number == sum(row[3] == band for row in rows), band
    for band, number in figures.breakdown.confirmed.items():
        own = "" if band == NOT_CONFIRMED else band
        assert number == sum(row[4] == own for row in rows), band


if __name__ == "__main__":
    main()
