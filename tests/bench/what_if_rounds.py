"""The timing process of the comparison of versions: prints its rows as JSON.

`python -m tests.bench.what_if_rounds [ROUNDS]` loads an invented version, which weighs
drugs three times, and adopts it; what is compared and drained is taken back.
"""

import datetime
import json
import sys
from collections.abc import Callable

import django

django.setup()

from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.access import acting_for, viewer_of  # noqa: E402
from accounts.models import User  # noqa: E402
from ocgmap.common.acting import acting_as  # noqa: E402
from ocgmap.common.scope import system  # noqa: E402
from scoring.actions import schemes, what_if_work, what_ifs  # noqa: E402
from scoring.engine.scheme_file import as_csv  # noqa: E402
from scoring.models import Outbox, PictureLine, SchemeVersion, WhatIf  # noqa: E402
from scoring.outbox import Drainer, mark_all  # noqa: E402
from scoring.picture.what_if import results  # noqa: E402
from tests.bench.rows import compare, interleave  # noqa: E402
from tests.factories.schemes import version_rows  # noqa: E402

ROUNDS, WARM_UP_ROUNDS = 3, 1
TARGET = 3.0
READER = "nca@bench.example"
Bands = dict[int, str]


def main(rounds: int) -> None:
    """Print the one row."""
    with acting_as(system("bench")), transaction.atomic():
        reader = User.objects.get(email=READER)
        rows = version_rows(weights={"drug_activity": 3}, from_on=_tomorrow())
        version, _ = schemes.load(content=as_csv(rows).encode())
    by_comparison = taken_back(lambda: compared_bands(reader, version))
    adopt(version)
    by_rescoring = taken_back(lambda: rescored_bands(reader, version))
    assert by_comparison == by_rescoring, "the bands differ"
    assert len(set(by_comparison.values())) > 3, "the nation has hardly any bands"
    tasks = {
        "ours": lambda: taken_back(lambda: compare_all(reader, version)),
        "drain": lambda: taken_back(rescore_all),
    }
    interleave(tasks, WARM_UP_ROUNDS)
    seconds = interleave(tasks, rounds)
    row = compare(
        f"whatif: {len(by_comparison):,} groups under another version",
        seconds["ours"],
        seconds["drain"],
        what=("the comparison, as the NCA sees", "a drain over all groups"),
        target=TARGET,
        at_least=True,
    )
    print(json.dumps([row.as_json()]))  # noqa: T201


def _tomorrow() -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=1)


def taken_back(work: Callable[[], Bands]) -> Bands:
    """Do the work as the worker, and undo it."""
    with acting_as(system("bench")), transaction.atomic():
        found = work()
        transaction.set_rollback(True)
    return found


def adopt(version: SchemeVersion) -> None:
    """Adopt the version for good; each round marks the groups itself."""
    with acting_as(system("bench")), transaction.atomic():
        schemes.adopt(name=version.name, version=version.version, reason="The bench")
        Outbox.objects.all().delete()


def compare_all(reader: User, version: SchemeVersion) -> Bands:
    """Compare all groups, as the worker does it."""
    asked = _asked(reader, version)
    while what_if_work.step():
        pass
    asked.refresh_from_db()
    assert asked.state == "done", asked.state_reason
    return {}


def compared_bands(reader: User, version: SchemeVersion) -> Bands:
    """Return the bands of each group that the reader sees, by comparison."""
    compare_all(reader, version)
    viewer = viewer_of(reader)
    with acting_for(viewer):
        asked = WhatIf.objects.visible_to(viewer).latest("id")
        return dict(results(viewer, asked).values_list("group_id", "band_after"))


def _asked(reader: User, version: SchemeVersion) -> WhatIf:
    viewer = viewer_of(reader)
    with acting_for(viewer):
        return what_ifs.start(
            by=viewer,
            before=SchemeVersion.objects.get(is_primary=True),
            after=version,
        )


def rescore_all() -> Bands:
    """Mark all groups and drain until nothing waits."""
    mark_all()
    drainer = Drainer(is_careful=False)
    while drainer.once().marks:
        pass
    return {}


def rescored_bands(reader: User, version: SchemeVersion) -> Bands:
    """Return the bands of the same groups, as the drain wrote them."""
    rescore_all()
    viewer = viewer_of(reader)
    with acting_for(viewer):
        lines = (
            PictureLine.objects.visible_to(viewer)
            .at(None)
            .filter(
                scheme_version=version,
                record_state="mapped",
                activity_status="active",
            )
            .order_by("group_id", "-rank", "-id")
            .distinct("group_id")
        )
        return dict(lines.values_list("group_id", "computed_band"))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
