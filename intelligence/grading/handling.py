"""Conditions of handling: who may receive a report, and how widely it may be shared.

A condition caps the sharing options that a form may offer. The conditions and their
caps are local configuration: the handling codes once published were not found again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from intelligence.grading.codes import Definition, GradeError, Handling, off_scale

NOTE_MAX_LENGTH: Final = 1000


class SharingOption(StrEnum):
    """The four audiences that a form offers, from the narrowest to the widest."""

    OWN_ORGANISATION = "own_organisation"
    FORCE_ROCU_NCA = "force_rocu_nca"
    REGION = "region"
    ALL_FORCES = "all_forces"


class Recipients(StrEnum):
    """Who may receive a report under a condition, from the fewest to the most."""

    ORIGINATOR_ONLY = "originator_only"
    FORCE_ROCU_NCA = "force_rocu_nca"
    REGION = "region"
    UK_LAW_ENFORCEMENT = "uk_law_enforcement"


RECIPIENTS_DEFINITIONS: Final[Mapping[Recipients, Definition]] = MappingProxyType(
    {
        Recipients.ORIGINATOR_ONLY: Definition(
            "originator_only",
            "The originating organisation only",
            "No one outside the organisation that recorded the report may receive it; "
            "refer every request to the originator.",
        ),
        Recipients.FORCE_ROCU_NCA: Definition(
            "force_rocu_nca",
            "The force, its ROCU and the NCA",
            "The originating force, its regional organised crime unit and the National "
            "Crime Agency may receive the report.",
        ),
        Recipients.REGION: Definition(
            "region",
            "Law enforcement in the region",
            "The forces of the originator's region, its regional organised crime unit "
            "and the National Crime Agency may receive the report.",
        ),
        Recipients.UK_LAW_ENFORCEMENT: Definition(
            "uk_law_enforcement",
            "All UK law enforcement",
            "Every UK force, regional organised crime unit and the National Crime "
            "Agency may receive the report, keeping to what the note adds.",
        ),
    }
)

_CAP: Final[Mapping[Recipients, SharingOption]] = MappingProxyType(
    {
        Recipients.ORIGINATOR_ONLY: SharingOption.OWN_ORGANISATION,
        Recipients.FORCE_ROCU_NCA: SharingOption.FORCE_ROCU_NCA,
        Recipients.REGION: SharingOption.REGION,
        Recipients.UK_LAW_ENFORCEMENT: SharingOption.ALL_FORCES,
    }
)


@dataclass(frozen=True, slots=True)
class Condition:
    """The condition that handling C demands: who may receive, and a free note."""

    recipients: Recipients
    note: str = ""

    def as_json(self) -> dict[str, str]:
        """Return the condition for storage; `parse_condition` reads it back."""
        return {"recipients": self.recipients.value, "note": self.note}


def parse_condition(recipients: object, note: object = "") -> Condition:
    """Return the condition for one of the four recipients and a note.

    Raises:
        GradeError: the recipients are not on the list, or the note is no text or
            longer than 1,000 characters.
    """
    if not isinstance(recipients, str) or recipients not in set(Recipients):
        raise off_scale(
            "handling_condition", recipients, RECIPIENTS_DEFINITIONS.values()
        )
    if not isinstance(note, str) or len(note) > NOTE_MAX_LENGTH:
        raise _refused(
            "handling_condition_note",
            f"A note is text of at most {NOTE_MAX_LENGTH:,} characters.",
            "Shorten it; what matters to every reader belongs in the report.",
        )
    return Condition(Recipients(recipients), note.strip())


def check_condition(handling: Handling, condition: Condition | None) -> None:
    """Return when the condition fits the handling code: with C one, with P none.

    Raises:
        GradeError: C without a condition, or P with one.
    """
    if handling is Handling.CONDITIONS and condition is None:
        raise _refused(
            "handling_condition",
            "Handling C needs a condition.",
            "Say who may receive the report, or use handling P.",
        )
    if handling is Handling.PERMITTED and condition is not None:
        raise _refused(
            "handling_condition",
            "Handling P goes without a condition.",
            "Take the condition out, or use handling C.",
        )


def stricter(one: Condition | None, other: Condition | None) -> Condition | None:
    """Return what keeps to both conditions: the fewest recipients, and both notes.

    Raises:
        GradeError: the two notes together are longer than a note may be.
    """
    if one is None or other is None:
        return one or other
    order = list(Recipients)
    recipients = min(one.recipients, other.recipients, key=order.index)
    note = "\n".join(dict.fromkeys(text for text in (one.note, other.note) if text))
    return parse_condition(recipients.value, note)


def sharing_options(
    handling: Handling, condition: Condition | None
) -> tuple[SharingOption, ...]:
    """Return the sharing options that may be offered, from the narrowest.

    Handling P permits all four; handling C as many as its condition's cap.

    Raises:
        GradeError: the condition does not fit the handling code.
    """
    check_condition(handling, condition)
    everything = tuple(SharingOption)
    if condition is None:
        return everything
    return everything[: everything.index(_CAP[condition.recipients]) + 1]


def check_sharing(
    handling: Handling, condition: Condition | None, option: SharingOption
) -> None:
    """Return when the option may be chosen under the handling code and condition.

    Raises:
        GradeError: the option is wider than the condition allows.
    """
    offered = sharing_options(handling, condition)
    if option not in offered:
        names = ", ".join(offered)
        raise _refused(
            "sharing",
            f"{option} is wider than the handling condition allows.",
            f"Choose one of: {names}; or widen the condition.",
        )


def _refused(field: str, rule: str, cure: str) -> GradeError:
    return GradeError(f"{field}: {rule} {cure}", field=field, rule=rule, cure=cure)
