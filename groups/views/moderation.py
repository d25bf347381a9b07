"""Moderation: what was submitted and waits, what changed since, and the decision."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timesince import timesince
from django.views.decorators.http import require_http_methods, require_safe

from accounts.roles import Right
from accounts.visibility import Viewer
from groups.actions import groups
from groups.actions.stepping import check_can_map, standings
from groups.former import events_of, names_of
from groups.forms.groups import ModerateForm
from groups.models import CrimeGroup, ModerationRule
from groups.models.crime_group import RecordState
from groups.permissions import check_moderates, owners_to_moderate
from groups.views import body_rules
from groups.views.body_rules import RuleBook
from groups.views.cards import Cell
from groups.views.changes import Step, Words, history_of
from groups.views.finding import reader, record_shown
from groups.views.history import group_sources
from groups.views.recording import GroupPage
from ocgmap.common.keyset import Order, page_of
from ocgmap.common.parameters import check_parameters

PAGE_SIZE = 25
LONGEST_WAIT_FIRST = Order("submitted_at")
HEAD: list[Cell] = [
    {"text": "Group"},
    {"text": "Waiting for", "numeric": True},
    {"text": "Owner"},
    {"text": "Submitted by"},
    {"text": "Before"},
]
RULES = RuleBook(
    model=ModerationRule,
    title="Where the region moderates",
    meaning="Where the region moderates, its lead alone maps and returns the records of "
    "its forces. Elsewhere a supervisor of the owner may as well. Nobody decides on a "
    "record that they submitted.",
    column="The region alone maps",
    none="No rule was ever set: supervisors and leads of regions map records.",
    question="Does the region alone map and return records?",
    hints={
        "true": "Only the lead of the region decides on what its forces submit.",
        "false": "A supervisor of the owner may decide as well.",
    },
    list_url="groups:moderation_rules",
    new_url="groups:new_moderation_rule",
    needs=Right.MODERATE,
)


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """Show where the region moderates, and every change of that, the newest first."""
    return body_rules.rules(request, RULES)


@require_http_methods(["GET", "HEAD", "POST"])
def new_rule(request: HttpRequest) -> HttpResponse:
    """Say whether the reader's region alone moderates, from a day on."""
    return body_rules.new_rule(request, RULES)


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Show the groups that wait for the reader's decision, the longest wait first."""
    viewer = reader(request)
    check_moderates(viewer)
    check_parameters(request.GET, {"cursor"})
    waiting = CrimeGroup.objects.visible_to(viewer).submitted()
    rows = waiting.filter(owner_id__in=owners_to_moderate(viewer))
    page = page_of(
        rows.select_related("owner"),
        LONGEST_WAIT_FIRST,
        size=PAGE_SIZE,
        cursor=request.GET.get("cursor", ""),
    )
    record_shown(page.rows)
    context = {
        "count": rows.count(),
        "head": HEAD,
        "rows": _waiting(viewer, page.rows),
        "next_url": f"?cursor={page.next}" if page.next else "",
        "previous_url": f"?cursor={page.previous}" if page.previous else "",
    }
    return render(request, "groups/moderation_queue.html", context)


def _waiting(viewer: Viewer, rows: Iterable[CrimeGroup]) -> list[list[Cell]]:
    """Return the waiting groups as rows; their own submitter cannot open the form."""
    found = list(rows)
    names = names_of(group.submitted_by_id for group in found)
    seen = _looked_at(viewer, found)
    table = []
    for group in found:
        named: Cell = {"text": f"{group.name} ({group.reference})"}
        is_own = group.submitted_by_id == viewer.user_id
        address = "groups:detail" if is_own else "groups:moderate"
        named["url"] = reverse(address, args=[group.public_id])
        who = names.get(group.submitted_by_id, "Not known")
        table.append(
            [
                named,
                {"text": waited(group), "numeric": True, "nowrap": True},
                {"text": group.owner.short_name},
                {"text": "You: someone else decides" if is_own else who},
                {"text": "Decided on before" if group.pk in seen else "New"},
            ]
        )
    return table


def waited(group: CrimeGroup) -> str:
    """Return how long the submission waits, in the largest unit that fits."""
    if group.submitted_at is None:
        return "Not known"
    return timesince(group.submitted_at, depth=1)


def _looked_at(
    viewer: Viewer, rows: Iterable[CrimeGroup]
) -> Mapping[int, datetime.datetime]:
    """Return when each group was last decided on before its submission. One query.

    That is the end of the last state in which it was submitted.
    """
    since = {row.pk: row.submitted_at for row in rows if row.submitted_at}
    ended = (
        events_of(viewer, CrimeGroup)
        .filter(pgh_obj_id__in=since, record_state=RecordState.SUBMITTED)
        .exclude(submitted_at__in=since.values())
        .values("pgh_obj_id")
        .annotate(last=Max("pgh_created_at"))
    )
    return dict(ended.values_list("pgh_obj_id", "last"))


class Moderate(GroupPage):
    """Map the submitted record or return it, beside all that changed since."""

    template = "groups/moderate.html"
    title = "Moderate the record"
    button = "Record the decision"
    done = "The decision is recorded"
    form_class = ModerateForm

    def check(self) -> None:
        """Raise unless the viewer may decide on this submission."""
        check_can_map(self.viewer, self.group)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show the form, or the group where nothing waits for a decision."""
        if self.group.record_state != RecordState.SUBMITTED:
            return redirect(self.back)
        return super().get(request, **kwargs)

    def form_arguments(self) -> dict[str, Any]:
        """Say what the group still needs before it can be mapped."""
        lacking = {
            one.step.to: "; ".join(one.missing)
            for one in standings(self.viewer, self.group)
        }
        return {"needs": lacking.get(RecordState.MAPPED, "")}

    def subject(self) -> CrimeGroup:
        """Return the group."""
        return self.group

    def show(self, form: Any, formsets: Mapping[str, Any], **more: Any) -> HttpResponse:
        """Show what is proposed, what was said before, and the form."""
        viewer, group = self.viewer, self.group
        sources = group_sources(viewer, group)
        after = _looked_at(viewer, [group]).get(group.pk)
        since = history_of(viewer, sources, None, after)
        told = [step for step in since.steps if step[0].about != group] if after else []
        record_shown([group, *since.records()])
        names = names_of([group.submitted_by_id])
        return super().show(
            form,
            formsets,
            group=group,
            waited=waited(group),
            submitted_by=names.get(group.submitted_by_id, ""),
            looked_at=after,
            differences=_differences(viewer, group, after),
            steps=[(step, who, "") for step, who in told],
            older_url=(
                reverse("groups:history", args=[group.public_id])
                if since.before
                else ""
            ),
            difference_head=[{"text": text} for text in ("Field", "Then", "Now")],
            said=_said(viewer, group),
            said_head=[{"text": text} for text in ("When", "To", "By", "Reason")],
            **more,
        )

    def save(self, form: Any, rows: Mapping[str, list[Any]]) -> str:
        """Map or return it."""
        groups.change_state(
            by=self.viewer,
            group=self.group,
            version=form.cleaned_data["version"],
            record_state=form.cleaned_data["decision"],
            reason=form.cleaned_data["reason"],
        )
        return reverse("groups:moderation")


def _differences(
    viewer: Viewer, group: CrimeGroup, after: datetime.datetime | None
) -> list[list[Cell]]:
    """Return each field of the record as it was decided on, and as it is proposed."""
    if after is None:
        return []
    former = (
        events_of(viewer, CrimeGroup)
        .filter(pgh_obj_id=group.pk, pgh_created_at=after)
        .first()
    )
    if former is None:
        return []
    words = Words(viewer).differences(CrimeGroup, former, group)
    return [row for row in words if row[0]["text"] != "Record state"]


def _said(viewer: Viewer, group: CrimeGroup) -> list[list[Cell]]:
    """Return what was said at each step of the record, the latest first."""
    [own, *_] = group_sources(viewer, group)
    steps = history_of(viewer, [own], None).steps
    return [
        [
            {"time": step.at},
            {"text": taken},
            {"text": who},
            {"text": step.why or "No reason is on record"},
        ]
        for step, who in steps
        if (taken := _taken(step))
    ]


def _taken(step: Step) -> str:
    """Return to which state a step took the record; empty if it took it to none."""
    for name, _, after in step.changes:
        if name["text"] == "Record state":
            return str(after["text"])
    return ""
