"""Pages that record and change the group itself."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.permissions import check_has
from accounts.roles import Right
from groups.actions import entries, groups, reviews
from groups.actions.records import Telling
from groups.actions.reviewing import latest_review
from groups.actions.stepping import standings
from groups.exceptions import InvalidRecord
from groups.forms.groups import (
    GroupEditForm,
    GroupForm,
    ReviewForm,
    StateForm,
    group_values,
)
from groups.forms.participation import MemberRow
from groups.likeness import Sought, groups_like, people_like
from groups.models import CrimeGroup, GroupThreat
from groups.models.crime_group import RecordState
from groups.permissions import check_can_edit
from groups.views.cards import Row, review_rows
from groups.views.conflicts import UNKNOWN
from groups.views.finding import group_for, record_shown
from groups.views.form_page import FormPage, Found, Rows


class NewGroup(FormPage):
    """Record a group, and several members with it, in one go."""

    title = "Record a group"
    button = "Save the group"
    done = "The group is recorded as a draft"
    form_class = GroupForm
    rows: ClassVar[Mapping[str, Rows]] = {
        "members": Rows(
            MemberRow,
            legend="Member",
            add_text="Add another member",
            heading="Members",
            explanation="Each is a person on record, or a new one by name or "
            "designation. Rows left empty are ignored. A victim or exploited person is "
            "never a member: record them from the group's page.",
        )
    }

    def prepare(self, **kwargs: Any) -> None:
        """Refuse those who may record nothing."""
        check_has(self.viewer, Right.CONTRIBUTE)

    def alike(self, form: GroupForm, rows: Mapping[str, list[MemberRow]]) -> Found:
        """Return the groups like this one, and the people like its new members."""
        said = form.cleaned_data
        own = (said["owner_reference"],) if said["owner_reference"] else ()
        sought = Sought(names=(said["name"],), references=own)
        people = [row.sought() for row in rows["members"]]
        named = [one for one in people if one.names]
        found = [(said["name"], groups_like(self.viewer, sought))]
        like = people_like(self.viewer, named)
        found += [(one.names[0], alike) for one, alike in zip(named, like, strict=True)]
        return [one for one in found if one[1]]

    def save(self, form: GroupForm, rows: Mapping[str, list[MemberRow]]) -> str:
        """Record the group with its members, all or nothing."""
        said = form.said()
        if rows["members"] and not said["rationale"]:
            raise InvalidRecord(
                "Enter what the members are recorded on.", field="rationale"
            )
        told = Telling(rationale=said["rationale"])
        group = entries.record_group(
            by=self.viewer,
            members=[row.draft(told) for row in rows["members"]],
            **said,
        )
        return reverse("groups:detail", args=[group.public_id])


class GroupPage(FormPage):
    """A form about one group that the viewer may change."""

    group: CrimeGroup
    back_to: ClassVar[str] = "groups:detail"

    def prepare(self, **kwargs: Any) -> None:
        """Find the group; refuse those who may not change it."""
        self.group = group_for(self.viewer, kwargs["public_id"])
        self.check()
        record_shown([self.group])
        self.caption = f"{self.group.name} ({self.group.reference})"
        self.back = reverse(self.back_to, args=[self.group.public_id])

    def check(self) -> None:
        """Raise unless the viewer may take the step that the page is for."""
        check_can_edit(self.viewer, self.group)

    def page_of(self) -> CrimeGroup:
        """Return the group."""
        return self.group


class EditGroup(GroupPage):
    """Change what is said of a group."""

    title = "Change the group"
    done = "The group is changed"
    form_class = GroupEditForm
    note = "Who may see the group is changed from “Why I see it” on its page."

    def subject(self) -> CrimeGroup:
        """Return the group."""
        return self.group

    def values_of(self, record: CrimeGroup) -> dict[str, Any]:
        """Return the group as it stands, or once stood.

        Which threat was the predominant one then is not known where the threats were
        changed since.
        """
        values = group_values(record, self.viewer)
        threats = GroupThreat.objects.ever_visible_to(self.viewer)
        later = threats.filter(group=record, changed_at__gt=record.changed_at)
        if record is not self.group and later.exists():
            values["predominant_threat"] = UNKNOWN
        return values

    def save(self, form: GroupEditForm, rows: Mapping[str, list[Any]]) -> str:
        """Change the group from the version that was shown."""
        groups.edit(
            by=self.viewer,
            group=self.group,
            version=form.cleaned_data["version"],
            **form.changes(),
        )
        return self.back


class ChangeState(GroupPage):
    """Submit, map or return the record, or say that the group rests."""

    title = "Change the state of the record"
    button = "Change the state"
    done = "The state is changed"
    note = (
        "Only mapped groups that are active count in the figures of force, region and "
        "nation. Below a step stands what it still needs."
    )
    form_class = StateForm

    def form_arguments(self) -> dict[str, Any]:
        """Offer the steps that the present state leads to, with what each lacks."""
        closed = {
            f"{one.column}:{one.step.to}": "; ".join(one.missing)
            for one in standings(self.viewer, self.group)
        }
        return {"group": self.group, "closed": closed}

    def subject(self) -> CrimeGroup:
        """Return the group."""
        return self.group

    def save(self, form: StateForm, rows: Mapping[str, list[Any]]) -> str:
        """Take the step."""
        groups.change_state(
            by=self.viewer,
            group=self.group,
            version=form.cleaned_data["version"],
            reason=form.cleaned_data["reason"],
            **form.step_values(),
        )
        return self.back


class ReviewGroup(GroupPage):
    """Record the review of a mapped group."""

    title = "Record a review"
    button = "Record the review"
    done = "The review is recorded"
    form_class = ReviewForm

    def check(self) -> None:
        """Raise unless the viewer may review the group."""
        reviews.check_can_review(self.viewer, self.group)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show the form, or the group where it is not mapped."""
        if self.group.record_state != RecordState.MAPPED:
            return redirect(self.back)
        return super().get(request, **kwargs)

    def present(self) -> dict[str, Any]:
        """Return the version, and the last day that the review policy allows."""
        latest = latest_review(self.group.owner, self.group.tier)
        return {"version": self.group.version, "review_on": latest}

    def subject(self) -> CrimeGroup:
        """Return the group."""
        return self.group

    def summary(self) -> list[Row]:
        """Return when the review was due, and what the one before came to."""
        return review_rows(self.group)

    def save(self, form: ReviewForm, rows: Mapping[str, list[Any]]) -> str:
        """Record it."""
        reviews.record(by=self.viewer, group=self.group, **form.cleaned_data)
        return self.back
