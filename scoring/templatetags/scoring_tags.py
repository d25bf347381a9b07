"""How a band is shown, on every page that shows one.

Load with ``{% load scoring_tags %}``; pages of lower apps may.
"""

from typing import Any

from django import template
from django.template import RequestContext

from accounts.visibility import Viewer
from groups.models import CrimeGroup
from scoring.assembly import schemes_in_use
from scoring.engine import INSUFFICIENT
from scoring.models import PictureLine, ScoreHead
from scoring.picture import moment_of
from scoring.picture.lines import score_live

register = template.Library()

_GRAVEST = 6


def band_level(band: str) -> int:
    """Return 5 for the gravest band down to 1, and 0 for insufficient information."""
    return _GRAVEST - int(band[0]) if band[:1].isdigit() else 0


def band_text(band: str) -> str:
    """Return a band as it is shown: `1a`, or insufficient information in full."""
    return INSUFFICIENT.capitalize() if band == INSUFFICIENT else band


def band_badge(band: str, note: str = "") -> dict[str, Any]:
    """Return what the band component takes."""
    return {"text": band_text(band), "level": band_level(band), "note": note}


@register.inclusion_tag("scoring/_group_band.html", takes_context=True)
def group_band(context: RequestContext, group: CrimeGroup) -> dict[str, Any]:
    """Show the computed and the confirmed band of ``group``, as the reader sees it.

    One query, so for one group on a page; a list of groups belongs to scoring.
    """
    line = line_of(context["request"].viewer, group.pk)
    if line is None:
        return {"computed": None, "confirmed": None}
    confirmed = line.confirmed_band
    return {
        "computed": band_badge(line.computed_band, "computed, advisory"),
        "confirmed": band_badge(confirmed, "confirmed") if confirmed else None,
    }


def line_of(viewer: Viewer, group_id: int) -> PictureLine | None:
    """Return the reader's own line of one group; None before it was ever scored."""
    rows = PictureLine.objects.visible_to(viewer).at(None)
    line = (
        rows.filter(group_id=group_id, scheme_version__is_primary=True)
        .order_by("-rank", "-id")
        .first()
    )
    is_live = ScoreHead.objects.filter(group_id=group_id, is_live=True)
    if line is not None or not is_live.exists():
        return line
    [primary] = [in_use for in_use in schemes_in_use() if in_use.is_primary]
    found = score_live(viewer, [group_id], primary, moment_of(None))
    return found[0] if found else None
