"""Pages that show a group: its summary, its people, its activity."""

import uuid
from collections.abc import Iterable
from functools import partial
from typing import Any

from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import Tag
from accounts.permissions import can, check_has
from accounts.roles import Right
from accounts.visibility import Viewer
from groups.actions.stepping import check_can_map, standings
from groups.models import (
    Activity,
    ActivityPlace,
    ActivityQuantity,
    CrimeGroup,
    GroupAlias,
    GroupLink,
    GroupThreat,
    IdentifierUse,
    Involvement,
    Membership,
)
from groups.models.crime_group import RecordState
from groups.models.participation import SAFEGUARDED
from groups.permissions import check_can_edit, editable
from groups.views import cards, merged_records, tables
from groups.views.activity_cards import activity_card
from groups.views.finding import group_for, reader, record_shown
from groups.views.transfers import pending_of, steps_of
from ocgmap.common.records import ProtectedRecord

MOST_ROWS = 500


def audience_of(record: ProtectedRecord) -> list[str]:
    """Return in words what a reader of the record must hold. One query."""
    tags = Tag.objects.filter(pk__in=record.access_class.requires)
    return [f"{tag.get_kind_display()}: {tag.name}" for tag in tags]


def group_context(viewer: Viewer, group: CrimeGroup) -> dict[str, Any]:
    """Return what every page of a group needs."""
    return {
        "group": group,
        "may_edit": can(check_can_edit, viewer, group),
        "may_link": can(check_has, viewer, Right.CONTRIBUTE)
        and group.merged_into_id is None,
    }


@require_safe
def group_page(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show what is recorded of a group itself."""
    viewer = reader(request)
    group = group_for(viewer, public_id)
    context = group_context(viewer, group)
    threats = _standing(GroupThreat, viewer, group).select_related("threat_type")
    aliases = _standing(GroupAlias, viewer, group)
    uses = _standing(IdentifierUse, viewer, group).select_related("identifier")
    links = _links(viewer, group)
    pending = pending_of(viewer, group)
    merging = merged_records.shown_on(viewer, group)
    mine = partial(_changeable, viewer, group)
    steps = standings(viewer, group) if context["may_edit"] else []
    context |= {
        "steps": cards.step_rows(steps),
        "may_review": any(one.column == "review" and not one.missing for one in steps),
        "facts": _facts(group, threats),
        "record": cards.record_rows(group, audience_of(group)),
        "may_export": can(check_has, viewer, Right.EXPORT),
        "may_moderate": group.record_state == RecordState.SUBMITTED
        and can(check_can_map, viewer, group),
        "pending": pending,
        "pending_steps": steps_of(viewer, pending) if pending else [],
        "threats": tables.threats(group, threats, editable=mine(threats)),
        "aliases": tables.aliases(group, aliases, editable=mine(aliases)),
        "identifiers": tables.identifiers(group, uses, editable=mine(uses)),
        "links": tables.group_links(group, links, editable=mine(links)),
        "merging": merging,
    }
    record_shown(
        [
            group,
            *merging.records,
            *([pending] if pending else []),
            *threats,
            *aliases,
            *uses,
            *(use.identifier for use in uses),
            *links,
            *(other for link in links for other in (link.a, link.b)),
        ]
    )
    return render(request, "groups/group_detail.html", context)


def _standing(model: Any, viewer: Viewer, group: CrimeGroup) -> Any:
    """Return the visible facts of a group, those that ended last."""
    rows = model.objects.visible_to(viewer).filter(group__in=_whole(viewer, group))
    return rows.select_related("owner", "group").order_by("to_on", "pk")[:MOST_ROWS]


def _whole(viewer: Viewer, group: CrimeGroup) -> Any:
    """Return the group and the records that were merged into it, for a condition."""
    return CrimeGroup.objects.visible_to(viewer).whole(group.pk)


def _changeable(
    viewer: Viewer, group: CrimeGroup, rows: Iterable[Any]
) -> frozenset[int]:
    """Return the ids of those of these rows that may be changed on the group's pages.

    What was recorded on a group that is merged into another stays as it was.
    """
    if group.merged_into_id is not None:
        return frozenset()
    own = [one for one in rows if group.pk in _groups_of(one)]
    return editable(viewer, own)


def _groups_of(fact: Any) -> tuple[int, ...]:
    is_link = isinstance(fact, GroupLink)
    return (fact.a_id, fact.b_id) if is_link else (fact.group_id,)


def _links(viewer: Viewer, group: CrimeGroup) -> list[GroupLink]:
    """Return the visible links of a group; a link is stricter than both its ends."""
    whole = _whole(viewer, group)
    rows = GroupLink.objects.visible_to(viewer).filter(Q(a__in=whole) | Q(b__in=whole))
    return list(rows.select_related("a", "b", "owner").order_by("pk")[:MOST_ROWS])


def _facts(group: CrimeGroup, threats: Iterable[GroupThreat]) -> list[cards.Row]:
    chief = [one for one in threats if one.is_predominant and one.to_on is None]
    return [
        cards.row("Kind", group.get_kind_display()),
        cards.row(
            "Predominant threat", ", ".join(one.threat_type.name for one in chief)
        ),
        cards.row("Tier", group.get_tier_display()),
        cards.row("Lead officer", group.lead_officer),
        cards.row("Owner’s reference", group.owner_reference or "None"),
        cards.row("Organised crime group in law", group.get_s45_test_display()),
        cards.row("Serious and organised crime", group.get_soc_test_display()),
        cards.row("Put forward because of", group.get_trigger_display() or "Not said"),
        *cards.review_rows(group),
    ]


@require_safe
def people_page(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show members, and apart from them victims and everyone else involved."""
    viewer = reader(request)
    group = group_for(viewer, public_id)
    context = group_context(viewer, group)
    members = list(_participants(Membership, viewer, group))
    involved = list(_participants(Involvement, viewer, group))
    victims = [row for row in involved if row.kind in SAFEGUARDED]
    others = [row for row in involved if row.kind not in SAFEGUARDED]
    harmed = {row.nominal_id for row in victims if row.to_on is None}
    mine = [_changeable(viewer, group, rows) for rows in (members, involved)]
    context |= {
        "member_count": len(members),
        "is_cut": len(members) == MOST_ROWS,
        "victims": tables.involved(group, victims, editable=mine[1]),
        "members": tables.members(group, members, harmed, editable=mine[0]),
        "others": tables.involved(group, others, editable=mine[1]),
    }
    record_shown([group, *members, *involved, *_people(members, involved)])
    return render(request, "groups/group_people.html", context)


def _participants(model: Any, viewer: Viewer, group: CrimeGroup) -> Any:
    rows = model.objects.visible_to(viewer).filter(group__in=_whole(viewer, group))
    return rows.select_related("nominal", "group", "owner").order_by("to_on", "pk")[
        :MOST_ROWS
    ]


def _people(*rows: Iterable[Membership | Involvement]) -> list[ProtectedRecord]:
    return [row.nominal for several in rows for row in several]


@require_safe
def activity_page(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show what a group does, where and how much."""
    viewer = reader(request)
    group = group_for(viewer, public_id)
    context = group_context(viewer, group)
    places = ActivityPlace.objects.visible_to(viewer).select_related("area")
    quantities = ActivityQuantity.objects.visible_to(viewer)
    activities = list(
        Activity.objects.visible_to(viewer)
        .filter(group__in=_whole(viewer, group))
        .select_related("group", "threat_type", "offence", "asserted_by", "owner")
        .prefetch_related(
            Prefetch("places", places.order_by("pk")),
            Prefetch("quantities", quantities.order_by("pk")),
        )
        .order_by("to_on", "pk")[:MOST_ROWS]
    )
    mine = _changeable(viewer, group, activities)
    context["cards"] = [activity_card(group, one, editable=mine) for one in activities]
    record_shown([group, *activities])
    return render(request, "groups/group_activity.html", context)
