"""What people of `tests.world` decide: levels of attributes, and bands by two."""

import datetime
from typing import Any

from django.utils import timezone

from accounts.visibility import Viewer
from groups.models import CrimeGroup
from scoring.actions import bands, judgements
from scoring.engine import PRIMARY
from scoring.models import BandDecision
from scoring.scores import band_as_seen
from tests.world import ANALYSTS, Plan
from tests.world_words import word


def decide(maker: Any, plan: Plan) -> None:
    """Have an analyst judge, and a supervisor decide, which another approves."""
    if plan.judged:
        maker.act(ANALYSTS[plan.author], _judge, maker, plan)
    if plan.band:
        proposed = maker.act(plan.author, _propose, maker, plan)
        if plan.approver and not proposed.is_settled:
            maker.act(plan.approver, _approve, proposed)


def confirm_as_computed(by: Viewer, maker: Any) -> None:
    """Agree with the engine on one group, so that not every one awaits a person."""
    group = maker.of(CrimeGroup, "d_region")
    band = band_as_seen(by, group, PRIMARY).band
    bands.confirm(by=by, group=group, band=band, reason=word())


def _judge(by: Viewer, maker: Any, plan: Plan) -> None:
    group = maker.of(CrimeGroup, plan.name)
    for attribute in PRIMARY.attribute_keys()[: plan.judged]:
        judgements.judge(
            by=by,
            group=group,
            attribute=attribute,
            level=maker.random.choice(["high", "medium", "low", "nil"]),
            rationale=word(),
        )


def _propose(by: Viewer, maker: Any, plan: Plan) -> BandDecision:
    return bands.confirm(
        by=by,
        group=maker.of(CrimeGroup, plan.name),
        band=plan.band,
        reason=word(),
        expires_on=timezone.localdate() + datetime.timedelta(days=90),
    )


def _approve(by: Viewer, proposed: BandDecision) -> None:
    bands.approve(by=by, decision=proposed)
