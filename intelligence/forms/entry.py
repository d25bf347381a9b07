"""The entry of a group as one whole: what was typed, judged and turned into a recording.

Always bound: to what was typed so far, and where nothing was, to what the page offers
first. So the long page, each step and the check of the answers show one and the same.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django import forms
from django.forms import formset_factory
from django.http import QueryDict
from django.utils import timezone

from accounts.roles import Right
from accounts.visibility import Viewer
from groups.actions.records import Telling
from groups.forms.groups import GroupForm
from groups.likeness import Sought
from intelligence.actions.drafts import ReportDraft
from intelligence.actions.recordings import ActivityEntry, Fault, GroupRecording
from intelligence.forms.entry_report import FirstReportForm
from intelligence.forms.entry_rows import (
    HARM,
    EntryActivity,
    EntryClaim,
    EntryMember,
    EntryPlace,
    EntryThing,
    decide_on_lines,
)
from intelligence.models import Attribute
from ocgmap.common.form_rows import unjudged
from ocgmap.common.forms import LongTextField

REPORT = "report"
MOST_MEMBERS: Final = 50
_ROWS: Final[Mapping[str, tuple[type[Any], int]]] = {
    "things": (EntryThing, 20),
    "members": (EntryMember, MOST_MEMBERS),
    "activities": (EntryActivity, 20),
    "places": (EntryPlace, 40),
    "harm": (EntryClaim, len(HARM)),
    "claims": (EntryClaim, 40),
}
# What the first row of each list is shown for at once.
_FIRST: Final[Mapping[str, int]] = {"members": 1}


class IdentityForm(GroupForm):
    """A new group, with its other names."""

    aliases = LongTextField(
        label="Other names",
        help_text="Enter one per line.",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": "2"}),
    )

    def clean(self) -> dict[str, Any]:
        """Make the other names a list."""
        values = super().clean()
        lines = [" ".join(one.split()) for one in values.get("aliases", "").split("\n")]
        values["aliases"] = list(dict.fromkeys(one for one in lines if one))
        return values


class EntryForms:
    """All the forms of one entry, bound to what was typed."""

    def __init__(self, viewer: Viewer, typed: QueryDict) -> None:
        self.viewer = viewer
        self.main = IdentityForm(viewer=viewer)
        self.first = _first_values(self.main)
        data = typed.copy()
        for name, values in self.first.items():
            if name not in data:
                data.setlist(name, values)
        _fill_in_rows(data)
        self.data = data
        self.main.data, self.main.is_bound = data, True
        self.report = (
            FirstReportForm(data, by=viewer, prefix=REPORT)
            if viewer.has(Right.GRADE)
            else None
        )
        self.rows = {prefix: self._formset(prefix) for prefix in self._prefixes()}
        decide_on_lines(self.rows["members"])

    def _prefixes(self) -> Iterable[str]:
        return [
            p for p in _ROWS if self.report is not None or p not in {"harm", "claims"}
        ]

    def _formset(self, prefix: str) -> Any:
        form, most = _ROWS[prefix]
        kwargs: dict[str, Any] = {"viewer": self.viewer}
        if form is EntryClaim:
            kwargs = {"attributes": self._attributes(prefix)}
        made: Any = formset_factory(
            form, extra=0, max_num=most, absolute_max=most + 20, validate_max=True
        )
        return made(
            self.data,
            prefix=prefix,
            form_kwargs=kwargs,
            error_messages={
                "too_many_forms": f"Enter at most {most} at once. Record these first, "
                "then add the others from the group's page."
            },
        )

    def _attributes(self, prefix: str) -> list[tuple[str, str]]:
        if not hasattr(self, "_catalogue"):
            self._catalogue = list(Attribute.objects.values_list("key", "title"))
        is_harm = prefix == "harm"
        return [one for one in self._catalogue if (one[0] in HARM) is is_harm]

    @property
    def parts(self) -> list[Any]:
        """Return every form and list of rows, in the order of the page."""
        found: list[Any] = [self.main, *self.rows.values()]
        return [*found, self.report] if self.report is not None else found

    def unjudged(self) -> None:
        """Show what was typed without any error."""
        unjudged(*self.parts)

    def filled(self, prefix: str) -> list[Any]:
        """Return the rows in which anything was typed."""
        formset = self.rows.get(prefix)
        if formset is None:
            return []
        return [form for form in formset.forms if form.has_changed()]

    def is_valid(self) -> bool:
        """Return whether every part is right by itself and they fit each other."""
        # Every part is judged, so that all errors show at once.
        right = [one.is_valid() for one in self.parts]
        self._check_basis()
        self._check_places()
        self._check_claims()
        return all(right) and all(one.is_valid() for one in self.parts)

    def _check_basis(self) -> None:
        needed = any(self.filled(one) for one in ("things", "members", "activities"))
        values = self.main.cleaned_data
        if "rationale" not in values or values["rationale"].strip():
            return
        if needed or values.get("aliases"):
            self.main.add_error(
                "rationale",
                "Enter what the members, names, things and activities are recorded on.",
            )

    def _check_places(self) -> None:
        count = len(self.filled("activities"))
        for row in self.filled("places"):
            if row.cleaned_data.get("activity", 1) > count:
                row.add_error(
                    "activity",
                    "A place belongs to an activity, and there is none with this "
                    "number. Enter the activity first, or correct the number.",
                )

    def _check_claims(self) -> None:
        claimed = bool(self.filled("harm") or self.filled("claims"))
        if self.report is not None and claimed and not self.report.is_wanted:
            self.report.add_error(
                "text",
                "A level rests on a report. Enter the first report, or take the levels "
                "of harm and scoring out.",
            )

    def recording(self) -> GroupRecording:
        """Return everything that was said, as the action takes it; all is valid."""
        said = self.main.said()
        told = Telling(rationale=said["rationale"])
        claims = [
            row.claim()
            for prefix in ("harm", "claims")
            for row in self.filled(prefix)
            if not row.is_empty
        ]
        return GroupRecording(
            entry=said,  # type: ignore[arg-type]
            aliases=self.main.cleaned_data["aliases"],
            things=[row.thing() for row in self.filled("things")],
            members=[row.entry(told) for row in self.filled("members")],
            activities=self._activities(),
            report=self._report(said),
            claims=claims,
        )

    def _activities(self) -> list[ActivityEntry]:
        places = self.filled("places")
        return [
            ActivityEntry(
                **row.given("threat_type", "offence", "modus"),
                places=[
                    one.place()
                    for one in places
                    if one.cleaned_data["activity"] == number
                ],
            )
            for number, row in enumerate(self.filled("activities"), start=1)
        ]

    def _report(self, said: Mapping[str, Any]) -> ReportDraft | None:
        if self.report is None or not self.report.is_wanted:
            return None
        return self.report.report(
            owner=said["owner"],
            sharing=said["sharing"],
            sharing_reason=said["sharing_reason"],
            compartments=list(said["compartments"]),
        )

    def group_sought(self) -> Sought:
        """Return what tells whether the group is on record already."""
        said = self.main.cleaned_data
        reference = said.get("owner_reference", "")
        return Sought(
            names=(said["name"], *said["aliases"]),
            references=(reference,) if reference else (),
            identifiers=tuple(row.thing().value for row in self.filled("things")),
        )

    def refuse(self, faults: Iterable[Fault]) -> None:
        """Show what the actions refused beside the fields that it is about."""
        for fault in faults:
            self._place_of(fault).refuse(fault.error)

    def _place_of(self, fault: Fault) -> Any:
        if fault.part == REPORT and self.report is not None:
            is_own = fault.error.field in {"sharing", "sharing_reason", "compartments"}
            return self.main if is_own else self.report
        if fault.part == "aliases":
            fault.error.field = "aliases"
            return self.main
        rows = self.filled(fault.part)
        if fault.part == "activities" and "row" in fault.error.details:
            places = [
                one
                for one in self.filled("places")
                if one.cleaned_data.get("activity") == fault.row + 1
            ]
            return places[fault.error.details["row"]]
        return rows[fault.row] if fault.row < len(rows) else self.main


def _fill_in_rows(data: QueryDict) -> None:
    """Put what each row offers first where the row was not sent yet.

    Else a browser would show, and send, the first of a list of choices.
    """
    for prefix, (form, most) in _ROWS.items():
        total = data.get(f"{prefix}-TOTAL_FORMS", "")
        count = min(int(total), most) if total.isdecimal() and len(total) < 4 else 0
        offered = {
            name: str(field.initial)
            for name, field in form.base_fields.items()
            if field.initial not in (None, "")
        }
        for row in range(count):
            for name, value in offered.items():
                data.setdefault(f"{prefix}-{row}-{name}", value)


def _first_values(main: IdentityForm) -> dict[str, list[str]]:
    """Return what the page offers where nothing was typed yet, as a browser sends it."""
    today = timezone.localdate()
    found = {
        name: [str(value)]
        for name in main.fields
        if isinstance(value := main[name].initial, str) and value
    }
    for part in ("day", "month", "year"):
        found[f"{REPORT}-received_on_{part}"] = [str(getattr(today, part))]
    for prefix in _ROWS:
        found[f"{prefix}-TOTAL_FORMS"] = [str(_FIRST.get(prefix, 0))]
        found[f"{prefix}-INITIAL_FORMS"] = ["0"]
        found[f"{prefix}-MAX_NUM_FORMS"] = [str(_ROWS[prefix][1])]
    return found
