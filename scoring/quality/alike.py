"""Records that may stand for the same group or person as another.

Only what is the very same is looked for, so that a query answers for the nation; what is
spelt or sounds alike is shown where a record is entered.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.db.models import CharField, Count, F, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat, Lower, Trim

from accounts.visibility import Viewer
from groups.models import CrimeGroup, IdentifierUse, Membership, Nominal
from groups.models.identifier import IdentifierKind
from ocgmap.common.records import ProtectedRecord
from scoring.quality.asking import Ask, kept_groups

# Local configuration, to be confirmed with the forces.
SHARED_MEMBERS: Final = 3
# One person alone has each of these.
PERSONAL: Final = (IdentifierKind.PNC_ID, IdentifierKind.CRO)
Others = Mapping[int, list[ProtectedRecord]]


def groups_alike(ask: Ask) -> QuerySet[Any]:
    """Return the groups with another's name, or with three members of another."""
    named = _named(ask.viewer)
    return named.filter(
        Q(key__in=_repeated(named, "key", "pk"))
        | Q(pk__in=_sharing(ask.viewer).values("group_id"))
    )


def others_like_groups(viewer: Viewer, groups: Iterable[CrimeGroup]) -> Others:
    """Return for each of these groups, by id, the visible ones that it is alike to."""
    ids = [group.pk for group in groups]
    named = _named(viewer)
    names = dict(named.filter(pk__in=ids).values_list("pk", "key"))
    pairs = set(_sharing(viewer).filter(group__in=ids).values_list("group_id", "other"))
    beside = named.filter(
        Q(key__in=names.values()) | Q(pk__in={other for _, other in pairs})
    )
    found: dict[int, list[ProtectedRecord]] = defaultdict(list)
    for other in beside.order_by("pk"):
        for pk, name in names.items():
            if pk != other.pk and (name == other.key or (pk, other.pk) in pairs):
                found[pk].append(other)
    return found


def people_alike(ask: Ask) -> QuerySet[Any]:
    """Return the people with another's name and day of birth, or personal number.

    Records that were joined as one person are not suspected any more.
    """
    born, numbered = _born(ask.viewer), _numbered(ask.viewer)
    same_birth = born.filter(key__in=_repeated(born, "key", "cluster"))
    numbers = _repeated(numbered, "key", "nominal__cluster")
    return Nominal.objects.visible_to(ask.viewer).filter(
        Q(pk__in=same_birth.values("pk"))
        | Q(pk__in=numbered.filter(key__in=numbers).values("nominal"))
    )


def others_like_people(viewer: Viewer, people: Iterable[Nominal]) -> Others:
    """Return for each of these people, by id, the visible ones who are alike."""
    ids = [nominal.pk for nominal in people]
    rows = (
        (_born(viewer), "pk"),
        (_numbered(viewer), "nominal_id"),
    )
    who: dict[str, set[int]] = defaultdict(set)
    for keyed, column in rows:
        own = keyed.filter(**{f"{column}__in": ids}).values("key")
        for key, pk in keyed.filter(key__in=own).values_list("key", column):
            who[key].add(pk)
    beside = Nominal.objects.visible_to(viewer).in_bulk(set().union(*who.values()))
    found: dict[int, list[ProtectedRecord]] = {}
    for pk in ids:
        near = set().union(*(several for several in who.values() if pk in several))
        found[pk] = [
            beside[other]
            for other in sorted(near - {pk})
            if other in beside and beside[other].cluster_id != beside[pk].cluster_id
        ]
    return found


def _named(viewer: Viewer) -> QuerySet[Any]:
    return kept_groups(viewer).annotate(key=Lower(Trim("name")))


def _born(viewer: Viewer) -> QuerySet[Any]:
    """Return the people whose day of birth is known, keyed by name and day."""
    name = (Lower(Trim("given_names")), Value("|"), Lower(Trim("surname")))
    return (
        Nominal.objects.visible_to(viewer)
        .filter(is_identified=True, born_from=F("born_to"))
        .exclude(given_names="")
        .annotate(
            key=Concat(*name, Value("|"), Cast("born_from", CharField())),
        )
    )


def _numbered(viewer: Viewer) -> QuerySet[Any]:
    """Return the uses of personal numbers, keyed by the number."""
    number = (F("identifier__kind"), Value("|"), F("identifier__normalised"))
    return (
        IdentifierUse.objects.visible_to(viewer)
        .filter(
            identifier__kind__in=PERSONAL,
            nominal__in=Nominal.objects.visible_to(viewer),
        )
        .annotate(key=Concat(*number, output_field=CharField()))
    )


def _sharing(viewer: Viewer) -> QuerySet[Any]:
    """Return rows of a group and an `other` that have so many members in common."""
    standing = Membership.objects.visible_to(viewer).open()
    pairs: QuerySet[Any] = (
        standing.annotate(
            theirs=F("nominal__memberships"), other=F("nominal__memberships__group")
        )
        .filter(
            ~Q(other=F("group_id")),
            theirs__in=standing.values("pk"),
            other__in=kept_groups(viewer).values("pk"),
        )
        .order_by()
        .values("group_id", "other")
        .annotate(shared=Count("nominal", distinct=True))
        .filter(shared__gte=SHARED_MEMBERS)
    )
    return pairs


def _repeated(rows: QuerySet[Any], key: str, what: str) -> QuerySet[Any]:
    """Return the keys that more than one thing has."""
    counted = rows.order_by().values(key).annotate(times=Count(what, distinct=True))
    repeated: QuerySet[Any] = counted.filter(times__gt=1).values(key)
    return repeated
