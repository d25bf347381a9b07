"""`submit`: from a report handed in over HTTP to its receipt included by the worker.

Two sites side by side, one with ten times the groups. The cost of a submission must
not grow with the nation, and must stay near that of the same wake-up with nothing to
do: the same report sent again (it is known, so nothing is written), whose hint wakes
the worker to one mark of a group that does not exist.
"""

import http.client
import itertools
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

import psycopg
from django.utils import timezone

from ocgmap.bootstrap.console import step
from tests.bench.nation import Size, found
from tests.bench.rows import Row, compare, interleave
from tests.scratch import Databases, make_bare
from tests.site import LiveSite, MakeSite, site_maker

# The nation as it is, and ten times that.
GROUPS, TIMES = 5_000, 10
ROUNDS, WARM_UP_ROUNDS = 60, 10
GROWTH_TARGET, OVERHEAD_TARGET = 1.3, 3.0
FORCE = "durham"
LONGEST_SECONDS = 30.0

_OWN = """
select g.public_id::text from groups_crimegroup g
join accounts_organisation o on o.id = g.owner_id
where o.code = %s order by g.id limit 8
"""
_INCLUDED = """
select count(*) > 0 and bool_and(x.state = 'included') from scoring_receipt x
join intelligence_report r on r.id = x.report_id where r.public_id = %s
"""
_MARK_NOTHING = """
insert into scoring_outbox (group_id, cause_id, at) values (0, null, clock_timestamp())
"""
_NOTHING_LEFT = "select not exists (select from scoring_outbox where group_id = %s)"
# What a group's lines say, by names that are the same in every database.
_LINES = """
select c.requires, c.marking, s.name, l.computed_band, l.memberships, l.unknown_count,
       l.unjudged_count, a.value, a.low, a.high, a.points
from scoring_pictureline l
join scoring_assessment a on a.id = l.assessment_id
join scoring_schemeversion s on s.id = l.scheme_version_id
join accounts_accessclass c on c.id = l.access_class_id
join groups_crimegroup g on g.id = l.group_id
where g.public_id = %s and l.valid_to is null order by 1, 2, 3
"""


@dataclass(slots=True)
class Post:
    """One site, a credential for it, and the groups to report on."""

    site: LiveSite
    link: psycopg.Connection[Any]
    token: str
    groups: list[str]
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def submit(self) -> None:
        """Hand in a new report, and wait until its receipt is included."""
        number = next(self.numbers)
        self._wait_until(_INCLUDED, self._send(number))

    def wake_for_nothing(self) -> None:
        """Send a known report again, and wait until the worker has found no work."""
        self._send(0)
        self._wait_until(_NOTHING_LEFT, 0)

    def mark_nothing(self) -> None:
        self.link.execute(_MARK_NOTHING)

    def lines(self) -> list[Any]:
        """Return what stands of all the groups to report on."""
        return [self.link.execute(_LINES, [one]).fetchall() for one in self.groups]

    def _send(self, number: int) -> str:
        link = http.client.HTTPConnection(
            "127.0.0.1", self.site.port, timeout=LONGEST_SECONDS
        )
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            "Idempotency-Key": f"report-{number}",
        }
        link.request(
            "POST", "/api/v1/reports/", json.dumps(self._body(number)), headers
        )
        answer = link.getresponse()
        text = answer.read()
        link.close()
        if answer.status not in {200, 201}:
            raise RuntimeError(f"{answer.status}: {text!r}")
        return str(json.loads(text)["id"])

    def _body(self, number: int) -> dict[str, Any]:
        group = self.groups[number % len(self.groups)]
        attribute = ("violence", "expertise", "mobility")[number % 3]
        claim = {"group": group, "attribute": attribute, "level": "high"}
        return {
            "text": f"Report {number}: seen at the yard.",
            "received_on": str(timezone.localdate() - timedelta(days=30)),
            "source_grade": 1,
            "assessment_grade": "A",
            "handling": "P",
            "sharing": "force",
            "groups": [group],
            "claims": [claim],
        }

    def _wait_until(self, question: Any, value: Any) -> None:
        deadline = time.monotonic() + LONGEST_SECONDS
        while not self._is_so(question, value):
            if time.monotonic() > deadline:
                raise RuntimeError(
                    f"not in time: {question}\n{self.site.log('worker')}"
                )
            time.sleep(0.001)

    def _is_so(self, question: Any, value: Any) -> bool:
        row = self.link.execute(question, [value]).fetchone()
        return bool(row and row[0])


def run(databases: Databases) -> list[Row]:
    """Return the growth with the number of groups, and the cost beside an empty drain.

    Raises:
        RuntimeError: the two sites do not come to the same figures for the same groups,
            or they are not what `reconcile` makes of the rows.
    """
    with step("Making the empty database"):
        bare = make_bare(databases)
    with (
        site_maker(databases, bare) as make_site,
        _post(make_site, GROUPS) as small,
        _post(make_site, GROUPS * TIMES) as large,
    ):
        for _ in range(WARM_UP_ROUNDS):
            for post in (small, large):
                post.submit()
                post.mark_nothing()
                post.wake_for_nothing()
        _check_alike(small, large)
        with step("Submitting"):
            seconds = _measure(small, large)
        _check_alike(small, large)
        small.site.manage("reconcile")
    return [
        compare(
            f"submit: {GROUPS * TIMES:,} groups against {GROUPS:,}",
            seconds["submit large"],
            seconds["submit small"],
            what=(
                f"report to included receipt, {GROUPS * TIMES:,} groups",
                f"the same, {GROUPS:,} groups",
            ),
            target=GROWTH_TARGET,
        ),
        compare(
            f"submit: against an empty drain, {GROUPS * TIMES:,} groups",
            seconds["submit large"],
            seconds["nothing large"],
            what=(
                f"report to included receipt, {GROUPS * TIMES:,} groups",
                "a known report sent again, and a drain that finds no work",
            ),
            target=OVERHEAD_TARGET,
        ),
    ]


def _measure(small: Post, large: Post) -> dict[str, list[float]]:
    tasks = {
        "submit small": small.submit,
        "submit large": large.submit,
        "nothing large": large.wake_for_nothing,
    }
    return interleave(tasks, ROUNDS, before=large.mark_nothing)


def _check_alike(small: Post, large: Post) -> None:
    if small.lines() != large.lines() or not all(small.lines()):
        raise RuntimeError("the two sites differ on the same groups")


@contextmanager
def _post(make_site: MakeSite, groups: int) -> Iterator[Post]:
    """Run web and worker, with neither beat nor loop, on a nation of so many groups."""
    site = make_site()
    with step(f"Making {groups:,} groups"):
        found(site.env["DATABASE_OWNER_URL"], Size(groups))
    with step("Scoring them"):
        site.manage("drain")
    words = ("create_token", "--user", f"{FORCE}@bench.example", "--scopes")
    token = site.manage(*words, "intel:submit", "intel:read").strip()
    connect = partial(psycopg.connect, site.env["DATABASE_WORKER_URL"], autocommit=True)
    with connect() as link:
        own = [name for (name,) in link.execute(_OWN, [FORCE]).fetchall()]
        try:
            site.start("worker", "web")
            site.wait_until_answers(well=False)
            yield Post(site, link, token, own)
        finally:
            site.stop()
