"""The pages that decide on a change of who may see a record."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse

from groups.exceptions import ApprovalNeeded
from groups.permissions import check_can_edit
from groups.views.finding import found, record_shown
from groups.views.form_page import refused_first
from intelligence.actions import sharing
from intelligence.forms.sharing import DecisionForm
from intelligence.models import SharingChange
from intelligence.views.sharing import SharingPage, words_of


class DecisionPage(SharingPage):
    """A decision on a change that waits, or on a group that is its owner's alone."""

    change: SharingChange

    def prepare(self, **kwargs: Any) -> None:
        """Find the change of the record."""
        super().prepare(**kwargs)
        record_shown([self.change])
        words = words_of([self.change])[self.change.pk]
        self.note = f"{words}. Why: {self.change.reason}"

    def check(self, **kwargs: Any) -> None:
        """Find the change first: to whom it is hidden, it is not there."""
        rows = SharingChange.objects.visible_to(self.viewer).of(self.record)
        self.change = found(rows.select_related("to_class"), kwargs["row_id"])
        self.check_decides()

    def check_decides(self) -> None:
        """Raise unless the viewer decides."""
        sharing.check_can_decide(self.viewer, self.change)

    def subject(self) -> SharingChange:
        """Return the change."""
        return self.change

    def undo_url(self) -> str:
        """Return none."""
        return ""


class ApproveSharing(DecisionPage):
    """Approve it."""

    title = "Approve who may see this record"
    button = "Approve"
    done = "It is approved"

    def check_decides(self) -> None:
        """Raise unless the viewer may be the second person."""
        sharing.check_can_approve(self.viewer, self.change)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show the form, or why it would be refused: before anything is typed."""
        try:
            sharing.check_sees_after(self.viewer, self.change)
        except ApprovalNeeded as error:
            return refused_first(request, error, self.back)
        return super().get(request, **kwargs)

    def save(self, form: DecisionForm, rows: Mapping[str, list[Any]]) -> str:
        """Approve."""
        sharing.approve(
            by=self.viewer, change=self.change, **form.given("version", "reason")
        )
        return self.back


class DeclineSharing(DecisionPage):
    """Decline it."""

    title = "Decline who may see this record"
    button = "Decline"
    done = "It is declined"

    def save(self, form: DecisionForm, rows: Mapping[str, list[Any]]) -> str:
        """Decline."""
        sharing.decline(
            by=self.viewer, change=self.change, **form.given("version", "reason")
        )
        return self.back


class TakeBackSharing(DecisionPage):
    """Take a proposal back."""

    title = "Take the proposal back"
    button = "Take it back"
    done = "The proposal is taken back"

    def check_decides(self) -> None:
        """Raise unless the viewer may change the record."""
        check_can_edit(self.viewer, self.record)

    def save(self, form: DecisionForm, rows: Mapping[str, list[Any]]) -> str:
        """Take it back."""
        sharing.take_back(
            by=self.viewer, change=self.change, **form.given("version", "reason")
        )
        return self.back
