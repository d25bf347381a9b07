"""In which state, seen from somebody, a record of the world is."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from groups.models import CrimeGroup
from intelligence.models import Report
from intelligence.models.report import STANDING
from ocgmap.common.records import Withdrawable
from ocgmap.security import is_history, protected_models
from tests.leak.askers import ABSENT, Askers
from tests.leak.paths import visible_ids
from tests.leak.routes import Route

OWN, SAME_REGION, OTHER_REGION = "own", "same region", "other region"
COMPARTMENTED, DISPOSED, NONEXISTENT = "compartmented", "disposed", "nonexistent"
STATES = (OWN, SAME_REGION, OTHER_REGION, COMPARTMENTED, DISPOSED, NONEXISTENT)
Ids = tuple[str, ...]


def disposed_ids() -> frozenset[str]:
    """Return the ids of what was withdrawn, superseded, merged or put in the archive."""
    found = set(
        CrimeGroup.objects.filter(
            Q(merged_into__isnull=False) | Q(record_state="archived")
        ).values_list("public_id", flat=True)
    )
    found |= set(
        Report.objects.exclude(state__in=STANDING).values_list("public_id", flat=True)
    )
    for model in protected_models():
        if issubclass(model, Withdrawable) and not is_history(model):
            rows = model.objects.filter(withdrawn_at__isnull=False)
            found |= set(rows.values_list("public_id", flat=True))
    return frozenset(map(str, found))


@dataclass(frozen=True, slots=True)
class States:
    """Tells the state of each record."""

    askers: Askers
    disposed: frozenset[str]

    def of(self, who: str, public_id: str) -> str:
        """Return the state of a record, seen from someone."""
        knowledge = self.askers.knowledge
        own = knowledge.viewers[who].organisation_id
        owner = knowledge.owners.get(public_id, 0)
        if public_id in knowledge.seen["cell"] - knowledge.seen["owner_supervisor"]:
            return COMPARTMENTED
        if public_id in self.disposed:
            return DISPOSED
        if owner == own:
            return OWN
        regions = knowledge.regions
        is_near = regions.get(owner, owner) == regions.get(own, own)
        return SAME_REGION if is_near else OTHER_REGION

    def chosen(self, who: str, route: Route) -> list[tuple[str, bool, Ids]]:
        """Return state, visibility and ids: one of each state seen, one of each hidden."""
        if not route.about:
            return [("", True, ())]
        found: dict[tuple[str, bool], Ids] = {}
        seen = set(visible_ids(self.askers.knowledge, self.askers.manifest, who, route))
        for ids in self._every(route):
            found.setdefault((self.of(who, ids[-1]), ids in seen), ids)
        cells = [(state, is_seen, ids) for (state, is_seen), ids in found.items()]
        absent = (ABSENT, ABSENT) if route.row else (ABSENT,)
        return [*cells, (NONEXISTENT, False, absent)]

    def _every(self, route: Route) -> Iterable[Ids]:
        manifest = self.askers.manifest
        if route.row:
            return [(parent, row) for row, parent in manifest.rows.get(route.row, ())]
        return [(one,) for one in getattr(manifest, route.about).values()]
