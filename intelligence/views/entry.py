"""The entry of a group: one long page, or the steps of a task list, over one draft.

Each of these saves what was typed first, so nothing is lost by going on, back or away.
"""

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views import View
from django.views.decorators.http import require_http_methods

from accounts import audit
from accounts.gate import kept_from
from accounts.permissions import check_has
from accounts.roles import Right
from accounts.visibility import Viewer
from groups.actions import entry_drafts
from groups.exceptions import DraftChanged
from groups.forms.participation import MEMBER_CATEGORIES
from groups.models import EntryDraft
from groups.models.entry_draft import DraftKind
from groups.views.finding import reader, record_shown
from intelligence.actions import recordings
from intelligence.actions.recordings import Fault
from intelligence.forms.entry import MOST_MEMBERS, EntryForms, IdentityForm
from intelligence.views.entry_parts import (
    BY_CODE,
    Section,
    all_links,
    is_begun,
    links_of,
    sections_for,
    shown,
)
from ocgmap.common.errors import AppError, NotFound, PermissionDenied
from ocgmap.common.form_rows import BUTTON, with_extra_row
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
    context = {"drafts": drafts_table(by)}
    return render(request, "intelligence/entry_start.html", context)


def drafts_table(by: Viewer) -> dict[str, Any]:
    """Return the reader's own drafts as a table, the newest first. Two queries."""
    drafts = list(EntryDraft.objects.visible_to(by).begun().order_by("-changed_at"))
    record_shown(drafts)
    return {
        "head": [{"text": "Draft"}, {"text": "Saved"}, {"text": "Steps"}],
        "rows": [
            [
                {
                    "text": one.text_of("name") or "A group without a name yet",
                    "url": reverse(PAGE, args=[one.public_id]),
                },
                {"time": one.changed_at},
                {
                    "text": "Task list",
                    "url": reverse(TASKS, args=[one.public_id]),
                    "hidden": f" of {one.text_of('name') or 'the group without a name'}",
                },
            ]
            for one in drafts
        ],
    }


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
            if name not in _NOT_TYPED:
                typed.setlist(name, [str(value).replace("\0", "") for value in values])
        return typed

    def keep(self, typed: QueryDict) -> None:
        """Save the draft.

        Raises:
            DraftChanged: another page saved it meanwhile.
        """
        wanted = [one for one in typed.getlist("compartments") if one.isdecimal()]
        self.draft = entry_drafts.save(
            by=self.viewer,
            draft=self.draft,
            typed=dict(typed.lists()),
            version=_number(self.request.POST.get("version", "")),
            tab=_tab(self.request.POST.get("tab", "")),
            compartments=[int(one) for one in wanted],
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


class DraftPage(DraftView):
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
        extra = request.POST.get(BUTTON, "")
        if extra:
            typed = _with_row(typed, extra)
        try:
            self.keep(typed)
        except AppError as error:
            return self.refused(error)
        if extra:
            return redirect(f"{self.back()}#rows-{extra}")
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
        extra = request.POST.get(BUTTON, "")
        if extra:
            typed = _with_row(typed, extra)
        try:
            self.keep(typed)
        except AppError as error:
            return self.refused(error)
        if extra:
            return redirect(f"{self.back()}#rows-{extra}")
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

    def post(self, request: HttpRequest) -> HttpResponse:
        """Save what was typed on the long page and go to the list."""
        try:
            self.keep(self.typed())
        except AppError as error:
            return self.refused(error)
        return redirect(self.address(TASKS))

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
        messages.success(
            request, f"Saved {_clock(self.draft)}. Only you see the draft."
        )
        return redirect(self.back())


class SaveDraft(DraftView):
    """Save the draft while its author types; nobody leaves the page."""

    def post(self, request: HttpRequest) -> JsonResponse:
        """Return when it was saved, and its version."""
        try:
            self.keep(self.typed())
        except DraftChanged as error:
            return JsonResponse({"message": error.message}, status=409)
        except AppError as error:
            return JsonResponse({"message": error.message}, status=400)
        return JsonResponse(
            {"saved": _clock(self.draft), "version": self.draft.version}
        )


class DiscardDraft(DraftView):
    """Forget the draft."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Forget it and go to the first page."""
        entry_drafts.discard(by=self.viewer, draft=self.draft)
        messages.success(request, "The draft is discarded.")
        return redirect("scoring:my_work")


def _with_row(typed: QueryDict, prefix: str) -> QueryDict:
    typed = typed.copy()
    typed[BUTTON] = prefix
    typed = with_extra_row(typed)
    del typed[BUTTON]
    return typed


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _tab(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.uuid4()


def _clock(draft: EntryDraft) -> str:
    return f"{timezone.localtime(draft.changed_at):%H:%M}"
