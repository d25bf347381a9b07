"""Who, beside the person who asks, may see what carries a label. Reads only."""

from collections import defaultdict
from collections.abc import Iterable

from django.db import connection
from django.db.models import Count, Q
from django.utils import timezone

from accounts.models import Organisation, TagHolder, User
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
        if Right.CONTRIBUTE in RIGHTS[Role(user.role)]
        and dominates(
            _viewer(user, (held[None] | held[user.pk]) - barred[user.pk]), label
        )
    ]


def barred_from(user_ids: Iterable[int]) -> dict[int, set[int]]:
    """Return the compartments that are about each of these accounts. One query."""
    found: dict[int, set[int]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute("select * from accounts_barred(%s::bigint[])", [list(user_ids)])
        for user_id, tag_id in cursor.fetchall():
            found[user_id].add(tag_id)
    return found


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
