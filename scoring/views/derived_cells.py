"""What recorded facts say of an attribute, in words, beside the level that stands."""

from collections.abc import Mapping
from typing import Any

from scoring.engine import Level
from scoring.engine.derived import REACHES, Derived, Measure
from scoring.views.figure_tables import counted


def derived_cell(
    found: Mapping[str, Derived], attribute: str, level: Level
) -> dict[str, Any]:
    """Return what the facts say, and whether another level stands; empty for nothing."""
    one = found.get(attribute)
    if one is None:
        return {}
    return {
        "text": f"Recorded facts say {one.level}: {_counted(one)}.",
        "differs": one.disagrees_with(level),
    }


def _counted(one: Derived) -> str:
    if one.measure is Measure.REACH:
        return REACHES[one.count]
    if one.measure is Measure.ENTERPRISES:
        return f"{counted(one.count, 'kind')} of threat or activity"
    return f"{counted(one.count, 'other group')} by a link or a shared member"
