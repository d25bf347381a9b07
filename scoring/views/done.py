"""What we did: the history of the record, submissions, judgements, confirmations."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Exists, F, OuterRef
from django.urls import reverse

from accounts.visibility import Viewer
from groups.former import names_of
from groups.models import CrimeGroup, Transfer
from groups.views import changes
from groups.views.history import group_sources
from intelligence.models import Report
from ocgmap.common.merged import Stream
from scoring.engine import CATALOGUE
from scoring.models import BandDecision, Judgement
from scoring.templatetags.scoring_tags import band_text
from scoring.views.entries import Entry, Source, month_of_moment

LABELS = "label"
KINDS = {
    "record": "Changes of the record",
    LABELS: "Changes of who may see it",
    "transfer": "Transfers",
    "judgement": "Judgements",
    "confirmation": "Confirmed bands",
    "submission": "Submitted reports",
}
_LABEL_TAG = {"text": "Who may see it", "colour": "purple"}


def done(viewer: Viewer, group: CrimeGroup) -> Iterator[Source]:
    """Yield what was done about a group; changes of labels also by themselves."""
    for source in group_sources(viewer, group):
        yield from record_sources(viewer, source)
        yield labels_source(viewer, source)
    mine = Judgement.objects.visible_to(viewer).filter(group=group)
    yield Source(
        "judgement",
        Stream("2judgement", mine.select_related("created_by"), F("decided_at")),
        lambda rows: [_judgement(one, group) for one in rows],
    )
    bands = BandDecision.objects.visible_to(viewer).filter(group=group)
    yield Source(
        "confirmation",
        Stream("2band", bands.select_related("created_by"), F("decided_at")),
        lambda rows: [_confirmation(one, group) for one in rows],
    )
    reports = Report.objects.visible_to(viewer).about([group.pk], viewer)
    yield Source(
        "submission",
        Stream("2report", reports.select_related("created_by"), F("created_at")),
        lambda rows: [_submission(one) for one in rows],
    )


def record_sources(viewer: Viewer, source: changes.Source) -> Iterator[Source]:
    """Yield how the records of a source were made, and how they were changed."""
    model: Any = source.rows.model
    name = model.__name__
    kind = "transfer" if model is Transfer else "record"
    yield Source(
        kind,
        Stream(f"3{name}", source.rows, F("created_at")),
        lambda rows: [_step(changes.made_step(source, row), kind) for row in rows],
    )

    moment = F("pgh_created_at")
    stream = Stream(f"2{name}", source.events(viewer), moment)
    yield Source(kind, stream, _teller(viewer, source, kind))


def labels_source(viewer: Viewer, source: changes.Source) -> Source:
    """Return the changes of who may see the records of a source, and no others."""
    model: Any = source.rows.model
    events = source.events(viewer)
    mine = {"pgh_obj_id": OuterRef("pgh_obj_id"), "version": OuterRef("version") + 1}
    later = events.filter(**mine).exclude(access_class_id=OuterRef("access_class_id"))
    now = source.rows.filter(
        pk=OuterRef("pgh_obj_id"), version=OuterRef("version") + 1
    ).exclude(access_class_id=OuterRef("access_class_id"))
    moved = events.filter(Exists(later) | Exists(now.order_by()))
    stream = Stream(f"2{model.__name__}", moved, F("pgh_created_at"))
    return Source(LABELS, stream, _teller(viewer, source, "record"))


def _teller(
    viewer: Viewer, source: changes.Source, kind: str
) -> Callable[[Sequence[Any]], list[Entry | None]]:
    def changed(events: Sequence[Any]) -> list[Entry | None]:
        steps = changes.changed_steps(viewer, source, events)
        # A step bears the moment of the state that it ended, as its event does.
        by_key = {(step.about.pk, step.version): step for step in steps}
        return [
            _step(step, kind) if step else None
            for step in (
                by_key.get((event.pgh_obj_id, event.version)) for event in events
            )
        ]

    return changed


def _step(step: changes.Step, kind: str) -> Entry:
    is_label = step.touches_label
    return Entry(
        LABELS if is_label else kind,
        step.what,
        month_of_moment(step.at),
        at=step.at,
        tag=_LABEL_TAG if is_label else None,
        step=step,
        records=tuple(changes.records_of(step)),
    )


def _judgement(one: Judgement, group: CrimeGroup) -> Entry:
    attribute = CATALOGUE.get(one.attribute)
    title = attribute.title if attribute else one.attribute
    return _decided(
        one,
        "judgement",
        f"Judged {title}: {one.get_level_display().lower()}",
        one.rationale,
        group,
    )


def _confirmation(one: BandDecision, group: CrimeGroup) -> Entry:
    title = f"Band {band_text(one.band)} confirmed"
    if one.is_override:
        step = "approved" if one.is_settled else "proposed"
        title = f"Override to band {band_text(one.band)} {step}"
    return _decided(one, "confirmation", title, one.reason, group)


def _decided(
    one: Judgement | BandDecision, kind: str, title: str, text: str, group: CrimeGroup
) -> Entry:
    return Entry(
        kind,
        title,
        month_of_moment(one.decided_at),
        at=one.decided_at,
        by=one.created_by.name if one.created_by else "System",
        url=reverse("scoring:score", args=[group.public_id]),
        text=text,
        records=(one,),
    )


def _submission(one: Report) -> Entry:
    return Entry(
        "submission",
        f"Report {one.reference} submitted",
        month_of_moment(one.created_at),
        at=one.created_at,
        by=one.created_by.name if one.created_by else "System",
        url=reverse("intelligence:report", args=[one.public_id]),
        records=(one,),
    )


def with_names(entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries with who took each step of the record. One query at most."""
    names = names_of(one.step.user_id for one in entries if one.step)
    return [
        replace(one, by=names.get(one.step.user_id or 0, "System")) if one.step else one
        for one in entries
    ]
