"""One group drawn for a second score, and a calibration pack that most have scored."""

import datetime
import hashlib
from typing import Final

from django.utils import timezone

from accounts.roles import Right
from groups.models import CrimeGroup
from scoring.actions import calibration, second_scorings
from scoring.agreement.drawing import drawn_number, is_drawn
from scoring.agreement.packs import Pack, packs
from scoring.demonstration.stage import Stage
from scoring.engine.attributes import KNOWN_ASCENDING
from scoring.laboratory.shares import USUAL_ONE_IN

_DRAWN: Final = "brackenhill"
# They have the pack still before them.
_TO_SCORE: Final = {"analyst.durham", "analyst.northumbria", "service.durham"}
# What most say of each vignette, attribute by attribute, as places on the scale.
_USUAL: Final = {
    "quayside": (2, 1, 1, 1, 1),
    "orchard": (0, 0, 3, 2, 2),
    "tollgate": (1, 3, 2, 0, 2),
    "lantern": (3, 2, 1, 0, 2),
    "millrace": (0, 1, 1, 1, 0),
    "signal": (0, 0, 3, 2, 3),
}
_USUALLY: Final = 170  # of 256 answers


def draw_one(stage: Stage) -> None:
    """Let one group's submission be of a moment that is drawn, and draw. As the worker."""
    group = stage.groups[_DRAWN]
    moment = timezone.now() - datetime.timedelta(days=2)
    while not is_drawn(drawn_number(group.public_id, moment), USUAL_ONE_IN):
        moment += datetime.timedelta(microseconds=1)
    CrimeGroup.objects.filter(pk=group.pk).update(submitted_at=moment)
    second_scorings.draw()


def score_packs(stage: Stage) -> int:
    """Let everyone else who records score the packs; return how many did."""
    who = [
        key
        for key, viewer in stage.viewers.items()
        if viewer.has(Right.CONTRIBUTE) and key not in _TO_SCORE
    ]
    for key in who:
        for pack in packs().values():
            with stage.acting(key) as by:
                calibration.answer(by=by, pack=pack, levels=_levels(pack, key))
    return len(who)


def _levels(pack: Pack, who: str) -> dict[str, dict[str, str]]:
    return {
        one.key: {
            attribute: _level(f"{who}/{one.key}/{attribute}", _USUAL[one.key][place])
            for place, attribute in enumerate(pack.attributes)
        }
        for one in pack.vignettes
    }


def _level(seed: str, usual: int) -> str:
    """Return the usual level, or in one of three a neighbour of it; always the same."""
    chance, step = hashlib.sha256(seed.encode()).digest()[:2]
    if chance < _USUALLY:
        return str(KNOWN_ASCENDING[usual])
    place = usual + (1 if step % 2 else -1)
    return str(KNOWN_ASCENDING[min(max(place, 0), len(KNOWN_ASCENDING) - 1)])
