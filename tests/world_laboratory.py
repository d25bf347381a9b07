"""What of `tests.world` was drawn for a second scoring; the moments are set here."""

from django.utils import timezone

from groups.models import CrimeGroup
from scoring.models import SecondScoring
from tests.world import Manifest

# Of every label, and none of a group on whose band an analyst or lead decided.
DRAWN = ("d_force", "d_cell", "n_region", "n_own", "w_own", "a_all", "n_force")


def draw_some(made: Manifest) -> None:
    """Draw groups as the worker does, whatever their numbers."""
    now = timezone.now()
    for name in DRAWN:
        group = CrimeGroup.objects.get(public_id=made.groups[name])
        scoring = SecondScoring.objects.create(
            owner_id=group.owner_id,
            access_class_id=group.access_class_id,
            group=group,
            submitted_at=now,
            number=20,
            one_in=10,
            drawn_at=now,
        )
        made.second_scorings[name] = str(scoring.public_id)
