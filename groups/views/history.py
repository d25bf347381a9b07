"""The history of a group or a person: each field before and after."""

import datetime
import uuid
from collections.abc import Mapping

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from accounts.visibility import Viewer
from groups.models import (
    Activity,
    CrimeGroup,
    GroupAlias,
    GroupLink,
    GroupThreat,
    IdentifierUse,
    Involvement,
    Membership,
    Nominal,
    NominalAlias,
    PersonLink,
    Transfer,
)
from groups.models.participation import SAFEGUARDED
from groups.views.changes import History, Source, history_of
from groups.views.finding import group_for, nominal_for, reader, record_shown
from groups.views.reading import group_context
from groups.views.undo_links import offered, own_requests
from ocgmap.common.moments import moment_of
from ocgmap.common.parameters import InvalidParameter, check_parameters


@require_safe
def group_history(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show how a group and what is known of it came to be as they are."""
    viewer = reader(request)
    group = group_for(viewer, public_id)
    history = history_of(viewer, group_sources(viewer, group), _before(request))
    record_shown([group, *history.records()])
    undo_urls = offered(viewer, group, own_requests(viewer, history))
    context = group_context(viewer, group) | _page(request, history, undo_urls)
    return render(request, "groups/group_history.html", context)


@require_safe
def person_history(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show how a person and what is known of them came to be as they are."""
    viewer = reader(request)
    nominal = nominal_for(viewer, public_id)
    history = history_of(viewer, person_sources(viewer, nominal), _before(request))
    record_shown([nominal, *history.records()])
    undo_urls = offered(viewer, nominal, own_requests(viewer, history))
    context = {"nominal": nominal} | _page(request, history, undo_urls)
    return render(request, "groups/person_history.html", context)


def _page(
    request: HttpRequest, history: History, undo_urls: Mapping[uuid.UUID, str]
) -> dict[str, object]:
    url = ""
    if history.before:
        url = f"{request.path}?{urlencode({'before': history.before.isoformat()})}"
    steps = [
        (step, who, undo_urls.get(step.request_id, "") if step.request_id else "")
        for step, who in history.steps
    ]
    return {"steps": steps, "older_url": url}


def _before(request: HttpRequest) -> datetime.datetime | None:
    """Return the moment that the address asks for.

    Raises:
        InvalidParameter: it is no moment with an offset from UTC.
    """
    check_parameters(request.GET, {"before"})
    text = request.GET.get("before")
    if text is None:
        return None
    moment = moment_of(text)
    if moment is None:
        raise InvalidParameter(
            "before: Give a date and time with its offset. Follow “Older changes”.",
            field="before",
        )
    return moment


def group_sources(viewer: Viewer, group: CrimeGroup) -> list[Source]:
    """Return the record of a group, and those of what is known of it, with titles."""
    memberships = Membership.objects.ever_visible_to(viewer).filter(group=group)
    involvements = Involvement.objects.ever_visible_to(viewer).filter(group=group)
    uses = IdentifierUse.objects.ever_visible_to(viewer).filter(group=group)
    links = GroupLink.objects.ever_visible_to(viewer).filter(Q(a=group) | Q(b=group))
    activities = Activity.objects.ever_visible_to(viewer).filter(group=group)
    threats = GroupThreat.objects.ever_visible_to(viewer).filter(group=group)
    return [
        Source(
            CrimeGroup.objects.visible_to(viewer).filter(pk=group.pk),
            lambda row: "The group",
        ),
        Source(
            GroupAlias.objects.ever_visible_to(viewer).filter(group=group),
            lambda row: f"Other name: {row.name}",
        ),
        Source(
            threats.select_related("threat_type"),
            lambda row: f"Threat: {row.threat_type.name}",
        ),
        Source(memberships.select_related("nominal"), _member_title),
        Source(involvements.select_related("nominal"), _involvement_title),
        Source(
            activities.select_related("threat_type"),
            lambda row: f"Activity: {row.threat_type.name}",
        ),
        Source(uses.select_related("identifier"), _use_title),
        Source(links, lambda row: f"Link: {row.get_kind_display()}"),
        Source(
            Transfer.objects.visible_to(viewer)
            .filter(group=group)
            .select_related("receiver"),
            lambda row: f"Transfer to {row.receiver.short_name}",
        ),
    ]


def person_sources(viewer: Viewer, nominal: Nominal) -> list[Source]:
    """Return the record of a person, and those of what is known of them, with titles."""
    memberships = Membership.objects.ever_visible_to(viewer).filter(nominal=nominal)
    involvements = Involvement.objects.ever_visible_to(viewer).filter(nominal=nominal)
    uses = IdentifierUse.objects.ever_visible_to(viewer).filter(nominal=nominal)
    links = PersonLink.objects.ever_visible_to(viewer).filter(
        Q(a=nominal) | Q(b=nominal)
    )
    return [
        Source(
            Nominal.objects.visible_to(viewer).filter(pk=nominal.pk),
            lambda row: "The person",
        ),
        Source(
            NominalAlias.objects.ever_visible_to(viewer).filter(nominal=nominal),
            lambda row: f"Other name: {row.given_names} {row.surname}",
        ),
        Source(
            memberships.select_related("group"),
            lambda row: f"Member of {row.group.name}",
        ),
        Source(
            involvements.select_related("group"),
            lambda row: f"{row.get_kind_display()}: {row.group.name}",
        ),
        Source(uses.select_related("identifier"), _use_title),
        Source(links, lambda row: f"Link: {row.get_kind_display()}"),
    ]


def _member_title(row: Membership) -> str:
    return f"Member: {row.nominal.display_name}"


def _involvement_title(row: Involvement) -> str:
    """Return who is involved; those who were harmed by their reference alone."""
    who = row.nominal
    name = who.reference if row.kind in SAFEGUARDED else who.display_name
    return f"{row.get_kind_display()}: {name}"


def _use_title(row: IdentifierUse) -> str:
    return f"{row.identifier.get_kind_display()}: {row.identifier.value}"
