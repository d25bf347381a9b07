"""What every page over a draft shares: whose it is, saving it, judging it, showing it."""

import uuid
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from accounts import audit
from groups.forms.participation import MEMBER_CATEGORIES
from groups.views import drafting
from groups.views.draft_pages import DraftPage
from intelligence.actions import recordings
from intelligence.actions.recordings import Fault
from intelligence.forms.entry import MOST_MEMBERS, EntryForms
from intelligence.views.entry_parts import BY_CODE, Section, sections_for, shown
from ocgmap.common.errors import AppError, NotFound, PermissionDenied

PAGE, TASKS, CHECK = (
    "intelligence:draft",
    "intelligence:draft_tasks",
    "intelligence:draft_check",
)
SECTION = "intelligence:draft_section"


class DraftView(DraftPage):
    """A page over the draft of a group."""

    def address(self, name: str, *args: str) -> str:
        """Return the address of a page over the same draft."""
        return reverse(name, args=[self.draft.public_id, *args])

    @property
    def section(self) -> Section | None:
        """Return the step whose page sent the form; None for the long page."""
        return BY_CODE.get(self.request.POST.get("at", ""))

    def back(self) -> str:
        """Return the address of the page that sent the form."""
        at = self.section
        return self.address(SECTION, at.code) if at else self.address(PAGE)

    def typed(self) -> QueryDict:
        """Return all that is typed so far: a step sends its own part only."""
        section, typed = self.section, QueryDict(mutable=True)
        if section is not None:
            for name, values in self.draft.typed.lists():
                if not section.holds(name):
                    typed.setlist(name, values)
        for name, values in drafting.typed_in(self.request.POST).lists():
            typed.setlist(name, values)
        return typed

    def keep(self, typed: QueryDict) -> None:
        """Save the draft.

        Raises:
            DraftChanged: another page saved it meanwhile.
        """
        self.draft = drafting.put(self.viewer, self.draft, self.request.POST, typed)

    def judged(self, forms: EntryForms) -> bool:
        """Return whether it could be recorded now; else each fault stands in its field."""
        if not forms.is_valid():
            return False
        faults = recordings.rehearse(by=self.viewer, recording=forms.recording())
        self.refuse(forms, faults)
        return not faults

    def refuse(self, forms: EntryForms, faults: list[Fault]) -> None:
        """Show what the actions refused beside its fields.

        Raises:
            NotFound: a record that was named is hidden by now.
        """
        for fault in faults:
            if isinstance(fault.error, NotFound):
                raise fault.error
            if isinstance(fault.error, PermissionDenied):
                audit.refused(fault.error.code)
        forms.refuse(faults)

    def show(
        self,
        forms: EntryForms,
        links: list[dict[str, str]],
        section: Section | None = None,
        **more: Any,
    ) -> HttpResponse:
        """Show the long page or one step of it."""
        posted = self.request.POST
        parts = [section] if section else sections_for(forms)
        context = {
            "draft": self.draft,
            "version": self.draft.version,
            "tab": posted.get("tab") or str(uuid.uuid4()),
            "at": section.code if section else "",
            "section": section,
            "sections": [shown(one, forms) for one in parts],
            "forms": forms,
            "links": links,
            "is_in_error": bool(links),
            "then": posted.get("then") or self.request.GET.get("then", ""),
            "look_for": posted.get("look_for", ""),
            "most_members": MOST_MEMBERS,
            "categories": MEMBER_CATEGORIES,
            **more,
        }
        return render(self.request, "intelligence/entry.html", context)

    def refused(self, error: AppError) -> HttpResponse:
        """Show a draft that was not saved with all that was typed.

        Raises:
            NotFound: it is gone.
        """
        if isinstance(error, NotFound):
            raise error
        return self._show_conflict(error)

    def _show_conflict(self, error: AppError) -> HttpResponse:
        """Show what was typed; saving it again puts it in place of the other."""
        forms = EntryForms(self.viewer, self.typed())
        forms.unjudged()
        links = [{"message": error.message, "anchor": "", "url": ""}]
        current = error.details.get("current_version", self.draft.version)
        return self.show(forms, links, self.section, version=current)
