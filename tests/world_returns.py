"""Returns of the world, in every state."""

import datetime
import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Organisation
from accounts.visibility import Viewer
from groups.models import CrimeGroup
from intelligence.actions import returns
from intelligence.models import Return
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system


def make_returns(maker: Any) -> None:
    """Let returns be due, overdue, nil and received, and one be hidden."""
    today = timezone.localdate()
    for who, state in (
        ("owner_analyst", "due"),
        ("owner_analyst", "overdue"),
        ("region_analyst", "nil"),
        ("other_analyst", "received"),
    ):
        maker.act(who, _return, maker, state, today)
    with acting_as(system("world")), transaction.atomic():
        # No form offers it; the register must hold all the same.
        covert = Return.objects.get(public_id=maker.made.returns["northumbria/nil"])
        covert.pk, covert.public_id = None, uuid.uuid4()
        covert.from_on = covert.to_on = covert.from_on - datetime.timedelta(days=90)
        own = CrimeGroup.objects.get(public_id=maker.made.groups["n_own"])
        covert.access_class = own.access_class
        covert.save(force_insert=True)
        maker.keep("returns", "northumbria/own", covert)


def _return(by: Viewer, maker: Any, state: str, today: datetime.date) -> None:
    owner = Organisation.objects.get(pk=by.organisation_id)
    late = 40 if state == "overdue" else 0
    entry = returns.register(
        by=by,
        owner=owner,
        from_on=today - datetime.timedelta(days=30 + late),
        to_on=today - datetime.timedelta(days=late + 1),
        due_on=today + datetime.timedelta(days=7 - late),
    )
    maker.keep("returns", f"{owner.code}/{state}", entry)
    if state in {"nil", "received"}:
        returns.receive(by=by, ret=entry, is_nil=state == "nil")
