"""What a benchmark says: ours against another, and whether the target is met."""

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from time import perf_counter


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison, judged on the medians of its rounds; the best are told besides.

    `ours_is` and `other_is` say what was timed. The target is the highest ratio
    allowed, or with `at_least` the lowest.
    """

    name: str
    ours_is: str
    other_is: str
    ours: float
    other: float
    ratio: float
    target: float
    ok: bool
    judged_on: str
    unit: str
    at_least: bool
    rounds: int
    ours_best: float
    other_best: float
    ratio_of_best: float
    ours_p95: float
    other_p95: float

    def as_json(self) -> dict[str, object]:
        return asdict(self)

    def as_text(self) -> str:
        sign = "≥" if self.at_least else "≤"
        return (
            f"{'ok  ' if self.ok else 'MISS'} {self.name}: {self.ours_is} {self.ours} "
            f"against {self.other_is} {self.other} {self.unit}, ratio {self.ratio} "
            f"{sign} {self.target} ({self.judged_on} of {self.rounds}; best "
            f"{self.ours_best}/{self.other_best}, ratio {self.ratio_of_best}; p95 "
            f"{self.ours_p95}/{self.other_p95})"
        )


def compare(
    name: str,
    ours: Sequence[float],
    other: Sequence[float],
    *,
    what: tuple[str, str],
    target: float,
    at_least: bool = False,
) -> Row:
    """Return the row of two series of seconds; ``what`` names ours and the other.

    With ``at_least`` the ratio says how many times slower the other is than ours.
    """

    def ratio_of(ours: float, other: float) -> float:
        return other / ours if at_least else ours / other

    middle, middle_other = statistics.median(ours), statistics.median(other)
    ratio = ratio_of(middle, middle_other)
    return Row(
        name=name,
        ours_is=what[0],
        other_is=what[1],
        ours=_ms(middle),
        other=_ms(middle_other),
        ratio=round(ratio, 2),
        target=target,
        ok=ratio >= target if at_least else ratio <= target,
        judged_on="medians",
        unit="ms",
        at_least=at_least,
        rounds=min(len(ours), len(other)),
        ours_best=_ms(min(ours)),
        other_best=_ms(min(other)),
        ratio_of_best=round(ratio_of(min(ours), min(other)), 2),
        ours_p95=_ms(_high(ours)),
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
