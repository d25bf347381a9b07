"""What a verification can find, and what it found."""

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Final

# So many ids of rows are named in one fault; the rest are counted.
MOST_NAMED: Final = 20


class FaultKind(StrEnum):
    """What is wrong with a batch, in the words that operators read."""

    ROW_ALTERED = "row altered"
    ROW_MISSING = "row missing"
    ROW_ADDED = "row added"
    ROW_MISDATED = "row back-dated or dated ahead"
    ROWS_DIFFER = "rows differ from the seal"
    LEAVES_ALTERED = "list of rows altered"
    CHAIN_BROKEN = "chain broken"
    SIGNATURE_WRONG = "signature wrong"
    CHECKPOINT_MISSING = "checkpoint missing in database"
    CHECKPOINT_DIFFERS = "checkpoint differs from its copy"
    COPY_MISSING = "checkpoint missing in copy"
    COPY_DAMAGED = "copy cannot be read"
    LOST_IN_RESTORE = "lost in a restore"
    ROW_OUTSIDE = "row where no batch comes"
    NOT_SEALED = "rows not sealed in time"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: in which batch, and with which rows of it.

    Rows where no batch comes are of batch 0; what is not sealed, of the next one.
    """

    batch: int
    kind: FaultKind
    rows: tuple[int, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return it by name; at most `MOST_NAMED` rows are named."""
        said: dict[str, Any] = {"batch": self.batch, "kind": str(self.kind)}
        if self.rows:
            said["rows"] = list(self.rows[:MOST_NAMED])
            said["row_count"] = len(self.rows)
        return said


@dataclass(slots=True)
class Verdict:
    """What was compared, what waits to be sealed, and every fault in order of batches."""

    batches: int = 0
    rows: int = 0
    unsealed: int = 0
    oldest_unsealed_seconds: float = 0.0
    restores: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        """Return whether nothing is wrong."""
        return not self.faults

    def as_json(self) -> dict[str, Any]:
        """Return all of it by name."""
        said = asdict(self) | {"faults": [one.as_json() for one in self.faults]}
        return {"result": "sound" if self.is_sound else "tampered", **said}
