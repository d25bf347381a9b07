"""The timing process of the movement benchmark: prints its rows as JSON.

`python -m tests.bench.moves` reads the nation of the database it is given, as the NCA
sees it.
"""

import datetime
import json
from typing import Any

import django

django.setup()

from django.db import transaction  # noqa: E402

from accounts.access import acting_for, viewer_of  # noqa: E402
from accounts.models import User  # noqa: E402
from accounts.visibility import Viewer  # noqa: E402
from ocgmap.common.acting import acting_as  # noqa: E402
from ocgmap.common.scope import system  # noqa: E402
from scoring import picture  # noqa: E402
from scoring.picture import MoveKind, Movement, PictureScope  # noqa: E402
from tests.bench.figures import READER  # noqa: E402
from tests.bench.rows import Row, compare, interleave  # noqa: E402

ROUNDS, WARM_UP_ROUNDS = 40, 5
TARGET = 2.0
SCOPES = ("region:nerocu", "national")


def main() -> None:
    """Print a row for each scope."""
    with acting_as(system("bench")), transaction.atomic():
        viewer = viewer_of(User.objects.get(email=READER))
    rows = [_row(viewer, key) for key in SCOPES]
    print(json.dumps([row.as_json() for row in rows]))  # noqa: T201


def _row(viewer: Viewer, key: str) -> Row:
    with acting_for(viewer), transaction.atomic():
        scope = picture.parse_scope(key)

        def moved() -> Movement:
            return picture.movement(viewer, scope)

        def read() -> picture.Figures:
            return picture.read(viewer, scope)

        found = {move.group_id: set(move.kinds) for move in moved().moves}
        assert found == naive(viewer, scope) != {}
        interleave({"moved": moved, "read": read}, WARM_UP_ROUNDS)
        seconds = interleave({"moved": moved, "read": read}, ROUNDS)
    return compare(
        f"movement: {key}, {len(found)} groups in a week, against its current picture",
        seconds["moved"],
        seconds["read"],
        target=TARGET,
    )


def naive(viewer: Viewer, scope: PictureScope) -> dict[int, set[MoveKind]]:
    """Fetch both lists and compare them in a loop, as one would write it first."""
    week_ago = picture.moment_of(None).day - datetime.timedelta(days=7)
    before, after = _by_group(viewer, scope, week_ago), _by_group(viewer, scope, None)
    found = {}
    for group_id in before.keys() | after.keys():
        kinds = set(_compared(before.get(group_id), after.get(group_id)))
        if kinds:
            found[group_id] = kinds
    return found


def _by_group(
    viewer: Viewer, scope: PictureScope, at: datetime.date | None
) -> dict[int, Any]:
    lines = picture.lines(viewer, scope, at).select_related("assessment")
    return {line.group_id: line for line in lines}


def _compared(then: Any, now: Any) -> list[MoveKind]:
    if then is None or now is None:
        return [MoveKind.NEW if then is None else MoveKind.GONE]
    told = {
        MoveKind.BAND: then.computed_band != now.computed_band,
        MoveKind.CONFIRMED: then.confirmed_band != now.confirmed_band,
        MoveKind.TIER: then.tier != now.tier,
        MoveKind.POINTS: then.computed_band == now.computed_band
        and then.assessment.value != now.assessment.value,
    }
    return [kind for kind, is_so in told.items() if is_so]


if __name__ == "__main__":
    main()
