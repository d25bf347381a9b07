"""Which labels of a group are real: the greatest visible one for some reader's profile.

For a profile p let m(p) be the join of the group's label and the labels of all
evidence that p sees. m(p) is visible to p, and the evidence below m(p) is just what p
sees. So one line for each m(p) gives every reader exactly their own figure, and two
profiles that see the same rows share it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import connection

from accounts.actions.labels import labels_of
from accounts.visibility import Label, join
from scoring.assembly import MOST_LABELS, Dossier
from scoring.models import Profile


@dataclass(frozen=True, slots=True)
class Realised:
    """One label that some reader has as the greatest, and the classes below it."""

    label: Label
    seen: frozenset[int]


@dataclass(frozen=True, slots=True)
class Sight:
    """Which of a batch's classes each distinct kind of reader sees."""

    labels: Mapping[int, Label]
    views: frozenset[frozenset[int]]

    def realised(self, dossier: Dossier) -> list[Realised] | None:
        """Return the group's real labels, or None when there are too many to keep."""
        classes = dossier.classes()
        own = dossier.group.class_id
        kinds = {view & classes for view in self.views if own in view}
        if len(kinds) > MOST_LABELS:
            return None
        return [
            Realised(join(self.labels[class_id] for class_id in seen), seen)
            for seen in kinds
        ]


def sight_of(dossiers: Iterable[Dossier]) -> Sight:
    """Return what each kind of reader sees of these groups. Two queries."""
    wanted: set[int] = set()
    for dossier in dossiers:
        wanted |= dossier.classes()
    labels = labels_of(wanted)
    profiles = [
        Label(frozenset(tags), clearance)
        for tags, clearance in Profile.objects.values_list("tags", "clearance")
    ]
    views = frozenset(
        frozenset(
            class_id for class_id, label in labels.items() if profile.at_least(label)
        )
        for profile in profiles
    )
    return Sight(labels, views)


_INTERN = """
select w.place, accounts_intern_class(w.requires::int[], w.marking)
from (select * from unnest(%(requires)s::text[], %(markings)s::int[])
      with ordinality as u(requires, marking, place) order by requires, marking) w
"""


def intern_all(labels: Iterable[Label]) -> dict[Label, int]:
    """Return the class id of each label, made where it is new. One query.

    In one order, so that two drains that make the same classes do not deadlock.
    """
    wanted = list(set(labels))
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            _INTERN,
            {
                "requires": [_array(label) for label in wanted],
                "markings": [label.marking for label in wanted],
            },
        )
        return {wanted[place - 1]: class_id for place, class_id in cursor.fetchall()}


def _array(label: Label) -> str:
    return "{" + ",".join(str(tag) for tag in sorted(label.requires)) + "}"
