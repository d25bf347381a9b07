"""Check the answers of an entry, decide on what is alike, and record all of it at once."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.actions import sent_forms
from accounts.actions.sent_forms import Sending
from accounts.exceptions import SentBefore
from accounts.forms import sending_of, ticket_after
from groups.actions import entry_drafts
from groups.views.alike import alike_table
from groups.views.finding import reader
from intelligence.actions import recordings
from intelligence.actions.recordings import Recorded, RecordingRefused
from intelligence.forms.entry import EntryForms
from intelligence.forms.entry_alike import AlikeAll, AlikeForm, alike
from intelligence.views.entry_answers import answers
from intelligence.views.entry_base import SECTION, DraftView
from intelligence.views.entry_parts import Section, all_links, sections_for
from ocgmap.common.forms import error_links
from ocgmap.common.queues import hint

Cell = dict[str, Any]


class CheckDraft(DraftView):
    """The answers, what is like them on record, and the button that records them."""

    sending: Sending | None = None

    def dispatch(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Lead a form that was taken before to where it led."""
        if request.method == "POST":
            viewer = reader(request)
            self.sending = sending_of(request, viewer)
            try:
                address = sent_forms.led_to(by=viewer, sending=self.sending)
            except SentBefore:
                address, self.sending = "", None
            if address:
                return redirect(address)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the answers."""
        forms = EntryForms(self.viewer, self.draft.typed)
        if not self.judged(forms):
            return self._show_faults(forms)
        return self._show(forms, alike(forms))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Record all of it, or show what is still to be decided or wrong.

        The draft is held meanwhile: who saves it from another page is told that it went.
        """
        self.draft = entry_drafts.kept_from_others(by=self.viewer, draft=self.draft)
        forms = EntryForms(self.viewer, self.draft.typed)
        if not forms.is_valid():
            return self._show_faults(forms)
        found = alike(forms)
        question = AlikeForm(request.POST, found)
        if request.POST.get("version") != str(self.draft.version):
            question.add_error(
                None,
                "The draft was changed after you opened this page. Check it again.",
            )
        if not question.is_valid():
            return self._show(forms, found, question)
        typed = self.draft.typed
        for name, value in question.taken().items():
            typed[name] = value
        return self._record(EntryForms(self.viewer, typed))

    def _record(self, forms: EntryForms) -> HttpResponse:
        if not forms.is_valid():
            return self._show_faults(forms)
        try:
            made = recordings.record(by=self.viewer, recording=forms.recording())
        except RecordingRefused as refused:
            self.refuse(forms, refused.faults)
            return self._show_faults(forms)
        return self._done(made)

    def _done(self, made: Recorded) -> HttpResponse:
        entry_drafts.discard(by=self.viewer, draft=self.draft)
        address = reverse("groups:detail", args=[made.group.public_id])
        if self.sending:
            sent_forms.note(by=self.viewer, sending=self.sending, address=address)
        hint("scoring.drain")
        messages.success(self.request, _told(made))
        return redirect(address)

    def _show_faults(self, forms: EntryForms) -> HttpResponse:
        """Show what keeps it from being recorded, each a link to its step."""

        def page(section: Section) -> str:
            return f"{self.address(SECTION, section.code)}?then=check"

        context = {
            "draft": self.draft,
            "links": all_links(forms, page),
            "is_in_error": True,
            "cards": [],
        }
        return render(self.request, "intelligence/entry_check.html", context)

    def _show(
        self, forms: EntryForms, found: AlikeAll, question: AlikeForm | None = None
    ) -> HttpResponse:
        question = question or AlikeForm(None, found)
        links = error_links(question) if question.is_bound else []
        context = {
            "draft": self.draft,
            "cards": [self._card(one, forms) for one in sections_for(forms)],
            "form": question,
            "groups": alike_table([(_name(forms), found.groups)]),
            "people": alike_table((one.name, one.people) for one in found.members),
            "links": [_link(one) for one in links],
            "is_in_error": bool(links),
            "ticket": ticket_after(self.sending, self.viewer),
            "has_report": bool(forms.report and forms.report.is_wanted),
        }
        return render(self.request, "intelligence/entry_check.html", context)

    def _card(self, section: Section, forms: EntryForms) -> Cell:
        url = f"{self.address(SECTION, section.code)}?then=check"
        return {
            "title": section.title,
            "rows": answers(section, forms)
            or [{"key": "Nothing entered", "value": {"text": "–"}}],
            "actions": [{"text": "Change", "url": url}],
        }


def _link(link: Any) -> dict[str, str]:
    """Return a line of the error summary on the page that holds its field."""
    return {"message": link.message, "anchor": link.anchor, "url": f"#{link.anchor}"}


def _name(forms: EntryForms) -> str:
    return str(forms.main.cleaned_data["name"])


def _told(made: Recorded) -> str:
    count = len(made.members)
    members = f" with {count} member{'' if count == 1 else 's'}" if count else ""
    report = f" and report {made.report.reference} is submitted" if made.report else ""
    return f"Group {made.group.reference} is recorded as a draft{members}{report}."
