"""Which groups of a place hang together: by members that both have, and by links."""

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q

from accounts.visibility import Viewer
from groups.models import CrimeGroup, GroupLink, Membership, Nominal
from groups.network.pairs import Pair, pairs_of
from scoring.picture.lines import lines, live_lines
from scoring.picture.scopes import PictureScope

# Whoever has more of either is told that not all was read.
MOST_ROWS: Final = 50_000


@dataclass(frozen=True, slots=True)
class LinkedGroups:
    """Pairs of groups, one of the place at least, the most joined first."""

    pairs: tuple[Pair, ...]
    is_cut: bool


def linked_groups(viewer: Viewer, scope: PictureScope) -> LinkedGroups:
    """Return how groups of the headline figures hang together with any others.

    Everything is counted over rows that the reader may see; what was recorded on a merged
    group is of its survivor. Five queries.
    """
    live = [line.group_id for line in live_lines(viewer, scope)]
    counted = lines(viewer, scope).values("group_id")
    inside = CrimeGroup.objects.visible_to(viewer).filter(
        Q(pk__in=counted)
        | Q(pk__in=live)
        | Q(merged_into__in=counted)
        | Q(merged_into__in=live)
    )
    seen = CrimeGroup.objects.visible_to(viewer).values("pk")
    standing = Membership.objects.visible_to(viewer).open()
    elsewhere = standing.filter(
        ~Q(group=OuterRef("group")), nominal=OuterRef("nominal")
    )
    several = standing.filter(Exists(elsewhere), group__in=inside).values("nominal")
    members = list(
        standing.filter(nominal__in=several, group__in=seen)
        .filter(nominal__in=Nominal.objects.visible_to(viewer))
        .order_by("pk")
        .values_list("nominal_id", "group_id")[: MOST_ROWS + 1]
    )
    links = list(
        GroupLink.objects.visible_to(viewer)
        .filter(Q(a__in=inside) | Q(b__in=inside), a__in=seen, b__in=seen)
        .filter(to_on__isnull=True)
        .order_by("pk")
        .values_list("a_id", "b_id")[: MOST_ROWS + 1]
    )
    merged = CrimeGroup.objects.visible_to(viewer).filter(merged_into__in=seen)
    survivors: dict[int, Any] = dict(merged.values_list("pk", "merged_into_id"))

    def standing_for(group_id: int) -> int:
        found: int = survivors.get(group_id, group_id)
        return found

    is_cut = max(len(members), len(links)) > MOST_ROWS
    found = pairs_of(
        [(person, standing_for(group)) for person, group in members[:MOST_ROWS]],
        [(standing_for(a), standing_for(b)) for a, b in links[:MOST_ROWS]],
        [standing_for(pk) for pk in inside.values_list("pk", flat=True)],
    )
    return LinkedGroups(found, is_cut)
