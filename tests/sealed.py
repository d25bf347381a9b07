"""A database with an audit of its own, sealed in batches, and those who tamper with it.

The rows are committed for ever, so it is a scratch database; a superuser's link tampers
with it as no login of ours could.
"""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import override_settings

from accounts import audit
from accounts.models.audit_event import AuditKind
from accounts.sealing import sealer
from accounts.sealing.checkpoints import Checkpoint
from accounts.sealing.faults import Verdict
from accounts.sealing.verifying import verify
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import Scope
from tests.scratch import Databases, address_in

KEY = "only-for-tests-seal-0123456789-abcdefghijk"
# Other tests of the same cluster keep transactions open, which a sealer waits for; in a
# database that nobody else writes to nothing can still come from before.
NO_OTHERS = sealer.HORIZON.replace("pg_snapshot_xmin", "pg_snapshot_xmax")
_CAUGHT_UP = """
select pg_snapshot_xmin(pg_current_snapshot())::text::bigint
    >= coalesce(max(to_tx), 0) from accounts_auditcheckpoint"""
TABLES = ("accounts_auditevent", "accounts_auditcheckpoint")
REASONS = ("", "Operation Larkspur", 'said "so", then, (left)\\', "naïve – ünïcode")


@dataclass(slots=True)
class Sealed:
    """One audit, its copy, and a superuser."""

    copy: Path
    admin: psycopg.Connection[Any]
    rng: random.Random = field(default_factory=lambda: random.Random(7))
    kept_copy: str = ""

    def write(self, rows: int = 1, **scope: Any) -> None:
        """Write rows of all kinds in one committed transaction."""
        who = {"actor_id": self.rng.randrange(1, 50), "organisation_id": 3} | scope
        with acting_as(Scope(role="web", **who)), transaction.atomic():
            for _ in range(rows):
                ids = self.rng.sample(range(1, 10_000), self.rng.randrange(0, 9))
                audit.record(
                    self.rng.choice(list(AuditKind)),
                    self.rng.choice(("groups.CrimeGroup", "intelligence.Report")),
                    ids,
                    reason=self.rng.choice(REASONS),
                    detail={"n": self.rng.randrange(100), "scope": "force:durham"},
                )

    def batches(self, count: int, *, transactions: int = 4) -> list[Checkpoint]:
        """Write and seal so many batches."""
        made = []
        for _ in range(count):
            for _ in range(transactions):
                self.write(self.rng.randrange(1, 4))
            one = sealer.seal()
            assert one is not None
            made.append(one)
        return made

    def verify(self, **options: Any) -> Verdict:
        return verify(self.copy, **options)

    def do(self, statement: str, *values: Any) -> list[Any]:
        """Run a statement as superuser, past every trigger and policy; it is committed."""
        found = self.admin.execute(statement, values)
        return found.fetchall() if found.description else []

    def wait_for_others(self, seconds: float) -> None:
        """Wait until nothing that other tests run is older than what is sealed here."""
        deadline = time.monotonic() + seconds
        while not self.do(_CAUGHT_UP)[0][0]:
            assert time.monotonic() < deadline, "a transaction of another test stays"
            time.sleep(0.05)

    def keep(self) -> None:
        """Note how all of it stands."""
        for table in TABLES:
            self.do(f"drop table if exists kept_{table}")
            self.do(f"create table kept_{table} as table {table}")
        self.kept_copy = self.copy.read_text()

    def put_back(self) -> None:
        """Make all of it as it was noted."""
        for table in TABLES:
            self.do(f"delete from {table}")
            self.do(f"insert into {table} select * from kept_{table}")
        self.copy.write_text(self.kept_copy)


@pytest.fixture
def sealed(
    databases: Databases,
    reference_database: str,
    django_db_setup: None,
    django_db_blocker: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Sealed]:
    """Give a test an audit of its own: what stands of the reference data is sealed."""
    monkeypatch.setattr(sealer, "HORIZON", NO_OTHERS)
    copy = tmp_path / "elsewhere" / "checkpoints.jsonl"
    with (
        django_db_blocker.unblock(),
        elsewhere(databases, reference_database) as name,
        override_settings(SEAL_KEY=KEY, SEAL_PUBLIC_KEYS=[], SEAL_COPY=copy),
        psycopg.connect(
            address_in("DATABASE_ADMIN_URL", name), autocommit=True
        ) as admin,
    ):
        # What a database administrator can do, and no login of ours.
        admin.execute("set session_replication_role = replica")
        while sealer.seal():
            pass
        yield Sealed(settings.SEAL_COPY, admin)


@contextmanager
def elsewhere(databases: Databases, template: str) -> Iterator[str]:
    """Use a new copy of a database for the block, as the same login."""
    former, name = connection.settings_dict["NAME"], databases.create(template)
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield name
    finally:
        connection.close()
        connection.settings_dict["NAME"] = former
        databases.drop(name)
