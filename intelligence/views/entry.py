"""The entry of a group: one long page, or the steps of a task list, over one draft.

Each of these saves what was typed first, so nothing is lost by going on, back or away.
"""

from collections.abc import Mapping
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.permissions import check_has
from accounts.roles import Right
from groups.actions import entry_drafts
from groups.models.entry_draft import DraftKind
from groups.views.draft_pages import not_saved, saved
from groups.views.drafting import drafts_table, kept
from groups.views.finding import reader
from intelligence.forms.entry import EntryForms, IdentityForm
from intelligence.views.entry_base import CHECK, PAGE, SECTION, TASKS, DraftView
from intelligence.views.entry_parts import (
    BY_CODE,
    Section,
    all_links,
    is_begun,
    links_of,
    sections_for,
)
from ocgmap.common.errors import AppError, NotFound
from ocgmap.common.form_rows import BUTTON, with_extra_row
from ocgmap.common.parameters import check_parameters

_WAYS: Final[Mapping[str, str]] = {"page": PAGE, "tasks": TASKS}


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, way: str = "page") -> HttpResponse:
    """Show both ways and one's own drafts; begin a new draft by POST."""
    by = reader(request)
    check_has(by, Right.CONTRIBUTE)
    if request.method == "POST":
        draft = entry_drafts.start(by=by, kind=DraftKind.GROUP)
        return redirect(_WAYS[way], draft.public_id)
    check_parameters(request.GET, ())
    context = {"drafts": drafts_table(by, DraftKind.GROUP)}
    return render(request, "intelligence/entry_start.html", context)


class WholeDraft(DraftView):
    """The long page: every part at once."""

    # By it a form that is too large names the field at fault.
    form_class = IdentityForm

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show what was typed so far."""
        forms = EntryForms(self.viewer, self.draft.typed)
        forms.unjudged()
        return self.show(forms, [])

    def post(self, request: HttpRequest) -> HttpResponse:
        """Save what was typed and go on to the check, or show what is wrong."""
        typed = self.typed()
        if answer := _kept(self, typed):
            return answer
        forms = EntryForms(self.viewer, typed)
        if self.judged(forms):
            return redirect(self.address(CHECK))
        return self.show(forms, all_links(forms))


class DraftSection(DraftView):
    """One step of the task list."""

    parameters = ("then",)

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """Show what was typed so far; judged already where the check led here."""
        section = self._section(code)
        forms = EntryForms(self.viewer, self.draft.typed)
        if request.GET.get("then") == "check":
            self.judged(forms)
            return self.show(forms, links_of(section, forms), section)
        forms.unjudged()
        return self.show(forms, [], section)

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        """Save the step and go back to the list, or show what is wrong in it."""
        section = self._section(code)
        typed = self.typed()
        if answer := _kept(self, typed):
            return answer
        forms = EntryForms(self.viewer, typed)
        self.judged(forms)
        links = links_of(section, forms)
        if links:
            return self.show(forms, links, section)
        then = request.POST.get("then") == "check"
        return redirect(self.address(CHECK if then else TASKS))

    def _section(self, code: str) -> Section:
        section = BY_CODE.get(code)
        if section is None:
            raise NotFound
        return section


class DraftTasks(DraftView):
    """The task list: how far each step has come."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show each step with its state."""
        typed = self.draft.typed
        forms = EntryForms(self.viewer, typed)
        self.judged(forms)
        items = [self._item(one, forms, typed) for one in sections_for(forms)]
        done = sum(item["is_done"] for item in items)
        context = {
            "draft": self.draft,
            "items": items,
            "name": self.draft.text_of("name"),
            "done": done,
            "total": len(items),
        }
        return render(request, "intelligence/entry_tasks.html", context)

    def _item(
        self, section: Section, forms: EntryForms, typed: QueryDict
    ) -> dict[str, Any]:
        begun = is_begun(section, forms, typed)
        is_wrong = begun and bool(links_of(section, forms))
        status, colour = ("Not yet started", "grey")
        if is_wrong:
            status, colour = ("There is a problem", "red")
        elif begun:
            status, colour = ("Completed", "")
        return {
            "title": section.title,
            "url": self.address(SECTION, section.code),
            "hint": section.hint,
            "status": status,
            "colour": colour,
            "is_done": begun and not is_wrong,
        }


class KeepDraft(DraftView):
    """Save the draft and show the same page again."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Save what was typed, judging nothing."""
        try:
            self.keep(self.typed())
        except AppError as error:
            return self.refused(error)
        messages.success(request, kept(self.draft))
        return redirect(self.back())


class KeepForTasks(DraftView):
    """Save the long page and go on by the task list."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Save what was typed, judging nothing."""
        try:
            self.keep(self.typed())
        except AppError as error:
            return self.refused(error)
        return redirect(self.address(TASKS))


class SaveDraft(DraftView):
    """Save the draft while its author types; nobody leaves the page."""

    def post(self, request: HttpRequest) -> JsonResponse:
        """Return when it was saved, and its version."""
        try:
            self.keep(self.typed())
        except AppError as error:
            return not_saved(error)
        return saved(self.draft)


def _kept(view: DraftView, typed: QueryDict) -> HttpResponse | None:
    """Keep what was typed; return an answer where a row was asked for, or it is refused."""
    extra = view.request.POST.get(BUTTON, "")
    try:
        view.keep(_with_row(typed, extra) if extra else typed)
    except AppError as error:
        return view.refused(error)
    return redirect(f"{view.back()}#rows-{extra}") if extra else None


def _with_row(typed: QueryDict, prefix: str) -> QueryDict:
    typed = typed.copy()
    typed[BUTTON] = prefix
    typed = with_extra_row(typed)
    del typed[BUTTON]
    return typed
