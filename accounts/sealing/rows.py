"""How a row of the audit becomes a leaf: its id and the digest of all its columns.

The digest is made in the database, over text that no setting of a session changes. A
column that is added must be added here: a test compares the two.
"""

import hashlib
from collections.abc import Iterator
from typing import Final

ID_BYTES: Final = 8
LEAF_BYTES: Final = ID_BYTES + 32

# Column by column, each as text that depends on nothing but its value.
COLUMNS: Final = {
    "id": "id",
    "at": "to_char(at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')",
    "era": "era",
    "tx": "tx::text",
    "kind": "kind",
    "actor_id": "actor_id",
    "on_behalf_of": "on_behalf_of",
    "organisation_id": "organisation_id",
    "request_id": "request_id::text",
    "route": "route",
    "object_type": "object_type",
    "object_ids": "object_ids::text",
    "reason": "reason",
    "detail": "detail::text",
}
LEAF: Final = (
    "int8send(id) || sha256(convert_to("
    f"row({', '.join(COLUMNS.values())})::text, 'UTF8'))"
)
# The leaves of a batch, in the order of ids.
LEAVES: Final = f"coalesce(string_agg({LEAF}, ''::bytea order by id, at), ''::bytea)"
# A batch: a half-open range of eras and transactions.
IN_BATCH: Final = """
(era, tx) >= (%(from_era)s, %(from_tx)s::text::xid8)
and (era, tx) < (%(to_era)s, %(to_tx)s::text::xid8)
"""


def digest_of(leaves: bytes) -> str:
    """Return the digest of a batch: one over the leaves of all its rows."""
    return hashlib.sha256(leaves).hexdigest()


def split(leaves: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the id and the digest of each row."""
    for start in range(0, len(leaves), LEAF_BYTES):
        leaf = leaves[start : start + LEAF_BYTES]
        yield int.from_bytes(leaf[:ID_BYTES], "big", signed=True), leaf[ID_BYTES:]
