"""What the clients saw: each submission, each try, and what was answered when.

Acknowledged is a submission that was answered 200 or 201 with the report's id. A try
without an answer is indeterminate: the report may be there or not, and the client sends
it again under the same key until it knows.
"""

import statistics
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

NO_ANSWER = "no answer"


@dataclass(frozen=True, slots=True)
class Try:
    """One request: in which phase of the run, how long, and the status or no answer.

    `served_by` is the number of the web process that answered, `why` what came instead
    of an answer.
    """

    phase: str
    seconds: float
    outcome: str
    served_by: str = ""
    why: str = ""


@dataclass(slots=True)
class Submission:
    """One report that a client wants to hand in, and how that went."""

    key: str
    groups: frozenset[str]
    claims: int
    tries: list[Try] = field(default_factory=list)
    report: str = ""

    @property
    def is_acknowledged(self) -> bool:
        return bool(self.report)


class History:
    """The submissions of all clients, and the phase that the run is in."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._submissions: list[Submission] = []
        self._open: Counter[str] = Counter()
        self.phase = "starting"

    @contextmanager
    def trying(self) -> Iterator[str]:
        """Count a try as open while it lasts; yield the phase that it began in."""
        with self._lock:
            phase = self.phase
            self._open[phase] += 1
        try:
            yield phase
        finally:
            with self._lock:
                self._open[phase] -= 1

    def is_over(self, phase: str) -> bool:
        """Return whether every try that began in a phase has ended."""
        with self._lock:
            return not self._open[phase]

    def begin(self, submission: Submission) -> None:
        with self._lock:
            self._submissions.append(submission)

    @property
    def acknowledged(self) -> list[Submission]:
        with self._lock:
            return [one for one in self._submissions if one.is_acknowledged]

    @property
    def unknown(self) -> list[Submission]:
        """Submissions that no client got an answer for."""
        with self._lock:
            return [one for one in self._submissions if not one.is_acknowledged]

    def tries(self) -> Iterator[Try]:
        with self._lock:
            submissions = list(self._submissions)
        for submission in submissions:
            yield from list(submission.tries)

    def answered_in(self, phase: str) -> list[Try]:
        """Return the tries that began in a phase and were answered."""
        found = (one for one in self.tries() if one.phase == phase)
        return [one for one in found if one.outcome != NO_ANSWER]

    def outcomes(self) -> Counter[str]:
        return Counter(one.outcome for one in self.tries())

    def waits_by_phase(self) -> dict[str, dict[str, float]]:
        """Return how long answered tries took in each phase, in milliseconds."""
        waits: dict[str, list[float]] = {}
        for one in self.tries():
            if one.outcome != NO_ANSWER:
                waits.setdefault(one.phase, []).append(one.seconds * 1000)
        return {phase: spread(values) for phase, values in waits.items()}


def spread(values: Iterable[float]) -> dict[str, float]:
    """Return number, median, 95th percentile and maximum; only the number if none."""
    found = sorted(values)
    if not found:
        return {"n": 0}
    return {
        "n": len(found),
        "p50": round(statistics.median(found), 1),
        "p95": round(_at(found, 0.95), 1),
        "max": round(found[-1], 1),
    }


def _at(found: Sequence[float], share: float) -> float:
    return found[min(len(found) - 1, int(share * len(found)))]
