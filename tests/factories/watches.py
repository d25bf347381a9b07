"""What is watched, and things that happen to it, at moments that a test chooses."""

import datetime
from typing import Any

from django.utils import timezone

from accounts.actions.labels import join_of
from accounts.models import User
from accounts.visibility import Label
from groups.models import CrimeGroup, Membership
from intelligence.models import Mention, Report
from scoring.models import Watch
from tests.factories.scoring import World

OPEN = Label()
HOUR = datetime.timedelta(hours=1)


def ago(hours: float) -> datetime.datetime:
    """Return a moment so many hours before now."""
    return timezone.now() - hours * HOUR


def old_group(world: World, label: Label = OPEN, **more: Any) -> CrimeGroup:
    """Return a group that stood long before anybody watched it."""
    return world.group(label, created_at=ago(48), **more)


def watched(user: User, hours: float = 10, **target: Any) -> Watch:
    """Return that ``user`` watches something, read up to so many hours ago."""
    return Watch.objects.create(user=user, read_until=ago(hours), **target)


def a_report(
    world: World,
    label: Label = OPEN,
    hours: float = 1,
    at: datetime.datetime | None = None,
    **target: Any,
) -> Report:
    """Return a report that mentions a group or a person, recorded so long ago."""
    moment = at or ago(hours)
    report = world.report(label, created_at=moment)
    about = next(iter(target.values()))
    Mention.objects.create(
        report=report,
        owner=report.owner,
        access_class_id=join_of([report.access_class_id, about.access_class_id]),
        created_at=moment,
        **target,
    )
    return report


def a_member(
    world: World, group: CrimeGroup, label: Label = OPEN, hours: float = 1, **more: Any
) -> Membership:
    """Return a membership that was recorded so long ago."""
    return world.member(group, label, created_at=ago(hours), **more)
