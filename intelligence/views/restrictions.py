"""Restriction of the processing of a person's record: its history and its steps."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.permissions import check_has
from accounts.roles import Right
from accounts.step_up import StepUpRequired
from accounts.visibility import Viewer
from groups.forms.fields import RecordForm
from groups.models import Nominal
from groups.views.finding import nominal_for, reader, record_shown
from groups.views.form_page import FormPage
from intelligence.actions import restrictions
from intelligence.actions.subject_requests import check_answers
from intelligence.forms.sharing import DecisionForm
from intelligence.forms.subjects import RestrictForm
from intelligence.models import ProcessingRestriction
from intelligence.views.cells import Cell
from intelligence.views.subjects import recipient_rows
from ocgmap.common.errors import NotFound
from ocgmap.common.parameters import check_parameters
from ocgmap.common.templatetags.govuk import local_time

_HEAD = ("Since", "By", "Why", "Lifted")
_RECIPIENT_HEAD = ("Record", "Who", "How", "Last", "Times", "For whom")


def person_for(by: Viewer, public_id: Any) -> Nominal:
    """Return a person of the organisation of ``by``, for whom it answers.

    Raises:
        RightMissing: ``by`` answers for nobody.
        NotFound, NotOwner: as `check_answers`.
    """
    check_has(by, Right.ANSWER_SUBJECT_REQUESTS)
    nominal = nominal_for(by, public_id)
    check_answers(by, nominal)
    return nominal


@require_safe
def restriction(request: HttpRequest, public_id: Any) -> HttpResponse:
    """Show whether a person's record is restricted, and was; and who received it."""
    by = reader(request)
    check_parameters(request.GET, ())
    person = person_for(by, public_id)
    rows = ProcessingRestriction.objects.visible_to(by).filter(nominal=person)
    found = list(rows.select_related("created_by", "lifted_by").order_by("-id"))
    record_shown([person, *found])
    step = "lift_restriction" if person.restriction_ground else "restrict_person"
    context = {
        "person": person,
        "step_url": reverse(f"intelligence:{step}", args=[person.public_id]),
        "head": [{"text": text} for text in _HEAD],
        "rows": [_row(one) for one in found],
        "recipient_head": [{"text": text} for text in _RECIPIENT_HEAD],
        "recipients": recipient_rows(by, [person]),
    }
    return render(request, "intelligence/restriction.html", context)


def _row(one: ProcessingRestriction) -> list[Cell]:
    lifted = (
        [f"{local_time(one.lifted_at)}, {one.lifted_by}", one.lifted_reason]
        if one.lifted_at
        else ["Stands"]
    )
    return [
        {"time": one.created_at},
        {"text": str(one.created_by)},
        {"lines": [one.get_ground_display(), one.reason]},
        {"lines": lifted},
    ]


class RestrictPerson(FormPage):
    """Restrict the processing of a person's record."""

    title = "Restrict the processing of this record"
    button = "Restrict it"
    done = "Its processing is restricted. Recipients are told"
    form_class: ClassVar[type[RecordForm]] = RestrictForm
    note = (
        "Everyone who sees the record goes on reading it. Nothing is recorded on it any "
        "more, and it is not changed, printed or exported, until you lift this. Scores "
        "of groups stay as they are."
    )
    person: Nominal

    def prepare(self, **kwargs: Any) -> None:
        """Find the person; refuse those who do not answer for them."""
        self.person = person_for(self.viewer, kwargs["public_id"])
        record_shown([self.person])
        self.caption = f"{self.person.reference}: {self.person.display_name}"
        self.back = reverse("intelligence:restriction", args=[self.person.public_id])

    def subject(self) -> Any:
        """Return the person."""
        return self.person

    def undo_url(self) -> str:
        """Return none: it is lifted, with a reason."""
        return ""

    def save(self, form: Any, rows: Mapping[str, list[Any]]) -> str:
        """Restrict it."""
        restrictions.restrict(
            by=self.viewer,
            nominal=self.person,
            **form.given("ground", "reason", "version"),
        )
        return self.back


class LiftRestriction(StepUpRequired, RestrictPerson):
    """Lift the restriction that stands."""

    title = "Lift the restriction of this record"
    button = "Lift it"
    done = "The restriction is lifted. Recipients are told"
    form_class = DecisionForm
    note = "The record may be processed again by everyone who sees it."
    standing: ProcessingRestriction

    def prepare(self, **kwargs: Any) -> None:
        """Find the restriction that stands."""
        super().prepare(**kwargs)
        rows = ProcessingRestriction.objects.visible_to(self.viewer).standing()
        standing = rows.filter(nominal=self.person).select_related("owner").first()
        if standing is None:
            raise NotFound
        self.standing = standing

    def subject(self) -> ProcessingRestriction:
        """Return the restriction."""
        return self.standing

    def save(self, form: Any, rows: Mapping[str, list[Any]]) -> str:
        """Lift it."""
        restrictions.lift(
            by=self.viewer,
            restriction=self.standing,
            **form.given("reason", "version"),
        )
        return self.back
