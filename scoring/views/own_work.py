"""The part of My work that only some roles have: assurers, records managers, regions."""

from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince

from accounts.models import Organisation
from accounts.roles import Right
from accounts.visibility import Viewer
from intelligence.clashes import clashes_of
from intelligence.filters import reports_to_assure
from intelligence.models import Return
from intelligence.views.retention import KINDS, shown
from scoring import picture
from scoring.models import AnalyticNote, Requirement
from scoring.models.analysis import NoteKind
from scoring.models.requirement import RequirementStanding, how_it_stands
from scoring.picture import PictureScope, ScopeKind
from scoring.views.figure_tables import Cell
from scoring.views.waiting import tile

Section = dict[str, Any]


def sections(by: Viewer, place: PictureScope) -> list[Section]:
    """Return the work that hangs on the reader's own rights, most pressing first."""
    found = []
    if by.has(Right.ASSURE):
        found.append({"title": "Assurance", "tiles": [_to_assure(by)]})
    if by.has(Right.DISPOSE):
        found.append({"title": "Records of my organisation", "tiles": _records(by)})
    if place.kind is ScopeKind.REGION and by.has(Right.CONTRIBUTE):
        title = f"Returns of {place.name_within}"
        found.append({"title": title, "tiles": _returns(by, place)})
    return found


def _to_assure(by: Viewer) -> Cell:
    """Return how many reports wait for an assurer, and for how long. Three queries."""
    rows = reports_to_assure(by)
    oldest = rows.order_by("id").first()
    note = (
        f"the longest wait: {timesince(oldest.created_at, depth=1)}" if oldest else ""
    )
    url = reverse("intelligence:assurance_queue")
    return tile("to_assure", "Reports to assure", rows.count(), note, url)


def _records(by: Viewer) -> list[Cell]:
    """Return what waits for the records manager. Eight queries."""
    url = reverse("intelligence:review_list")
    tiles = [
        tile(
            f"review.{name}",
            f"{kind.plural} to review",
            shown(kind, "due", by).count(),
            "their day of review is past",
            f"{url}?kind={name}&show=due",
        )
        for name, kind in KINDS.items()
    ]
    clashes, is_whole = clashes_of(by)
    note = "" if is_whole else "and more"
    clash_url = reverse("intelligence:clash_list")
    return [
        *tiles,
        tile("clashes", "Own references that clash", len(clashes), note, clash_url),
    ]


def questions(by: Viewer) -> list[Cell]:
    """Return what is open on own groups, and asked of the organisation. Three queries.

    Empty for those who record nothing.
    """
    if not by.has(Right.CONTRIBUTE):
        return []
    today = timezone.localdate()
    code = Organisation.objects.get(pk=by.organisation_id).code
    own = AnalyticNote.objects.told_to(by).filter(group__owner_id=by.organisation_id)
    kinds = own.aggregate(
        challenge=Count("id", filter=Q(kind=NoteKind.CHALLENGE, outcome="")),
        alternative=Count("id", filter=Q(kind=NoteKind.ALTERNATIVE, outcome="")),
        due=Count("id", filter=Q(outcome="", review_on__lte=today)),
    )
    asked = Requirement.objects.visible_to(by).as_seen_by(by)
    owed = asked.filter(asked_of_id=by.organisation_id).aggregate(
        open=Count("id", filter=how_it_stands(RequirementStanding.OPEN, today)),
        overdue=Count("id", filter=how_it_stands(RequirementStanding.OVERDUE, today)),
    )
    notes, asked_url = reverse("scoring:notes"), reverse("scoring:requirements")
    return [
        tile(
            "notes.challenge",
            "Open challenges",
            kinds["challenge"],
            "on groups of your organisation",
            f"{notes}?kind=challenge&standing=open&owner={code}",
        ),
        tile(
            "notes.alternative",
            "Open alternatives",
            kinds["alternative"],
            "what else could explain the evidence",
            f"{notes}?kind=alternative&standing=open&owner={code}",
        ),
        tile(
            "notes.due",
            "Assumptions to look at again",
            kinds["due"],
            "their day has come",
            f"{notes}?standing=due&owner={code}",
        ),
        tile(
            "requirements.open",
            "Questions asked of us",
            owed["open"],
            "wait for a report that answers them",
            f"{asked_url}?standing=open&asked_of={code}",
        ),
        tile(
            "requirements.overdue",
            "Of these overdue",
            owed["overdue"],
            "",
            f"{asked_url}?standing=overdue&asked_of={code}",
        ),
    ]


def _returns(by: Viewer, place: PictureScope) -> list[Cell]:
    """Return how many returns of a region are late or still to come. Two queries."""
    today = timezone.localdate()
    rows = Return.objects.visible_to(by)
    owners = picture.owners_in(place, today)
    if owners is not None:
        rows = rows.filter(owner_id__in=owners)
    url = f"{reverse('intelligence:returns')}?region={place.key.partition(':')[2]}"
    late = rows.overdue_on(today).count()
    due = rows.outstanding().filter(due_on__gte=today).count()
    return [
        tile("returns.overdue", "Overdue", late, "", f"{url}&standing=overdue"),
        tile("returns.due", "Due", due, "", f"{url}&standing=due"),
    ]
