"""What a benchmark says: ours against another, and whether the target is met."""

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from time import perf_counter


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison. `ours` and `other` are the best of all rounds, `ratio` theirs.

    The target is the highest ratio allowed, or with `at_least` the lowest.
    """

    name: str
    ours: float
    other: float
    ratio: float
    target: float
    ok: bool
    unit: str
    at_least: bool
    rounds: int
    ours_p50: float
    ours_p95: float
    other_p50: float
    other_p95: float

    def as_json(self) -> dict[str, object]:
        return asdict(self)

    def as_text(self) -> str:
        sign = "≥" if self.at_least else "≤"
        return (
            f"{'ok  ' if self.ok else 'MISS'} {self.name}: {self.ours} against "
            f"{self.other} {self.unit}, ratio {self.ratio} {sign} {self.target} "
            f"(best of {self.rounds}; p50/p95 {self.ours_p50}/{self.ours_p95} against "
            f"{self.other_p50}/{self.other_p95})"
        )


def compare(
    name: str,
    ours: Sequence[float],
    other: Sequence[float],
    *,
    target: float,
    at_least: bool = False,
) -> Row:
    """Return the row of two series of seconds.

    With ``at_least`` the ratio says how many times slower the other is than ours.
    """
    best, best_other = min(ours), min(other)
    ratio = best_other / best if at_least else best / best_other
    return Row(
        name=name,
        ours=_ms(best),
        other=_ms(best_other),
        ratio=round(ratio, 2),
        target=target,
        ok=ratio >= target if at_least else ratio <= target,
        unit="ms",
        at_least=at_least,
        rounds=min(len(ours), len(other)),
        ours_p50=_ms(statistics.median(ours)),
        ours_p95=_ms(_high(ours)),
        other_p50=_ms(statistics.median(other)),
        other_p95=_ms(_high(other)),
    )


def interleave(
    tasks: Mapping[str, Callable[[], object]],
    rounds: int,
    *,
    before: Callable[[], object] = lambda: None,
) -> dict[str, list[float]]:
    """Time each task in each round, in turning order; return seconds by name.

    What else goes on in the machine falls on all alike, and nobody always comes first.
    ``before`` prepares each round and is not timed.
    """
    found: dict[str, list[float]] = {name: [] for name in tasks}
    order = list(tasks)
    for _ in range(rounds):
        before()
        for name in order:
            began = perf_counter()
            tasks[name]()
            found[name].append(perf_counter() - began)
        order.append(order.pop(0))
    return found


def _high(values: Sequence[float]) -> float:
    found = sorted(values)
    return found[min(len(found) - 1, int(0.95 * len(found)))]


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 2)
