"""Pages that add what is known of a group, and that end a fact."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar

from django.urls import reverse

from accounts.permissions import check_has
from accounts.roles import Right
from groups.actions import activities, aliases, facts, identifiers, links, threats
from groups.forms.facts import (
    ActivityForm,
    AliasForm,
    EndForm,
    GroupLinkForm,
    IdentifierForm,
    PlaceForm,
    QuantityForm,
    ThreatForm,
)
from groups.models import (
    Activity,
    GroupAlias,
    GroupLink,
    GroupThreat,
    IdentifierUse,
    Involvement,
    Membership,
)
from groups.permissions import check_can_edit
from groups.views.finding import found, group_for, record_shown
from groups.views.form_page import FormPage, Rows
from groups.views.recording import GroupPage
from ocgmap.common.errors import NotFound


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


@dataclass(frozen=True, slots=True)
class FactKind:
    """A kind of fact that can end: its model, what it is called, where it is shown."""

    model: type[Any]
    text: str
    column: str = "group"
    page: str = "groups:detail"


KINDS: Mapping[str, FactKind] = MappingProxyType(
    {
        "members": FactKind(Membership, "membership", page="groups:people"),
        "involvements": FactKind(Involvement, "involvement", page="groups:people"),
        "aliases": FactKind(GroupAlias, "name"),
        "threats": FactKind(GroupThreat, "threat"),
        "identifiers": FactKind(IdentifierUse, "use of the identifier"),
        "activities": FactKind(Activity, "activity", page="groups:activity"),
        "links": FactKind(GroupLink, "link", column="a"),
    }
)


class EndFact(FormPage):
    """Say when something known of a group stopped to hold, and why."""

    button = "End it"
    done = "It is recorded as ended"
    title = "Say that this ended"
    form_class = EndForm
    note = "It stays in the record with its end date, and in the history."

    def prepare(self, **kwargs: Any) -> None:
        """Find the fact among those of the group."""
        kind = KINDS.get(kwargs["kind"])
        if kind is None:
            raise NotFound
        group = group_for(self.viewer, kwargs["public_id"])
        rows = kind.model.objects.visible_to(self.viewer)
        self.fact = found(rows.filter(**{kind.column: group}), kwargs["row_id"])
        check_can_edit(self.viewer, self.fact)
        record_shown([group, self.fact])
        self.caption = f"{group.name}: {kind.text}"
        self.back = reverse(kind.page, args=[group.public_id])

    def present(self) -> dict[str, Any]:
        """Return the version in hand."""
        return {"version": self.fact.version}

    def save(self, form: EndForm, rows: Mapping[str, list[Any]]) -> str:
        """End the fact."""
        facts.end(
            by=self.viewer, fact=self.fact, **form.given("version", "to_on", "reason")
        )
        return self.back
