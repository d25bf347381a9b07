"""One process of the rescoring benchmark: a round for each line it is told, undone after.

`python -m tests.bench.rounds` reads `drain`, `rescore` or `naive` from its input. It
makes a hundred groups dirty, times the work, and takes everything back. It answers with
one line of JSON: the seconds, and a digest of the rows that were written.
"""

import hashlib
import json
import sys
import time
from collections.abc import Callable, Sequence

import django

django.setup()

from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from ocgmap.common.acting import acting_as  # noqa: E402
from ocgmap.common.scope import system  # noqa: E402
from scoring.outbox import Drainer  # noqa: E402
from scoring.outbox.rescoring import rescore  # noqa: E402
from tests.bench import naive  # noqa: E402

DIRTY = 100
# The same groups in a nation of any size.
_CHOSEN = "select id from groups_crimegroup order by id limit %s"
_REPORTS = """
insert into intelligence_report (id, public_id, version, retention_class, legal_hold,
    reference, owner_reference, text, event_precision, received_on, source_grade,
    assessment_grade, handling, legacy_grade, state, state_reason, idempotency_key,
    idempotency_credential, body_digest, access_class_id, owner_id)
select id + 1000000000, md5('dirt ' || id)::uuid, 1, '2', false,
       'D-' || lpad(id::text, 9, '0'), '',
       'New', 'unknown', current_date, 1, 'A', 'P', '', 'submitted', '', '', '', '',
       access_class_id, owner_id
from groups_crimegroup where id = any(%s)
"""
_CLAIMS = """
insert into intelligence_attributeclaim (public_id, version, attribute, level,
    access_class_id, owner_id, report_id, group_id)
select md5('claim of dirt ' || g.id)::uuid, 1, 'expertise', 'high', g.access_class_id,
       g.owner_id, r.id, g.id
from groups_crimegroup g
join intelligence_report r on r.reference = 'D-' || lpad(g.id::text, 9, '0')
where g.id = any(%s)
"""
# All that is written but ids and times. A report's id is one of the facts, so the new
# reports have the same ids in every round.
_WRITTEN = """
select g.reference, c.requires, c.marking, l.scheme_version_id, l.rank, l.owner_id,
       l.predominant_threat_id, l.computed_band, l.confirmed_band, l.tier,
       l.record_state, l.activity_status, l.memberships, l.principals, l.unknown_count,
       l.attribute_count, l.unjudged_count, l.review_due_on, l.valid_to is null,
       a.facts::text, a.facts_digest, a.value, a.low, a.high, a.band, a.points::text
from scoring_pictureline l
join scoring_assessment a on a.id = l.assessment_id
join accounts_accessclass c on c.id = l.access_class_id
join groups_crimegroup g on g.id = l.group_id
where l.group_id = any(%s) and (l.valid_to is null or l.valid_to > now())
order by 1, 2, 3, 4, l.valid_to is null, a.id
"""


def one_round(work: Callable[[Sequence[int]], None]) -> dict[str, object]:
    """Do the work on dirty groups, and undo it."""
    with acting_as(system("bench")), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_CHOSEN, [DIRTY])
            groups = [pk for (pk,) in cursor.fetchall()]
            cursor.execute(_REPORTS, [groups])
            cursor.execute(_CLAIMS, [groups])
            cursor.execute("set constraints all immediate")
            cursor.execute("set constraints all deferred")
            begun = time.perf_counter()
            work(groups)
            # Django's foreign keys are checked at the commit, which never comes here.
            cursor.execute("set constraints all immediate")
            seconds = time.perf_counter() - begun
            cursor.execute(_WRITTEN, [groups])
            rows = cursor.fetchall()
        transaction.set_rollback(True)
    text = "\n".join(map(str, rows))
    return {
        "seconds": seconds,
        "rows": len(rows),
        "digest": hashlib.sha256(text.encode()).hexdigest(),
    }


WORK: dict[str, Callable[[Sequence[int]], object]] = {
    "drain": lambda _groups: Drainer(is_careful=False).once(),
    "rescore": lambda groups: rescore(groups, timezone.localdate()),
    "naive": lambda groups: naive.rescore(groups, timezone.localdate()),
}


def main() -> None:
    """Answer each line of input with a round."""
    for line in sys.stdin:
        work = WORK[line.strip()]
        sys.stdout.write(json.dumps(one_round(work)) + "\n")  # type: ignore[arg-type]
        sys.stdout.flush()


if __name__ == "__main__":
    main()
