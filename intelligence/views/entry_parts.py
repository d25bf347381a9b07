"""The parts of the entry of a group: what stands in which, and how far each has come."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import QueryDict

from intelligence.forms.entry import REPORT, EntryForms
from ocgmap.common.forms import ErrorLink, error_links


@dataclass(frozen=True, slots=True)
class RowWords:
    """What a list of rows is called on the page."""

    legend: str
    add_text: str


@dataclass(frozen=True, slots=True)
class Section:
    """One step of the task list, and one part of the long page.

    `fields` are of the group and `report` of its first report; those in `more` fold.
    """

    code: str
    title: str
    hint: str
    fields: tuple[str, ...] = ()
    report: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    needs_report: bool = False

    def holds(self, key: str) -> bool:
        """Return whether a field of the page, as a browser names it, is of this part."""
        names = (*self.of_group, *(f"{REPORT}-{name}" for name in self.of_report))
        of_rows = any(key.startswith(f"{prefix}-") for prefix in self.rows)
        return of_rows or any(_is_of(key, name) for name in names)

    @property
    def of_group(self) -> tuple[str, ...]:
        """Return the fields of the group that stand here, revealed ones too."""
        more = () if self.report else self.more
        return (*self.fields, *more, *_BESIDES.get(self.code, ()))

    @property
    def of_report(self) -> tuple[str, ...]:
        """Return the fields of the report that stand here, revealed ones too."""
        if not self.report:
            return ()
        return (*self.report, *self.more, "recipients", "condition_note")


# Fields inside another field's choice, and the list that fills in members.
_BESIDES: Final[Mapping[str, tuple[str, ...]]] = {
    "handling": ("sharing_reason",),
    "members": ("paste", "paste_category"),
}


def _is_of(key: str, name: str) -> bool:
    """Return whether a key is this field or one box of it, as a date has."""
    boxes = ("day", "month", "year", "precision")
    return key == name or key in {f"{name}_{box}" for box in boxes}


SECTIONS: Final = (
    Section(
        "identity",
        "Identity",
        "What the group is called, and what the record is based on.",
        fields=("owner", "name", "aliases", "rationale"),
        more=("summary", "kind", "owner_reference", "lead_officer"),
        rows=("things",),
    ),
    Section(
        "members",
        "Members",
        "People on record or new ones. A victim or exploited person is never a member: "
        "record them from the group's page.",
        rows=("members",),
    ),
    Section(
        "activity",
        "Activity",
        "What the group does.",
        fields=("predominant_threat",),
        rows=("activities",),
    ),
    Section(
        "geography",
        "Geography",
        "Where it does it.",
        rows=("places",),
    ),
    Section(
        "harm",
        "Harm",
        "What it does to others, as the first report has it.",
        rows=("harm",),
        needs_report=True,
    ),
    Section(
        "scoring",
        "Scoring",
        "The tests, the tier, and how able the group is as the first report has it.",
        fields=("s45_test", "soc_test", "tier", "review_on"),
        rows=("claims",),
    ),
    Section(
        "handling",
        "First report and handling",
        "Who may see all of this, and the graded report that it rests on. Without a text "
        "or a grade, the group is recorded without a report.",
        fields=("sharing", "compartments"),
        report=("text", "received_on", "source_grade", "assessment_grade", "handling"),
        more=(
            "original_text",
            "event",
            "owner_reference",
            "legacy_grade",
            "legacy_source_choice",
        ),
    ),
)
BY_CODE: Final[Mapping[str, Section]] = {one.code: one for one in SECTIONS}
ROW_WORDS: Final[Mapping[str, RowWords]] = {
    "things": RowWords(
        "Number, vehicle or address", "Add a number, vehicle or address"
    ),
    "members": RowWords("Member", "Add another member"),
    "activities": RowWords("Activity", "Add an activity"),
    "places": RowWords("Place", "Add a place"),
    "harm": RowWords("Harm", "Add a level of harm"),
    "claims": RowWords("Attribute", "Add a level of another attribute"),
}


def sections_for(forms: EntryForms) -> list[Section]:
    """Return the parts that the viewer fills in: without reports, some are not."""
    return [one for one in SECTIONS if forms.report is not None or not one.needs_report]


def shown(section: Section, forms: EntryForms) -> dict[str, Any]:
    """Return one part as the page shows it: fields, folded fields, lists of rows."""
    fields = _bound(forms.main, section.fields)
    more = _bound(forms.main if not section.report else forms.report, section.more)
    report = _bound(forms.report, section.report)
    return {
        "code": section.code,
        "title": section.title,
        "hint": section.hint,
        "fields": fields,
        "report": report,
        "more": more,
        "more_title": "More of the report" if section.report else "More of the group",
        "is_more_open": any(one.errors or _is_typed(one, forms) for one in more),
        "lists": [
            {
                "formset": forms.rows[prefix],
                "words": ROW_WORDS[prefix],
                "prefix": prefix,
            }
            for prefix in section.rows
            if prefix in forms.rows
        ],
    }


def _bound(form: Any, names: tuple[str, ...]) -> list[Any]:
    return [form[name] for name in names if form is not None and name in form.fields]


def _is_typed(bound: Any, forms: EntryForms) -> bool:
    return any(
        values not in ([""], forms.first.get(key))
        for key, values in forms.data.lists()
        if _is_of(key, bound.html_name)
    )


def is_begun(section: Section, forms: EntryForms, typed: QueryDict) -> bool:
    """Return whether anything of the part was typed that the page did not offer."""
    return any(
        section.holds(key)
        and not key.endswith(("-TOTAL_FORMS", "-INITIAL_FORMS", "-MAX_NUM_FORMS"))
        and not key.endswith(("-MIN_NUM_FORMS", "-country", "-activity", "-standing"))
        and values not in ([""], forms.first.get(key))
        for key, values in typed.lists()
    )


def links_of(
    section: Section, forms: EntryForms, address: Callable[[Section], str] | None = None
) -> list[dict[str, str]]:
    """Return the lines of the error summary for one part; with their page's address."""
    names = set(section.of_group)
    found = []
    for form, own in ((forms.main, names), (forms.report, set(section.of_report))):
        if form is not None:
            found += [
                one for one in error_links(form) if _anchors(form, own, one.anchor)
            ]
    for prefix in section.rows:
        if prefix in forms.rows:
            found += _row_links(forms.rows[prefix], ROW_WORDS[prefix].legend)
    page = address(section) if address else ""
    return [
        {"message": one.message, "anchor": one.anchor, "url": f"{page}#{one.anchor}"}
        for one in found
    ]


def _row_links(formset: Any, legend: str) -> list[ErrorLink]:
    """Return the lines of a list of rows; each names its row, since rows look alike."""
    found = [ErrorLink(str(text)) for text in formset.non_form_errors()]
    for number, row in enumerate(formset.forms, start=1):
        found += [
            ErrorLink(f"{legend} {number}: {one.message}", one.anchor)
            for one in error_links(row)
        ]
    return found


def _anchors(form: Any, names: set[str], anchor: str) -> bool:
    return any(
        anchor == getattr(form[name], "anchor", "")
        for name in names
        if name in form.fields
    )


def all_links(
    forms: EntryForms, address: Callable[[Section], str] | None = None
) -> list[dict[str, str]]:
    """Return the lines of the error summary for the whole, in the order of the page."""
    general = [
        {"message": str(text), "anchor": "", "url": ""}
        for form in (forms.main, forms.report)
        if form is not None
        for text in form.non_field_errors()
    ]
    parts = [links_of(one, forms, address) for one in sections_for(forms)]
    return [*general, *(link for part in parts for link in part)]
