"""What the makers share: who acts as whom, what day it is, what stands already."""

import datetime
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.access import acting_for, viewer_of
from accounts.models import Organisation, Tag
from accounts.models.access_class import TagKind
from accounts.visibility import Viewer
from groups.models import CrimeGroup, Nominal, ThreatType
from intelligence.models import Report, Return
from ocgmap.common.records import Precision
from scoring.demonstration.cast import ACCOUNTS, users
from scoring.demonstration.plans import GroupPlan

ROUTE = "command seed_demo"

Say = Callable[[str], None]


@dataclass(slots=True)
class Stage:
    """The accounts as viewers, the reference data, and what was made, by plan key."""

    today: datetime.date
    viewers: dict[str, Viewer]
    homes: dict[str, str]
    organisations: dict[str, Organisation]
    threats: dict[str, ThreatType]
    compartments: dict[str, int]
    groups: dict[str, CrimeGroup] = field(default_factory=dict)
    people: dict[str, Nominal] = field(default_factory=dict)
    reports: dict[str, Report] = field(default_factory=dict)
    returns: list[Return] = field(default_factory=list)

    @contextmanager
    def acting(self, account: str) -> Iterator[Viewer]:
        """Let a demo account act for the block, with the web's powerless role."""
        with acting_for(self.viewers[account], route=ROUTE), transaction.atomic():
            yield self.viewers[account]

    def home(self, account: str) -> Organisation:
        """Return the organisation of a demo account."""
        return self.organisations[self.homes[account]]

    def before(self, days: int) -> datetime.date:
        """Return the day so many days ago; a negative number lies ahead."""
        return self.today - datetime.timedelta(days=days)

    def since(self, plan: GroupPlan) -> dict[str, Any]:
        """Return from which month a group's facts hold, as far as is known."""
        if plan.since is None:
            return {}
        return {
            "from_on": self.before(plan.since).replace(day=1),
            "precision": Precision.MONTH,
        }

    def compartment(self, *codes: str) -> list[int]:
        """Return the ids of these compartments; empty codes are left out."""
        return [self.compartments[code] for code in codes if code]


def set_up() -> Stage:
    """Return the stage with the demo accounts on it. Needs the worker's own scope."""
    return Stage(
        today=timezone.localdate(),
        viewers={key: viewer_of(user) for key, user in users().items()},
        homes={account.key: account.organisation for account in ACCOUNTS},
        organisations={one.code: one for one in Organisation.objects.all()},
        threats={one.code: one for one in ThreatType.objects.all()},
        compartments={
            tag.code.partition(":")[2]: tag.pk
            for tag in Tag.objects.filter(kind=TagKind.COMPARTMENT)
        },
    )
