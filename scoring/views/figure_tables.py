"""From figures to what the dashboard's components take: every number with its list."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from groups.models import ThreatType
from groups.models.crime_group import Tier
from ocgmap.common.date_fields import date_text
from scoring.filters import groups_url
from scoring.picture import BANDS, POPULATION_OF, Figures, Part, PictureScope
from scoring.picture.filters import NO_THREAT, NOT_CONFIRMED
from scoring.templatetags.scoring_tags import band_badge

Cell = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Links:
    """Makes numbers that open the groups they count, in one scope and at one day."""

    scope: str
    at: datetime.date | None

    def number(self, figure: str, value: int, **filters: str) -> Cell:
        """Return a cell: the number, its key, and the address of its list."""
        return {
            "text": f"{value:,}",
            "url": groups_url(self.scope, self.at, **filters),
            "figure": figure,
            "numeric": True,
        }

    def bar(self, figure: str, value: int, maximum: int, **filters: str) -> Cell:
        """Return a number that opens its list, with its share of the maximum."""
        return {
            "bar": {
                "value": value,
                "maximum": maximum or 1,
                "url": groups_url(self.scope, self.at, **filters),
                "figure": figure,
            }
        }

    def heat(self, figure: str, value: int, **filters: str) -> Cell:
        """Return a cell of the heat table: the number, its key, and its list."""
        url = groups_url(self.scope, self.at, **filters)
        return {"value": value, "url": url, "figure": figure}


def tiles(figures: Figures, links: Links) -> list[Cell]:
    """Return the headline figures, each with its key."""
    asked: tuple[tuple[str, str, int, str, dict[str, str]], ...] = (
        ("groups", "Groups", figures.groups, "mapped and active", {}),
        ("memberships", "Memberships", figures.memberships, "not distinct people", {}),
        (
            "overdue",
            "Reviews overdue",
            figures.overdue,
            _share(figures.overdue, figures.groups),
            {"overdue": "true"},
        ),
        (
            "awaiting_confirmation",
            "Awaiting confirmation",
            figures.awaiting_confirmation,
            "no decision, or not the computed band",
            {"awaiting": "true"},
        ),
        (
            "unjudged",
            "Not fully judged",
            figures.unjudged,
            "levels that rest on reports alone",
            {"unjudged": "true"},
        ),
        (
            "insufficient",
            "Insufficient information",
            figures.insufficient,
            "more than half not known",
            {"band": BANDS[-1]},
        ),
    )
    return [
        {
            "key": key,
            "label": label,
            "value": f"{value:,}",
            "note": note,
            "url": groups_url(links.scope, links.at, **filters),
        }
        for key, label, value, note, filters in asked
    ]


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f}% of groups" if whole else "no groups"


def threat_names(codes: Sequence[str]) -> dict[str, str]:
    """Return the name of each threat code, in order of name. One query."""
    names = dict(ThreatType.objects.filter(code__in=codes).values_list("code", "name"))
    if NO_THREAT in codes:
        names[NO_THREAT] = "None recorded"
    return names


def heat(figures: Figures, links: Links) -> Cell:
    """Return bands by predominant threat with totals, for the tag heat_table."""
    rows = []
    for threat, name in threat_names(list(figures.threats)).items():
        counts = figures.bands_by_threat.get(threat, {})
        cells = [
            links.heat(
                f"bands_by_threat.{threat}.{band}",
                counts.get(band, 0),
                threat=threat,
                band=band,
            )
            for band in BANDS
        ]
        total = links.heat(
            f"threats.{threat}", figures.threats.get(threat, 0), threat=threat
        )
        rows.append({"label": name, "cells": [*cells, {**total, "is_total": True}]})
    sums = [
        links.heat(f"bands.{band}", figures.bands.get(band, 0), band=band)
        for band in BANDS
    ]
    whole = links.heat("groups", figures.groups)
    rows.append(
        {
            "label": "All threats",
            "cells": [{**cell, "is_total": True} for cell in (*sums, whole)],
        }
    )
    return {"columns": [*map(_short, BANDS), "All bands"], "rows": rows}


def _short(band: str) -> str:
    return "Insufficient" if band == BANDS[-1] else band


def bands(figures: Figures, confirmed: Mapping[str, int], links: Links) -> Cell:
    """Return groups by computed and by confirmed band, side by side."""
    most = max([*figures.bands.values(), *confirmed.values(), 1])
    rows = [
        [
            {"band": band_badge(band)},
            links.bar(f"bands.{band}", figures.bands.get(band, 0), most, band=band),
            links.bar(
                f"confirmed.{band}", confirmed.get(band, 0), most, confirmed=band
            ),
        ]
        for band in BANDS
        if figures.bands.get(band) or confirmed.get(band)
    ]
    none = confirmed.get(NOT_CONFIRMED, 0)
    rows.append(
        [
            {"text": "Not confirmed"},
            {"text": "–"},
            links.bar("confirmed.none", none, most, confirmed=NOT_CONFIRMED),
        ]
    )
    names = ("Band", "Computed (advisory)", "Confirmed")
    return {"head": [{"text": name} for name in names], "rows": rows}


def tiers(figures: Figures, links: Links) -> Cell:
    """Return groups by tier of tasking."""
    most = max([*figures.tiers.values(), 1])
    rows = [
        [
            {"text": str(tier.label)},
            links.bar(
                f"tiers.{tier}", figures.tiers.get(tier, 0), most, tier=str(tier)
            ),
        ]
        for tier in Tier
    ]
    return {"head": [{"text": "Tier"}, {"text": "Groups"}], "rows": rows}


def regions(figures: Figures, populations: Mapping[str, int], links: Links) -> Cell:
    """Return the regions of the nation, the rest among them: they add up to it."""
    rows = list(_rated_rows(figures, populations, links))
    table = _parts_table("Regions side by side", "Region", rows)
    table["head"] += [
        {"text": f"Population, {POPULATION_OF}", "numeric": True},
        {"text": "Groups per million people", "numeric": True},
    ]
    return table


def _rated_rows(
    figures: Figures, populations: Mapping[str, int], links: Links
) -> Iterator[list[Cell]]:
    """Yield a row for each region, with its groups for each million of its people."""
    for one in figures.regions:
        row = _part_row(
            Links(f"region:{one.code}", links.at),
            f"regions.{one.code}",
            Part(
                code=one.code,
                name=one.name,
                groups=one.groups,
                memberships=one.memberships,
                overdue=one.overdue,
                awaiting=one.awaiting_confirmation,
                unjudged=one.unjudged,
            ),
        )
        people = populations.get(one.code, 0)
        rate = f"{1_000_000 * one.groups / people:.1f}" if people else "–"
        yield [
            *row,
            {"text": f"{people:,}" if people else "–", "numeric": True},
            {"text": rate, "numeric": True},
        ]


def parts(found: Sequence[Part], links: Links) -> Cell | None:
    """Return the bodies of a region; None where there is nothing to part."""
    if not found:
        return None
    rows = [
        _part_row(Links(f"force:{one.code}", links.at), f"forces.{one.code}", one)
        for one in found
    ]
    return _parts_table("Forces and other bodies", "Body", rows)


def _part_row(links: Links, key: str, part: Part) -> list[Cell]:
    url = reverse("scoring:dashboard", args=[links.scope])
    day = f"?{urlencode({'at': links.at.isoformat()})}" if links.at else ""
    return [
        {"text": part.name, "url": f"{url}{day}"},
        links.number(f"{key}.groups", part.groups),
        links.number(f"{key}.memberships", part.memberships),
        links.number(f"{key}.overdue", part.overdue, overdue="true"),
        links.number(f"{key}.awaiting_confirmation", part.awaiting, awaiting="true"),
        links.number(f"{key}.unjudged", part.unjudged, unjudged="true"),
    ]


def _parts_table(caption: str, first: str, rows: list[list[Cell]]) -> Cell:
    head = head_of(
        first, "Groups", "Memberships", "Overdue", "Awaiting confirmation", "Not judged"
    )
    return {"caption": caption, "head": head, "rows": rows}


def signed(number: int) -> str:
    """Return a difference with its sign; nought has none."""
    return f"{number:+,}" if number else "0"


def head_of(first: str, *others: str) -> list[Cell]:
    """Return the head of a table: its first column, then columns of numbers."""
    return [{"text": first}, *({"text": text, "numeric": True} for text in others)]


def summary(figures: Figures, place: PictureScope) -> str:
    """Return the headline figures as sentences, for those who hear the page."""
    when = "now" if figures.is_now or not figures.day else date_text(figures.day)
    gravest = next((band for band in BANDS if figures.bands.get(band)), "")
    parts = [
        (
            f"{place.name}, {when}: {counted(figures.groups, 'group')} with "
            f"{counted(figures.memberships, 'membership')}."
        ),
        (
            f"{counted(figures.overdue, 'review')} overdue, "
            f"{figures.awaiting_confirmation:,} awaiting confirmation, "
            f"{figures.insufficient:,} with insufficient information."
        ),
    ]
    if gravest and gravest != BANDS[-1]:
        number = counted(figures.bands[gravest], "group")
        parts.append(f"The gravest computed band that occurs is {gravest}: {number}.")
    return " ".join(parts)


def since_disposed(number: int) -> str:
    """Return that so many of the records that are counted were disposed of; '' for none."""
    if not number:
        return ""
    they = (
        "It counts as it stood then" if number == 1 else "They count as they stood then"
    )
    it = "it" if number == 1 else "them"
    return f"{counted(number, 'record')} since disposed. {they}; nothing else of {it} is held."


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: 1 group, 1,204 groups."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
