"""Who, beside the person who asks, may see what carries a label. Reads only."""

import datetime
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils import timezone

from accounts.access import barred_from
from accounts.models import Organisation, Tag, TagHolder, User
from accounts.roles import RIGHTS, Right, Role
from accounts.visibility import Label, Viewer, dominates


def organisations_holding(label: Label) -> list[Organisation]:
    """Return the organisations that hold all that ``label`` requires. One query.

    A compartment that only people hold is held by none.
    """
    today = timezone.localdate()
    rows = Organisation.objects.standing(today)
    if label.requires:
        held = (
            TagHolder.objects.on(today)
            .filter(tag_id__in=label.requires, organisation__isnull=False)
            .values("organisation")
            .annotate(held=Count("tag", distinct=True))
            .filter(held=len(label.requires))
        )
        rows = rows.filter(pk__in=held.values("organisation"))
    return list(rows.order_by("short_name"))


def people_holding(label: Label, organisation_id: int) -> list[User]:
    """Return the people of an organisation who see ``label`` and may work. Three queries."""
    return [
        user
        for user in people_seeing(label, organisation_id)
        if Right.CONTRIBUTE in RIGHTS[Role(user.role)]
    ]


def people_seeing(label: Label, organisation_id: int) -> list[User]:
    """Return the people of an organisation who see ``label``. Three queries."""
    users = list(
        User.objects.filter(organisation_id=organisation_id, is_active=True)
        .exclude(role=Role.SERVICE)
        .order_by("name")
    )
    today = timezone.localdate()
    holdings = (
        TagHolder.objects.on(today)
        .filter(Q(organisation_id=organisation_id) | Q(user__in=users))
        .filter(Q(tag__expires_on__isnull=True) | Q(tag__expires_on__gt=today))
    )
    held: dict[int | None, set[int]] = defaultdict(set)
    for user_id, tag_id in holdings.values_list("user_id", "tag_id"):
        held[user_id].add(tag_id)
    barred = barred_from(user.pk for user in users)
    return [
        user
        for user in users
        if dominates(
            _viewer(user, (held[None] | held[user.pk]) - barred[user.pk]), label
        )
    ]


def _viewer(user: User, tags: set[int]) -> Viewer:
    role = Role(user.role)
    return Viewer(
        user_id=user.pk,
        organisation_id=user.organisation_id,
        role=role,
        rights=RIGHTS[role],
        tags=frozenset(tags),
        clearance=user.clearance,
    )


@dataclass(frozen=True, slots=True)
class Held:
    """A tag that a label requires, and how one reader holds it."""

    tag: Tag
    by_organisation: bool
    until: datetime.date | None


def how_held(viewer: Viewer, label: Label) -> list[Held]:
    """Return how ``viewer`` holds each tag of a label that they see. One query."""
    today = timezone.localdate()
    rows = (
        TagHolder.objects.on(today)
        .of(user_id=viewer.user_id, organisation_id=viewer.organisation_id)
        .filter(tag_id__in=label.requires & viewer.tags)
        .select_related("tag")
        .order_by("tag__kind", "tag__name", "pk")
    )
    # What the organisation holds counts before what was given to the person alone.
    found: dict[int, Held] = {}
    for row in sorted(rows, key=lambda one: one.organisation_id is None):
        ends = min(filter(None, (row.to_on, row.tag.expires_on)), default=None)
        is_own = row.organisation_id is not None
        found.setdefault(row.tag_id, Held(row.tag, is_own, ends))
    return list(found.values())


def people_named(label: Label, most: int = 200) -> list[User]:
    """Return those who see ``label`` by a tag that was given to them alone.

    At most ``most``. For readers who hold every tag of the label. Few queries.
    """
    today = timezone.localdate()
    named = TagHolder.objects.on(today).filter(
        tag_id__in=label.requires, user__is_active=True
    )
    users = list(
        User.objects.filter(pk__in=named.values("user"))
        .select_related("organisation")
        .order_by("organisation__short_name", "name")[:most]
    )
    bodies = {user.organisation_id for user in users}
    seeing = {user.pk for body in bodies for user in people_seeing(label, body)}
    return [user for user in users if user.pk in seeing]
