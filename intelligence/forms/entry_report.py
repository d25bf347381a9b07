"""The first report of a new group, as part of the group's own entry."""

from collections.abc import Sequence
from typing import Any

from accounts.models import Organisation
from accounts.visibility import Viewer
from intelligence.actions.drafts import ReportDraft
from intelligence.forms.fields import condition_typed
from intelligence.forms.report import ReportForm
from ocgmap.common.errors import AppError

# What the entry as a whole says.
_SAID_ELSEWHERE = (
    "owner",
    "groups",
    "nominals",
    "idempotency_key",
    "sharing",
    "sharing_reason",
    "compartments",
    "returned_in",
)
_TYPED = (
    "text",
    "original_text",
    "source_grade",
    "assessment_grade",
    "handling",
    "legacy_grade",
    "owner_reference",
)


class FirstReportForm(ReportForm):
    """What a new group rests on, graded; left empty, the group has no report yet."""

    def __init__(self, *args: Any, by: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, by=by, **kwargs)
        for name in _SAID_ELSEWHERE:
            self.fields.pop(name, None)
        if not self.is_wanted:
            for field in self.fields.values():
                field.required = False

    @property
    def is_wanted(self) -> bool:
        """Return whether anything of a report was typed."""
        return any(str(self[name].value() or "").strip() for name in _TYPED)

    def report(
        self,
        *,
        owner: Organisation,
        sharing: str,
        sharing_reason: str,
        compartments: Sequence[int],
    ) -> ReportDraft:
        """Return the report, shared as the group is; whom it is about is put in later."""
        given = self.cleaned_data
        event = given["event"]
        return ReportDraft(
            owner=owner,
            text=given["text"],
            original_text=given["original_text"],
            received_on=given["received_on"],
            event_from=event.first,
            event_to=event.last,
            event_precision=event.precision,
            source_grade=given["source_grade"],
            assessment_grade=given["assessment_grade"],
            handling=given["handling"],
            condition=condition_typed(
                given["handling"],
                given["legacy_grade"],
                given["recipients"],
                note=given["condition_note"],
            ),
            legacy_grade=given["legacy_grade"],
            legacy_source_choice=given["legacy_source_choice"],
            sharing=sharing,
            sharing_reason=sharing_reason,
            compartments=compartments,
            owner_reference=given["owner_reference"],
        )

    def refuse(self, error: AppError) -> None:
        """Show an action's refusal beside the field that it is about."""
        self.add_app_error(error)
