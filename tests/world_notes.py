"""What people of `tests.world` say of scores, and what they ask."""

import datetime
from typing import Any

from django.utils import timezone

from accounts.actions.labels import labels_of
from accounts.models import Organisation, User
from accounts.visibility import Viewer
from groups.models import CrimeGroup
from intelligence.models import Report
from scoring.actions import analysis, requirements
from scoring.engine import estimate_of
from tests.world_words import word

# Groups, who speaks of each, and of whom they ask what is not known.
SPOKEN_OF = (
    ("d_force", "owner_analyst", "durham"),
    ("d_all", "owner_analyst", "durham"),
    ("d_own", "owner_analyst", "durham"),
    ("d_cell", "cell", ""),
    ("n_force", "region_analyst", "northumbria"),
    ("n_own", "region_analyst", "northumbria"),
    ("w_force", "other_analyst", "west-yorkshire"),
    ("w_own", "other_analyst", "west-yorkshire"),
    ("a_all", "nca_supervisor", "nca"),
)


def note_and_ask(maker: Any) -> None:
    """Leave a note of each kind and a question; one of each is hidden from its owner."""
    for name, who, asked in SPOKEN_OF:
        maker.act(who, _note, maker, name)
        maker.act(who, _ask, maker, name, asked, name)
    maker.act("owner_analyst", _ask, maker, "d_region", "northumbria", "d_region")
    maker.act("region_supervisor", _in_secret, maker)


def _note(by: Viewer, maker: Any, name: str) -> None:
    group, today = maker.of(CrimeGroup, name), timezone.localdate()
    kept = {
        "challenge": analysis.challenge(by=by, group=group, text=f"Not so: {word()}."),
        "assumption": analysis.assume(
            by=by,
            group=group,
            text=f"Taken for granted: {word()}.",
            would_change=f"If seen: {word()}.",
            review_on=today,
        ),
        "alternative": analysis.suggest(
            by=by,
            group=group,
            text=f"Or else: {word()}.",
            estimate=estimate_of("unlikely", "30"),
        ),
    }
    for kind, note in kept.items():
        maker.made.notes[f"{name}/{kind}"] = str(note.public_id)


def _ask(by: Viewer, maker: Any, name: str, code: str, key: str) -> None:
    group = maker.of(CrimeGroup, name)
    asked_of: Organisation | User = User.objects.get(pk=by.user_id)
    if code:
        asked_of = Organisation.objects.get(code=code)
    asked = requirements.ask(
        by=by,
        group=group,
        attribute="expertise",
        question=f"Who is {word()}?",
        asked_of=asked_of,
        due_on=timezone.localdate() + datetime.timedelta(days=9),
    )
    maker.made.requirements[key] = str(asked.public_id)


def _in_secret(by: Viewer, maker: Any) -> None:
    """Challenge and answer by a report that the owner of the group may not see."""
    group, report = maker.of(CrimeGroup, "d_region"), maker.of(Report, "r_n_own")
    note = analysis.challenge(
        by=by, group=group, text=f"In secret: {word()}.", reports=[report]
    )
    maker.made.notes["d_region/secret"] = str(note.public_id)
    assert labels_of([note.access_class_id]) != labels_of([group.access_class_id])
    asked = requirements.Requirement.objects.visible_to(by).get(group=group)
    requirements.answer(
        by=by, requirement=asked, report=report, text=f"In secret: {word()}."
    )
