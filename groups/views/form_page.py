"""One page, one form: shown, refused beside the field at fault, or saved as a whole."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias

from django.contrib import messages
from django.forms import formset_factory
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from accounts import audit
from accounts.actions import sent_forms
from accounts.actions.sent_forms import Sending
from accounts.exceptions import SentBefore
from accounts.forms import sending_of, ticket_after
from accounts.visibility import Viewer
from groups.forms.fields import RecordForm
from groups.likeness import Likeness
from groups.models import CrimeGroup, Nominal
from groups.views.alike import alike_table
from groups.views.cards import Row
from groups.views.conflict_page import ConflictPage
from groups.views.finding import reader
from groups.views.undo_links import offered
from ocgmap.common.errors import AppError, NotFound, PermissionDenied, StaleVersion
from ocgmap.common.form_rows import BUTTON, unjudged, with_extra_row
from ocgmap.common.forms import error_links
from ocgmap.common.queues import hint

# The rows of each list on a page, by its prefix.
Formsets: TypeAlias = dict[str, Any]
# What was typed, and the records that are like it.
Found: TypeAlias = list[tuple[str, list[Likeness]]]
LOOK_FIRST = (
    "There are records like what you typed. Look at them below; tick that none is the "
    "same, and save again."
)


@dataclass(frozen=True, slots=True)
class Rows:
    """A list of the same questions on a page: its form, and its words."""

    form: type[RecordForm]
    legend: str
    add_text: str
    heading: str = ""
    explanation: str = ""
    first: int = 1
    most: int = 50


class FormPage(ConflictPage):
    """The base of every page with a form.

    A page names its form and words, finds its records in `prepare` (which also asks
    whether they may be changed) and saves in `save`, which returns the next address.
    """

    template: ClassVar[str] = "groups/form_page.html"
    title: ClassVar[str]
    form_class: ClassVar[type[RecordForm]]
    button: ClassVar[str] = "Save"
    done: ClassVar[str] = "Saved"
    note: str = ""
    is_final: ClassVar[bool] = False
    rows: ClassVar[Mapping[str, Rows]] = {}

    viewer: Viewer
    sending: Sending | None = None
    caption = ""
    back = "/"

    def dispatch(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Find who asks and what for, before anything is shown or taken."""
        self.viewer = reader(request)
        self.prepare(**kwargs)
        return super().dispatch(request, *args, **kwargs)

    def prepare(self, **kwargs: Any) -> None:
        """Find the records that the page is about; raise where they may not change."""

    def heading(self) -> str:
        """Return what the page is called."""
        return self.title

    def summary(self) -> list[Row]:
        """Return what stands now, for a page whose form does not show it."""
        return []

    def form_arguments(self) -> dict[str, Any]:
        """Return what the form needs beside what was typed."""
        return {}

    def form_type(self) -> type[RecordForm]:
        """Return the form of the page."""
        return self.form_class

    def row_lists(self) -> Mapping[str, Rows]:
        """Return the lists of rows on the page, by prefix."""
        return self.rows

    def present_rows(self, prefix: str) -> list[dict[str, Any]]:
        """Return the rows of a list that stand now, for a page that changes them."""
        return []

    def alike(self, form: Any, rows: Mapping[str, list[Any]]) -> Found:
        """Return what is on record already and may be the same, by what was typed."""
        return []

    def save(self, form: Any, rows: Mapping[str, list[Any]]) -> str:
        """Save what was typed; return the address of the next page.

        Raises:
            AppError: shown beside the field that it names.
        """
        raise NotImplementedError

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show the form with the values that stand now."""
        form = self.form(None, initial=self.present())
        return self.show(form, self.formsets(None))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Save the form, or show it again with all that was typed."""
        if BUTTON in request.POST:
            return self._with_extra_row(request.POST)
        self.sending = sending_of(request, self.viewer)
        try:
            address = sent_forms.led_to(by=self.viewer, sending=self.sending)
        except SentBefore as error:
            self.sending = None
            # What changes a record compares versions, which says more.
            if "version" not in self.form_type().base_fields:
                form = self.form(request.POST)
                form.add_error(None, error.message)
                return self.show(form, self.formsets(request.POST))
        else:
            if address:
                return self._done(address)
        return self.receive(request.POST)

    def take(self, data: QueryDict) -> HttpResponse:
        """Save the form, or show it again with all that was typed."""
        form, formsets = self.form(data), self.formsets(data)
        rows = {prefix: _filled(one) for prefix, one in formsets.items()}
        # Every part is judged, so that all errors show at once.
        if all([form.is_valid(), *(one.is_valid() for one in formsets.values())]):
            if not self.is_sure and (found := self.alike(form, rows)):
                form.add_error(None, LOOK_FIRST)
                return self.show(form, formsets, alike=alike_table(found))
            try:
                address = self.save(form, rows)
            except StaleVersion:
                return self.show_conflict(data, form.cleaned_data["version"])
            except AppError as error:
                _refuse(form, rows, error)
            else:
                if self.sending:
                    sent_forms.note(
                        by=self.viewer, sending=self.sending, address=address
                    )
                return self._done(address)
        return self.show(form, formsets)

    @property
    def is_sure(self) -> bool:
        """Return whether the viewer said that nothing on record is the same."""
        return self.request.POST.get("sure") == "yes"

    def _done(self, address: str) -> HttpResponse:
        hint("scoring.drain")
        messages.success(self.request, self.done, extra_tags=self.undo_url())
        return redirect(address)

    def page_of(self) -> CrimeGroup | Nominal | None:
        """Return the record on whose pages a change can be undone; none: it can't."""
        return None

    def undo_url(self) -> str:
        """Return where what was just saved can be undone; empty where it can't be."""
        record = self.page_of() if self.subject() is not None else None
        if record is None:
            return ""
        request_id = uuid.UUID(self.request.request_id)  # type: ignore[attr-defined]
        found = offered(self.viewer, record, [request_id])
        return found.get(request_id, "")

    def form(self, data: QueryDict | None, **more: Any) -> RecordForm:
        """Return the form of the page."""
        more.setdefault("initial", self.present() if data is not None else None)
        return self.form_type()(
            data, viewer=self.viewer, **self.form_arguments(), **more
        )

    def formsets(self, data: QueryDict | None) -> Formsets:
        """Return the rows of each list on the page."""
        return {
            prefix: formset_factory(
                one.form,
                extra=one.first,
                max_num=one.most,
                absolute_max=one.most + 20,
                validate_max=True,
            )(
                data,
                prefix=prefix,
                initial=self.present_rows(prefix),
                form_kwargs={"viewer": self.viewer},
                error_messages={
                    "too_many_forms": f"Enter at most {one.most} at once. Save these "
                    "first, then add the others.",
                    "missing_management_form": "Part of the form did not arrive. Reload "
                    "the page and send it again.",
                },
            )
            for prefix, one in self.row_lists().items()
        }

    def _with_extra_row(self, posted: QueryDict) -> HttpResponse:
        self.sending = sending_of(self.request, self.viewer)
        data = with_extra_row(posted)
        form, formsets = self.form(data), self.formsets(data)
        unjudged(form, *formsets.values())
        return self.show(form, formsets)

    def show(
        self, form: RecordForm, formsets: Mapping[str, Any], **more: Any
    ) -> HttpResponse:
        """Show the form."""
        links = error_links(form, *formsets.values())
        lists = self.row_lists()
        context = {
            "title": self.heading(),
            "summary": self.summary(),
            "is_final": self.is_final,
            "caption": self.caption,
            "note": self.note,
            "button": self.button,
            "ticket": ticket_after(self.sending, self.viewer),
            "back": self.back,
            "form": form,
            "links": links,
            "is_in_error": bool(links),
            "is_typed_in": form.is_bound,
            "is_sure": self.is_sure,
            "lists": [(one, lists[prefix]) for prefix, one in formsets.items()],
            **more,
        }
        return render(self.request, self.template, context)


def refused_first(
    request: HttpRequest, error: PermissionDenied, address: str
) -> HttpResponse:
    """Lead on to ``address`` with the refusal, before anybody types a reason in vain."""
    audit.refused(error.code)
    messages.error(request, error.message)
    return redirect(address)


def _filled(formset: Any) -> list[Any]:
    """Return the rows in which anything was typed."""
    return [form for form in formset.forms if form.has_changed()]


def _refuse(
    form: RecordForm, rows: Mapping[str, list[RecordForm]], error: AppError
) -> None:
    """Show the refusal where it belongs.

    Raises:
        NotFound, PermissionDenied: it is about no field: the whole page is the answer.
    """
    if isinstance(error, NotFound):
        raise error
    if isinstance(error, PermissionDenied) and not error.field:
        raise error
    if isinstance(error, PermissionDenied):
        audit.refused(error.code)
    row = error.details.get("row")
    if row is None:
        form.refuse(error)
        return
    for filled in rows.values():
        if row < len(filled) and _knows(filled[row], error):
            filled[row].refuse(error)
            return
    form.refuse(error)


def _knows(form: RecordForm, error: AppError) -> bool:
    name = error.field or ""
    return form.names.get(name, name) in form.fields
