"""Compare the audit's rows, its checkpoints and their copy, and name what differs.

Checkpoints are believed by their signature alone, wherever they stand: what was taken out
of the database is verified by what its copy says. Rows are read in one pass, the digests
are made in the database.
"""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from typing import Any, Final

from django.db import connection, transaction

from accounts.exceptions import CopyDamaged
from accounts.models import AuditCheckpoint
from accounts.sealing import rows, sealer
from accounts.sealing.checkpoints import (
    NO_DIGEST,
    Checkpoint,
    Restored,
    read_line,
    stored,
)
from accounts.sealing.faults import Fault, FaultKind, Verdict
from accounts.sealing.keys import Trusted, trusted_keys
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system

# How far a row's own time may be beside that of its batch: clocks are set, and a process
# may be held up between two columns of one row.
SLACK: Final = datetime.timedelta(seconds=10)
# A row that waited longer than this was not sealed in time.
MOST_UNSEALED_SECONDS: Final = 3600
_BEGINNING: Final = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_BATCHES_AT_ONCE: Final = 500

_RANGES: Final = """
unnest(%(numbers)s::bigint[], %(from_eras)s::int[], %(from_txs)s::text[],
       %(to_eras)s::int[], %(to_txs)s::text[])
    as b(number, from_era, from_tx, to_era, to_tx)
"""
_DIGESTS: Final = Template("""
select made.*, (select sha256(c.leaves) from accounts_auditcheckpoint c
                where c.number = b.number)
from $ranges
cross join lateral (
    select count(*), sha256($leaves), min(at), max(at)
    from accounts_auditevent
    where (era, tx) >= (b.from_era, b.from_tx::xid8)
      and (era, tx) < (b.to_era, b.to_tx::xid8)
) made
order by b.number
""").substitute(ranges=_RANGES, leaves=rows.LEAVES)
_LEAVES: Final = Template(
    "select $leaves from accounts_auditevent where $in_batch"
).substitute(leaves=rows.LEAVES, in_batch=rows.IN_BATCH)
_TIMES: Final = Template("""
select id, at, era, tx::text::bigint from accounts_auditevent
where $in_batch order by id
""").substitute(in_batch=rows.IN_BATCH)


# Before the first batch, or beyond the present: no transaction that is committed can be.
_OUTSIDE: Final = """
select id from accounts_auditevent
where era < 0
   or (era, tx) >= (accounts_audit_era(), pg_snapshot_xmax(pg_current_snapshot()))
order by id limit 100000
"""


@dataclass(slots=True)
class Copied:
    """What the copy outside says."""

    checkpoints: dict[int, Checkpoint] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    lost: list[int] = field(default_factory=list)
    restores: int = 0


def verify(
    copy: Path | None,
    *,
    known_restores: int = 0,
    most_unsealed_seconds: int = MOST_UNSEALED_SECONDS,
) -> Verdict:
    """Return what is wrong with the audit, batch by batch; nothing is written.

    Args:
        copy: the file outside the database; None compares the database with itself.
        known_restores: so many restores that lost batches are known to the operator.
        most_unsealed_seconds: how long a row may wait to be sealed.

    Raises:
        NoSealKey: no key is given by which a seal could be known.
    """
    trusted = trusted_keys()
    with acting_as(system("accounts.verify_audit")), transaction.atomic():
        now = _ask("select clock_timestamp()", {})[0][0]
        copied = _copied(copy, trusted) if copy else None
        held = _held()
        if copied is None:
            copied = Copied(checkpoints=dict(held))
        _leave_out_the_newest(held, copied.checkpoints, now)
        believed, faults = _believed(held, copied.checkpoints, trusted)
        faults += copied.faults + _chain(believed)
        verdict = Verdict(batches=len(believed), restores=copied.restores)
        for part in _parts(list(believed.values())):
            verdict.rows += sum(one.row_count for one in part)
            faults += _rows_of(part, believed)
        faults += _outside()
        verdict.unsealed, oldest = sealer.unsealed()
    verdict.oldest_unsealed_seconds = round(oldest, 1)
    if oldest > most_unsealed_seconds:
        faults.append(Fault(max(believed, default=0) + 1, FaultKind.NOT_SEALED))
    if copied.restores > known_restores:
        faults += [Fault(one, FaultKind.LOST_IN_RESTORE) for one in copied.lost]
    verdict.faults = sorted(faults, key=lambda one: (one.batch, one.kind))
    return verdict


def _outside() -> Iterator[Fault]:
    """Name the rows that the seal would never come to."""
    if found := tuple(pk for (pk,) in _ask(_OUTSIDE, {})):
        yield Fault(0, FaultKind.ROW_OUTSIDE, found)


def _held() -> dict[int, Checkpoint]:
    found = AuditCheckpoint.objects.defer("leaves").order_by("number")
    return {row.number: stored(row) for row in found.iterator(chunk_size=10_000)}


def _leave_out_the_newest(
    held: dict[int, Checkpoint],
    copied: Mapping[int, Checkpoint],
    now: datetime.datetime,
) -> None:
    """Drop what was sealed while the copy was read: its line may still be on the way."""
    last = max(copied, default=0)
    for number in [number for number in held if number > last]:
        if held[number].at > now - SLACK:
            del held[number]


def _copied(path: Path, trusted: Trusted) -> Copied:
    """Return what the copy says now; what a restore took back is no longer said."""
    found = Copied()
    with path.open(encoding="utf-8", errors="replace") as lines:
        number = 0
        for line in lines:
            try:
                said = read_line(line)
            except CopyDamaged:
                found.faults.append(Fault(number + 1, FaultKind.COPY_DAMAGED))
                continue
            if isinstance(said, Restored):
                _take_back(found, said, trusted)
                number = said.after
            else:
                found.checkpoints[said.number] = said
                number = said.number
    return found


def _take_back(found: Copied, said: Restored, trusted: Trusted) -> None:
    if not said.is_signed(trusted):
        found.faults.append(Fault(said.after + 1, FaultKind.SIGNATURE_WRONG))
        return
    gone = [number for number in found.checkpoints if number > said.after]
    for number in gone:
        del found.checkpoints[number]
    found.lost += gone
    found.restores += 1


def _believed(
    held: Mapping[int, Checkpoint], copied: Mapping[int, Checkpoint], trusted: Trusted
) -> tuple[dict[int, Checkpoint], list[Fault]]:
    """Return the checkpoint of each batch that a trusted key has signed, and faults."""
    believed: dict[int, Checkpoint] = {}
    faults = []
    for number in range(1, max([*held, *copied], default=0) + 1):
        here, there = held.get(number), copied.get(number)
        if here is None:
            faults.append(Fault(number, FaultKind.CHECKPOINT_MISSING))
        elif there is None:
            faults.append(Fault(number, FaultKind.COPY_MISSING))
        elif here != there:
            faults.append(Fault(number, FaultKind.CHECKPOINT_DIFFERS))
        signed = [one for one in (here, there) if one and one.is_signed(trusted)]
        if signed:
            believed[number] = signed[0]
        if len(signed) < sum(one is not None for one in {here, there}):
            faults.append(Fault(number, FaultKind.SIGNATURE_WRONG))
    return believed, faults


def _chain(believed: Mapping[int, Checkpoint]) -> list[Fault]:
    """Return a fault for each batch that does not follow on the one before."""
    faults = []
    for number, one in believed.items():
        before = believed.get(number - 1)
        if before is None and number > 1:
            continue  # named already: it is missing, or nobody signed it
        digest = before.digest if before else NO_DIGEST
        start = (before.to_era, before.to_tx) if before else (0, 0)
        if one.previous_digest != digest or (one.from_era, one.from_tx) != start:
            faults.append(Fault(number, FaultKind.CHAIN_BROKEN))
    return faults


def _parts(found: Sequence[Checkpoint]) -> Iterator[Sequence[Checkpoint]]:
    for start in range(0, len(found), _BATCHES_AT_ONCE):
        yield found[start : start + _BATCHES_AT_ONCE]


def _rows_of(
    part: Sequence[Checkpoint], believed: Mapping[int, Checkpoint]
) -> Iterator[Fault]:
    """Yield what is wrong with the rows of these batches."""
    with connection.cursor() as cursor:
        cursor.execute(
            _DIGESTS,
            {
                "numbers": [one.number for one in part],
                "from_eras": [one.from_era for one in part],
                "from_txs": [str(one.from_tx) for one in part],
                "to_eras": [one.to_era for one in part],
                "to_txs": [str(one.to_tx) for one in part],
            },
        )
        found = cursor.fetchall()
    for one, (count, digest, first, last, listed) in zip(part, found, strict=True):
        if count != one.row_count or bytes(digest).hex() != one.rows_digest:
            yield from _named(one)
        if listed is not None and bytes(listed).hex() != one.rows_digest:
            yield Fault(one.number, FaultKind.LEAVES_ALTERED)
        floor = _floor(one, believed)
        if count and (first < floor - SLACK or last > one.at + SLACK):
            yield from _misdated(one, believed)


def _floor(one: Checkpoint, believed: Mapping[int, Checkpoint]) -> datetime.datetime:
    """Return a time that no row of the batch should be older than, at a first look."""
    before = believed.get(one.number - 1)
    return before.at if before else _BEGINNING


def _named(one: Checkpoint) -> Iterator[Fault]:
    """Name the rows in which a batch differs from the list that was sealed with it."""
    row = AuditCheckpoint.objects.filter(number=one.number).first()
    sealed = bytes(row.leaves) if row else b""
    if rows.digest_of(sealed) != one.rows_digest:
        yield Fault(one.number, FaultKind.ROWS_DIFFER)
        return
    was, now = dict(rows.split(sealed)), dict(rows.split(_leaves(one)))
    kinds = {
        FaultKind.ROW_MISSING: was.keys() - now.keys(),
        FaultKind.ROW_ADDED: now.keys() - was.keys(),
        FaultKind.ROW_ALTERED: {
            pk for pk in was.keys() & now.keys() if was[pk] != now[pk]
        },
    }
    named = False
    for kind, ids in kinds.items():
        if ids:
            named = True
            yield Fault(one.number, kind, tuple(sorted(ids)))
    if not named:  # as where one id stands there twice
        yield Fault(one.number, FaultKind.ROWS_DIFFER)


def _misdated(one: Checkpoint, believed: Mapping[int, Checkpoint]) -> Iterator[Fault]:
    """Name rows whose time cannot be: before a moment when they had not begun."""
    wrong = []
    for pk, at, era, tx in _ask(_TIMES, _ends(one)):
        earlier = one.number - 1
        # Back over the batches that closed while the row's transaction was running.
        while (before := believed.get(earlier)) and (era, tx) < (
            before.now_era,
            before.next_tx,
        ):
            earlier -= 1
        if (before and at < before.at - SLACK) or at > one.at + SLACK:
            wrong.append(pk)
    if wrong:
        yield Fault(one.number, FaultKind.ROW_MISDATED, tuple(wrong))


def _leaves(one: Checkpoint) -> bytes:
    return bytes(_ask(_LEAVES, _ends(one))[0][0])


def _ends(one: Checkpoint) -> dict[str, int]:
    return {
        name: getattr(one, name) for name in ("from_era", "from_tx", "to_era", "to_tx")
    }


def _ask(statement: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
