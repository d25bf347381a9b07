"""What a group does, where and how much, as summary cards."""

from collections.abc import Collection
from typing import Any

from groups.actions.activities import UNITS, commodities
from groups.models import Activity, ActivityPlace, ActivityQuantity, CrimeGroup
from groups.views.cards import period, row, under
from groups.views.tables import fact_steps


def activity_card(
    group: CrimeGroup, activity: Activity, *, editable: Collection[int]
) -> dict[str, Any]:
    """Return one activity as a summary card."""
    name = activity.threat_type.name
    steps = fact_steps(group, "activities", activity, name, editable)
    return {
        "title": f"{name}{under(group, activity.group)}",
        "rows": [
            row("Offence", str(activity.offence) if activity.offence else ""),
            row("How they do it", activity.modus),
            row("Where", {"lines": [_place(one) for one in activity.places.all()]}),
            row(
                "How much",
                {"lines": [_amount(one) for one in activity.quantities.all()]},
            ),
            row("When", period(activity)),
            row("Basis", activity.get_basis_display()),
            row("Why it is recorded", activity.rationale),
            row("Asserted by", activity.asserted_by.name),
        ],
        "actions": steps.get("links", []),
    }


def _place(place: ActivityPlace) -> str:
    where = [
        place.area.short_name if place.area else "",
        place.outcode,
        place.country if place.country != "GB" else "",
    ]
    role = str(place.get_role_display())
    return f"{role}: {', '.join(part for part in where if part)}"


def _amount(quantity: ActivityQuantity) -> str:
    name = commodities().get(quantity.commodity, quantity.commodity)
    unit = UNITS.get(quantity.unit, quantity.unit).lower()
    if quantity.amount is not None:
        return f"{name}: {quantity.amount.normalize():f} {unit}"
    low = f"{quantity.low.normalize():f}" if quantity.low is not None else "?"
    high = f"{quantity.high.normalize():f}" if quantity.high is not None else "?"
    return f"{name}: {low} to {high} {unit}"
