"""Labels for new records: four plain options, and compartments where held."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from accounts.exceptions import UnknownSharing
from accounts.models import (
    AccessClass,
    Organisation,
    OrganisationPlacement,
    Tag,
    TagHolder,
)
from accounts.models.access_class import TagKind
from accounts.models.organisation import REGION_KINDS
from accounts.visibility import Label, Marking, Viewer, dominates, join, narrows
from ocgmap.common.acting import refresh
from ocgmap.common.remembering import remembered


@dataclass(frozen=True, slots=True)
class Option:
    """One way to share a record: its code, wording, and what readers must hold."""

    code: str
    text: str
    hint: str
    label: Label


def intern(label: Label) -> int:
    """Return the id of the access class for ``label``, made if it is new.

    The visible classes of the running transaction take it in at once.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "select accounts_intern_class(%s::int[], %s)",
            (sorted(label.requires), label.marking),
        )
        class_id = int(cursor.fetchone()[0])
    refresh()
    return class_id


def labels_of(class_ids: Iterable[int]) -> dict[int, Label]:
    """Return the label of each access class. One query."""
    rows = AccessClass.objects.in_bulk(set(class_ids))
    return {class_id: row.label for class_id, row in rows.items()}


def join_of(class_ids: Iterable[int]) -> int:
    """Return the id of the class that is the join of these, made if it is new."""
    ids = frozenset(class_ids)
    if len(ids) == 1:
        return min(ids)
    return remembered(("join", ids), lambda: intern(join(labels_of(ids).values())))


def region_of(organisation: Organisation) -> Organisation | None:
    """Return the region the organisation belongs to today; itself if it is one."""
    if organisation.kind in REGION_KINDS:
        return organisation
    return remembered(("region", organisation.pk), lambda: _region_of(organisation))


def _region_of(organisation: Organisation) -> Organisation | None:
    placement = (
        OrganisationPlacement.objects.on(timezone.localdate())
        .filter(organisation=organisation)
        .select_related("parent")
        .first()
    )
    return placement.parent if placement else None


_HINTS = {
    TagKind.FORCE: "The usual choice.",
    TagKind.REGION: "Every force in the region, its ROCU and the NCA.",
    TagKind.ALL_FORCES: "Every force, every ROCU and the NCA.",
    TagKind.ORGANISATION: "Hides the record from the region and the nation. "
    "Needs a reason; auditors see the list.",
}


def options_for(organisation: Organisation) -> list[Option]:
    """Return the sharing options for records of ``organisation``, usual one first."""
    return remembered(("options", organisation.pk), lambda: _options(organisation))


def _options(organisation: Organisation) -> list[Option]:
    region = region_of(organisation)
    codes = {
        TagKind.FORCE: f"force:{organisation.code}",
        TagKind.REGION: f"region:{region.code}" if region else "",
        TagKind.ALL_FORCES: "all-forces",
        TagKind.ORGANISATION: f"org:{organisation.code}",
    }
    tags = {tag.code: tag for tag in Tag.objects.filter(code__in=codes.values())}
    return [
        Option(
            code=str(kind),
            text=str(kind.label),
            hint=_HINTS[kind],
            label=Label(frozenset({tags[code].pk}), Marking.OFFICIAL_SENSITIVE),
        )
        for kind, code in codes.items()
        if code in tags
    ]


def ladder_of(organisation: Organisation) -> list[int]:
    """Return its audiences from the narrowest, as far as each is within the next.

    Two queries. A tag that someone was given alone, without those after it, ends the
    ladder there: a change across that point may let somebody see more.
    """
    steps = {option.code: option.label.requires for option in options_for(organisation)}
    tags = [tag for kind in _NARROW_FIRST for tag in steps.get(str(kind), ())]
    holders: dict[int, set[tuple[int | None, int | None]]] = {
        tag: set() for tag in tags
    }
    rows = TagHolder.objects.on(timezone.localdate()).filter(tag__in=tags)
    for tag, body, user in rows.values_list("tag_id", "organisation_id", "user_id"):
        holders[tag].add((body, user))
    last = 1
    while last < len(tags) and holders[tags[last - 1]] <= holders[tags[last]]:
        last += 1
    return tags[:last]


def is_narrower(organisation: Organisation, present: int, wanted: int) -> bool:
    """Return whether a class in the place of a record's lets nobody see more. May query."""
    found = labels_of([present, wanted])
    return narrows(found[present], found[wanted], ladder_of(organisation))


_NARROW_FIRST = (
    TagKind.ORGANISATION,
    TagKind.FORCE,
    TagKind.REGION,
    TagKind.ALL_FORCES,
)


def desks() -> list[Tag]:
    """Return the compartments that take in what others send up to them."""
    today = timezone.localdate()
    return list(
        Tag.objects.filter(kind=TagKind.COMPARTMENT, takes_referrals=True).filter(
            Q(expires_on__isnull=True) | Q(expires_on__gt=today)
        )
    )


def compartments_for(viewer: Viewer) -> list[Tag]:
    """Return the compartments that ``viewer`` holds and may put on a record."""
    return list(
        Tag.objects.filter(
            Q(kind=TagKind.COMPARTMENT, id__in=viewer.tags),
        )
    )


def class_for(
    *,
    owner: Organisation,
    sharing: str,
    compartments: Iterable[int] = (),
    parents: Iterable[int] = (),
    by: Viewer,
) -> int:
    """Return the access class for a choice of sharing, never below the parents'.

    Raises:
        UnknownSharing: the option or a compartment is not one to choose, or the
            record would be invisible to the person who makes it.
    """
    wanted, above = frozenset(compartments), frozenset(parents)
    return remembered(
        ("class", owner.pk, sharing, wanted, above, by),
        lambda: _class_for(owner, sharing, wanted, above, by),
    )


def _class_for(
    owner: Organisation,
    sharing: str,
    wanted: frozenset[int],
    parents: frozenset[int],
    by: Viewer,
) -> int:
    chosen = [option for option in options_for(owner) if option.code == sharing]
    if not chosen:
        raise UnknownSharing(
            "Choose who may see this record from the options listed.", field="sharing"
        )
    held = {tag.pk for tag in compartments_for(by)}
    if not wanted <= held:
        raise UnknownSharing(
            "Choose only compartments that you hold.", field="compartments"
        )
    label = join(
        [
            chosen[0].label,
            Label(wanted, Marking.OFFICIAL),
            *labels_of(parents).values(),
        ]
    )
    if not dominates(by, label):
        raise UnknownSharing(
            "You could not see this record yourself. Choose a wider audience.",
            field="sharing",
        )
    return intern(label)
