"""What can be wrong with intelligence as it is handed in, worded for the officer."""

from ocgmap.common.errors import AppError, InvalidTransition, PermissionDenied


class Refused(AppError):
    """A field breaks a rule; the message names the rule and the cure."""

    code = "refused"

    def __init__(self, field: str, rule: str, cure: str) -> None:
        super().__init__(f"{rule} {cure}", field=field, rule=rule, cure=cure)


class UnknownReference(Refused):
    """A reference leads nowhere; absent and hidden records get this one answer."""

    code = "unknown_reference"


class DuplicateReference(Refused):
    """The owner's own reference already stands on a report that this person sees."""

    code = "duplicate_reference"


class UnknownAttribute(Refused):
    """The attribute or its level is not one of the catalogue's."""

    code = "unknown_attribute"


class OwnReport(PermissionDenied):
    """Nobody assures what they submitted themselves."""

    code = "own_report"

    def __init__(self) -> None:
        super().__init__(
            "You submitted this report yourself, so someone else must assure it. Ask "
            "another assurer of your organisation or region."
        )


class OnLegalHold(InvalidTransition):
    """Nothing on legal hold is disposed of."""

    code = "on_legal_hold"

    def __init__(self) -> None:
        super().__init__(
            "The record is on legal hold and is kept whatever else is said. Take it off "
            "legal hold first, if the case allows it.",
            field="reason",
        )


class HeldWithAnother(InvalidTransition):
    """What hangs on the record hangs on one that is on legal hold, too."""

    code = "held_with_another"

    def __init__(self) -> None:
        super().__init__(
            "What is recorded of this record is part of another that is on legal hold, "
            "and would go with this one. The other is not named here, since not everyone "
            "may see it. Decide on this record when that case is over; the list of reviews "
            "shows the holds of your organisation that you may see.",
            field="reason",
        )


class SweepFailed(Exception):
    """Some groups keep a sharing whose time is over; the log says of each why."""

    def __init__(self, groups: list[int]) -> None:
        super().__init__(f"{len(groups)} groups stayed as they were: {groups[:20]}")
        self.groups = groups
