"""Close a batch of the audit: what was committed since the last one, and nothing less.

A batch ends below the oldest transaction that is still running, never at an id: a row
whose transaction commits late has an old id, and would never be sealed.
"""

from string import Template
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction

from accounts.exceptions import SealBroken
from accounts.models import AuditCheckpoint
from accounts.sealing import copy
from accounts.sealing.checkpoints import (
    NO_DIGEST,
    Checkpoint,
    Restored,
    columns,
    stored,
)
from accounts.sealing.keys import sealing_key, trusted_keys
from accounts.sealing.rows import IN_BATCH, LEAVES, digest_of
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system

MOST_ROWS: Final = 10_000
_CATCH_UP: Final = 1_000

LOCK: Final = (
    "select pg_try_advisory_xact_lock(hashtextextended('ocgmap.audit.seal', 0))"
)
# The clock first: a row of a transaction that is still to come cannot be older.
HORIZON = """
select clock_timestamp(), accounts_audit_era(),
       pg_snapshot_xmin(s)::text::bigint, pg_snapshot_xmax(s)::text::bigint
from pg_current_snapshot() s
"""
_FIRST_AND_CUT = Template("""
(select era, tx::text::bigint from accounts_auditevent where $in_batch
 order by era, tx limit 1)
union all
(select era, tx::text::bigint from accounts_auditevent where $in_batch
 order by era, tx offset %(most)s limit 1)
""").substitute(in_batch=IN_BATCH)
_BATCH = Template(
    "select count(*), $leaves from accounts_auditevent where $in_batch"
).substitute(leaves=LEAVES, in_batch=IN_BATCH)
_INSERT = Template(
    "insert into accounts_auditcheckpoint ($names, leaves) values ($values, %s)"
).substitute(names=", ".join(columns()), values=", ".join(["%s"] * len(columns())))


def seal(*, most: int = MOST_ROWS) -> Checkpoint | None:
    """Seal one batch of about `most` rows at most; None where there was none to seal.

    Also None while another sealer is at it.

    The checkpoint is committed, then written outside; a copy that lags is brought up to
    date before anything new is sealed.

    Raises:
        OSError: the copy cannot be written.
        SealBroken: database and copy tell of different pasts, or the numbering of
            transactions began anew without a new era.
    """
    sealing_key()  # without one nothing is begun
    with copy.held(settings.SEAL_COPY) as outside:
        if outside is None:
            return None
        with acting_as(system("accounts.seal")), transaction.atomic():
            if not _ask(LOCK)[0]:
                return None
            row = AuditCheckpoint.objects.defer("leaves").order_by("-number").first()
            last = stored(row) if row else None
            _agree(outside, last, _ask("select accounts_audit_era()")[0])
            made = _next(last, most)
        if made:
            outside.append(made)
    return made


def _next(last: Checkpoint | None, most: int) -> Checkpoint | None:
    at, era, oldest, next_tx = _ask(HORIZON)
    ends = {
        "from_era": last.to_era if last else 0,
        "from_tx": last.to_tx if last else 0,
        "to_era": era,
        "to_tx": oldest,
    }
    if (ends["from_era"], ends["from_tx"]) > (era, oldest):
        raise SealBroken(
            "The transactions of this database are numbered anew: run "
            "`manage.py begin_audit_era` as the owner."
        )
    found = _all(_FIRST_AND_CUT, {**ends, "most": most})
    if not found:
        return None
    first, *cut = found
    if cut:
        # A batch ends between two transactions, even where one fills it alone.
        ends["to_era"], ends["to_tx"] = cut[0]
        ends["to_tx"] += cut[0] == first
    count, leaves = _ask(_BATCH, ends)
    made = Checkpoint(
        number=(last.number if last else 0) + 1,
        at=at,
        **ends,
        now_era=era,
        next_tx=next_tx,
        row_count=count,
        rows_digest=digest_of(bytes(leaves)),
        previous_digest=last.digest if last else NO_DIGEST,
        key="",
    ).signed(sealing_key())
    values = [getattr(made, name) for name in columns()]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [*values, leaves])
    return made


def _agree(outside: copy.Copy, last: Checkpoint | None, era: int) -> None:
    """Bring the copy to the database's last checkpoint, or refuse to go on."""
    told, known = outside.last(), last.number if last else 0
    copied = _number_of(told)
    if copied > known:
        if _era_of(told) >= era:
            raise SealBroken(
                f"The copy knows batch {copied}, the database only {known}: batches "
                "were taken out of the database. Run `manage.py verify_audit`. If a "
                "backup was restored, run `manage.py begin_audit_era --least "
                f"{_era_of(told) + 1}` as the owner besides."
            )
        restored = Restored(era=era, after=known, at=_ask(HORIZON)[0])
        outside.append(restored.signed(sealing_key()))
        return
    if isinstance(told, Checkpoint) and told != _checkpoint(copied):
        raise SealBroken(
            f"Batch {copied} is not in the database as in its copy. Run "
            "`manage.py verify_audit`."
        )
    for start in range(copied, known, _CATCH_UP):
        outside.append(*_sound(start, start + _CATCH_UP))


def _number_of(told: Checkpoint | Restored | None) -> int:
    if isinstance(told, Restored):
        return told.after
    return told.number if told else 0


def _era_of(told: Checkpoint | Restored | None) -> int:
    """Return the era in which the copy's last line was written; -1 where it is empty."""
    if isinstance(told, Restored):
        return told.era
    return told.now_era if told else -1


def _checkpoint(number: int) -> Checkpoint | None:
    row = AuditCheckpoint.objects.defer("leaves").filter(number=number).first()
    return stored(row) if row else None


def _sound(after: int, until: int) -> list[Checkpoint]:
    """Return stored checkpoints that a trusted key has signed.

    Raises:
        SealBroken: one is missing or not signed so.
    """
    trusted = trusted_keys()
    rows = AuditCheckpoint.objects.defer("leaves").order_by("number")
    found = [stored(row) for row in rows.filter(number__gt=after, number__lte=until)]
    for number, one in enumerate(found, start=after + 1):
        if one.number != number or not one.is_signed(trusted):
            raise SealBroken(
                f"Batch {number} in the database is missing or not sealed by us. Run "
                "`manage.py verify_audit`."
            )
    return found


def unsealed() -> tuple[int, float]:
    """Return how many rows wait, counted to 100,000, and the oldest's age in seconds."""
    with acting_as(system("accounts.seal")), transaction.atomic():
        count, oldest = _ask("select * from accounts_audit_unsealed()")
    return int(count), float(oldest)


def _ask(statement: str, values: dict[str, Any] | None = None) -> tuple[Any, ...]:
    return _all(statement, values)[0]


def _all(statement: str, values: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
