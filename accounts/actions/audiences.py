"""The tags behind the four sharing options, and which organisations hold them.

Holders follow from the organisations, their placements and their successions on a day.
A reorganisation therefore changes who holds a tag, and never a record.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from accounts import audit
from accounts.models import (
    Organisation,
    OrganisationPlacement,
    OrganisationSuccession,
    Tag,
    TagHolder,
)
from accounts.models.access_class import TagKind
from accounts.models.audit_event import AuditKind
from accounts.models.organisation import REGION_KINDS, Kind

NATION = "nca"
COMPARTMENTS: Mapping[str, str] = {
    "compartment:safeguarding": "Safeguarding compartment",
    "compartment:corruption": "Corruption compartment",
}


@dataclass(frozen=True, slots=True)
class Audience:
    """A tag as it should be: code, wording, owner, and the ids of its holders."""

    code: str
    name: str
    kind: TagKind
    owner_id: int | None
    holders: frozenset[int]


@dataclass(frozen=True, slots=True)
class Structure:
    """How the organisations stand to each other on one day.

    `heirs` maps each organisation to those that stand for it: itself, or what it
    became. `region` maps an organisation to the region it is placed in; `nation` holds
    the NCA, or what it became.
    """

    organisations: tuple[Organisation, ...]
    heirs: Mapping[int, frozenset[int]]
    region: Mapping[int, int]
    nation: frozenset[int]


def structure_on(day: datetime.date) -> Structure:
    """Return how the organisations stand to each other on ``day``. Three queries."""
    organisations = tuple(Organisation.objects.order_by("code"))
    became: dict[int, set[int]] = {}
    for one in OrganisationSuccession.objects.filter(on__lte=day):
        became.setdefault(one.predecessor_id, set()).add(one.successor_id)
    heirs = {one.pk: _heirs(one.pk, became) for one in organisations}
    region = dict(
        OrganisationPlacement.objects.on(day).values_list("organisation", "parent")
    )
    nation = [heirs[one.pk] for one in organisations if one.code == NATION]
    return Structure(organisations, heirs, region, frozenset().union(*nation))


def _heirs(organisation: int, became: Mapping[int, set[int]]) -> frozenset[int]:
    """Return the last successors; itself if nothing succeeded it."""
    seen, open_ends, last = {organisation}, [organisation], set[int]()
    while open_ends:
        here = open_ends.pop()
        last |= {here} if here not in became else set()
        open_ends += became.get(here, set()) - seen
        seen |= became.get(here, set())
    return frozenset(last)


def audiences(structure: Structure, day: datetime.date) -> list[Audience]:
    """Return every audience that should exist on ``day``, and who holds it."""
    found = [_all_forces(structure, day)]
    for one in structure.organisations:
        heirs = structure.heirs[one.pk]
        found.append(
            Audience(
                code=f"org:{one.code}",
                name=f"{one.short_name} only",
                kind=TagKind.ORGANISATION,
                owner_id=one.pk,
                holders=heirs,
            )
        )
        if one.code != NATION:
            regions = {structure.region[h] for h in heirs if h in structure.region}
            found.append(
                Audience(
                    code=f"force:{one.code}",
                    name=f"{one.short_name}, its region's unit and the NCA",
                    kind=TagKind.FORCE,
                    owner_id=one.pk,
                    holders=heirs | regions | structure.nation,
                )
            )
        if one.kind in REGION_KINDS:
            forces = {f for f, region in structure.region.items() if region in heirs}
            found.append(
                Audience(
                    code=f"region:{one.code}",
                    name=f"{one.short_name}, the forces of the region and the NCA",
                    kind=TagKind.REGION,
                    owner_id=one.pk,
                    holders=heirs | forces | structure.nation,
                )
            )
    return found


def _all_forces(structure: Structure, day: datetime.date) -> Audience:
    holders = {
        one.pk
        for one in structure.organisations
        if one.kind in {Kind.FORCE, *REGION_KINDS}
        and structure.heirs[one.pk] == {one.pk}
        and (one.to_on is None or one.to_on > day)
    }
    return Audience(
        code="all-forces",
        name="All forces, regional units and the NCA",
        kind=TagKind.ALL_FORCES,
        owner_id=None,
        holders=frozenset(holders) | structure.nation,
    )


def refresh(*, on: datetime.date) -> int:
    """Make tags and organisations' holdings what ``on`` asks; return how many changed.

    Holdings that someone granted (`granted_by`) and those of users are left alone;
    compartments are made and given to nobody. What is no longer due ends on that day.
    Writes nothing, and no audit row, where all is as it should be.
    """
    due = audiences(structure_on(on), on)
    made = _make_tags(due)
    tags = dict(Tag.objects.values_list("code", "pk"))
    wanted = {(tags[one.code], holder) for one in due for holder in one.holders}
    holdings = list(
        TagHolder.objects.filter(organisation__isnull=False).exclude(
            tag__kind=TagKind.COMPARTMENT
        )
    )
    held = {
        (row.tag_id, row.organisation_id)
        for row in holdings
        if row.to_on is None or row.to_on > on
    }
    new = {tags[code] for code in made}
    given = _give(wanted - held, holdings, new, on)
    ended = [
        row.pk
        for row in holdings
        if row.to_on is None
        and row.granted_by_id is None
        and (row.tag_id, row.organisation_id) not in wanted
    ]
    if ended:
        TagHolder.objects.filter(pk__in=ended).update(to_on=on)
    if given or ended:
        audit.record(
            AuditKind.GRANT,
            "accounts.TagHolder",
            [*given, *ended],
            reason="Holders derived from placements and successions",
            detail={"given": len(given), "ended": len(ended)},
        )
    return len(made) + len(given) + len(ended)


def _make_tags(due: Iterable[Audience]) -> set[str]:
    """Make and rename tags; return the codes of those that are new."""
    wanted = {
        one.code: Tag(
            code=one.code, name=one.name, kind=one.kind, owner_id=one.owner_id
        )
        for one in due
    } | {
        code: Tag(code=code, name=name, kind=TagKind.COMPARTMENT)
        for code, name in COMPARTMENTS.items()
    }
    known = {tag.code: tag for tag in Tag.objects.all()}
    missing = [tag for code, tag in wanted.items() if code not in known]
    if missing:
        Tag.objects.bulk_create(missing)
    for code in wanted.keys() & known.keys():
        if known[code].name != wanted[code].name:
            Tag.objects.filter(pk=known[code].pk).update(name=wanted[code].name)
    return {tag.code for tag in missing}


def _give(
    pairs: set[tuple[int, int]],
    holdings: Iterable[TagHolder],
    new_tags: set[int],
    day: datetime.date,
) -> list[int]:
    """Give tags to organisations from ``day``, or from ever where the tag is new."""
    ended_today = {
        (row.tag_id, row.organisation_id): row.pk
        for row in holdings
        if row.from_on == day
    }
    again = [ended_today[pair] for pair in pairs if pair in ended_today]
    if again:
        TagHolder.objects.filter(pk__in=again).update(to_on=None)
    rows = [
        TagHolder(
            tag_id=tag,
            organisation_id=organisation,
            from_on=None if tag in new_tags else day,
        )
        for tag, organisation in sorted(pairs - ended_today.keys())
    ]
    if rows:
        rows = TagHolder.objects.bulk_create(rows)
    return again + [row.pk for row in rows]
