"""Those who tamper with the sealed audit as superuser, each in a way of their own.

A way says which batches it touched. What a trial leaves is put back after it.
"""

import hashlib
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from accounts.sealing import sealer
from accounts.sealing.checkpoints import Checkpoint, columns, line_of, read_line
from accounts.sealing.rows import IN_BATCH, LEAVES
from tests.sealed import Sealed


@dataclass(slots=True)
class Tamperer:
    """A superuser with a dice; each way is committed, and returns what it touched."""

    sealed: Sealed
    rng: random.Random

    def batch(self, *, first: int = 2) -> Checkpoint:
        names = ", ".join(columns())
        found = self.sealed.do(
            f"select {names} from accounts_auditcheckpoint where number >= %s", first
        )
        return Checkpoint(*self.rng.choice(found))

    def ids(self, one: Checkpoint) -> list[int]:
        found = self.sealed.admin.execute(
            f"select id from accounts_auditevent where {IN_BATCH} order by id",
            {name: getattr(one, name) for name in columns()},
        )
        return [pk for (pk,) in found]

    def a_row(self) -> tuple[Checkpoint, int]:
        one = self.batch()
        return one, self.rng.choice(self.ids(one))

    # The ways. Each returns the batches that must be named.

    def flip(self) -> set[int]:
        """Change one value of one row, in any column."""
        one, pk = self.a_row()
        change = self.rng.choice(
            (
                "actor_id = coalesce(actor_id, 0) # 1",
                "organisation_id = organisation_id # 2",
                "kind = case kind when 'erasure' then 'grant' else 'erasure' end",
                "on_behalf_of = on_behalf_of || 'x'",
                "request_id = gen_random_uuid()",
                "route = route || ' '",
                "object_type = lower(object_type) || '.'",
                "object_ids = object_ids || 77::bigint",
                "object_ids = array[array_length(object_ids, 1)::bigint, 3]",
                "reason = reason || chr(8203)",
                "detail = detail || '{\"n\": 1000}'",
                "actor_id = null",
                "era = era - 1",
                "id = id + 1000000000",
            )
        )
        self.sealed.do(f"update accounts_auditevent set {change} where id = %s", pk)
        # A row of the era before falls to the first batch, which closed that era.
        return {one.number, 1} if change.startswith("era") else {one.number}

    def delete(self) -> set[int]:
        """Take one row out."""
        one, pk = self.a_row()
        self.sealed.do("delete from accounts_auditevent where id = %s", pk)
        return {one.number}

    def swap(self) -> set[int]:
        """Let two rows change their content, of one batch or of two."""
        (a, first), (b, second) = self.a_row(), self.a_row()
        if first == second:
            return self.swap()
        self.sealed.do(
            "update accounts_auditevent set id = case id when %s then %s else %s end "
            "where id in (%s, %s)",
            *(first, second, first, first, second),
        )
        return {a.number, b.number}

    def swap_batches(self) -> set[int]:
        """Let two rows of two batches change their places."""
        (a, first), (b, second) = self.a_row(), self.a_row()
        if a.number == b.number:
            return self.swap_batches()
        self.sealed.do(
            "update accounts_auditevent e set tx = o.tx, era = o.era "
            "from accounts_auditevent o where (e.id, o.id) in ((%s, %s), (%s, %s))",
            *(first, second, second, first),
        )
        return {a.number, b.number}

    def back_date(self) -> set[int]:
        """Let a row be of another time; it may land in another month's part."""
        one, pk = self.a_row()
        self.sealed.do(
            "update accounts_auditevent set at = at - %s where id = %s",
            timedelta(seconds=self.rng.choice((0.000001, 60, 86_400 * 400))),
            pk,
        )
        return {one.number}

    def insert(self) -> set[int]:
        """Slip a row into a batch that is sealed, with a time and number to fit."""
        one, pk = self.a_row()
        self.sealed.do(
            "insert into accounts_auditevent (at, era, tx, kind, actor_id, object_type,"
            " object_ids) select at, era, tx, 'consultation', 5, object_type, object_ids"
            " from accounts_auditevent where id = %s",
            pk,
        )
        return {one.number}

    def insert_twin(self) -> set[int]:
        """Slip a second row with the same id into a batch."""
        one, pk = self.a_row()
        self.sealed.do(
            "insert into accounts_auditevent (id, at, era, tx, kind, object_type) "
            "select id, at + interval '1 microsecond', era, tx, kind, object_type "
            "from accounts_auditevent where id = %s",
            pk,
        )
        return {one.number}

    def insert_old(self) -> set[int]:
        """Write a row today that claims to be old, and let it be sealed."""
        self.sealed.do(
            "insert into accounts_auditevent (at, kind, actor_id, object_type) values "
            "(clock_timestamp() - %s::interval, 'consultation', 5, 'x')",
            timedelta(days=self.rng.randrange(1, 700)),
        )
        made = sealer.seal()
        assert made is not None
        return {made.number}

    def outside(self) -> set[int]:
        """Write a row where no batch comes: before the first era or beyond the present."""
        self.sealed.do(
            "alter table accounts_auditevent "
            "drop constraint if exists accounts_auditevent_era"
        )
        [(era,)] = self.sealed.do("select accounts_audit_era()")
        era, tx, days = self.rng.choice(
            ((-1, 5, 400), (2**31 - 1, 5, 0), (era, 9 * 10**18, 0))
        )
        self.sealed.do(
            "insert into accounts_auditevent (at, era, tx, kind, actor_id, object_type) "
            "values (clock_timestamp() - %s::interval, %s, %s::text::xid8, "
            "'consultation', 5, 'x')",
            *(timedelta(days=days), era, str(tx)),
        )
        return {0}

    def truncate(self) -> set[int]:
        """Empty the whole audit."""
        self.sealed.do("truncate accounts_auditevent")
        last = self.sealed.do("select max(number) from accounts_auditcheckpoint")[0][0]
        found = self.sealed.do(
            "select number from accounts_auditcheckpoint where row_count > 0"
        )
        assert last
        return {number for (number,) in found}

    def truncate_part(self) -> set[int]:
        """Empty the part of this month."""
        part = f"accounts_auditevent_{datetime.now(UTC):%Y_%m}"
        [(held,)] = self.sealed.do(f"select count(*) from {part}")
        assert held
        found = self.sealed.do(
            "select distinct c.number from accounts_auditcheckpoint c join "
            f"{part} e on (e.era, e.tx) >= (c.from_era, c.from_tx::text::xid8) "
            "and (e.era, e.tx) < (c.to_era, c.to_tx::text::xid8)"
        )
        self.sealed.do(f"truncate {part}")
        return {number for (number,) in found}

    def cut_off(self) -> set[int]:
        """Take out the last batches, with rows and checkpoints."""
        one = self.batch()
        found = self.sealed.do(
            "delete from accounts_auditcheckpoint where number >= %s returning number",
            one.number,
        )
        self.sealed.do(
            "delete from accounts_auditevent where (era, tx) >= (%s, %s::text::xid8)",
            *(one.from_era, str(one.from_tx)),
        )
        return {number for (number,) in found}

    def drop_checkpoint(self) -> set[int]:
        """Take one checkpoint out."""
        one = self.batch(first=1)
        self.sealed.do(
            "delete from accounts_auditcheckpoint where number = %s", one.number
        )
        return {one.number}

    def alter_checkpoint(self) -> set[int]:
        """Change one value of a checkpoint."""
        one = self.batch()
        change = self.rng.choice(
            (
                "row_count = row_count + 1",
                "at = at - interval '1 second'",
                "leaves = leaves || '\\x00'::bytea",
                "signature = repeat('0', 128)",
                "rows_digest = repeat('0', 64)",
                "next_tx = next_tx + 1",
            )
        )
        self.sealed.do(
            f"update accounts_auditcheckpoint set {change} where number = %s",
            one.number,
        )
        return {one.number}

    def rewrite(self) -> set[int]:
        """Change a row and compute its checkpoint anew, signed by a key of one's own."""
        one, pk = self.a_row()
        self.sealed.do(
            "update accounts_auditevent set actor_id = 999 where id = %s", pk
        )
        self._forge(one, Ed25519PrivateKey.generate())
        return {one.number}

    def rewrite_unsigned(self) -> set[int]:
        """The same, with the signature that stood there."""
        one, pk = self.a_row()
        self.sealed.do("delete from accounts_auditevent where id = %s", pk)
        self._forge(one, None)
        return {one.number}

    def rewrite_all(self) -> set[int]:
        """Change a row, and forge every batch from there on, the copy too."""
        one, pk = self.a_row()
        self.sealed.do(
            "update accounts_auditevent set object_ids = '{}', reason = 'x' "
            "where id = %s",
            pk,
        )
        key, said, forged = Ed25519PrivateKey.generate(), [], {}
        for line in self.sealed.copy.read_text().splitlines():
            was = read_line(line)
            assert isinstance(was, Checkpoint)
            if was.number >= one.number:
                before = forged.get(was.number - 1)
                linked = replace(was, previous_digest=before.digest) if before else was
                forged[was.number] = was = self._forge(linked, key)
            said.append(line_of(was))
        self.sealed.copy.write_text("".join(said))
        return set(forged)

    def alter_copy(self) -> set[int]:
        """Change a line of the copy."""
        lines = self.sealed.copy.read_text().splitlines(keepends=True)
        place = self.rng.randrange(len(lines))
        said = json.loads(lines[place])
        said["checkpoint"]["row_count"] += 1
        lines[place] = json.dumps(said) + "\n"
        self.sealed.copy.write_text("".join(lines))
        return {place + 1}

    def tear_copy(self) -> set[int]:
        """Take a line out of the middle of the copy."""
        lines = self.sealed.copy.read_text().splitlines(keepends=True)
        place = self.rng.randrange(len(lines) - 1)
        del lines[place]
        self.sealed.copy.write_text("".join(lines))
        return {place + 1}

    def _forge(self, one: Checkpoint, key: Ed25519PrivateKey | None) -> Checkpoint:
        [(count, leaves)] = self.sealed.admin.execute(
            f"select count(*), {LEAVES} from accounts_auditevent where {IN_BATCH}",
            {name: getattr(one, name) for name in columns()},
        ).fetchall()
        digest = hashlib.sha256(leaves).hexdigest()
        made = replace(one, row_count=count, rows_digest=digest)
        made = made.signed(key) if key else made
        self.sealed.do(
            "update accounts_auditcheckpoint set row_count = %s, rows_digest = %s, "
            "leaves = %s, key = %s, signature = %s, previous_digest = %s "
            "where number = %s",
            *(count, digest, leaves, made.key, made.signature),
            *(made.previous_digest, made.number),
        )
        return made


WAYS: tuple[Callable[[Tamperer], set[int]], ...] = (
    *(Tamperer.flip, Tamperer.delete, Tamperer.swap, Tamperer.swap_batches),
    *(Tamperer.back_date, Tamperer.insert, Tamperer.insert_twin, Tamperer.insert_old),
    Tamperer.outside,
    *(Tamperer.truncate, Tamperer.truncate_part, Tamperer.cut_off),
    *(Tamperer.drop_checkpoint, Tamperer.alter_checkpoint, Tamperer.rewrite),
    *(Tamperer.rewrite_unsigned, Tamperer.rewrite_all, Tamperer.alter_copy),
    Tamperer.tear_copy,
)


def trial(sealed: Sealed, number: int) -> str:
    """Tamper in one way and put it back; return '' if it was found, else what was not.

    Found is: every batch that was touched is named, and no other but the next one, whose
    chain hangs on it.
    """
    way = WAYS[number % len(WAYS)]
    touched = way(Tamperer(sealed, random.Random(number)))
    named = {one.batch for one in sealed.verify().faults}
    sealed.put_back()
    strange = {one for one in named - touched if one - 1 not in touched}
    if touched and touched <= named and not strange:
        return ""
    return f"trial {number}, {way.__name__}: touched {touched}, named {named}"


def run(sealed: Sealed, trials: int) -> list[str]:
    """Run so many trials; return what was not found of each that was missed."""
    sealed.batches(12)
    sealed.keep()
    return [said for number in range(trials) if (said := trial(sealed, number))]
