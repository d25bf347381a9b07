"""What can go wrong in scoring, worded for whoever must act on it."""

from ocgmap.common.errors import AppError


class UnknownScope(AppError):
    """The picture was asked for a place that is none."""

    code = "unknown_scope"


class UnknownFilter(AppError):
    """The picture was asked for a code that is not in its table, or a day to come."""

    code = "unknown_filter"


class UnknownBand(AppError):
    """The band is none of the primary scheme's."""

    code = "unknown_band"


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
