"""The steps on what a person asks: register, find, decide, answer."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.urls import reverse

from accounts.permissions import check_has
from accounts.roles import Right
from accounts.step_up import StepUpRequired
from groups.exceptions import InvalidRecord
from groups.forms.fields import RecordForm
from groups.views.cards import Row
from groups.views.finding import found, record_shown
from groups.views.form_page import FormPage
from intelligence.about_person import MOST, Held, held_about
from intelligence.actions import subject_findings, subject_requests
from intelligence.forms.sharing import DecisionForm
from intelligence.forms.subjects import (
    DecideForm,
    IdentityForm,
    RefuseFindingForm,
    RefuseRequestForm,
    RegisterForm,
    TickForm,
)
from intelligence.models import SubjectFinding, SubjectRequest
from intelligence.views import subject_cells as cells
from intelligence.views.subjects import request_for, request_rows

TICK_FIRST = "Tick at least one record that is about the person."


class RegisterSubject(FormPage):
    """Keep a request that came in."""

    title = "Register a request about personal data"
    button = "Register it"
    done = "It is registered. Now find what is held about the person"
    form_class = RegisterForm
    note = (
        "Only those who answer such requests for your organisation see it. It is used to "
        "answer this request and for nothing else."
    )

    def prepare(self, **kwargs: Any) -> None:
        """Refuse those who answer none."""
        check_has(self.viewer, Right.ANSWER_SUBJECT_REQUESTS)
        self.back = reverse("intelligence:subjects")

    def save(self, form: RegisterForm, rows: Mapping[str, list[Any]]) -> str:
        """Register it."""
        made = subject_requests.register(by=self.viewer, **form.given(*form.fields))
        return reverse("intelligence:subject", args=[made.public_id])

    def undo_url(self) -> str:
        """Return none."""
        return ""


class SubjectStep(FormPage):
    """A form about one request."""

    form_class: ClassVar[type[RecordForm]] = DecisionForm
    one: SubjectRequest

    def prepare(self, **kwargs: Any) -> None:
        """Find the request; refuse those who do not answer it."""
        self.one = request_for(self.viewer, kwargs["public_id"])
        subject_requests.check_open(self.one)
        record_shown([self.one])
        self.caption = f"{self.one.reference}: {self.one.name}"
        self.back = reverse("intelligence:subject", args=[self.one.public_id])

    def subject(self) -> Any:
        """Return the request."""
        return self.one

    def undo_url(self) -> str:
        """Return none: a step on a request is followed by another."""
        return ""


class ConfirmIdentity(SubjectStep):
    """Note when the person proved who they are."""

    title = "They proved who they are"
    form_class = IdentityForm

    def save(self, form: IdentityForm, rows: Mapping[str, list[Any]]) -> str:
        """Note it."""
        subject_requests.confirm_identity(
            by=self.viewer, request=self.one, **form.given("on", "version")
        )
        return self.back


class ExtendSubject(SubjectStep):
    """Take two months more."""

    title = "Take two months more"
    button = "Extend it"
    done = "It is extended. Tell the person, with the reason, before the month is over"
    note = (
        "For a complex request, or for many of one person. The Data (Use and Access) Act "
        "2025 allows it as this system knows it: have your data protection officer "
        "confirm that it is in force."
    )

    def save(self, form: DecisionForm, rows: Mapping[str, list[Any]]) -> str:
        """Extend it."""
        subject_requests.extend(
            by=self.viewer, request=self.one, **form.given("reason", "version")
        )
        return self.back


class AnswerSubject(SubjectStep):
    """Close a request of which nothing was refused."""

    title = "Answer this request"
    button = "Close it as answered"
    done = "It is answered. Send the letter of its summary"
    note = (
        "Every record that was found must be decided, and none refused. Where nothing "
        "was found, the answer says that there is nothing that you can give."
    )

    def save(self, form: DecisionForm, rows: Mapping[str, list[Any]]) -> str:
        """Answer it."""
        subject_requests.answer(
            by=self.viewer, request=self.one, **form.given("reason", "version")
        )
        return reverse("intelligence:subject_summary", args=[self.one.public_id])


class WithdrawSubject(SubjectStep):
    """Close a request that was taken back."""

    title = "The person took it back"
    button = "Close it"
    done = "It is closed"

    def save(self, form: DecisionForm, rows: Mapping[str, list[Any]]) -> str:
        """Close it."""
        subject_requests.withdraw(
            by=self.viewer, request=self.one, **form.given("reason", "version")
        )
        return self.back


class RefuseSubject(StepUpRequired, SubjectStep):
    """Close a request that is refused, in part or wholly."""

    title = "Refuse this request"
    button = "Close it as refused"
    done = "It is refused. Send the letter of its summary"
    form_class = RefuseRequestForm

    def save(self, form: RefuseRequestForm, rows: Mapping[str, list[Any]]) -> str:
        """Refuse it."""
        subject_requests.refuse(
            by=self.viewer,
            request=self.one,
            **form.given("whole_ground", "reason", "version"),
        )
        return reverse("intelligence:subject_summary", args=[self.one.public_id])


class FindSubject(SubjectStep):
    """Find all about the person, and tick what is theirs."""

    template = "intelligence/subject_find.html"
    title = "Find all about this person"
    button = "Keep what is ticked"
    done = "What you ticked is kept with the request"
    form_class = TickForm
    held: Held

    def prepare(self, **kwargs: Any) -> None:
        """Look for the person under the viewer's own rights."""
        super().prepare(**kwargs)
        self.held = held_about(self.viewer, self.one)
        record_shown(self.held.records())

    def subject(self) -> None:
        """Return none: what is ticked is added, whatever else was changed."""

    def summary(self) -> list[Row]:
        """Return by what the person was looked for."""
        return request_rows(self.one)[:3]

    def form_arguments(self) -> dict[str, Any]:
        """Offer the records of the viewer's own organisation."""
        offered = []
        for kind, label in cells.KINDS.items():
            choices = [
                (str(one.public_id), cells.named(one))
                for one in self.held.rows[kind]
                if one.owner_id == self.viewer.organisation_id
            ]
            if choices:
                offered.append((kind, label, choices))
        return {"offered": offered}

    def show(self, form: Any, formsets: Mapping[str, Any], **more: Any) -> Any:
        """Show besides what others own, and what can be opened to be read."""
        records = self.held.records()
        others = [one for one in records if one.owner_id != self.viewer.organisation_id]
        more |= {
            "is_empty": not form.fields,
            "open_head": [{"text": "Open it"}, {"text": "Owner"}],
            "open_rows": [
                [cells.record_cell(one), {"text": one.owner.short_name}]
                for one in records
            ],
            "owners": sorted({one.owner.short_name for one in others}),
            "cut": [f"{cells.KINDS[one]}: the first {MOST}" for one in self.held.cut],
        }
        return super().show(form, formsets, **more)

    def save(self, form: TickForm, rows: Mapping[str, list[Any]]) -> str:
        """Keep what was ticked, of what was found now."""
        ticked = form.ticked()
        records = [
            one
            for kind, ids in ticked.items()
            for one in self.held.rows[kind]
            if str(one.public_id) in ids
        ]
        if not records:
            raise InvalidRecord(TICK_FIRST, field=next(iter(form.fields), ""))
        subject_findings.keep(by=self.viewer, request=self.one, records=records)
        return self.back


class DecideFinding(SubjectStep):
    """Decide what is done with one record."""

    title = "What is done with this record"
    done = "It is decided"
    form_class: ClassVar[type[RecordForm]] = DecideForm
    finding: SubjectFinding

    def prepare(self, **kwargs: Any) -> None:
        """Find what was found, and its record: hidden, it is not there."""
        super().prepare(**kwargs)
        rows = SubjectFinding.objects.visible_to(self.viewer).standing()
        self.finding = found(rows.filter(request=self.one), kwargs["row_id"])
        record = self.finding.record
        subject_requests.check_answers(self.viewer, record)
        record_shown([self.finding, record])
        self.note = cells.named(record)

    def subject(self) -> SubjectFinding:
        """Return what was found."""
        return self.finding

    def save(self, form: Any, rows: Mapping[str, list[Any]]) -> str:
        """Decide."""
        subject_findings.decide(
            by=self.viewer,
            finding=self.finding,
            **form.given("decision", "reason", "version"),
        )
        return self.back


class RefuseFinding(StepUpRequired, DecideFinding):
    """Refuse the person's right over one record."""

    title = "Refuse the right over this record"
    button = "Refuse it"
    done = "It is refused, with its grounds"
    form_class = RefuseFindingForm

    def save(self, form: Any, rows: Mapping[str, list[Any]]) -> str:
        """Refuse it."""
        subject_findings.refuse(
            by=self.viewer,
            finding=self.finding,
            **form.given("grounds", "is_neutral", "reason", "version"),
        )
        return self.back
