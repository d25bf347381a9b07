"""Undo what one changed in the last 15 minutes: look at what goes back, then confirm."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse

from accounts.permissions import check_has
from accounts.roles import Right
from accounts.visibility import Viewer
from groups.actions import undoing
from groups.actions.undoing import Reversal
from groups.forms.undoing import UndoForm
from groups.models import CrimeGroup, Nominal
from groups.views.cards import Cell, group_cell
from groups.views.changes import Words
from groups.views.finding import group_for, nominal_for, record_shown
from groups.views.form_page import FormPage
from ocgmap.common.errors import NotFound

MOST_NAMED = 10
_BACK_HEAD = [{"text": text} for text in ("Record", "Field", "Now", "Becomes")]
_KEPT_HEAD = [{"text": text} for text in ("Record", "Why it stays as it is")]


class UndoPage(FormPage):
    """What goes back if one undoes what a request changed."""

    template = "groups/undo.html"
    title = "Undo this change"
    button = "Undo the change"
    done = "The change is undone: what stood before stands again"
    note = (
        "The former values are written anew with the reason “Undone”. Nothing is "
        "deleted: the history keeps both steps."
    )
    form_class = UndoForm
    request_id: uuid.UUID
    found: list[Reversal]

    def prepare(self, **kwargs: Any) -> None:
        """Find what the request changed; what is not one's own is not there."""
        check_has(self.viewer, Right.CONTRIBUTE)
        self.request_id = kwargs["request_id"]
        self.find(kwargs)
        self.found = undoing.foresee(self.viewer, self.scope(), self.request_id)
        if not self.found:
            raise NotFound
        record_shown(one.now for one in self.found)

    def find(self, kwargs: Mapping[str, Any]) -> None:
        """Find the record that the address is about."""

    def scope(self) -> list[QuerySet[Any]]:
        """Return the rows that the change may be about."""
        raise NotImplementedError

    def may_undo(self) -> bool:
        """Return whether there is anything to confirm."""
        return undoing.is_open(self.found)

    def show(self, form: Any, formsets: Mapping[str, Any], **more: Any) -> HttpResponse:
        """Show what goes back, and what stays and why."""
        is_open = self.may_undo()
        shown = [one for one in self.found if not one.refusal] if is_open else []
        kept = [one for one in self.found if one.refusal]
        more |= {
            "is_open": is_open,
            "back_rows": _rows(self.viewer, shown),
            "back_head": _BACK_HEAD,
            "kept_head": _KEPT_HEAD,
            "kept_rows": _kept(kept),
        }
        return super().show(form, formsets, **more)

    def save(self, form: UndoForm, rows: Mapping[str, list[Any]]) -> str:
        """Undo all of it, or nothing."""
        undoing.undo(by=self.viewer, scope=self.scope(), request_id=self.request_id)
        return self.back


class UndoOnGroup(UndoPage):
    """Undo a change on a page of a group."""

    group: CrimeGroup

    def find(self, kwargs: Mapping[str, Any]) -> None:
        """Find the group."""
        self.group = group_for(self.viewer, kwargs["public_id"])
        self.caption = f"{self.group.name} ({self.group.reference})"
        self.back = reverse("groups:detail", args=[self.group.public_id])

    def scope(self) -> list[QuerySet[Any]]:
        """Return the rows of the group."""
        return undoing.of_group(self.viewer, self.group)


class UndoOnPerson(UndoPage):
    """Undo a change on a page of a person."""

    nominal: Nominal

    def find(self, kwargs: Mapping[str, Any]) -> None:
        """Find the person."""
        self.nominal = nominal_for(self.viewer, kwargs["public_id"])
        self.caption = f"{self.nominal.display_name} ({self.nominal.reference})"
        self.back = reverse("groups:person", args=[self.nominal.public_id])

    def scope(self) -> list[QuerySet[Any]]:
        """Return the rows of the person."""
        return undoing.of_person(self.viewer, self.nominal)


class UndoBulk(UndoPage):
    """Undo the change of several groups; those that were changed since stay."""

    title = "Undo the change of several groups"
    button = "Undo what can be undone"
    back = "/groups/"

    def scope(self) -> list[QuerySet[Any]]:
        """Return the groups that were changed lately; none unless by a bulk change."""
        if not undoing.is_of_several(self.viewer, self.request_id):
            return []
        return undoing.of_groups(self.viewer)

    def may_undo(self) -> bool:
        """Return whether any of the groups can go back."""
        return any(not one.refusal for one in self.found)

    def save(self, form: UndoForm, rows: Mapping[str, list[Any]]) -> str:
        """Undo those that can be, and name the others."""
        found = undoing.undo_bulk(by=self.viewer, request_id=self.request_id)
        kept = [one.now.reference for one in found if one.refusal]
        if kept:
            named = ", ".join(kept[:MOST_NAMED])
            more = len(kept) - MOST_NAMED
            tail = f" and {more} more" if more > 0 else ""
            messages.info(
                self.request,
                f"Left as {'it is' if len(kept) == 1 else 'they are'}: {named}{tail}.",
            )
        return self.back


def _rows(viewer: Viewer, found: Sequence[Reversal]) -> list[list[Cell]]:
    """Return a row for each value that goes back: record, field, now, becomes."""
    words = Words(viewer)
    return [
        [_named(one.now), *cells]
        for one in found
        for cells in words.differences(type(one.now), one.now, one.was)
    ]


def _kept(found: Sequence[Reversal]) -> list[list[Cell]]:
    return [[_named(one.now), {"text": one.refusal}] for one in found]


def _named(record: Any) -> Cell:
    if isinstance(record, CrimeGroup):
        return group_cell(record)
    return {"text": str(record._meta.verbose_name).capitalize()}  # noqa: SLF001
