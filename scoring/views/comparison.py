"""The figures of two days side by side, with the difference."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from accounts.visibility import Viewer
from groups.models.crime_group import Tier
from ocgmap.common.date_fields import date_text
from scoring import picture
from scoring.picture import BANDS, Figures, Movement, PictureScope
from scoring.templatetags.scoring_tags import band_text
from scoring.views.figure_tables import (
    Cell,
    Links,
    head_of,
    signed,
    since_disposed,
    threat_names,
)

_HEADLINES: dict[str, tuple[str, dict[str, str]]] = {
    "groups": ("Groups", {}),
    "memberships": ("Memberships", {}),
    "overdue": ("Reviews overdue", {"overdue": "true"}),
    "awaiting_confirmation": ("Awaiting confirmation", {"awaiting": "true"}),
    "unjudged": ("Not fully judged", {"unjudged": "true"}),
}


def url(place: PictureScope, found: Movement) -> str:
    """Return the address of the comparison of two moments."""
    asked = {"since": found.since.day.isoformat()}
    if not found.until.is_now:
        asked["at"] = found.until.day.isoformat()
    return f"{reverse('scoring:compare', args=[place.key])}?{urlencode(asked)}"


def compared(by: Viewer, place: PictureScope, found: Movement) -> dict[str, Any]:
    """Return the figures of both moments, a table each of headlines, bands and so on.

    And for each moment that counts records since disposed, a sentence that says so.
    """
    at = None if found.until.is_now else found.until.day
    before = picture.read(by, place, found.since.day)
    after = picture.read(by, place, at)
    pair = _Pair(
        (before, Links(place.key, found.since.day)), (after, Links(place.key, at))
    )
    then = date_text(found.since.day)
    now = "Now" if at is None else date_text(at)
    threats = threat_names(sorted({*before.threats, *after.threats}))
    rows = {
        ("Headline figures", "Figure"): pair.headlines(),
        ("Computed bands", "Band"): pair.counts(
            "bands", "band", {band: band_text(band) for band in BANDS}
        ),
        ("Tiers", "Tier"): pair.counts(
            "tiers", "tier", {str(tier): str(tier.label) for tier in Tier}
        ),
        ("Predominant threats", "Threat"): pair.counts("threats", "threat", threats),
    }
    return {
        "tables": [
            {
                "caption": caption,
                "head": head_of(first, then, now, "Difference"),
                "rows": list(found_rows),
            }
            for (caption, first), found_rows in rows.items()
        ],
        "disposed": [
            f"{when}: {since_disposed(one.disposed)}"
            for when, one in ((then, before), (now, after))
            if one.disposed
        ],
    }


class _Pair:
    """The figures of two moments, each with the links of its own."""

    def __init__(
        self, before: tuple[Figures, Links], after: tuple[Figures, Links]
    ) -> None:
        self.before = before
        self.after = after

    def headlines(self) -> Iterator[list[Cell]]:
        for key, (label, filters) in _HEADLINES.items():
            then, now = (getattr(one, key) for one, _ in (self.before, self.after))
            yield self._row(key, label, (then, now), filters)

    def counts(
        self, group: str, name: str, labels: Mapping[str, str]
    ) -> Iterator[list[Cell]]:
        for code, label in labels.items():
            then, now = (
                getattr(one, group).get(code, 0) for one, _ in (self.before, self.after)
            )
            if then or now:
                yield self._row(f"{group}.{code}", label, (then, now), {name: code})

    def _row(
        self, key: str, label: str, values: tuple[int, int], filters: dict[str, str]
    ) -> list[Cell]:
        then, now = values
        return [
            {"text": label},
            self.before[1].number(f"before.{key}", then, **filters),
            self.after[1].number(f"after.{key}", now, **filters),
            {"text": signed(now - then), "numeric": True},
        ]
