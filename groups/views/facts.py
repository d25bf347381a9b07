"""Pages that add what is known of a group, and that end a fact."""

from collections.abc import Mapping
from typing import Any, ClassVar

from accounts.permissions import check_has
from accounts.roles import Right
from groups.actions import activities, aliases, identifiers, links, threats
from groups.forms.facts import (
    ActivityForm,
    AliasForm,
    GroupLinkForm,
    IdentifierForm,
    PlaceForm,
    QuantityForm,
    ThreatForm,
)
from groups.views.form_page import Rows
from groups.views.recording import GroupPage


class AddAlias(GroupPage):
    """Add another name of the group."""

    title = "Add another name"
    done = "The name is recorded"
    form_class = AliasForm

    def save(self, form: AliasForm, rows: Mapping[str, list[Any]]) -> str:
        """Record the name."""
        aliases.add(
            by=self.viewer,
            group=self.group,
            **form.given("name", "kind"),
            **form.telling(),
        )
        return self.back


class AddThreat(GroupPage):
    """Add a threat that the group poses."""

    title = "Add a threat"
    done = "The threat is recorded"
    form_class = ThreatForm

    def save(self, form: ThreatForm, rows: Mapping[str, list[Any]]) -> str:
        """Record the threat."""
        threats.add(
            by=self.viewer,
            group=self.group,
            **form.given("threat_type", "is_predominant"),
            **form.telling(),
        )
        return self.back


class AddActivity(GroupPage):
    """Add an activity with its places and quantities."""

    title = "Add an activity"
    done = "The activity is recorded"
    back_to = "groups:activity"
    form_class = ActivityForm
    rows: ClassVar[Mapping[str, Rows]] = {
        "places": Rows(
            PlaceForm,
            legend="Place",
            add_text="Add another place",
            heading="Places",
            explanation="Where the group sits, where harm is done, what lies between.",
        ),
        "quantities": Rows(
            QuantityForm,
            legend="Quantity",
            add_text="Add another quantity",
            heading="Quantities",
            explanation="An amount, or a range. People are never a commodity.",
        ),
    }

    def save(self, form: ActivityForm, rows: Mapping[str, list[Any]]) -> str:
        """Record the activity with its rows, all or nothing."""
        activities.add(
            by=self.viewer,
            group=self.group,
            places=[row.draft() for row in rows["places"]],
            quantities=[row.draft() for row in rows["quantities"]],
            **form.given("threat_type", "offence", "modus"),
            **form.telling(),
        )
        return self.back


class AddIdentifier(GroupPage):
    """Add a number, vehicle or the like that the group uses."""

    title = "Add an identifier"
    done = "The identifier is recorded"
    form_class = IdentifierForm

    def form_arguments(self) -> dict[str, Any]:
        """Offer the sharing of the group's owner."""
        return {"owner": self.group.owner}

    def save(self, form: IdentifierForm, rows: Mapping[str, list[Any]]) -> str:
        """Record the identifier and that the group uses it."""
        identifiers.record(
            by=self.viewer,
            owner=self.group.owner,
            group=self.group,
            **form.said(),
        )
        return self.back


class AddGroupLink(GroupPage):
    """Add a link to another group; whoever sees both may say so."""

    title = "Add a link to another group"
    done = "The link is recorded"
    form_class = GroupLinkForm

    def check(self) -> None:
        """Refuse those who may record nothing."""
        check_has(self.viewer, Right.CONTRIBUTE)

    def save(self, form: GroupLinkForm, rows: Mapping[str, list[Any]]) -> str:
        """Record the link."""
        links.link_groups(
            by=self.viewer,
            a=self.group,
            b=form.cleaned_data["other"],
            **form.given("kind", "is_directed"),
            **form.telling(),
        )
        return self.back
