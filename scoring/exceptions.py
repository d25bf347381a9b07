"""What can go wrong in scoring, worded for whoever must act on it."""

from typing import Any

from ocgmap.common.errors import AppError, Conflict, InvalidTransition, PermissionDenied


class UnknownScope(AppError):
    """The picture was asked for a place that is none."""

    code = "unknown_scope"


class UnknownFilter(AppError):
    """The picture was asked for a code that is not in its table, or a day to come."""

    code = "unknown_filter"


class UnknownBand(AppError):
    """The band is none of the primary scheme's."""

    code = "unknown_band"


class OverrideNeedsExpiry(AppError):
    """Another band than the computed one was chosen, without an end."""

    code = "override_needs_expiry"


class BadExpiry(AppError):
    """A decision would end today or earlier, or later than the policy lets it hold."""

    code = "bad_expiry"


class OwnConfirmation(PermissionDenied):
    """Nobody confirms what rests on their own work alone."""

    code = "own_confirmation"


class NotProposed(InvalidTransition):
    """The override was approved, has expired, or a newer decision took its place."""

    code = "not_proposed"


class RestsOnOneReport(Conflict):
    """The band hangs on one report, and the decider has not said that they know."""

    code = "rests_on_one_report"

    def __init__(
        self, *, report: Any, named: str, band: str, band_without: str, **details: Any
    ) -> None:
        super().__init__(
            f"Without {named} alone the computed band would be {band_without} instead "
            f"of {band}. Read that report; if you still confirm, say that you know it.",
            field="knows_it_rests_on_one_report",
            band_without=band_without,
            **details,
        )
        self.report = report
        self.band_without = band_without


class OwnAnswer(PermissionDenied):
    """Nobody answers their own challenge."""

    code = "own_answer"


class NotItsAuthor(PermissionDenied):
    """A note is withdrawn by its author alone."""

    code = "not_its_author"


class NoteClosed(InvalidTransition):
    """The note was answered or withdrawn already."""

    code = "note_closed"


class RequirementClosed(InvalidTransition):
    """The question was answered or withdrawn already."""

    code = "requirement_closed"


class NotAskable(AppError):
    """The question would be asked of somebody who may not see the group."""

    code = "not_askable"


class BadDay(AppError):
    """A day to look again or to answer by lies in the past, or too far ahead."""

    code = "bad_day"


class TooManyWatched(AppError):
    """An account watches as much as it can follow."""

    code = "too_many_watched"


class NotWatchable(AppError):
    """The search is one that cannot be watched."""

    code = "not_watchable"


class TooManyPinned(AppError):
    """The dashboards of an account show as many saved searches as they can."""

    code = "too_many_pinned"


class NotPinnable(AppError):
    """The search is one that a dashboard cannot show."""

    code = "not_pinnable"


class SchemesNotLoaded(Exception):
    """The database does not hold the schemes of this code: run `load_schemes`."""


class SchemeWasEdited(Exception):
    """A published scheme no longer has the digest under which it was loaded."""


class OwnFirstScore(PermissionDenied):
    """Nobody scores a second time what they judged, submitted or decided on."""

    code = "own_first_score"


class AnotherRegion(PermissionDenied):
    """A second score is made within the region of the group."""

    code = "another_region"


class AlreadyScored(InvalidTransition):
    """The drawn group has its second score."""

    code = "already_scored"


class Overtaken(InvalidTransition):
    """The group was submitted anew after the submission that was drawn."""

    code = "overtaken"

    def __init__(self) -> None:
        super().__init__(
            "This group was submitted anew since it was drawn, so what was drawn is no "
            "longer its first score. Nothing is left to do."
        )


class NotBegun(InvalidTransition):
    """The second score was not begun, or so long ago that it is not waited for."""

    code = "not_begun"

    def __init__(self) -> None:
        super().__init__(
            "You have not begun to score this group, or so long ago that it is no longer "
            "waited for. Begin again: what you see until you hand it in is shut anew."
        )


class BlindUntilHandedIn(PermissionDenied):
    """The score of a group is shut while its reader scores it a second time."""

    code = "blind_until_handed_in"

    def __init__(self) -> None:
        super().__init__(
            "You are scoring this group a second time, so its score, band and judgements "
            "are shut until you hand in yours. Nothing else is shut."
        )


class AlreadyAnswered(Conflict):
    """An account scores a version of a pack once."""

    code = "already_answered"

    def __init__(self) -> None:
        super().__init__(
            "You scored this pack before, and a pack is scored once. Your answers stand "
            "beside what others said."
        )


class VersionWasEdited(Conflict):
    """The file says otherwise than when its version was loaded."""

    code = "version_was_edited"


class NotComparable(AppError):
    """The two versions are not two versions of the primary scheme."""

    code = "not_comparable"


class AlreadyComparing(Conflict):
    """A comparison of this person is still under way."""

    code = "already_comparing"


class NoLongerTheirs(AppError):
    """The person is no longer of the organisation whose scope they asked for."""

    code = "no_longer_theirs"


class NotAdoptable(InvalidTransition):
    """The version is adopted already, or its day has come."""

    code = "not_adoptable"
