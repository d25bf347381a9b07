"""Pages over a draft of any kind: whose it is, saving it while one types, its end."""

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views import View
from django.views.decorators.http import require_POST

from accounts.gate import kept_from
from accounts.permissions import check_has
from accounts.roles import Right
from accounts.visibility import Viewer
from groups.actions import entry_drafts
from groups.models import EntryDraft
from groups.models.entry_draft import DraftKind
from groups.views import drafting
from groups.views.finding import reader, record_shown
from ocgmap.common.errors import AppError, NotFound
from ocgmap.common.parameters import check_parameters


def draft_for(by: Viewer, kind: str, public_id: uuid.UUID) -> EntryDraft | None:
    """Return the viewer's own draft, with an audit row that it was read; None if gone."""
    rows = EntryDraft.objects.visible_to(by).filter(kind=kind)
    draft = rows.filter(public_id=public_id).first()
    record_shown([draft] if draft else [])
    return draft


class DraftPage(View):
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
        kind = kwargs.pop("kind", DraftKind.GROUP)
        draft = draft_for(self.viewer, kind, kwargs.pop("public_id"))
        if draft is None:
            return self.gone()
        self.draft = draft
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
        return render(self.request, "groups/draft_gone.html", context, status=404)


class DiscardDraft(DraftPage):
    """Forget the draft, once that was asked."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask whether it is to go."""
        context = {
            "action": drafting.discard_url(self.draft),
            "title": drafting.title_of(self.draft),
            "what": self.draft.get_kind_display().lower(),
            "back": drafting.address_of(self.draft),
        }
        return render(request, "groups/draft_discard.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Forget it and go to the first page."""
        entry_drafts.discard(by=self.viewer, draft=self.draft)
        messages.success(request, "The draft is discarded.")
        return redirect("scoring:my_work")


@require_POST
def save_draft(request: HttpRequest, kind: str) -> JsonResponse:
    """Save a form while its author types; return when, and which draft it is now.

    Raises:
        NotFound: the draft was sent or discarded meanwhile.
    """
    by = reader(request)
    check_has(by, Right.CONTRIBUTE)
    try:
        draft = drafting.keep(by, kind, request.POST)
    except NotFound:
        raise
    except AppError as error:
        return not_saved(error)
    address = drafting.address_of(draft)
    return saved(draft, {"draft": str(draft.public_id), "address": address})


def saved(draft: EntryDraft, more: Mapping[str, str] | None = None) -> JsonResponse:
    """Tell the script of the page when the draft was saved, and its version."""
    told = {"saved": drafting.clock(draft), "version": draft.version, **(more or {})}
    return JsonResponse(told)


def not_saved(error: AppError) -> JsonResponse:
    """Tell the script of the page why nothing was saved."""
    is_changed = "current_version" in error.details
    return JsonResponse({"message": error.message}, status=409 if is_changed else 400)
