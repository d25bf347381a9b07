"""Pages that record and change people, and what is known of them."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse

from accounts.models import Organisation
from accounts.permissions import check_has
from accounts.roles import Right
from groups.actions import aliases, identifiers, links, people
from groups.exceptions import DraftChanged
from groups.forms.facts import (
    IdentifierForm,
    PersonAliasForm,
    PersonLinkForm,
)
from groups.forms.fields import RecordForm
from groups.forms.people import NominalEditForm, NominalForm, nominal_values
from groups.likeness import people_like
from groups.models import Nominal
from groups.models.entry_draft import DraftKind
from groups.permissions import check_can_edit
from groups.views import drafting
from groups.views.finding import nominal_for, record_shown
from groups.views.form_page import FormPage, Found
from ocgmap.common.errors import AppError


class NewPerson(FormPage):
    """Record a person with what ties them to something known.

    What is typed is a draft until they are recorded.
    """

    title = "Record a person"
    done = "The person is recorded"
    form_class = NominalForm
    note = (
        "Look for the person first: two records of one person mislead. Members of a "
        "group are best added from the page of the group."
    )

    refusal: AppError | None = None

    def prepare(self, **kwargs: Any) -> None:
        """Refuse those who may record nothing."""
        check_has(self.viewer, Right.CONTRIBUTE)
        self.back = reverse("groups:people_list")
        self.owner = Organisation.objects.get(pk=self.viewer.organisation_id)

    def form_arguments(self) -> dict[str, Any]:
        """Offer the sharing of the own organisation."""
        return {"owner": self.owner}

    def alike(self, form: NominalForm, rows: Mapping[str, list[Any]]) -> Found:
        """Return the people like this one, by name, birth and identifier."""
        sought = form.sought()
        label = sought.names[0] if sought.names else "The identifier"
        found = people_like(self.viewer, [sought])[0]
        return [(label, found)] if found else []

    def show(
        self, form: RecordForm, formsets: Mapping[str, Any], **more: Any
    ) -> HttpResponse:
        """Show the form with what it carries of its draft."""
        if "draft" not in more:
            more["draft"] = drafting.shown_with(
                self.viewer, DraftKind.PERSON, self.request.POST, self.refusal
            )
        more["action"] = reverse("groups:person_create")
        more["keep"] = reverse("groups:keep_person")
        return super().show(form, formsets, **more)

    def save(self, form: NominalForm, rows: Mapping[str, list[Any]]) -> str:
        """Record the person with their identifier and link, all or nothing."""
        try:
            with drafting.ending(self.viewer, DraftKind.PERSON, self.request.POST):
                return self._record(form)
        except DraftChanged as error:
            self.refusal = error
            raise

    def _record(self, form: NominalForm) -> str:
        with transaction.atomic():
            nominal = people.create_nominal(
                by=self.viewer, owner=self.owner, **form.said()
            )
            self._tie(nominal, form.cleaned_data)
        return reverse("groups:person", args=[nominal.public_id])

    def _tie(self, nominal: Nominal, typed: Mapping[str, Any]) -> None:
        if typed["value"]:
            identifiers.record(
                by=self.viewer,
                owner=self.owner,
                kind=typed["identifier_kind"],
                value=typed["value"],
                access_class_id=nominal.access_class_id,
                nominal=nominal,
                rationale=typed["rationale"],
            )
        if typed["associate"]:
            links.link_people(
                by=self.viewer,
                a=nominal,
                b=typed["associate"],
                kind="associate",
                rationale=typed["rationale"],
            )


class PersonPage(FormPage):
    """A form about one person whom the viewer may change."""

    nominal: Nominal

    def prepare(self, **kwargs: Any) -> None:
        """Find the person; refuse those who may not change them."""
        self.nominal = nominal_for(self.viewer, kwargs["public_id"])
        self.check()
        record_shown([self.nominal])
        self.caption = f"{self.nominal.display_name} ({self.nominal.reference})"
        self.back = reverse("groups:person", args=[self.nominal.public_id])

    def check(self) -> None:
        """Raise unless the viewer may take the step that the page is for."""
        check_can_edit(self.viewer, self.nominal)

    def page_of(self) -> Nominal:
        """Return the person."""
        return self.nominal


class EditPerson(PersonPage):
    """Change what is said of a person."""

    title = "Change the person"
    done = "The person is changed"
    form_class = NominalEditForm

    def subject(self) -> Nominal:
        """Return the person."""
        return self.nominal

    def values_of(self, record: Nominal) -> dict[str, Any]:
        """Return the person as they stand, or once stood."""
        return nominal_values(record)

    def save(self, form: NominalEditForm, rows: Mapping[str, list[Any]]) -> str:
        """Change the person from the version that was shown."""
        people.edit_nominal(
            by=self.viewer,
            nominal=self.nominal,
            version=form.cleaned_data["version"],
            **form.changes(),
        )
        return self.back


class AddPersonAlias(PersonPage):
    """Add another name of the person."""

    title = "Add another name"
    done = "The name is recorded"
    form_class = PersonAliasForm

    def save(self, form: PersonAliasForm, rows: Mapping[str, list[Any]]) -> str:
        """Record the name."""
        aliases.add_to_person(
            by=self.viewer,
            nominal=self.nominal,
            **form.given("given_names", "surname", "kind"),
            **form.telling(),
        )
        return self.back


class AddPersonIdentifier(PersonPage):
    """Add a number, vehicle or the like that the person uses."""

    title = "Add an identifier"
    done = "The identifier is recorded"
    form_class = IdentifierForm

    def form_arguments(self) -> dict[str, Any]:
        """Offer the sharing of the person's owner."""
        return {"owner": self.nominal.owner}

    def save(self, form: IdentifierForm, rows: Mapping[str, list[Any]]) -> str:
        """Record the identifier and that the person uses it."""
        identifiers.record(
            by=self.viewer,
            owner=self.nominal.owner,
            nominal=self.nominal,
            **form.said(),
        )
        return self.back


class AddPersonLink(PersonPage):
    """Add a link to another person; whoever sees both may say so."""

    title = "Add a link to another person"
    done = "The link is recorded"
    form_class = PersonLinkForm

    def check(self) -> None:
        """Refuse those who may record nothing."""
        check_has(self.viewer, Right.CONTRIBUTE)

    def save(self, form: PersonLinkForm, rows: Mapping[str, list[Any]]) -> str:
        """Record the link."""
        links.link_people(
            by=self.viewer,
            a=self.nominal,
            b=form.cleaned_data["other"],
            **form.given("kind", "is_directed"),
            **form.telling(),
        )
        return self.back
