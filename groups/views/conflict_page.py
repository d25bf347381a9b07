"""What every page of a form does when somebody else changed the record meanwhile."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views import View

from accounts.forms import FIELD, ticket_after
from accounts.visibility import Viewer
from groups import former
from groups.former import State
from groups.forms.fields import RecordForm
from groups.views import conflicts
from groups.views.changes import Words
from groups.views.conflict_mixing import with_theirs
from groups.views.conflicts import (
    KEEP,
    LOOK,
    OPENED,
    Background,
    Difference,
    KeepForm,
    Then,
    differences,
)
from ocgmap.common.errors import StaleVersion
from ocgmap.common.form_rows import unjudged
from ocgmap.common.forms import ErrorLink, error_links
from ocgmap.common.records import ProtectedRecord

_NOT_TYPED = ("csrfmiddlewaretoken", FIELD, "version")
STALE = (
    "Someone else changed this record after you opened it. Nothing of yours was saved."
)


class ConflictPage(View):
    """The part of a form's page that compares versions.

    A page about a record that stands names it in `subject`, and in `values_of` what its
    form says of a state of that record.
    """

    viewer: Viewer
    sending: Any
    caption: str
    back: str
    request: HttpRequest

    def subject(self) -> ProtectedRecord | None:
        """Return the record whose version the form carries."""
        return None

    def values_of(self, record: Any) -> dict[str, Any]:
        """Return what the form says of the record as it stands, or as it once stood."""
        return {"version": record.version}

    def present(self) -> dict[str, Any]:
        """Return the values that stand now, for a form that changes them."""
        record = self.subject()
        return {} if record is None else self.values_of(record)

    def states_since(self, version: int) -> list[State]:
        """Return the states of the record since a version; none where that is hidden."""
        record = self.subject()
        return (
            [] if record is None else former.states_since(self.viewer, record, version)
        )

    def background(self, version: int) -> Background:
        """Return what stood since ``version``, for the form to be compared with."""
        states = self.states_since(version)
        told = [Then(self.values_of(one.row), one.ended) for one in states]
        return Background(told or [Then(self.present())], bool(states))

    def receive(self, data: QueryDict) -> HttpResponse:
        """Save what was sent: a form, or the choices made on the page of a conflict."""
        return self._chosen(data) if OPENED in data else self.take(data)

    def take(self, data: QueryDict) -> HttpResponse:
        """Save the form, or show it again with all that was typed."""
        raise NotImplementedError

    def form(self, data: QueryDict | None, **more: Any) -> RecordForm:
        """Return the form of the page."""
        raise NotImplementedError

    def formsets(self, data: QueryDict | None) -> dict[str, Any]:
        """Return the rows of each list on the page."""
        raise NotImplementedError

    def show(
        self, form: RecordForm, formsets: Mapping[str, Any], **more: Any
    ) -> HttpResponse:
        """Show the form."""
        raise NotImplementedError

    def show_conflict(
        self, data: QueryDict, opened: int, chosen: Mapping[str, str] | None = None
    ) -> HttpResponse:
        """Ask for each field that differs which text is kept; nothing typed is lost.

        Where no field of the form differs, the form itself is shown with what was
        changed meanwhile, and may be sent again.
        """
        record = self.subject()
        if record is None:
            raise StaleVersion(STALE)
        record.refresh_from_db()
        typed = conflicts.typed_in(data)
        background = self.background(opened)
        typed["version"] = str(self.present()["version"])
        form, formsets = self.form(typed), self.formsets(typed)
        found = differences(form, formsets, background)
        if found:
            keep = KeepForm(None, found, chosen or {})
            return self._ask(typed, opened, found, keep)
        form.add_error(None, f"{STALE} See what was changed, then save again.")
        return self.show(form, formsets, **self._meanwhile(opened))

    def _chosen(self, data: QueryDict) -> HttpResponse:
        """Save what was typed with the choices that were made; else ask again."""
        typed, opened = conflicts.typed_in(data), _number(str(data[OPENED]))
        chosen = conflicts.chosen_in(data)
        if typed.get("version") != str(self.present().get("version")):
            return self.show_conflict(typed, opened, chosen)
        form, formsets = self.form(typed), self.formsets(typed)
        background = self.background(opened)
        found = differences(form, formsets, background)
        keep = KeepForm(data, found)
        if not keep.is_valid():
            return self._ask(typed, opened, found, keep)
        mixed = with_theirs(typed, form, formsets, background, keep.theirs())
        if LOOK not in data:
            return self.take(mixed)
        form, formsets = self.form(mixed), self.formsets(mixed)
        unjudged(form, *formsets.values())
        return self.show(form, formsets)

    def _ask(
        self,
        typed: QueryDict,
        opened: int,
        found: list[Difference],
        keep: KeepForm,
    ) -> HttpResponse:
        first = f"id_{KEEP}-{found[0].key}_0"
        told = f"{STALE} Choose what is kept, then save again."
        links = error_links(keep) or [ErrorLink(told, first)]
        context = {
            "title": "Someone else changed this meanwhile",
            "caption": self.caption,
            "back": self.back,
            "links": links,
            "is_in_error": True,
            "ticket": ticket_after(self.sending, self.viewer),
            "opened": opened,
            "typed": [
                (name, value)
                for name, values in typed.lists()
                if name not in _NOT_TYPED
                for value in values
            ],
            "version": typed["version"],
            "differences": [
                (one, who, keep[one.key]) for one, who in conflicts.with_names(found)
            ],
        }
        return render(self.request, "groups/conflict.html", context)

    def _meanwhile(self, opened: int) -> dict[str, Any]:
        """Return what was changed since, and who changed it last, for the form's page."""
        states = self.states_since(opened)
        if not states:
            return {"meanwhile": [], "is_stale": True}
        first, last = states[0].row, states[-1].row
        rows = Words(self.viewer).differences(type(last), first, last)
        ended = states[-2].ended if len(states) > 1 else None
        names = former.names_of([ended.user_id]) if ended else {}
        return {
            "meanwhile": rows,
            "meanwhile_by": names.get(ended.user_id, "System") if ended else "",
            "meanwhile_at": ended.at if ended else None,
            "is_stale": True,
        }


def _number(text: str) -> int:
    """Return the version in a hidden field; one that nobody has where it is none."""
    return int(text) if text.isdecimal() and len(text) < 10 else 0
