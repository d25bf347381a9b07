"""Restores and the seal: eras begin anew, losses are told, and the sealer goes on."""

import time

import pytest

from accounts.exceptions import SealBroken
from accounts.sealing import sealer
from accounts.sealing.faults import FaultKind
from tests.integration.accounts.test_sealing import ids_sealed, ids_written
from tests.sealed import Sealed


def restore_without(sealed: Sealed, batches: int) -> int:
    """Make the database what a backup of some batches ago was; return the last kept."""
    last = sealed.do("select max(number) from accounts_auditcheckpoint")[0][0]
    kept = last - batches
    [(era, tx)] = sealed.do(
        "select to_era, to_tx from accounts_auditcheckpoint where number = %s", kept
    )
    sealed.do("delete from accounts_auditcheckpoint where number > %s", kept)
    sealed.do(
        "delete from accounts_auditevent where (era, tx) >= (%s, %s::text::xid8)",
        *(era, str(tx)),
    )
    return int(kept)


def test_transactions_that_begin_anew_need_an_era(sealed: Sealed) -> None:
    [made] = sealed.batches(1)
    # As in a cluster that has given out fewer numbers than the former one.
    sealed.do(
        "update accounts_auditevent set tx = (tx::text::bigint + 1000000)::text::xid8 "
        "where (era, tx) >= (%s, %s::text::xid8)",
        *(made.from_era, str(made.from_tx)),
    )
    sealed.do("delete from accounts_auditcheckpoint where number = %s", made.number)
    sealed.copy.write_text("".join(sealed.copy.read_text().splitlines(True)[:-1]))
    text = sealer.HORIZON
    sealer.HORIZON = text.replace(
        "pg_snapshot_xmax(s)::text::bigint,",
        "pg_snapshot_xmax(s)::text::bigint + 2000000,",
    )
    assert sealer.seal()
    sealer.HORIZON = text
    with pytest.raises(SealBroken, match="begin_audit_era"):
        sealer.seal()
    sealed.do("select accounts_begin_audit_era()")
    sealed.write(3)
    assert sealer.seal()
    assert sorted(ids_sealed()) == ids_written(sealed)
    assert sealed.verify().is_sound


def test_what_a_restore_lost_is_told_by_the_copy(sealed: Sealed) -> None:
    made = sealed.batches(5)
    kept = restore_without(sealed, 2)
    with pytest.raises(SealBroken):
        sealer.seal()
    sealed.do("select accounts_begin_audit_era()")
    sealed.write(2)
    following = sealer.seal()
    assert following is not None
    assert following.number == kept + 1
    found = sealed.verify()
    assert [(one.batch, one.kind) for one in found.faults] == [
        (one.number, FaultKind.LOST_IN_RESTORE) for one in made[-2:]
    ]
    assert found.restores == 1
    assert sealed.verify(known_restores=1).is_sound


def to_backup_of_monday(sealed: Sealed, batches: int, era: int) -> int:
    """Restore a backup of some batches ago, and begin the era that follows; return it."""
    restore_without(sealed, batches)
    sealed.do(f"alter table accounts_auditevent alter column era set default {era}")
    time.sleep(1.1)  # no two restores are done within a second
    [(begun,)] = sealed.do("select accounts_begin_audit_era()")
    return int(begun)


def test_the_same_backup_restored_twice_does_not_stop_the_sealer(
    sealed: Sealed,
) -> None:
    sealed.batches(4)
    first = to_backup_of_monday(sealed, 2, era=1)
    sealed.batches(3)
    second = to_backup_of_monday(sealed, 3, era=1)
    assert second > first > 1
    assert sealed.batches(1)[0].now_era == second
    found = sealed.verify(known_restores=2)
    assert (found.restores, found.faults) == (2, [])


def test_an_older_backup_after_a_restore_does_not_stop_the_sealer(
    sealed: Sealed,
) -> None:
    sealed.batches(4)
    to_backup_of_monday(sealed, 1, era=1)
    assert sealer.seal() is None  # it notes the restore, and there is nothing to seal
    assert "restored" in sealed.copy.read_text().splitlines()[-1]
    to_backup_of_monday(sealed, 2, era=1)
    sealed.batches(1)
    found = sealed.verify(known_restores=2)
    assert (found.restores, found.faults) == (2, [])


def test_the_sealer_says_which_era_the_copy_asks_for(sealed: Sealed) -> None:
    """As where a clock runs behind: the era that began is not after that of the copy."""
    sealed.batches(2)
    sealed.do("select accounts_begin_audit_era(2000000000)")
    sealed.batches(2)
    to_backup_of_monday(sealed, 2, era=1)
    sealed.write()
    with pytest.raises(SealBroken, match="--least 2000000001"):
        sealer.seal()
    sealed.do("select accounts_begin_audit_era(2000000001)")
    assert sealer.seal()
    assert sealed.verify(known_restores=1).is_sound
