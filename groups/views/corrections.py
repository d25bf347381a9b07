"""Pages that end, correct or withdraw a fact about a group or a person."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django.urls import reverse

from groups import former
from groups.actions import activity_corrections, facts
from groups.forms.corrections import (
    PlaceCorrection,
    QuantityCorrection,
    WithdrawForm,
)
from groups.forms.facts import EndForm
from groups.forms.fields import RecordForm
from groups.models import Activity, ActivityPlace, ActivityQuantity, CrimeGroup, Nominal
from groups.permissions import check_can_edit
from groups.views import fact_words
from groups.views.cards import Row
from groups.views.conflicts import Background, Then
from groups.views.fact_kinds import (
    GROUP_KINDS,
    PERSON_KINDS,
    FactKind,
    kind_of,
    part_values,
)
from groups.views.finding import found, group_for, nominal_for, record_shown
from groups.views.form_page import FormPage, Rows
from ocgmap.common.errors import NotFound

_PLACE = ("role", "area", "outcode", "country")
_QUANTITY = ("commodity", "amount", "low", "high", "unit")


class FactPage(FormPage):
    """A form about one fact, found among those of its group or person."""

    kinds: ClassVar[Mapping[str, FactKind]] = GROUP_KINDS
    kind: FactKind
    fact: Any
    record: CrimeGroup | Nominal

    def prepare(self, **kwargs: Any) -> None:
        """Find the fact; refuse those who may not change it."""
        self.kind = kind_of(self.kinds, kwargs["kind"])
        parent = self.record = self.parent(kwargs)
        rows = fact_words.with_words(self.kind.of(self.viewer, parent))
        self.fact = found(rows, kwargs["row_id"])
        self.check()
        record_shown([parent, self.fact, *fact_words.named_by(self.fact, parent)])
        name = parent.name if isinstance(parent, CrimeGroup) else parent.display_name
        self.caption = f"{name} ({parent.reference})"
        self.back = reverse(self.kind.page, args=[parent.public_id])

    def parent(self, kwargs: Mapping[str, Any]) -> CrimeGroup | Nominal:
        """Return the record that the address is about."""
        return group_for(self.viewer, kwargs["public_id"])

    def check(self) -> None:
        """Raise unless the viewer may take the step that the page is for."""
        check_can_edit(self.viewer, self.fact)

    def heading(self) -> str:
        """Return the step, and which fact it is about."""
        name = fact_words.name_of(self.fact, self.record)
        return f"{self.title} {self.kind.text}: {name}"

    def summary(self) -> list[Row]:
        """Return the fact as it stands."""
        return fact_words.rows_of(self.fact, self.record)

    def subject(self) -> Any:
        """Return the fact."""
        return self.fact

    def page_of(self) -> CrimeGroup | Nominal:
        """Return the record that the fact is about."""
        return self.record


class OfPerson(FactPage):
    """A page about a fact of a person."""

    kinds = PERSON_KINDS

    def parent(self, kwargs: Mapping[str, Any]) -> CrimeGroup | Nominal:
        """Return the person."""
        return nominal_for(self.viewer, kwargs["public_id"])


class EndFact(FactPage):
    """Say when something known of a group stopped to hold, and why."""

    button = "End it"
    done = "It is recorded as ended"
    title = "End"
    form_class = EndForm
    note = "It stays in the record with its end date, and in the history."

    def save(self, form: EndForm, rows: Mapping[str, list[Any]]) -> str:
        """End the fact."""
        facts.end(
            by=self.viewer, fact=self.fact, **form.given("version", "to_on", "reason")
        )
        return self.back


class EndPersonFact(OfPerson, EndFact):
    """Say when something known of a person stopped to hold, and why."""


class CorrectFact(FactPage):
    """Correct what was recorded wrongly of a group."""

    button = "Save the correction"
    done = "It is corrected"
    title = "Correct"
    note = (
        "Correct what was recorded wrongly; what stood before stays in the history. "
        "If it was true once, end it. If it was never true, withdraw it."
    )
    _parts: ClassVar[Mapping[str, Rows]] = {
        "places": Rows(
            PlaceCorrection,
            legend="Place",
            add_text="Add another place",
            heading="Places",
            first=0,
        ),
        "quantities": Rows(
            QuantityCorrection,
            legend="Quantity",
            add_text="Add another quantity",
            heading="Quantities",
            first=0,
        ),
    }

    def check(self) -> None:
        """Refuse a kind that has a page of its own for changes."""
        if self.kind.form is None:
            raise NotFound
        super().check()

    def form_type(self) -> type[RecordForm]:
        """Return the form of this kind of fact."""
        return self.kind.form or super().form_type()

    def row_lists(self) -> Mapping[str, Rows]:
        """Return the lists of an activity's parts; other facts have none."""
        return self._parts if self.kind.model is Activity else {}

    def values_of(self, record: Any) -> dict[str, Any]:
        """Return the fact as it stands, or once stood."""
        return self.kind.present(self.viewer, record)

    def background(self, version: int) -> Background:
        """Return what stood since; of an activity, with its places and quantities."""
        if self.kind.model is not Activity:
            return super().background(version)
        now = {prefix: _by_part(self.present_rows(prefix)) for prefix in self._parts}
        then = former.activity_since(self.viewer, self.fact, version)
        if then is None:
            return Background([Then(self.present())], False, rows_now=now)
        told = [Then(self.values_of(one.row), one.ended) for one in then.states]
        return Background(
            told,
            is_base_known=True,
            rows_then={
                "places": _by_part(part_values(one, _PLACE) for one in then.places),
                "quantities": _by_part(
                    part_values(one, _QUANTITY) for one in then.quantities
                ),
            },
            rows_now=now,
        )

    def present_rows(self, prefix: str) -> list[dict[str, Any]]:
        """Return the places or quantities as they stand."""
        if prefix == "places":
            places = ActivityPlace.objects.visible_to(self.viewer)
            rows = places.filter(activity=self.fact).select_related("area")
            return [part_values(one, _PLACE) for one in rows.order_by("pk")]
        amounts = ActivityQuantity.objects.visible_to(self.viewer)
        found_rows = amounts.filter(activity=self.fact).order_by("pk")
        return [part_values(one, _QUANTITY) for one in found_rows]

    def save(self, form: Any, rows: Mapping[str, list[Any]]) -> str:
        """Correct the fact from the version that was shown."""
        parts = {prefix: [row.change() for row in rows[prefix]] for prefix in rows}
        correct = self.kind.correct
        if correct is None:
            raise NotFound
        correct(
            by=self.viewer, **{self.kind.argument: self.fact}, **form.changes(), **parts
        )
        return self.back


def _by_part(rows: Iterable[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the rows of a list by the id of the part that each is of."""
    return {str(row["part"]): row for row in rows}


class CorrectPersonFact(OfPerson, CorrectFact):
    """Correct what was recorded wrongly of a person."""


class WithdrawFact(FactPage):
    """Withdraw something about a group that was recorded in error."""

    button = "Withdraw it"
    done = "It is withdrawn"
    title = "Withdraw"
    is_final = True
    form_class = WithdrawForm
    note = (
        "Withdraw what was recorded in error. It leaves every figure, list and search at "
        "once, and stays in the history with your reason. If it was true once, end it "
        "instead."
    )

    def save(self, form: WithdrawForm, rows: Mapping[str, list[Any]]) -> str:
        """Withdraw the fact."""
        given = form.given("version", "reason")
        if self.kind.model is Activity:
            activity_corrections.withdraw(by=self.viewer, activity=self.fact, **given)
        else:
            facts.withdraw(by=self.viewer, fact=self.fact, **given)
        return self.back


class WithdrawPersonFact(OfPerson, WithdrawFact):
    """Withdraw something about a person that was recorded in error."""
