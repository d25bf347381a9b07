"""Groups of similar evidence were judged otherwise: say why, in the rationale."""

from dataclasses import dataclass

from django.urls import reverse

from accounts import audit
from accounts.visibility import Viewer
from groups.models import CrimeGroup
from scoring import laboratory
from scoring.agreement.neighbours import Neighbours
from scoring.engine import Attribute
from scoring.engine.attributes import KNOWN_ASCENDING, RANK
from scoring.forms import JudgementForm
from scoring.views.figure_tables import Cell
from scoring.views.score import LEVELS


@dataclass(frozen=True, slots=True)
class StandsApart:
    """A level that lies far from those of groups with similar evidence."""

    sentence: str
    groups: list[Cell]


def stands_apart(
    by: Viewer, group: CrimeGroup, attribute: Attribute, level: str
) -> StandsApart | None:
    """Return what to ask of a level; None where it does not stand apart. Three queries."""
    if level not in RANK:
        return None
    found = laboratory.neighbours_on(by, group, attribute.key)
    if found is None or not found.stands_apart(RANK[level]):
        return None
    rows = CrimeGroup.objects.visible_to(by).filter(pk__in=found.ids).order_by("name")
    audit.consulted("groups.CrimeGroup", found.ids)
    return StandsApart(
        f"{len(found.ids)} groups with similar evidence were judged {_span(found)}, "
        f"this one {LEVELS[level][0].lower()}",
        [
            {
                "text": f"{one.name} ({one.reference})",
                "url": reverse("groups:detail", args=[one.public_id]),
            }
            for one in rows
        ],
    )


def ask(
    by: Viewer, group: CrimeGroup, attribute: Attribute, form: JudgementForm
) -> StandsApart | None:
    """Ask of a valid form whose level stands apart that its rationale says why.

    The form is no longer valid until it is ticked.
    """
    found = stands_apart(by, group, attribute, form.cleaned_data["level"])
    if found:
        form.ask_why(
            f"{found.sentence}. Say why in the rationale, or change the level."
        )
    return found


def _span(found: Neighbours) -> str:
    low, high = (
        LEVELS[KNOWN_ASCENDING[rank]][0].lower() for rank in (found.low, found.high)
    )
    return low if low == high else f"{low} to {high}"
