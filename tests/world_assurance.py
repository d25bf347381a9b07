"""Reports of the world that await assurance or were returned, and clashes."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Organisation
from accounts.visibility import Viewer
from groups.models import CrimeGroup
from intelligence.actions import assurance
from intelligence.models import AssuranceRule, Report
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.world_words import word


def assure(maker: Any) -> None:
    """Let reports wait, and one be returned; afterwards no region wants it."""
    _rule(wants=True)
    for who, name, sharing, group in (
        ("owner_analyst", "r_waits", "force", "d_force"),
        ("region_analyst", "r_waits_n", "force", "n_force"),
        ("owner_supervisor", "r_waits_own", "organisation", "d_force"),
        ("owner_analyst", "r_returned", "force", "d_force"),
    ):
        maker.act(who, maker.report, name, sharing, group)
        maker.made.awaiting[name] = maker.made.reports[name]
    del maker.made.awaiting["r_returned"]
    maker.act("rocu_assurer", _send_back, maker)
    _rule(wants=False)
    _clash(maker)


def _rule(*, wants: bool) -> None:
    with acting_as(system("world")), transaction.atomic():
        AssuranceRule.objects.create(
            body=Organisation.objects.get(code="nerocu"),
            is_required=wants,
            from_on=timezone.localdate(),
            reason="A trial",
        )


def _send_back(by: Viewer, maker: Any) -> None:
    report = maker.of(Report, "r_returned")
    assurance.decide(
        by=by,
        report=report,
        version=report.version,
        outcome="returned",
        reason=word(),
    )


def _clash(maker: Any) -> None:
    """Give two groups and two reports of one force the same own reference."""
    with acting_as(system("world")), transaction.atomic():
        for kind, model, names in (
            ("groups", CrimeGroup, ("d_force", "d_region")),
            ("reports", Report, ("r_force_2", "r_waits")),
        ):
            ids = [getattr(maker.made, kind)[name] for name in names]
            model._default_manager.filter(public_id__in=ids).update(
                owner_reference=word()
            )
            for name in names:
                maker.made.texts.pop(f"{name}/owner_reference", None)
