"""What stands on the paper of a group, and which records that is."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch

from accounts.actions.labels import labels_of
from accounts.models import Tag
from accounts.visibility import Viewer
from groups.models import (
    Activity,
    ActivityPlace,
    ActivityQuantity,
    CrimeGroup,
    GroupAlias,
    GroupThreat,
    Involvement,
    Membership,
    Nominal,
)
from groups.models.crime_group import ActivityStatus, RecordState
from groups.models.participation import SAFEGUARDED
from groups.views import cards
from groups.views.activity_cards import activity_card
from groups.views.cards import period
from intelligence.models import Report
from intelligence.models.report import ReportState
from intelligence.views.cells import event_text, grade_code
from ocgmap.common.date_fields import date_text
from ocgmap.common.records import ProtectedRecord
from ocgmap.common.templatetags.govuk import marking
from scoring import picture
from scoring.scores import ScoreView, score_of
from scoring.templatetags.scoring_tags import band_badge
from scoring.views.figure_tables import Cell
from scoring.views.note_rows import NOTE_HEAD, note_row, notes_of, shown_with
from scoring.views.score import factor_row
from scoring.views.timeline import entries_of, months

# What a paper holds at most of each; it says so where there is more.
MOST_PEOPLE = 200
MOST_REPORTS = 50
MOST_ENTRIES = 60
MOST_NOTES = 30
Table = dict[str, Any]


@dataclass(slots=True)
class Content:
    """The sections of the paper; `records` and `class_ids` are of all that is shown.

    `cut` names the sections that hold only the first of what there is.
    """

    facts: list[Cell] = field(default_factory=list)
    members: Table = field(default_factory=dict)
    victims: Table = field(default_factory=dict)
    others: Table = field(default_factory=dict)
    activities: list[Cell] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    report_rows: list[Cell] = field(default_factory=list)
    numbers: list[Cell] = field(default_factory=list)
    scheme: dict[str, Any] = field(default_factory=dict)
    notes: Table = field(default_factory=dict)
    bands: Table = field(default_factory=dict)
    months: list[Cell] = field(default_factory=list)
    cut: list[str] = field(default_factory=list)
    records: list[ProtectedRecord] = field(default_factory=list)
    class_ids: set[int] = field(default_factory=set)

    def show(self, records: Iterable[ProtectedRecord]) -> None:
        """Note that these records are on the paper."""
        for one in records:
            self.records.append(one)
            self.class_ids.add(one.access_class_id)

    def first(self, rows: Any, most: int, what: str) -> list[Any]:
        """Return the first of the rows, and note whether there are more."""
        found = list(rows[: most + 1])
        if len(found) > most:
            self.cut.append(f"{what}: the first {most} only")
        self.show(found[:most])
        return found[:most]


def content_of(by: Viewer, group: CrimeGroup) -> Content:
    """Return all that the paper shows of a group, as ``by`` may see it."""
    paper = Content()
    paper.show([group])
    _summary(paper, by, group)
    _people(paper, by, group)
    _activity(paper, by, group)
    _intelligence(paper, by, group)
    _score(paper, by, group)
    _notes(paper, by, group)
    entries, following = entries_of(
        by, group, picture.moment_of(None), {"what": "happened"}, size=MOST_ENTRIES
    )
    if following:
        paper.cut.append(f"Timeline: the newest {MOST_ENTRIES} only")
    kept_in = _restricted(row for one in entries for row in one.records)
    entries = [
        one
        for one in entries
        if all(map(_may_be_printed, one.records))
        and kept_in.isdisjoint(map(_person_id, one.records))
    ]
    paper.show(row for one in entries for row in one.records)
    paper.months = months(entries)
    return paper


def _restricted(records: Iterable[Any]) -> frozenset[int | None]:
    """Return the ids of the people among these whose records are not printed. One query."""
    people = {pk for one in records if (pk := _person_id(one)) is not None}
    rows = Nominal.objects.filter(pk__in=people).exclude(restriction_ground="")
    return frozenset(rows.values_list("pk", flat=True))


def _person_id(record: Any) -> int | None:
    """Return the id of the person that a record is, or is about."""
    return (
        record.pk
        if isinstance(record, Nominal)
        else getattr(record, "nominal_id", None)
    )


def _may_be_printed(record: Any) -> bool:
    """Return whether a record may stand on paper: a report that waits may not."""
    return not isinstance(record, Report) or record.state not in {
        ReportState.AWAITING,
        ReportState.RETURNED,
    }


def _whole(by: Viewer, group: CrimeGroup) -> Any:
    """Return the group and the records that were merged into it, for a condition."""
    return CrimeGroup.objects.visible_to(by).whole(group.pk)


def _summary(paper: Content, by: Viewer, group: CrimeGroup) -> None:
    rows = GroupThreat.objects.visible_to(by).filter(
        group__in=_whole(by, group), to_on=None
    )
    threats = list(rows.select_related("threat_type").order_by("-is_predominant", "pk"))
    aliases = GroupAlias.objects.visible_to(by).filter(group__in=_whole(by, group))
    names = list(aliases.order_by("pk"))
    paper.show([*threats, *names])
    paper.facts = [
        cards.row("Reference", group.reference),
        cards.row("Kind", group.get_kind_display()),
        cards.row("Owner", group.owner.name),
        cards.row("Other names", ", ".join(one.name for one in names) or "None"),
        cards.row("Threats", ", ".join(one.threat_type.name for one in threats)),
        cards.row("Tier", group.get_tier_display()),
        cards.row("Record", group.get_record_state_display()),
        cards.row("Activity status", group.get_activity_status_display()),
        cards.row("Lead officer", group.lead_officer),
        cards.row("Organised crime group in law", group.get_s45_test_display()),
        cards.row("Review by", cards.date_cell(group.review_on)),
        cards.row("Summary", group.summary or "None recorded"),
    ]


def _people(paper: Content, by: Viewer, group: CrimeGroup) -> None:
    """Put members and others down by name, those who were harmed by reference alone."""
    standing = [_open(model, by, group) for model in (Membership, Involvement)]
    if any(rows.exclude(nominal__restriction_ground="").exists() for rows in standing):
        paper.cut.append(
            "People: those whose processing is restricted are left out (Data Protection "
            "Act 2018, sections 46 and 47)"
        )
    free = [rows.filter(nominal__restriction_ground="") for rows in standing]
    members = paper.first(free[0], MOST_PEOPLE, "Members")
    involved = paper.first(free[1], MOST_PEOPLE, "Others involved")
    paper.show(row.nominal for row in (*members, *involved))
    handling = _handling([*members, *involved])

    def table(first: str, rows: list[list[str]]) -> Table:
        heads = (first, "As", "When", "Category", "Handling")
        return {
            "head": [{"text": text} for text in heads],
            "rows": [[{"text": text} for text in row] for row in rows],
        }

    def row(one: Any, name: str, role: str) -> list[str]:
        category = str(one.get_dpa_category_display())
        return [name, role, period(one), category, handling[one.access_class_id]]

    paper.members = table(
        "Member",
        [row(one, _named(one), str(one.get_standing_display())) for one in members],
    )
    harmed = [one for one in involved if one.kind in SAFEGUARDED]
    paper.victims = table(
        "Reference",
        [
            row(one, one.nominal.reference, str(one.get_kind_display()))
            for one in harmed
        ],
    )
    paper.others = table(
        "Person",
        [
            row(one, _named(one), str(one.get_kind_display()))
            for one in involved
            if one.kind not in SAFEGUARDED
        ],
    )


def _open(model: Any, by: Viewer, group: CrimeGroup) -> Any:
    rows = model.objects.visible_to(by).filter(group__in=_whole(by, group)).open()
    return rows.select_related("nominal").order_by("pk")


def _named(one: Membership | Involvement) -> str:
    return f"{one.nominal.display_name} ({one.nominal.reference})"


def _handling(rows: Iterable[ProtectedRecord]) -> dict[int, str]:
    """Return marking and audience of each label among the rows. Two queries."""
    labels = labels_of(row.access_class_id for row in rows)
    names = dict(
        Tag.objects.filter(
            pk__in={tag for label in labels.values() for tag in label.requires}
        ).values_list("pk", "name")
    )
    return {
        key: "; ".join(
            [marking(label.marking), *sorted(names[tag] for tag in label.requires)]
        )
        for key, label in labels.items()
    }


def _activity(paper: Content, by: Viewer, group: CrimeGroup) -> None:
    places = ActivityPlace.objects.visible_to(by).select_related("area").order_by("pk")
    amounts = ActivityQuantity.objects.visible_to(by).order_by("pk")
    rows = list(
        Activity.objects.visible_to(by)
        .filter(group__in=_whole(by, group))
        .select_related("group", "threat_type", "offence", "asserted_by")
        .prefetch_related(Prefetch("places", places), Prefetch("quantities", amounts))
        .order_by("to_on", "pk")
    )
    for one in rows:
        paper.show([one, *one.places.all(), *one.quantities.all()])
    paper.activities = [activity_card(group, one, editable=()) for one in rows]


def _intelligence(paper: Content, by: Viewer, group: CrimeGroup) -> None:
    """Put down the sanitised text of the reports that count; never an original."""
    rows = Report.objects.visible_to(by).counting().about([group.pk], by)
    found = rows.select_related("owner").order_by("-received_on", "-pk")
    paper.reports = paper.first(found, MOST_REPORTS, "Intelligence")
    paper.report_rows = [
        {
            "reference": one.reference,
            "grade": grade_code(one),
            "owner": one.owner.short_name,
            "received": date_text(one.received_on),
            "event": event_text(one),
            "text": one.text,
        }
        for one in paper.reports
    ]


def _notes(paper: Content, by: Viewer, group: CrimeGroup) -> None:
    """Add what speaks against the score, what it takes for granted, what else may be."""
    rows = notes_of(by).filter(group=group).order_by("-id")
    found = paper.first(rows, MOST_NOTES, "Challenges, assumptions and alternatives")
    paper.show(shown_with(found))
    paper.notes = {
        "head": NOTE_HEAD[:-1],
        "rows": [note_row(by, one)[:-1] for one in found],
    }


def _score(paper: Content, by: Viewer, group: CrimeGroup) -> None:
    if group.merged_into_id is not None:
        return
    view = score_of(by, group)
    for factor in view.factors:
        paper.show([*factor.reports, *([factor.judgement] if factor.judgement else ())])
    paper.show([view.confirmed] if view.confirmed else ())
    paper.numbers = [{"key": key, "value": value} for key, value in _numbers(view)]
    paper.scheme = {
        "title": view.scheme.title,
        "version": view.scheme.version,
        "run_at": view.computed_at,
        "standing": view.scheme.standing,
        "factors": [factor_row(one, group, may_judge=False) for one in view.factors],
    }
    spells = picture.band_history(by, group)
    paper.class_ids.update(one.line.access_class_id for one in spells)
    heads = ("From", "Until", "Computed", "Confirmed", "Record", "Scheme version")
    paper.bands = {
        "head": [{"text": text} for text in heads],
        "rows": [_spell(one) for one in spells],
    }


def _numbers(view: ScoreView) -> list[tuple[str, Cell]]:
    result, held = view.result, view.confirmed
    confirmed: Cell = {"text": "Not confirmed"}
    if held is not None:
        confirmed = {"band": band_badge(held.band, "confirmed")}
    return [
        ("Computed band", {"band": band_badge(view.computed_band, "advisory")}),
        ("Confirmed band", confirmed),
        ("Value", {"text": str(result.value)}),
        ("Interval", {"text": f"{result.low} to {result.high}"}),
        (
            "Not known",
            {"text": f"{result.unknown_count} of {result.attribute_count} attributes"},
        ),
    ]


def _spell(one: picture.BandSpell) -> list[Cell]:
    line = one.line
    state = str(RecordState(line.record_state).label)
    status = str(ActivityStatus(line.activity_status).label)
    confirmed = line.confirmed_band
    return [
        {"time": one.since},
        {"time": one.until} if one.until else {"text": "Now"},
        {"band": band_badge(line.computed_band, is_short=True)},
        {"band": band_badge(confirmed, is_short=True)} if confirmed else {"text": "–"},
        {"text": f"{state}, {status.lower()}"},
        {"text": str(line.scheme_version)},
    ]
