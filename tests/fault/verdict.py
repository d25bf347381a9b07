"""The checker: the clients' history against what stands in the database at the end."""

import json
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import Any

import psycopg

from ocgmap.bootstrap.paths import ROOT
from tests.fault.history import History, Submission, spread
from tests.scratch import MANAGE
from tests.site import LiveSite

# An outbox that stays as it is for so long is stuck: beat comes every three seconds.
# Without an outbox there is no beat either, and what no message names stays for ever.
STUCK_SECONDS, STUCK_WITHOUT_OUTBOX_SECONDS = 20.0, 5.0
LONGEST_SECONDS = 300.0

_REPORTS = """
select r.idempotency_key, r.public_id::text,
       array(select g.public_id::text from intelligence_mention m
             join groups_crimegroup g on g.id = m.group_id where m.report_id = r.id),
       array(select g.public_id::text from scoring_receipt x
             join groups_crimegroup g on g.id = x.group_id
             where x.report_id = r.id and x.state = 'included'),
       (select count(*) from intelligence_attributeclaim c where c.report_id = r.id),
       (select count(*) from accounts_auditevent a
        where a.object_ids @> array[r.id] and a.kind = 'collection'
          and a.object_type = 'intelligence.Report')
from intelligence_report r where r.id > %s
"""
_DELAYS = """
select extract(epoch from included_at - submitted_at) * 1000 from scoring_receipt
where included_at is not null and report_id > %s
"""


@dataclass(frozen=True, slots=True)
class Stored:
    """One report as it stands in the database."""

    public_id: str
    mentioned: list[str]
    included: list[str]
    claims: int
    audited: int

    def is_whole(self, submission: Submission) -> bool:
        """Return whether each part of the submission is there, and once."""
        return (
            self.public_id == submission.report
            and sorted(self.mentioned) == sorted(submission.groups)
            and self.claims == submission.claims
            and self.audited == 1
        )


@dataclass(slots=True)
class Verdict:
    """What is amiss. `lost`: acknowledged, but absent or never in the picture."""

    lost: list[str] = field(default_factory=list)
    not_whole: list[str] = field(default_factory=list)
    never_sent: list[str] = field(default_factory=list)
    differences: list[Any] = field(default_factory=list)
    marks_left: int = 0
    set_aside: int = 0
    drained_seconds: float = 0.0
    delays: dict[str, float] = field(default_factory=dict)

    @property
    def is_clean(self) -> bool:
        amiss = (self.lost, self.not_whole, self.never_sent, self.differences)
        return not any(amiss) and not self.marks_left and not self.set_aside


def judge(
    site: LiveSite,
    admin: psycopg.Connection[Any],
    history: History,
    *,
    last_report: int,
    has_outbox: bool = True,
) -> Verdict:
    """Wait until the site has come to rest, then compare.

    Reports up to the number `last_report` were there before the first submission.

    Without an outbox no mark is work to come: what is left is thrown away, so that
    `reconcile` compares those groups too.
    """
    verdict = Verdict()
    verdict.drained_seconds = _wait_until_drained(
        admin, STUCK_SECONDS if has_outbox else STUCK_WITHOUT_OUTBOX_SECONDS
    )
    rows = admin.execute(_REPORTS, [last_report]).fetchall()
    stored = {key: Stored(*rest) for key, *rest in rows}
    acknowledged = {one.key: one for one in history.acknowledged}
    for key, submission in acknowledged.items():
        row = stored.get(key)
        if row is None or not submission.groups <= set(row.included):
            verdict.lost.append(key)
        elif not row.is_whole(submission):
            verdict.not_whole.append(key)
    verdict.never_sent = sorted(stored.keys() - acknowledged.keys())
    verdict.marks_left = _one(admin, "select count(*) from scoring_outbox")
    verdict.set_aside = _one(admin, "select count(*) from scoring_outboxdead")
    if not has_outbox:
        admin.execute("delete from scoring_outbox")
    verdict.differences = reconcile(site)
    delays = admin.execute(_DELAYS, [last_report]).fetchall()
    verdict.delays = spread(float(ms) for (ms,) in delays)
    return verdict


def reconcile(site: LiveSite) -> list[Any]:
    """Return the differences that `manage.py reconcile` names.

    Raises:
        RuntimeError: it failed, or its exit code does not fit what it printed.
    """
    result = subprocess.run(
        [sys.executable, MANAGE, "reconcile"],
        cwd=ROOT,
        env={**site.env, "OCGMAP_PROCESS": "worker"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        differences: list[Any] = json.loads(result.stdout)["differences"]
    except ValueError:
        raise RuntimeError(f"reconcile failed:\n{result.stderr[-4000:]}") from None
    if result.returncode != bool(differences):
        raise RuntimeError(f"reconcile ended with {result.returncode}")
    return differences


def _wait_until_drained(admin: psycopg.Connection[Any], stuck_seconds: float) -> float:
    """Wait until the outbox is empty, or stuck; return how many seconds that took."""
    began = changed = time.monotonic()
    before = -1
    while (marks := _one(admin, "select count(*) from scoring_outbox")) > 0:
        now = time.monotonic()
        if marks != before:
            before, changed = marks, now
        if now - changed > stuck_seconds or now - began > LONGEST_SECONDS:
            break
        time.sleep(0.05)
    return round(time.monotonic() - began, 2)


def _one(admin: psycopg.Connection[Any], query: Any) -> int:
    row = admin.execute(query).fetchone()
    return int(row[0]) if row else 0
