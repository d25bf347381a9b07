"""One run under fire: clients submit, the nemesis strikes, then all is well again."""

import json
import os
import random
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psycopg

from ocgmap.bootstrap.roles import connect
from tests.fault.clients import Client, Desk, Station
from tests.fault.deeds import Deeds, Form
from tests.fault.history import NO_ANSWER, History
from tests.fault.nemesis import Nemesis, wait_for
from tests.fault.readers import Seen, figures_of, start_readers, stop_readers
from tests.fault.switch import VARIABLE
from tests.fault.verdict import Verdict
from tests.scratch import address_in, run_python
from tests.site import LiveSite, MakeSite

CAUGHT_UP_SECONDS = 240.0
_LAST_REPORT = "select coalesce(max(id), 0) from intelligence_report"
_SEEN = "select extract(epoch from max(seen_at)) from scoring_heartbeat where name = %s"


@dataclass(slots=True)
class Arena:
    """A site that runs, with what a run needs of it.

    Reports up to the number `last_report` were there before; `sessions` are those of
    the people who browse.
    """

    site: LiveSite
    admin: psycopg.Connection[Any]
    desks: list[Desk]
    switch: Path
    form: Form
    seed: int
    processes: tuple[str, ...]
    last_report: int
    sessions: list[str]


@contextmanager
def arena(
    make_site: MakeSite,
    form: Form,
    seed: int,
    *,
    wsgi: str = "tests.fault.wsgi:application",
    celery: str = "ocgmap.celery",
    processes: tuple[str, ...] = ("worker", "beat", "drain", "web"),
) -> Iterator[Arena]:
    """Start a site with groups to report on; its outbox is empty and it is well."""
    site = make_site()
    switch = site.folder / "switch"
    site.env[VARIABLE] = str(switch)
    site.wsgi, site.celery = wsgi, celery
    made = _founded(site, form)
    desks = [Desk(one["token"], tuple(one["groups"])) for one in made["desks"]]
    signing = ("-m", "tests.fault.sessions", *made["readers"])
    sessions = json.loads(run_python(*signing, env=site.env, login="web"))
    site.manage("drain")
    with connect(address_in("DATABASE_ADMIN_URL", site.database)) as admin:
        try:
            site.start(*processes)
            site.wait_until_answers()
            last = _number(admin, _LAST_REPORT)
            place = (site, admin, desks, switch, form, seed, processes)
            yield Arena(*place, last_report=last, sessions=sessions)
        finally:
            site.stop()


def _founded(site: LiveSite, form: Form) -> dict[str, Any]:
    """Make the nation, if one is wanted, and accounts; return tokens and who browses."""
    words = [str(form.groups_each), str(form.readers)]
    if form.nation_scale:
        site.env["OCGMAP_DEMONSTRATION"] = "1"
        site.manage("seed_nation", "--scale", str(form.nation_scale))
        words.append("--nation")
    made = run_python("-m", "tests.fault.seed", *words, env=site.env, login="worker")
    return dict(json.loads(made))


def _number(admin: psycopg.Connection[Any], query: Any) -> int:
    row = admin.execute(query).fetchone()
    return int(row[0]) if row else 0


def under_fire(arena: Arena) -> tuple[History, Deeds, Seen]:
    """Submit under fire until the plan is done and enough is acknowledged; then heal.

    Whoever browses does so from the first to the last submission.
    """
    history = History()
    form = arena.form
    seen = Seen(
        arena.site.port, arena.seed, form.reading_seconds, lambda: history.phase
    )
    with ExitStack() as stack:
        readers = start_readers(arena.sessions, seen)
        stack.callback(stop_readers, readers)
        done = _under_fire(arena, history)
    return history, done, seen


def _under_fire(arena: Arena, history: History) -> Deeds:
    nemesis = Nemesis(
        arena.site,
        arena.admin,
        arena.switch,
        history,
        arena.form,
        random.Random(arena.seed),
    )
    clients = _clients(arena, history)
    try:
        nemesis.run()
        nemesis.keep_up()
        wait_for(
            lambda: (
                len(history.acknowledged) >= arena.form.acknowledged
                or any(client.error for client in clients)
            ),
            f"{arena.form.acknowledged} acknowledged submissions",
            seconds=CAUGHT_UP_SECONDS,
        )
    except RuntimeError as error:
        for name in arena.processes:
            error.add_note(f"--- {name}\n{arena.site.log(name)}")
        raise
    finally:
        for client in clients:
            client.stopped.set()
        for client in clients:
            client.join()
    for client in clients:
        if client.error:
            raise client.error
    for name in arena.processes:
        assert arena.site.is_running(name), arena.site.log(name)
    return nemesis.done


def _clients(arena: Arena, history: History) -> list[Client]:
    station = Station(
        arena.site.port, arena.desks, arena.seed, arena.form.rest_seconds, history
    )
    clients = [Client(number, station) for number in range(arena.form.clients)]
    for client in clients:
        client.start()
    return clients


def seen_again(arena: Arena, name: str) -> bool:
    """Return whether a part of the machinery is heard of once more, within a minute."""

    def heard() -> float:
        row = arena.admin.execute(_SEEN, [name]).fetchone()
        return float(row[0] or 0) if row else 0.0

    before = heard()
    try:
        wait_for(lambda: heard() > before, f"a sign of life of {name}")
    except RuntimeError:
        return False
    return True


def figures(
    arena: Arena, history: History, done: Deeds, seen: Seen, verdict: Verdict
) -> str:
    """Return the run in one line of JSON. `at_most`: share lost, 95 % upper bound."""
    acknowledged = len(history.acknowledged)
    outcomes = history.outcomes()
    return json.dumps(
        {
            "seed": arena.seed,
            "machine": {"cores": os.cpu_count()},
            "acknowledged": acknowledged,
            "unacknowledged": len(history.unknown),
            "tries": outcomes.total(),
            "no_answer": outcomes[NO_ANSWER],
            "known_when_sent_again": outcomes["200"],
            "server_errors": sum(
                count for outcome, count in outcomes.items() if outcome.startswith("5")
            ),
            **asdict(done),
            "worker_kills": done.worker_kills,
            "lost": len(verdict.lost),
            "not_whole": len(verdict.not_whole),
            "wrong": len(verdict.differences),
            "at_most": None if verdict.lost else round(3 / acknowledged, 6),
            "drained_seconds": verdict.drained_seconds,
            "included_ms": verdict.delays,
            "submit_ms": history.waits_by_phase(),
            "nation": {"scale": arena.form.nation_scale, "readers": arena.form.readers},
            "read": figures_of(seen),
        }
    )
