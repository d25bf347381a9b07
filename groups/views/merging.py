"""Pages that merge a group into another, and that split it off again."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.permissions import check_has
from accounts.roles import Right
from accounts.visibility import Viewer
from groups.actions import merging
from groups.forms.fields import RecordForm
from groups.forms.merging import MergeForm, SplitForm, SurvivorForm
from groups.likeness import Sought, groups_like
from groups.models import CrimeGroup, Membership
from groups.permissions import check_can_edit
from groups.views.cards import Cell, group_cell
from groups.views.finding import group_for, reader, record_shown
from groups.views.recording import GroupPage
from ocgmap.common.parameters import check_parameters

MOST_ALIKE = 5
# Memberships of others that are looked at for members in common.
MOST_SHARED = 500


@require_safe
def choose(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Let a person choose the group that stands; lead on to what the merge changes."""
    by = reader(request)
    check_parameters(request.GET, {"into"})
    group = group_for(by, public_id)
    check_can_edit(by, group)
    form = SurvivorForm(request.GET or None, viewer=by)
    if form.is_bound and form.is_valid():
        survivor = form.cleaned_data["into"]
        return redirect(_address(group, survivor))
    record_shown([group])
    context = {"group": group, "form": form, "candidates": _candidates(by, group)}
    status = 400 if form.is_bound else 200
    return render(request, "groups/merge_choose.html", context, status=status)


def _address(group: CrimeGroup, survivor: CrimeGroup) -> str:
    return reverse("groups:merge_into", args=[group.public_id, survivor.public_id])


def _candidates(by: Viewer, group: CrimeGroup) -> dict[str, Any]:
    """Return groups that may be the same: by name, and by members that both have."""
    reasons: dict[CrimeGroup, list[str]] = {}
    for other, count in _sharing(by, group):
        what = "member" if count == 1 else "members"
        reasons.setdefault(other, []).append(f"{count} {what} in both")
    for one in groups_like(by, Sought(names=(group.name,))):
        reasons.setdefault(one.record, []).extend(one.reasons)
    rows: list[list[Cell]] = [
        [
            group_cell(other),
            {"lines": why},
            {
                "links": [
                    {
                        "text": "Choose",
                        "url": _address(group, other),
                        "hidden": other.reference,
                    }
                ]
            },
        ]
        for other, why in reasons.items()
        if merging.may_be_merged(by, group, other)
    ]
    record_shown(reasons)
    head = ("Group", "Why", "Action")
    return {"head": [{"text": text} for text in head], "rows": rows} if rows else {}


def _sharing(by: Viewer, group: CrimeGroup) -> list[tuple[CrimeGroup, int]]:
    """Return the owner's groups with most of the group's members. One query."""
    standing = Membership.objects.visible_to(by).open()
    own = CrimeGroup.objects.visible_to(by).filter(
        owner=group.owner_id, merged_into__isnull=True
    )
    rows = (
        standing.filter(nominal__in=standing.filter(group=group).values("nominal"))
        .filter(group__in=own.exclude(pk=group.pk))
        .select_related("group__owner")
        .order_by("pk")[:MOST_SHARED]
    )
    people: dict[CrimeGroup, set[int]] = {}
    for row in rows:
        people.setdefault(row.group, set()).add(row.nominal_id)
    found = [(other, len(members)) for other, members in people.items()]
    return sorted(found, key=lambda one: (-one[1], one[0].pk))[:MOST_ALIKE]


class _MergePage(GroupPage):
    """A step between a group and its survivor, with what it changes in the figures."""

    template = "groups/merge_form.html"
    survivor: CrimeGroup | None = None
    is_split = False

    def subject(self) -> CrimeGroup:
        """Return the group, whose version the form carries."""
        return self.group

    def show(
        self, form: RecordForm, formsets: Mapping[str, Any], **more: Any
    ) -> HttpResponse:
        """Show the form with both groups."""
        more |= {
            "group": self.group,
            "survivor": self.survivor,
            "is_split": self.is_split,
        }
        return super().show(form, formsets, **more)


class MergeInto(_MergePage):
    """Merge a group into the one that was chosen."""

    title = "Merge the two groups"
    button = "Merge them"
    done = "The group is merged"
    form_class = MergeForm
    survivor: CrimeGroup

    def prepare(self, **kwargs: Any) -> None:
        """Find both groups; refuse those who may not change them."""
        super().prepare(**kwargs)
        record_shown([self.survivor])
        self.caption = (
            f"{self.group.name} ({self.group.reference}) into {self.survivor.name} "
            f"({self.survivor.reference})"
        )
        self.note = (
            f"Nothing is rewritten. {self.group.name} keeps its page, its facts and its "
            f"history, read only, and all of it counts with {self.survivor.name} for "
            "whoever may see it. It can be split off again at any time; what is recorded "
            f"on {self.survivor.name} meanwhile stays there."
        )

    def check(self) -> None:
        """Find the survivor; raise unless the viewer may change both."""
        check_has(self.viewer, Right.CONTRIBUTE)
        self.survivor = group_for(self.viewer, self.kwargs["row_id"])
        check_can_edit(self.viewer, self.group)
        check_can_edit(self.viewer, self.survivor)

    def save(self, form: MergeForm, rows: Mapping[str, list[Any]]) -> str:
        """Merge."""
        merging.merge(
            by=self.viewer,
            group=self.group,
            into=self.survivor,
            **form.given("version", "reason"),
        )
        return reverse("groups:detail", args=[self.survivor.public_id])


class SplitOff(_MergePage):
    """Split a group off the one that it was merged into."""

    title = "Split the group off"
    button = "Split it off"
    done = "The group is one of its own again"
    form_class = SplitForm
    is_split = True
    note = (
        "It will be as it was: its state, its facts, its history. What was recorded on the "
        "other group since the merge stays there."
    )

    def check(self) -> None:
        """Raise unless the viewer may split it off."""
        merging.check_can_split(self.viewer, self.group)
        seen = CrimeGroup.objects.visible_to(self.viewer)
        self.survivor = seen.filter(absorbed=self.group).first()

    def save(self, form: SplitForm, rows: Mapping[str, list[Any]]) -> str:
        """Split it off."""
        merging.split(
            by=self.viewer, group=self.group, **form.given("version", "reason")
        )
        return self.back
