"""Why one sees a record, who else does, and the pages that change it."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.actions.holders import (
    Held,
    how_held,
    organisations_holding,
    people_named,
    people_seeing,
)
from accounts.actions.labels import desks
from accounts.models import Tag
from accounts.permissions import can
from accounts.step_up import StepUpRequired
from accounts.visibility import Marking, Viewer
from groups.forms.fields import RecordForm, sharing_of
from groups.permissions import check_can_edit
from groups.views.finding import found, reader, record_shown
from groups.views.form_page import FormPage
from intelligence.actions import sharing
from intelligence.forms.sharing import ChangeSharingForm, DecisionForm, SendUpForm
from intelligence.models import SharingChange
from intelligence.models.sharing_change import SharingStep
from intelligence.views.cells import Cell
from intelligence.views.retention import KINDS
from ocgmap.common.date_fields import date_text
from ocgmap.common.keyset import Order, page_of
from ocgmap.common.parameters import check_parameters
from ocgmap.common.records import TopRecord

PAGE_SIZE = 25
MOST_PEOPLE = 200
_HELD_HEAD = ("What is required", "Sort", "How you hold it")
_WAITING_HEAD = ("Record", "What it is", "What", "Why", "Until", "Proposed", "Action")


@require_safe
def sharing_page(request: HttpRequest, kind: str, public_id: Any) -> HttpResponse:
    """Show by what the reader sees a record; to its owner, who else does."""
    by = reader(request)
    record = _record(by, kind, public_id)
    may_edit = can(check_can_edit, by, record)
    changes = _standing(by, record)
    record_shown([record, *changes])
    context = {
        **_named(kind, record),
        "held_head": [{"text": text} for text in _HELD_HEAD],
        "held": [_held_row(one) for one in how_held(by, record.access_class.label)],
        "marking": Marking(record.access_class.marking).label,
        "clearance": Marking(by.clearance).label,
        "may_edit": may_edit,
        "desks": desks() if may_edit else [],
        "changes": [
            (one, words_of([one])[one.pk], _steps_of(by, kind, one)) for one in changes
        ],
        **(_others(record) if may_edit else {}),
    }
    return render(request, "intelligence/sharing.html", context)


def _record(by: Viewer, kind: str, public_id: Any) -> TopRecord:
    rows = KINDS[kind].model.objects.visible_to(by)
    record: TopRecord = found(rows.select_related("owner", "access_class"), public_id)
    return record


def _named(kind: str, record: TopRecord) -> dict[str, Any]:
    """Return what the pages call a record, and where each of them stands."""
    wanted = KINDS[kind]
    cell = wanted.cell(record)
    here = [kind, record.public_id]
    return {
        "record": record,
        "reference": cell["text"],
        "record_url": cell.get("url", ""),
        "named": wanted.named(record),
        "change_url": reverse("intelligence:change_sharing", args=here),
        "send_up_url": reverse("intelligence:send_up", args=here),
    }


def _standing(by: Viewer, record: TopRecord) -> list[SharingChange]:
    rows = SharingChange.objects.visible_to(by).of(record)
    standing = rows.waiting() | rows.own_only()
    return list(standing.select_related("to_class").order_by("id"))


def words_of(changes: Sequence[SharingChange]) -> dict[int, str]:
    """Return what each change is, in words, by its key. One query.

    Whoever sees the change holds every compartment that it names.
    """
    wanted = {tag for one in changes for tag in one.to_class.requires}
    names = dict(Tag.objects.filter(pk__in=wanted).values_list("pk", "name"))
    found = {}
    for one in changes:
        to = ", ".join(names[tag] for tag in one.to_class.requires)
        way = "then shared with" if one.step == SharingStep.OWN_ONLY else "with"
        found[one.pk] = f"{one.get_step_display()}, {way} {to}"
    return found


def _held_row(one: Held) -> list[Cell]:
    how = "By your organisation" if one.by_organisation else "In your own name"
    until = f", until {date_text(one.until)}" if one.until else ""
    return [
        {"text": one.tag.name},
        {"text": one.tag.get_kind_display()},
        {"text": f"{how}{until}"},
    ]


def _others(record: TopRecord) -> dict[str, Any]:
    """Return who else sees a record, for its owner: who holds all that it requires."""
    label = record.access_class.label
    own = people_seeing(label, record.owner_id)
    return {
        "organisations": organisations_holding(label),
        "own_people": own[:MOST_PEOPLE],
        "own_count": len(own),
        "named_people": [
            one for one in people_named(label) if one.organisation_id != record.owner_id
        ],
    }


class SharingPage(StepUpRequired, FormPage):
    """A form about who may see one record."""

    form_class: ClassVar[type[RecordForm]] = DecisionForm
    kind: str
    record: TopRecord

    def prepare(self, **kwargs: Any) -> None:
        """Find the record; refuse those who may not change it."""
        self.kind = kwargs["kind"]
        self.record = _record(self.viewer, self.kind, kwargs["public_id"])
        self.check(**kwargs)
        record_shown([self.record])
        named = KINDS[self.kind].named(self.record)
        self.caption = f"{KINDS[self.kind].cell(self.record)['text']}: {named}"
        self.back = reverse(
            "intelligence:sharing", args=[self.kind, self.record.public_id]
        )

    def check(self, **kwargs: Any) -> None:
        """Raise unless the viewer may take the step that the page is for."""
        check_can_edit(self.viewer, self.record)

    def subject(self) -> Any:
        """Return the record."""
        return self.record


class ChangeSharing(SharingPage):
    """Change who may see a record."""

    title = "Change who may see this record"
    button = "Change it"
    done = "Who may see it is changed"
    form_class = ChangeSharingForm
    note = (
        "What lets nobody see more stands at once, with all that hangs on the record. "
        "Wider sharing waits for a second person, and so does “My organisation only” for "
        "a group that was so within 90 days. Facts recorded so far stay as strict."
    )

    def form_arguments(self) -> dict[str, Any]:
        """Offer the sharing of the record's owner."""
        return {"owner": self.record.owner}

    def values_of(self, record: Any) -> dict[str, Any]:
        """Return the sharing of the record as it stands, or once stood."""
        return {"version": record.version, **sharing_of(record, record.owner)}

    def save(self, form: ChangeSharingForm, rows: Mapping[str, list[Any]]) -> str:
        """Change it, or propose to."""
        proposal = sharing.change(
            by=self.viewer,
            record=self.record,
            compartments=form.cleaned_data.get("compartments", ()),
            **form.given("sharing", "reason", "version"),
        )
        if proposal is not None and proposal.step != SharingStep.OWN_ONLY:
            self.done = "Proposed: a second person decides"  # type: ignore[misc]
        return self.back

    def undo_url(self) -> str:
        """Return none: who may see a record is changed by a step of its own."""
        return ""


class SendUp(SharingPage):
    """Send a record up to a compartment that takes referrals."""

    title = "Send this record up"
    button = "Send it up"
    done = "The record is sent up"
    is_final = True
    form_class = SendUpForm
    note = (
        "Only who holds the compartment sees the record from then on, with all that "
        "hangs on it. Unless you hold it, you see it no more."
    )

    def save(self, form: SendUpForm, rows: Mapping[str, list[Any]]) -> str:
        """Send it up; lead to where the author may still be."""
        sharing.send_up(
            by=self.viewer,
            record=self.record,
            **form.given("desk", "reason", "version"),
        )
        return reverse("intelligence:sharing_waiting")

    def undo_url(self) -> str:
        """Return none."""
        return ""


def _steps_of(by: Viewer, kind: str, change: SharingChange) -> list[Cell]:
    """Return the links of the steps that ``by`` may take on a change."""
    record = change.record
    names = []
    if can(sharing.check_can_decide, by, change):
        if change.created_by_id is not None:
            names += [("Approve", "approve_sharing")]
        names += [("Decline", "decline_sharing")]
    if change.step != SharingStep.OWN_ONLY and can(check_can_edit, by, record):
        names += [("Take back", "take_back_sharing")]
    here = [kind, record.public_id, change.public_id]
    return [
        {
            "text": text,
            "url": reverse(f"intelligence:{name}", args=here),
            "hidden": getattr(record, "reference", ""),
        }
        for text, name in names
    ]


@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """Show own records whose sharing waits for a decision, and groups kept alone."""
    by = reader(request)
    check_parameters(request.GET, {"cursor"})
    rows = waiting_for(by).select_related(
        "to_class",
        "group__owner",
        "nominal__owner",
        "identifier__owner",
        "report__owner",
    )
    page = page_of(
        rows,
        Order("id", descending=True),
        size=PAGE_SIZE,
        cursor=request.GET.get("cursor", ""),
    )
    words = words_of(page.rows)
    record_shown([*page.rows, *(one.record for one in page.rows)])
    context = {
        "count": rows.count(),
        "head": [{"text": text} for text in _WAITING_HEAD],
        "rows": [_waiting_row(by, one, words[one.pk]) for one in page.rows],
        "next_url": f"?cursor={page.next}" if page.next else "",
        "previous_url": f"?cursor={page.previous}" if page.previous else "",
    }
    return render(request, "intelligence/sharing_waiting.html", context)


def waiting_for(by: Viewer) -> Any:
    """Return the visible changes of the reader's organisation that are not over."""
    visible = SharingChange.objects.visible_to(by).filter(owner_id=by.organisation_id)
    return visible.waiting() | visible.own_only()


def to_decide(by: Viewer) -> int:
    """Return how many changes wait for the reader's decision."""
    rows = SharingChange.objects.visible_to(by).filter(owner_id=by.organisation_id)
    return int(rows.waiting().exclude(created_by_id=by.user_id).count())


def _kind_of(change: SharingChange) -> str:
    return next(k for k, one in KINDS.items() if one.model is type(change.record))


def _waiting_row(by: Viewer, change: SharingChange, words: str) -> list[Cell]:
    record, kind = change.record, _kind_of(change)
    url = reverse("intelligence:sharing", args=[kind, record.public_id])
    return [
        {"text": KINDS[kind].cell(record)["text"], "url": url, "nowrap": True},
        {"text": KINDS[kind].named(record)},
        {"lines": [words, change.get_state_display()]},
        {"text": change.reason},
        {
            "text": date_text(change.until_on) if change.until_on else "–",
            "nowrap": True,
        },
        {"time": change.created_at},
        {"links": _steps_of(by, kind, change)},
    ]
