"""Make the invented people of a group: members, and apart from them the involved."""

import calendar
import datetime
from collections.abc import Mapping
from typing import Any

from accounts.visibility import Viewer
from groups.actions import aliases, identifiers, people
from groups.models import CrimeGroup, Nominal
from groups.models.crime_group import ActivityStatus
from groups.models.participation import (
    SAFEGUARDED,
    DpaCategory,
    InvolvementKind,
    Standing,
)
from ocgmap.common.records import Precision
from scoring.demonstration.cast import CORRUPTION, SAFEGUARDING
from scoring.demonstration.plans import STANDINGS, GroupPlan, Person
from scoring.demonstration.stage import Stage

_SENSITIVE: Mapping[str, str] = {
    **dict.fromkeys(SAFEGUARDED, SAFEGUARDING),
    InvolvementKind.PUBLIC_OFFICIAL: CORRUPTION,
}
_CATEGORIES: Mapping[str, DpaCategory] = {
    **dict.fromkeys(SAFEGUARDED, DpaCategory.VICTIM),
    InvolvementKind.WITNESS: DpaCategory.WITNESS,
    InvolvementKind.ASSOCIATE: DpaCategory.OTHER,
}


def add_person(
    stage: Stage, plan: GroupPlan, group: CrimeGroup, person: Person, by: Viewer
) -> None:
    """Record a person and what they have to do with the group, names and numbers."""
    nominal = _new_nominal(stage, plan, group, person, by)
    stage.people[person.key] = nominal
    why = person.why or plan.grounds
    if person.part in STANDINGS:
        people.add_member(
            by=by,
            group=group,
            nominal=nominal,
            standing=person.part,
            dpa_category=_category_of_member(plan),
            rationale=why,
            **_since(stage, plan, person),
        )
    else:
        people.add_involvement(
            by=by,
            group=group,
            nominal=nominal,
            kind=person.part,
            dpa_category=_CATEGORIES.get(person.part, DpaCategory.SUSPECT),
            rationale=why,
        )
    _add_names_and_numbers(group, nominal, person, why, by)


def _new_nominal(
    stage: Stage, plan: GroupPlan, group: CrimeGroup, person: Person, by: Viewer
) -> Nominal:
    """Record the person, as strictly as the part they have in the group asks for."""
    details = _named(person) | _born(person.born) | {"gender": person.gender}
    code = _SENSITIVE.get(person.part)
    if code is None:
        return people.create_nominal(
            by=by,
            owner=group.owner,
            access_class_id=group.access_class_id,
            **details,
        )
    is_held = stage.compartments[code] in by.tags
    return people.create_nominal(
        by=by,
        owner=group.owner,
        sharing=plan.sharing if is_held else "organisation",
        compartments=stage.compartment(code, plan.compartment) if is_held else (),
        **details,
    )


def _add_names_and_numbers(
    group: CrimeGroup, nominal: Nominal, person: Person, why: str, by: Viewer
) -> None:
    if person.nickname:
        aliases.add_to_person(
            by=by,
            nominal=nominal,
            given_names=person.nickname,
            kind="nickname",
            rationale=why,
        )
    for kind, value in (("phone", person.phone), ("vehicle", person.vehicle)):
        if value:
            identifiers.record(
                by=by,
                owner=group.owner,
                kind=kind,
                value=value,
                access_class_id=nominal.access_class_id,
                nominal=nominal,
                rationale=why,
            )


def _category_of_member(plan: GroupPlan) -> str:
    is_over = plan.activity_status == ActivityStatus.ARCHIVED
    return DpaCategory.CONVICTED if is_over else DpaCategory.SUSPECT


def _named(person: Person) -> dict[str, Any]:
    if person.surname:
        return {"given_names": person.given, "surname": person.surname}
    return {"is_identified": False, "designation": person.given}


def _born(text: str) -> dict[str, Any]:
    """Return the birth date's first and last day and precision from year to day."""
    if not text:
        return {}
    year, month, day = (*(int(part) for part in text.split("-")), 0, 0)[:3]
    last = calendar.monthrange(year, month or 12)[1]
    precisions = (Precision.YEAR, Precision.MONTH, Precision.DAY)
    return {
        "born_from": datetime.date(year, month or 1, day or 1),
        "born_to": datetime.date(year, month or 12, day or last),
        "born_precision": precisions[text.count("-")],
    }


def _since(stage: Stage, plan: GroupPlan, person: Person) -> dict[str, Any]:
    """Return when the membership began: with the group, for those it is known of."""
    is_known = person.part in {Standing.PRINCIPAL, Standing.SIGNIFICANT}
    return stage.since(plan) if is_known else {}
