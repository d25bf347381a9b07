"""What the facts that one reader sees of a group say of its attributes."""

from functools import cache
from pathlib import Path

from django.db.models import Q
from django.utils import timezone

from accounts.visibility import Viewer
from groups.models import (
    Activity,
    ActivityPlace,
    CrimeGroup,
    GroupLink,
    GroupThreat,
    Membership,
)
from ocgmap.common.reference.records import Confidence
from ocgmap.common.reference.rows import Row, read_records
from scoring.engine import CATALOGUE, Level
from scoring.engine.derived import (
    Derived,
    DerivedRule,
    Measure,
    Place,
    RecordedFacts,
    derive,
)
from scoring.picture.scopes import places_on

FILE = Path(__file__).resolve().parents[1] / "reference" / "derived_levels.csv"
_COLUMNS = ["attribute", "measure", "at_least", "level", "source", "confidence"]
_KNOWN = (Level.LOW, Level.MEDIUM, Level.HIGH)


@cache
def derived_rules() -> tuple[DerivedRule, ...]:
    """Return the rules, in the order of the file.

    Raises:
        ReferenceDataError: a cell is wrong; it names the line.
    """
    return read_records(FILE, _COLUMNS, _rule)


def _rule(row: Row) -> DerivedRule:
    attribute, level = row.text("attribute"), row.choice("level", Level)
    if attribute not in CATALOGUE:
        raise row.error("attribute", "use the key of an attribute of the catalogue")
    if level not in _KNOWN:
        raise row.error("level", "facts say low, medium or high, never nil")
    at_least = row.text("at_least")
    if not (at_least.isascii() and at_least.isdigit() and int(at_least) > 0):
        raise row.error("at_least", "write a whole number from 1")
    return DerivedRule(
        attribute,
        row.choice("measure", Measure),
        int(at_least),
        level,
        row.text("source"),
        str(row.choice("confidence", Confidence)),
    )


def derived_of(viewer: Viewer, group: CrimeGroup) -> dict[str, Derived]:
    """Return what the facts say, by attribute, as far as ``viewer`` sees. Six queries.

    Facts that have ended say nothing, nor does a group that ``viewer`` does not see.
    """
    return derive(recorded(viewer, group), derived_rules())


def recorded(viewer: Viewer, group: CrimeGroup) -> RecordedFacts:
    """Return what is recorded of a group and in force, as far as ``viewer`` sees."""
    activities = Activity.objects.visible_to(viewer).filter(
        group=group, to_on__isnull=True
    )
    regions = {one.id: one.region_id for one in places_on(timezone.localdate())}
    places = ActivityPlace.objects.visible_to(viewer).filter(activity__in=activities)
    threats = GroupThreat.objects.visible_to(viewer).filter(
        group=group, to_on__isnull=True
    )
    kinds = {
        *threats.values_list("threat_type_id", flat=True),
        *activities.values_list("threat_type_id", flat=True),
    }
    return RecordedFacts(
        places=frozenset(
            Place(area, regions.get(area) if area else None, country)
            for area, country in places.values_list("area_id", "country")
        ),
        threats=frozenset(kind for kind in kinds if kind is not None),
        linked=_linked(viewer, group),
        sharing=_sharing(viewer, group),
    )


def _linked(viewer: Viewer, group: CrimeGroup) -> frozenset[int]:
    seen = CrimeGroup.objects.visible_to(viewer).filter(merged_into__isnull=True)
    links = GroupLink.objects.visible_to(viewer).filter(
        Q(a=group) | Q(b=group), a__in=seen, b__in=seen, to_on__isnull=True
    )
    ends = {end for pair in links.values_list("a_id", "b_id") for end in pair}
    return frozenset(ends - {group.pk})


def _sharing(viewer: Viewer, group: CrimeGroup) -> frozenset[int]:
    seen = CrimeGroup.objects.visible_to(viewer).filter(merged_into__isnull=True)
    standing = Membership.objects.visible_to(viewer).open()
    own = standing.filter(group=group).values("nominal")
    others = standing.filter(nominal__in=own, group__in=seen).exclude(group=group)
    return frozenset(others.values_list("group_id", flat=True))
