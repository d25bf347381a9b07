"""Look before recording, and fill in members from a list; the form stays as it is."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from groups.likeness import Likeness, Sought, groups_like, people_like, people_of_lines
from groups.models import Nominal
from groups.pasted import Line, TooManyLines, read_lines
from groups.views.finding import record_shown
from intelligence.forms.entry import MOST_MEMBERS, EntryForms
from intelligence.forms.entry_rows import row_of_line
from intelligence.views.entry_base import DraftView
from ocgmap.common.errors import AppError

Cell = dict[str, Any]
_LONGEST = 200


class LookFor(DraftView):
    """Groups and people like the words typed, beside the form as it stands."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Save the draft and show what is like the words; they stand in no address."""
        typed = self.typed()
        try:
            self.keep(typed)
        except AppError as error:
            return self.refused(error)
        forms = EntryForms(self.viewer, typed)
        forms.unjudged()
        text = request.POST.get("look_for", "").replace("\0", "").strip()[:_LONGEST]
        found = self._found(text) if text else None
        return self.show(forms, [], self.section, looked=found, looked_for=text)

    def _found(self, text: str) -> dict[str, Any]:
        sought = Sought(names=(text,), identifiers=(text,))
        groups = groups_like(self.viewer, sought)
        people = people_like(self.viewer, [sought])[0]
        record_shown(one.record for one in (*groups, *people))
        return {
            "groups": [_row(one, "groups:detail", one.record.name) for one in groups],
            "people": [
                _row(one, "groups:person", one.record.display_name) for one in people
            ],
        }


def _row(one: Likeness, page: str, name: str) -> Cell:
    return {
        "name": name,
        "reference": one.record.reference,
        "owner": one.record.owner.short_name,
        "url": reverse(page, args=[one.record.public_id]),
        "reasons": one.reasons,
    }


class PasteMembers(DraftView):
    """Lines of a list, or somebody who was found, become rows of members."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Add a row for each line with what is known of it; nothing is recorded."""
        typed = self.typed()
        try:
            told = self._add(typed)
            self.keep(typed)
        except TooManyLines:
            told = f"The list is too long. Paste at most {MOST_MEMBERS} lines at once."
        except AppError as error:
            return self.refused(error)
        messages.info(request, told)
        return redirect(f"{self.back()}#rows-members")

    def _add(self, typed: QueryDict) -> str:
        chosen = self.request.POST.get("add", "").strip()[:40]
        if chosen:
            _append(typed, {"person": chosen})
            return f"{chosen} is added to the members. Say as what they are held."
        lines = read_lines(typed.get("paste", ""))
        room = MOST_MEMBERS - _count(typed)
        if not lines:
            return "There is no line in the list. Paste names or numbers, one a line."
        if len(lines) > room:
            return (
                f"The list has {len(lines)} lines, and there is room for {room} more "
                "members. Shorten it; the rest is added from the group's page."
            )
        return self._take(typed, lines)

    def _take(self, typed: QueryDict, lines: Sequence[Line]) -> str:
        people = people_of_lines(self.viewer, lines)
        record_shown(one for found in people for one in found)
        _drop_empty_end(typed)
        category = typed.get("paste_category", "")
        for line, found in zip(lines, people, strict=True):
            said = {"pasted": line.text, "dpa_category": category}
            _append(typed, {**said, **_row_of(line, found)})
        typed["paste"] = ""
        return _told(lines, people)


def _row_of(line: Line, found: Sequence[Nominal]) -> dict[str, str]:
    """Return what the line fills in: the one who is known, else what it says itself."""
    row = row_of_line(line)
    return row | {"take": found[0].reference} if len(found) == 1 else row


def _told(lines: Sequence[Line], people: Sequence[Sequence[Nominal]]) -> str:
    invalid = sum(not line.readings for line in lines)
    known = sum(len(found) == 1 for found in people)
    several = sum(len(found) > 1 for found in people)
    unknown = len(lines) - invalid - known - several
    return (
        f"Of {len(lines)} lines, {known} known, {several} ambiguous, {unknown} unknown, "
        f"{invalid} invalid, among what you may see. Decide on each below."
    )


def _count(typed: QueryDict) -> int:
    total = typed.get("members-TOTAL_FORMS", "0")
    return int(total) if total.isdecimal() and len(total) < 4 else MOST_MEMBERS


def _append(typed: QueryDict, row: dict[str, str]) -> None:
    number = _count(typed)
    for name, value in {"standing": "unknown", **row}.items():
        typed[f"members-{number}-{name}"] = value
    typed["members-TOTAL_FORMS"] = str(number + 1)


def _drop_empty_end(typed: QueryDict) -> None:
    """Take away the last rows in which nothing was typed, so that lists follow on."""
    while (number := _count(typed)) > 0:
        last = f"members-{number - 1}-"
        said = {n: typed[n] for n in typed if n.startswith(last) and typed[n]}
        if set(said) - {f"{last}standing"}:
            return
        for name in [n for n in typed if n.startswith(last)]:
            del typed[name]
        typed["members-TOTAL_FORMS"] = str(number - 1)
