"""The first report of a new group, as part of the group's own entry."""

from collections.abc import Sequence
from typing import Any

from accounts.models import Organisation
from accounts.visibility import Viewer
from intelligence.actions.drafts import ReportDraft
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
        return ReportDraft(
            **self.content(),
            owner=owner,
            sharing=sharing,
            sharing_reason=sharing_reason,
            compartments=compartments,
        )

    def refuse(self, error: AppError) -> None:
        """Show an action's refusal beside the field that it is about."""
        self.add_app_error(error)
