"""What can go wrong with groups and people, worded for those who meet it."""

from ocgmap.common.errors import (
    AppError,
    Conflict,
    InvalidTransition,
    PermissionDenied,
)


class InvalidRecord(AppError):
    """A value is not one that the record may hold; nothing was written."""


class ReviewTooLate(InvalidRecord):
    """A review is set later than the review policy allows."""

    code = "review_too_late"


class AlreadyRecorded(Conflict):
    """The same thing stands in a record that the person may see."""

    code = "already_recorded"


class ApprovalNeeded(PermissionDenied):
    """The step is for a supervisor to take."""

    code = "approval_needed"


class StepNotOpen(InvalidTransition):
    """The group lacks something that the step asks for."""

    code = "step_not_open"


class OwnSubmission(PermissionDenied):
    """Nobody moderates what they submitted themselves."""

    code = "own_submission"

    def __init__(self) -> None:
        super().__init__(
            "You submitted this record yourself, so someone else must moderate it. Ask "
            "another supervisor, or the lead of your region.",
            field="record_state",
        )


class MergedAway(PermissionDenied):
    """The group was merged into another: what is recorded of it stays as it was."""

    code = "merged_away"

    def __init__(self, field: str = "") -> None:
        super().__init__(
            "This group was merged into another record and is kept as it was. Record it "
            "on the group that it was merged into, or split it off again first.",
            field=field,
        )


class ProcessingRestricted(PermissionDenied):
    """The processing of a person's record is restricted: it may be read, and no more.

    Source: Data Protection Act 2018 ss.46(4), 47(2) and 47(3).
    """

    code = "processing_restricted"

    def __init__(self, reference: str, field: str = "", cure: str = "") -> None:
        cure = cure or (
            "Leave this person out, or ask the records manager of the owner to lift the "
            "restriction first."
        )
        super().__init__(
            f"The processing of {reference} is restricted under the Data Protection Act "
            "2018, sections 46 and 47: the record may be read, and nothing is recorded on "
            f"it, changed, printed or exported. {cure}",
            field=field,
        )


class SafeguardingRoute(AppError):
    """The person may not be recorded so; the safeguarding route is offered instead."""

    code = "safeguarding_route"


class CompartmentNotHeld(PermissionDenied):
    """The record must carry a compartment that the person does not hold."""

    code = "compartment_not_held"


class DraftChanged(Conflict):
    """Another page saved the same draft meanwhile; nothing was written."""

    code = "draft_changed"
