"""What a report must be before it is written: text, dates, reference, period."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Value
from django.db.models.functions import Upper
from django.utils import timezone

from accounts.models import Organisation
from accounts.visibility import Viewer
from intelligence.actions.drafts import ReportDraft
from intelligence.exceptions import DuplicateReference, Refused
from intelligence.models import Report, Return
from ocgmap.common import plain_text
from ocgmap.common.date_fields import EARLIEST, date_text
from ocgmap.common.records import Precision
from ocgmap.common.remembering import remembered, remembered_many
from ocgmap.common.spans import end_of_month, end_of_year

TEXT_MAX_LENGTH = 10_000
ORIGINAL_MAX_LENGTH = 100_000
REFERENCE_MAX_LENGTH = 40


def text(value: str, *, field: str, name: str, longest: int) -> str:
    """Return the text with plain line feeds and no space around it.

    Raises:
        Refused: it is too long, or holds characters of a wrong encoding.
    """
    plain = plain_text.plain(value).strip()
    if len(plain) > longest:
        raise Refused(
            field,
            f"{name} must be {longest:,} characters or fewer; it has {len(plain):,}.",
            "Shorten it.",
        )
    if not plain_text.is_readable(plain):
        raise Refused(field, f"{name} {plain_text.FAULT}", plain_text.CURE)
    return plain


def sanitised_text(draft: ReportDraft) -> str:
    """Return the report's text.

    Raises:
        Refused: it is empty, too long, or not text.
    """
    name = "The sanitised text"
    plain = text(draft.text, field="text", name=name, longest=TEXT_MAX_LENGTH)
    if not plain:
        raise Refused(
            "text",
            f"{name} must be filled in.",
            "Enter what the report says, with nothing in it that shows its source.",
        )
    return plain


def original_text(draft: ReportDraft) -> str:
    """Return the original's text, empty if there is none.

    Raises:
        Refused: it is too long or not text.
    """
    return text(
        draft.original_text,
        field="original_text",
        name="The original text",
        longest=ORIGINAL_MAX_LENGTH,
    )


def dates(draft: ReportDraft) -> date:
    """Return the day on which the report was received, once all dates make sense.

    Raises:
        Refused: a date is missing, in the future, before 1900, or out of order.
    """
    received = draft.received_on
    if received is None:
        raise Refused(
            "received_on",
            "The date received must be filled in.",
            "Enter the day on which the information came in.",
        )
    _in_bounds(received, field="received_on", name="The date received")
    if draft.event_from is not None or draft.event_to is not None:
        _event(draft, received)
    elif draft.event_precision != Precision.UNKNOWN:
        raise Refused(
            "event_precision",
            "An event without a date has the precision “unknown”.",
            "Enter the date, or choose “unknown”.",
        )
    return received


def _in_bounds(day: date, *, field: str, name: str) -> None:
    today = timezone.localdate()
    if day > today:
        raise Refused(
            field,
            f"{name} must not be in the future; {date_text(day)} is.",
            f"Enter {date_text(today)} or an earlier date.",
        )
    if day < EARLIEST:
        raise Refused(
            field,
            f"{name} must not be before {date_text(EARLIEST)}.",
            "Check the year.",
        )


def _event(draft: ReportDraft, received: date) -> None:
    first, last = draft.event_from, draft.event_to
    if first is None or last is None:
        raise Refused(
            "event_from",
            "An event's date has a first and a last day.",
            "Enter both; for an exact day they are the same.",
        )
    if draft.event_precision not in set(Precision) - {Precision.UNKNOWN}:
        raise Refused(
            "event_precision",
            "An event with a date says how exactly the date is known.",
            "Choose day, month, year or circa.",
        )
    if first > last:
        raise Refused(
            "event_to",
            "The event's last day is before its first.",
            "Correct one of them.",
        )
    _in_bounds(first, field="event_from", name="The event date")
    _span(first, last, Precision(draft.event_precision))
    if first > received:
        raise Refused(
            "event_from",
            f"The event cannot come after the report was received, on "
            f"{date_text(received)}.",
            "Correct the event date or the date received.",
        )


def _span(first: date, last: date, precision: Precision) -> None:
    """Raise unless the days are just the span that the precision speaks of.

    A month or a year that is not over yet ends in the future; nothing else does.
    """
    month, year = first.replace(day=1), first.replace(month=1, day=1)
    spans = {
        Precision.DAY: (first, first),
        Precision.MONTH: (month, end_of_month(first)),
        Precision.YEAR: (year, end_of_year(first)),
    }
    if precision == Precision.CIRCA:
        if (first, last) not in spans.values() or first == last:
            _in_bounds(last, field="event_to", name="The event's last day")
    elif (first, last) != spans[precision]:
        raise Refused(
            "event_to",
            f"An event known to the {precision} has the first and the last day of that "
            f"{precision}; {date_text(first)} to {date_text(last)} are others.",
            "Correct the days, or choose “circa” for another span.",
        )


def owner_reference(draft: ReportDraft, *, by: Viewer) -> str:
    """Return the owner's own reference, empty if there is none.

    Only reports that ``by`` may see count as duplicates: the answer must not tell that
    a hidden one exists.

    Raises:
        DuplicateReference: it stands on another report of the owner that counts.
        Refused: it is too long.
    """
    reference = text(
        draft.owner_reference,
        field="owner_reference",
        name="Your own reference",
        longest=REFERENCE_MAX_LENGTH,
    )
    if not reference:
        return ""
    twin = bearers(draft.owner, [reference], by=by).get(reference.casefold())
    if twin:
        raise DuplicateReference(
            "owner_reference",
            f"“{reference}” is already the reference of report {twin}.",
            "Open that report and supersede it, or enter another reference.",
        )
    return reference


def bearers(
    owner: Organisation, references: Iterable[str], *, by: Viewer
) -> dict[str, str]:
    """Return the report, by our reference, that bears each of theirs, case folded.

    Of those that stand and that ``by`` may see. Looked up at once.
    """

    def ask(wanted: list[str]) -> dict[str, str]:
        rows = Report.objects.visible_to(by).standing().filter(owner=owner)
        found = rows.annotate(theirs=Upper("owner_reference")).filter(
            theirs__in=[Upper(Value(one)) for one in wanted]
        )
        borne = found.values_list("owner_reference", "reference")
        return {theirs.casefold(): ours for theirs, ours in borne}

    wanted = [one.casefold() for one in references]
    return remembered_many(("bearer", owner.pk), wanted, ask)


def returned_in(draft: ReportDraft, *, by: Viewer) -> Return | None:
    """Return the return that the report came in, if any.

    Raises:
        Refused: there is no such return of the same owner that ``by`` may see.
    """
    if draft.returned_in is None:
        return None
    pk = draft.returned_in.pk
    rows = Return.objects.visible_to(by).filter(pk=pk, owner=draft.owner)
    found = remembered(("return", pk, draft.owner.pk), rows.first)
    if found is None:
        raise Refused(
            "returned_in",
            "There is no such return of this organisation.",
            "Choose one from the register of returns.",
        )
    return found


def reason(value: str, *, verb: str = "", ask: str = "") -> str:
    """Return the reason for a step; ``verb`` or ``ask`` words the cure.

    Raises:
        Refused: it is empty, too long, or not text.
    """
    plain = text(value, field="reason", name="The reason", longest=2000)
    if not plain:
        raise Refused(
            "reason",
            "The reason must be filled in.",
            ask or f"Say why the report is {verb}: others will rely on it.",
        )
    return plain
