"""`audit`: rows written by 16 clients with the sealer running, against two other ways.

The others are the same table with nobody to seal it, and with a hash chain from row to
row, as ledgers in databases keep one: each row names the digest of the one before, which
stands in a row of its own that every writer locks until its commit. Equal rows are
asserted before anything is timed, and that the seal is sound after it.
"""

import json
import re
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from ocgmap.bootstrap.console import step
from ocgmap.bootstrap.paths import ROOT
from ocgmap.bootstrap.postgres import find_binaries
from tests.bench.rows import Row, compare
from tests.scratch import (
    MANAGE,
    Databases,
    address_in,
    environment_for,
    make_reference,
    run_python,
)

CLIENTS, SECONDS, ROUNDS = 16, 4, 9
PLAIN_TARGET, CHAIN_TARGET = 0.85, 4.0
SAME_ROWS = 500
_SCRIPT = """
\\set actor random(1, 400)
insert into accounts_auditevent (kind, actor_id, on_behalf_of, organisation_id,
    request_id, route, object_type, object_ids, reason, detail)
values ('consultation', :actor, '', 3, gen_random_uuid(), 'GET /groups/',
    'groups.CrimeGroup', array(select generate_series(:actor, :actor + 24))::bigint[],
    '', '{"scope": "force:durham", "rows": 25}');
"""
_SAME = """
insert into accounts_auditevent (kind, actor_id, route, object_type, object_ids, detail)
select 'consultation', n %% 7, 'GET /groups/', 'groups.CrimeGroup', array[n, n + 1],
       jsonb_build_object('n', n)
from generate_series(1, %s) n
"""
_CONTENT = """
select count(*), md5(string_agg(row(kind, actor_id, on_behalf_of, organisation_id, route,
    object_type, object_ids, reason, detail)::text, ',' order by (detail ->> 'n')::int))
from accounts_auditevent where detail ? 'n'
"""
_CHAIN = """
create table chain_head (digest bytea not null);
insert into chain_head values ('');
create table chain_link (id bigint primary key, digest bytea not null);
create function chain_on() returns trigger language plpgsql
    security definer set search_path = public, pg_temp as $$
declare
    linked bytea;
begin
    update chain_head set digest = sha256(digest || convert_to(new::text, 'UTF8'))
    returning digest into linked;
    insert into chain_link values (new.id, linked);
    return new;
end $$;
create trigger chain_on before insert on accounts_auditevent
    for each row execute function chain_on();
"""


@dataclass(frozen=True, slots=True)
class Way:
    """One database into which is written."""

    name: str

    @property
    def link(self) -> psycopg.Connection[tuple[object, ...]]:
        url = address_in("DATABASE_OWNER_URL", self.name)
        return psycopg.connect(url, autocommit=True)

    def seconds(self, script: Path) -> float:
        """Return the seconds for a thousand rows, each a transaction of its own."""
        said = subprocess.run(
            [
                *(str(find_binaries() / "pgbench"), "--no-vacuum"),
                *("-c", str(CLIENTS), "-j", "2", "-T", str(SECONDS)),
                *("-f", str(script), address_in("DATABASE_WORKER_URL", self.name)),
            ],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        found = re.search(r"^tps = ([0-9.]+)", said, re.MULTILINE)
        if not found or "failed transactions: 0 " not in said:
            raise RuntimeError(said)
        return 1000 / float(found[1])


def run(databases: Databases) -> list[Row]:
    """Return the comparisons with plain rows and with a chain from row to row.

    Raises:
        RuntimeError: the ways do not write the same rows, or the seal is not sound.
    """
    with step("Making three databases"):
        first = make_reference(databases)
        ways = [Way(first), *(Way(databases.create(first)) for _ in range(2))]
    plain, sealed, chained = ways
    with chained.link as link:
        link.execute(_CHAIN)
    _check_same(ways)
    with tempfile.TemporaryDirectory() as folder, _sealer(sealed, Path(folder)) as env:
        script = Path(folder) / "insert.sql"
        script.write_text(_SCRIPT)
        for way in ways:
            way.seconds(script)
        with step("Writing"):
            seconds: dict[str, list[float]] = {way.name: [] for way in ways}
            for number in range(ROUNDS):
                for way in ways[number % 3 :] + ways[: number % 3]:
                    seconds[way.name].append(way.seconds(script))
        with step("Verifying"):
            _check_sound(sealed, env)
    what = f"a thousand rows by {CLIENTS} clients, sealed every second"
    return [
        compare(
            "audit: with the sealer against without",
            seconds[sealed.name],
            seconds[plain.name],
            what=(what, "the same, with nobody to seal them"),
            target=PLAIN_TARGET,
            at_least=True,
        ),
        compare(
            "audit: the sealer against a hash chain from row to row",
            seconds[sealed.name],
            seconds[chained.name],
            what=(what, "the same, each row chained to the one before"),
            target=CHAIN_TARGET,
            at_least=True,
        ),
    ]


@contextmanager
def _sealer(way: Way, folder: Path) -> Iterator[dict[str, str]]:
    env = environment_for(
        way.name,
        OCGMAP_PROCESS="worker",
        OCGMAP_SEAL_KEY=secrets.token_urlsafe(50),
        OCGMAP_SEAL_COPY=str(folder / "checkpoints.jsonl"),
    )
    process = subprocess.Popen(
        [sys.executable, MANAGE, "seal", "--loop"], cwd=ROOT, env=env
    )
    try:
        yield env
    finally:
        process.terminate()
        process.wait(30)


def _check_same(ways: list[Way]) -> None:
    found = set()
    for way in ways:
        with way.link as link:
            link.execute(_SAME, [SAME_ROWS])
            found.add(link.execute(_CONTENT).fetchone())
    if len(found) != 1 or next(iter(found))[0] != SAME_ROWS:  # type: ignore[index]
        raise RuntimeError(f"the ways do not write the same rows: {found}")


def _check_sound(way: Way, env: dict[str, str]) -> None:
    """Demand that every row that was written is sealed, and the seal sound."""
    said = json.loads(run_python(MANAGE, "verify_audit", env=env, login="worker"))
    with way.link as link:
        written = link.execute("select count(*) from accounts_auditevent").fetchone()
    if not written or said["rows"] + said["unsealed"] != written[0]:
        raise RuntimeError(f"{written} rows, but {said}")
