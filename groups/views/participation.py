"""Pages that put people into a group, as members or as something else, and change it."""

from collections.abc import Mapping
from typing import Any

from groups.actions import entries, people
from groups.forms.participation import (
    InvolvementEditForm,
    InvolvementForm,
    MemberEditForm,
    MemberForm,
    involvement_values,
    member_values,
)
from groups.models import Involvement, Membership
from groups.permissions import check_can_edit
from groups.views.finding import found, record_shown
from groups.views.recording import GroupPage


class AddMember(GroupPage):
    """Add a member: a person on record, or a new one."""

    title = "Add a member"
    done = "The member is recorded"
    back_to = "groups:people"
    form_class = MemberForm
    note = (
        "A victim, witness or exploited person is never a member: record an "
        "involvement. Someone under 18 is for a supervisor to enter."
    )

    def save(self, form: MemberForm, rows: Mapping[str, list[Any]]) -> str:
        """Record the member and, if new, the person."""
        draft = form.draft(form.telling())
        entries.add_member(by=self.viewer, group=self.group, draft=draft)
        return self.back


class AddInvolvement(GroupPage):
    """Add someone who has to do with the group and is no member."""

    title = "Add someone involved who is not a member"
    done = "The involvement is recorded"
    back_to = "groups:people"
    form_class = InvolvementForm
    note = (
        "They are not counted as members and never scored. A victim or exploited person "
        "is seen by holders of the safeguarding compartment; if you do not hold it, by "
        "your own organisation only."
    )

    def save(self, form: InvolvementForm, rows: Mapping[str, list[Any]]) -> str:
        """Record the involvement and, if new, the person."""
        entries.add_involved(by=self.viewer, group=self.group, draft=form.draft())
        return self.back


class EditMember(GroupPage):
    """Change or end a membership."""

    title = "Change a membership"
    done = "The membership is changed"
    back_to = "groups:people"
    form_class = MemberEditForm
    membership: Membership

    def prepare(self, **kwargs: Any) -> None:
        """Find the membership among those of the group."""
        super().prepare(**kwargs)
        rows = Membership.objects.visible_to(self.viewer).filter(group=self.group)
        self.membership = found(rows.select_related("nominal"), kwargs["row_id"])
        check_can_edit(self.viewer, self.membership)
        self.caption = self.membership.nominal.display_name
        record_shown([self.membership, self.membership.nominal])

    def check(self) -> None:
        """Leave it to the row itself: its owner may be another than the group's."""

    def subject(self) -> Membership:
        """Return the membership."""
        return self.membership

    def values_of(self, record: Membership) -> dict[str, Any]:
        """Return the membership as it stands, or once stood."""
        return member_values(record)

    def save(self, form: MemberEditForm, rows: Mapping[str, list[Any]]) -> str:
        """Change it from the version that was shown."""
        people.edit_member(
            by=self.viewer,
            membership=self.membership,
            version=form.cleaned_data["version"],
            **form.changes(),
        )
        return self.back


class EditInvolvement(GroupPage):
    """Change or end an involvement."""

    title = "Change an involvement"
    done = "The involvement is changed"
    back_to = "groups:people"
    form_class = InvolvementEditForm
    involvement: Involvement

    def prepare(self, **kwargs: Any) -> None:
        """Find the involvement among those of the group."""
        super().prepare(**kwargs)
        rows = Involvement.objects.visible_to(self.viewer).filter(group=self.group)
        self.involvement = found(rows.select_related("nominal"), kwargs["row_id"])
        check_can_edit(self.viewer, self.involvement)
        self.caption = self.involvement.nominal.display_name
        record_shown([self.involvement, self.involvement.nominal])

    def check(self) -> None:
        """Leave it to the row itself: its owner may be another than the group's."""

    def subject(self) -> Involvement:
        """Return the involvement."""
        return self.involvement

    def values_of(self, record: Involvement) -> dict[str, Any]:
        """Return the involvement as it stands, or once stood."""
        return involvement_values(record)

    def save(self, form: InvolvementEditForm, rows: Mapping[str, list[Any]]) -> str:
        """Change it from the version that was shown."""
        people.edit_involvement(
            by=self.viewer,
            involvement=self.involvement,
            version=form.cleaned_data["version"],
            **form.changes(),
        )
        return self.back
