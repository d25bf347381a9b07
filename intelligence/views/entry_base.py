"""What every page over a draft shares: whose it is, saving it, judging it, showing it."""

import uuid
from typing import Any, ClassVar, Final

from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views import View

from accounts import audit
from accounts.gate import kept_from
from accounts.permissions import check_has
from accounts.roles import Right
from accounts.visibility import Viewer
from groups.actions import entry_drafts
from groups.forms.participation import MEMBER_CATEGORIES
from groups.models import EntryDraft
from groups.views.finding import reader, record_shown
from intelligence.actions import recordings
from intelligence.actions.recordings import Fault
from intelligence.forms.entry import MOST_MEMBERS, EntryForms
from intelligence.views.entry_parts import BY_CODE, Section, sections_for, shown
from ocgmap.common.errors import AppError, NotFound, PermissionDenied
from ocgmap.common.form_rows import BUTTON
from ocgmap.common.parameters import check_parameters

# What a page sends beside what was typed.
_NOT_TYPED: Final = frozenset(
    {"csrfmiddlewaretoken", "at", "version", "tab", "then", "look_for", "add", BUTTON}
)
PAGE, TASKS, CHECK = (
    "intelligence:draft",
    "intelligence:draft_tasks",
    "intelligence:draft_check",
)
SECTION = "intelligence:draft_section"


class DraftView(View):
    """A page over one draft of the viewer's own."""

    viewer: Viewer
    draft: EntryDraft
    parameters: ClassVar[tuple[str, ...]] = ()

    def dispatch(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Find the draft; one that went comes back as the text that was typed."""
        if not hasattr(self, str(request.method).lower()):
            return self.http_method_not_allowed(request, *args, **kwargs)
        self.viewer = reader(request)
        check_has(self.viewer, Right.CONTRIBUTE)
        check_parameters(request.GET, self.parameters)
        rows = EntryDraft.objects.visible_to(self.viewer)
        draft = rows.filter(public_id=kwargs.pop("public_id")).first()
        if draft is None:
            return self.gone()
        self.draft = draft
        record_shown([draft])
        return super().dispatch(request, *args, **kwargs)

    def gone(self) -> HttpResponseBase:
        """Show what was typed into a draft that is no more.

        Raises:
            NotFound: nothing was.
        """
        texts = kept_from(self.request).texts if self.request.method == "POST" else []
        if not texts:
            raise NotFound
        context = {"texts": texts}
        return render(self.request, "intelligence/entry_gone.html", context, status=404)

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
        for name, values in self.request.POST.lists():
            if name not in _NOT_TYPED and "\0" not in name:
                typed.setlist(name, [str(value).replace("\0", "") for value in values])
        return typed

    def keep(self, typed: QueryDict) -> None:
        """Save the draft.

        Raises:
            DraftChanged: another page saved it meanwhile.
        """
        wanted = [one for one in typed.getlist("compartments") if _number(one)]
        self.draft = entry_drafts.save(
            by=self.viewer,
            draft=self.draft,
            typed=dict(typed.lists()),
            version=_number(self.request.POST.get("version", "")),
            tab=_tab(self.request.POST.get("tab", "")),
            compartments=[_number(one) for one in wanted],
        )

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


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _tab(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.uuid4()
