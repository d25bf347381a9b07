"""First and second scores side by side, as far as a viewer sees both."""

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.visibility import Viewer
from scoring.engine import CATALOGUE, PRIMARY
from scoring.engine.attributes import RANK
from scoring.models import Judgement, SecondScore


@dataclass(frozen=True, slots=True)
class Compared:
    """One attribute as it was judged first and scored second; '' where not judged.

    `steps` is how many levels lie between; None where either is not known.
    """

    attribute: str
    title: str
    first: str
    second: str

    @property
    def steps(self) -> int | None:
        """Return how many levels the second lies above the first, or below."""
        if self.first not in RANK or self.second not in RANK:
            return None
        return RANK[self.second] - RANK[self.first]

    @property
    def differs(self) -> bool:
        """Return whether both said something, and not the same."""
        return bool(self.first) and self.first != self.second


def compared(viewer: Viewer, score: SecondScore) -> list[Compared]:
    """Return each attribute of the primary scheme, first and second. One query.

    The first is the judgement that stood, for this viewer, when the second was handed in.
    """
    [found] = compared_all(viewer, [score])
    return found


def compared_all(viewer: Viewer, scores: Iterable[SecondScore]) -> list[list[Compared]]:
    """Return the same for several scores, each handed in, with `scoring`. One query."""
    rows = list(scores)
    judged: dict[tuple[int, str], list[Judgement]] = {}
    groups = {row.scoring.group_id for row in rows}
    for one in (
        Judgement.objects.visible_to(viewer)
        .filter(group__in=groups)
        .order_by("decided_at", "id")
    ):
        judged.setdefault((one.group_id, one.attribute), []).append(one)
    return [
        [
            _compared(row, key, judged.get((row.scoring.group_id, key), ()))
            for key in _KEYS
        ]
        for row in rows
    ]


_KEYS = PRIMARY.attribute_keys()


def _compared(score: SecondScore, key: str, judged: Iterable[Judgement]) -> Compared:
    end = score.submitted_at
    first = [one.level for one in judged if end is None or one.decided_at <= end]
    return Compared(
        attribute=key,
        title=CATALOGUE[key].title,
        first=first[-1] if first else "",
        second=score.levels.get(key, ""),
    )
