"""The draft of a new person: opened again, or saved by its button."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST, require_safe

from accounts.forms import sending_of, ticket_again
from groups.models.entry_draft import DraftKind
from groups.views import drafting
from groups.views.draft_pages import draft_for
from groups.views.person_forms import NewPerson
from ocgmap.common.errors import AppError, NotFound
from ocgmap.common.form_rows import unjudged


@method_decorator(require_safe, name="dispatch")
class OpenedPerson(NewPerson):
    """The form as far as it was typed."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show it, judging nothing.

        Raises:
            NotFound: the draft is gone, or another's.
        """
        draft = draft_for(self.viewer, DraftKind.PERSON, kwargs["public_id"])
        if draft is None:
            raise NotFound
        form = self.form(draft.typed)
        unjudged(form)
        return self.show(
            form,
            {},
            draft=drafting.opened(draft),
            ticket=ticket_again(draft.text_of("entry"), self.viewer),
        )


@method_decorator(require_POST, name="dispatch")
class KeepPerson(NewPerson):
    """The button that saves the draft."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Save it, judging nothing, and show the same page again."""
        try:
            draft = drafting.keep(self.viewer, DraftKind.PERSON, request.POST)
        except AppError as error:
            self.refusal = error
            self.sending = sending_of(request, self.viewer)
            form = self.form(request.POST)
            unjudged(form)
            form.add_error(None, drafting.told(error))
            return self.show(form, {})
        messages.success(request, drafting.kept(draft))
        return redirect(drafting.address_of(draft))
