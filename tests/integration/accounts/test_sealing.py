"""The sealer: nothing is skipped, nothing is sealed twice, and it says what hinders it."""

import datetime
import itertools
import json
import time
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from accounts.exceptions import NoSealKey, SealBroken
from accounts.models import AuditCheckpoint
from accounts.sealing import copy, rows, sealer
from accounts.sealing.checkpoints import read_line
from accounts.sealing.faults import FaultKind
from accounts.sealing.keys import key_name, sealing_key
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import Scope, system
from tests.scratch import address_in
from tests.sealed import Sealed

LATE_SECONDS = 120.0
REAL_HORIZON = sealer.HORIZON


def ids_sealed() -> list[int]:
    with acting_as(system("test")), transaction.atomic():
        found = AuditCheckpoint.objects.order_by("number").values_list(
            "leaves", flat=True
        )
        return [pk for leaves in found for pk, _ in rows.split(bytes(leaves))]


def ids_written(sealed: Sealed) -> list[int]:
    return [pk for (pk,) in sealed.do("select id from accounts_auditevent order by id")]


def test_every_row_is_sealed_once_and_batches_follow_on_one_another(
    sealed: Sealed,
) -> None:
    made = sealed.batches(5)
    assert sorted(ids_sealed()) == ids_written(sealed)
    assert len(set(ids_sealed())) == len(ids_sealed())
    for one, following in itertools.pairwise(made):
        assert following.previous_digest == one.digest
        assert (following.from_era, following.from_tx) == (one.to_era, one.to_tx)
    found = sealed.verify()
    assert found.is_sound, found.faults
    assert found.rows == len(ids_written(sealed))
    assert found.unsealed == 0


def test_nothing_to_seal_makes_no_batch(sealed: Sealed) -> None:
    assert sealer.seal() is None


def test_what_commits_late_is_sealed_late_and_not_skipped(
    sealed: Sealed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealer, "HORIZON", REAL_HORIZON)
    sealed.wait_for_others(LATE_SECONDS)
    name = connection.settings_dict["NAME"]
    with psycopg.connect(address_in("DATABASE_WORKER_URL", name)) as slow:
        insert = (
            "insert into accounts_auditevent (kind, object_type) "
            "values ('collection', 'late') returning id, tx::text::bigint"
        )
        late = slow.execute(insert).fetchone()
        assert late is not None
        sealed.write(2)
        made = sealer.seal()
        assert made is None or made.to_tx <= late[1]
        slow.commit()
    written = ids_written(sealed)
    assert late[0] < written[-1]
    deadline = time.monotonic() + LATE_SECONDS
    while sorted(ids_sealed()) != written and time.monotonic() < deadline:
        if sealer.seal() is None:
            time.sleep(0.05)  # for transactions of other tests in this cluster
    assert sorted(ids_sealed()) == written
    assert sealed.verify().is_sound


def test_a_large_lot_is_sealed_in_parts_between_transactions(sealed: Sealed) -> None:
    for size in (3, 12, 2, 4):
        sealed.write(size)
    sizes = []
    while made := sealer.seal(most=5):
        sizes.append(made.row_count)
    assert sizes == [3, 12, 2, 4] or sum(sizes) == 21
    assert max(sizes) == 12
    assert len(sizes) > 2
    assert sealed.verify().is_sound


def test_every_column_is_in_the_seal(sealed: Sealed) -> None:
    found = sealed.do(
        "select attname from pg_attribute where attnum > 0 and not attisdropped "
        "and attrelid = 'accounts_auditevent'::regclass"
    )
    assert rows.COLUMNS.keys() == {name for (name,) in found}


def test_the_copy_holds_each_checkpoint_and_is_its_owners_only(sealed: Sealed) -> None:
    made = sealed.batches(3)
    said = [read_line(line) for line in sealed.copy.read_text().splitlines()]
    assert said[-3:] == made
    assert sealed.copy.stat().st_mode & 0o777 == 0o600


def test_a_copy_that_cannot_be_written_is_told_and_nothing_is_sealed(
    sealed: Sealed, tmp_path: Path, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    from accounts.management.commands.seal import Loop  # noqa: PLC0415

    (tmp_path / "file").write_text("")
    settings.SEAL_COPY = tmp_path / "file" / "checkpoints.jsonl"
    sealed.write()
    before = len(ids_sealed())
    with pytest.raises(OSError, match="file"):
        sealer.seal()
    assert len(ids_sealed()) == before
    assert Loop(1).look() is False
    assert sealer.unsealed()[0] == 1
    with pytest.raises(CommandError):
        call_command("seal")
    settings.SEAL_COPY = sealed.copy
    assert Loop(1).look() is False
    assert sealer.unsealed()[0] == 0


def test_a_copy_that_lags_or_ends_in_half_a_line_is_brought_up_to_date(
    sealed: Sealed,
) -> None:
    sealed.batches(4)
    text = sealed.copy.read_text()
    lines = text.splitlines(keepends=True)
    sealed.copy.write_text("".join(lines[:-2]) + lines[-2][:40])
    assert sealer.seal() is None
    assert sealed.copy.read_text() == text
    sealed.copy.unlink()
    sealer.seal()
    assert sealed.copy.read_text() == text
    assert sealed.verify().is_sound


def test_one_sealer_at_a_time(sealed: Sealed) -> None:
    sealed.write()
    with copy.held(sealed.copy) as first:
        assert first is not None
        assert sealer.seal() is None
    name = connection.settings_dict["NAME"]
    with psycopg.connect(address_in("DATABASE_WORKER_URL", name)) as other:
        other.execute(sealer.LOCK)
        assert sealer.seal() is None
    assert sealer.seal() is not None


def test_batches_taken_out_of_the_database_stop_the_sealer(sealed: Sealed) -> None:
    made = sealed.batches(3)
    sealed.do("delete from accounts_auditcheckpoint where number = %s", made[-1].number)
    sealed.write()
    with pytest.raises(SealBroken, match="taken out"):
        sealer.seal()


def test_a_checkpoint_that_was_altered_stops_the_sealer(sealed: Sealed) -> None:
    [made] = sealed.batches(1)
    sealed.do(
        "update accounts_auditcheckpoint set row_count = 0 where number = %s",
        made.number,
    )
    sealed.write()
    with pytest.raises(SealBroken, match="not in the database as in its copy"):
        sealer.seal()


@pytest.mark.parametrize(
    ("column", "value"),
    [("era", "-1"), ("at", "now()"), ("tx", "'5'::xid8"), ("id", "1")],
)
@pytest.mark.parametrize("role", ["web", "worker"])
def test_a_row_says_neither_its_number_nor_its_time_nor_its_era(
    sealed: Sealed, role: str, column: str, value: str
) -> None:
    scope = Scope(role="web") if role == "web" else system("test")
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        acting_as(scope),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            f"insert into accounts_auditevent (kind, object_type, {column}) "
            f"values ('refusal', 'x', {value})"
        )


def test_no_era_comes_before_the_first(sealed: Sealed) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        sealed.do(
            "insert into accounts_auditevent (era, kind, object_type) "
            "values (-1, 'refusal', 'x')"
        )


def test_rows_that_wait_too_long_are_a_fault(sealed: Sealed) -> None:
    made = sealed.batches(2)
    sealed.do(
        "insert into accounts_auditevent (at, kind, object_type) "
        "values (clock_timestamp() - interval '2 hours', 'refusal', 'x')"
    )
    found = sealed.verify()
    assert [(one.batch, one.kind) for one in found.faults] == [
        (made[-1].number + 1, FaultKind.NOT_SEALED)
    ]
    assert found.oldest_unsealed_seconds > 7000
    assert sealed.verify(most_unsealed_seconds=10_000).is_sound


def test_nobody_may_change_or_forge_a_checkpoint(sealed: Sealed) -> None:
    sealed.batches(1)
    for statement in (
        "update accounts_auditcheckpoint set row_count = 0",
        "delete from accounts_auditcheckpoint",
        "truncate accounts_auditcheckpoint",
    ):
        for role in ("web", "worker"):
            scope = Scope(role="web") if role == "web" else system("test")
            with (
                pytest.raises(DatabaseError),
                acting_as(scope),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement)
        owner = address_in("DATABASE_OWNER_URL", connection.settings_dict["NAME"])
        with psycopg.connect(owner) as link, pytest.raises(psycopg.Error):
            link.execute(statement)


def test_a_viewer_without_the_right_sees_no_checkpoint(sealed: Sealed) -> None:
    sealed.batches(1)
    for may_audit in (True, False):
        with acting_as(Scope(role="web", may_audit=may_audit)), transaction.atomic():
            assert AuditCheckpoint.objects.exists() is may_audit


def test_without_a_key_nothing_is_sealed_or_verified(
    sealed: Sealed, settings: Any
) -> None:
    public = key_name(sealing_key())
    settings.SEAL_KEY = ""
    with pytest.raises(NoSealKey):
        sealer.seal()
    with pytest.raises(CommandError, match="OCGMAP_SEAL"):
        call_command("verify_audit")
    settings.SEAL_PUBLIC_KEYS = [public]
    assert sealed.verify().is_sound
    settings.SEAL_PUBLIC_KEYS = ["zz"]
    with pytest.raises(NoSealKey, match="64 hexadecimal"):
        sealed.verify()


def test_an_earlier_key_counts_while_it_is_listed(
    sealed: Sealed, settings: Any
) -> None:
    former = key_name(sealing_key())
    sealed.batches(2)
    settings.SEAL_KEY = "a-new-key-of-the-sealer-0123456789-abcdef"
    settings.SEAL_PUBLIC_KEYS = [former]
    sealed.batches(2)
    assert sealed.verify().is_sound
    settings.SEAL_PUBLIC_KEYS = []
    kinds = {one.kind for one in sealed.verify().faults}
    assert kinds == {FaultKind.SIGNATURE_WRONG, FaultKind.CHECKPOINT_DIFFERS} or (
        kinds == {FaultKind.SIGNATURE_WRONG}
    )


def test_commands_seal_and_verify(
    sealed: Sealed, capsys: pytest.CaptureFixture[str]
) -> None:
    sealed.write(3)
    call_command("seal")
    assert "1 batches sealed" in capsys.readouterr().out
    call_command("seal", "--public-key")
    assert capsys.readouterr().out.strip() == key_name(sealing_key())
    call_command("verify_audit")
    said = json.loads(capsys.readouterr().out)
    assert said["result"] == "sound"
    assert said["faults"] == []
    sealed.do(
        "update accounts_auditevent set reason = 'x' where id = %s",
        ids_written(sealed)[-1],
    )
    with pytest.raises(SystemExit) as ended:
        call_command("verify_audit")
    assert ended.value.code == 1
    said = json.loads(capsys.readouterr().out)
    assert said["result"] == "tampered"
    [fault] = said["faults"]
    assert fault["kind"] == "row altered"
    assert fault["rows"] == [ids_written(sealed)[-1]]
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("verify_audit", "--copy", "/nowhere/at/all")


def test_rows_of_a_long_transaction_are_no_back_dating(
    sealed: Sealed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row may be older than batches that closed while its transaction was running."""
    from accounts.sealing import verifying  # noqa: PLC0415

    monkeypatch.setattr(verifying, "SLACK", datetime.timedelta(0))
    monkeypatch.setattr(sealer, "HORIZON", REAL_HORIZON)
    sealed.wait_for_others(LATE_SECONDS)
    name = connection.settings_dict["NAME"]
    sealed.write()
    deadline = time.monotonic() + LATE_SECONDS
    while sealer.unsealed()[0] and time.monotonic() < deadline:
        sealer.seal() or time.sleep(0.05)
    with psycopg.connect(address_in("DATABASE_WORKER_URL", name)) as slow:
        slow.execute(
            "insert into accounts_auditevent (kind, object_type) values ('refusal', 'x')"
        )
        sealed.write()
        sealer.seal()
        slow.commit()
    deadline = time.monotonic() + LATE_SECONDS
    while sealer.unsealed()[0] and time.monotonic() < deadline:
        sealer.seal() or time.sleep(0.05)
    found = sealed.verify()
    assert found.unsealed == 0
    assert found.is_sound, found.faults
