"""Make the invented groups with their people, as the demo accounts would."""

import calendar
import datetime
from decimal import Decimal
from typing import Any

from accounts.visibility import Viewer
from groups.actions import (
    activities,
    aliases,
    groups,
    identifiers,
    links,
    people,
    threats,
)
from groups.actions.activities import PlaceDraft, QuantityDraft
from groups.models import CrimeGroup, Nominal, Offence
from groups.models.crime_group import ActivityStatus, RecordState
from groups.models.participation import SAFEGUARDED, DpaCategory, InvolvementKind
from ocgmap.common.records import Precision
from scoring.demonstration.cast import CORRUPTION, SAFEGUARDING
from scoring.demonstration.plans import (
    STANDINGS,
    Doing,
    GroupPlan,
    LinkPlan,
    Person,
)
from scoring.demonstration.stage import Stage

REFERENCE_PREFIX = "DEMO-"
_SENSITIVE = {
    **dict.fromkeys(SAFEGUARDED, SAFEGUARDING),
    InvolvementKind.PUBLIC_OFFICIAL: CORRUPTION,
}
_CATEGORIES = {
    **dict.fromkeys(SAFEGUARDED, DpaCategory.VICTIM),
    InvolvementKind.WITNESS: DpaCategory.WITNESS,
    InvolvementKind.ASSOCIATE: DpaCategory.OTHER,
}


def record_group(stage: Stage, plan: GroupPlan) -> None:
    """Record one group, everything on its pages, and move it to its state."""
    with stage.acting(plan.author) as by:
        group = _new_group(stage, plan, by)
        if plan.operation:
            aliases.add(
                by=by,
                group=group,
                name=plan.operation,
                kind="operation",
                rationale=plan.grounds,
            )
        for code in plan.other_threats:
            threats.add(
                by=by,
                group=group,
                threat_type=stage.threats[code],
                rationale=plan.grounds,
            )
        for person in plan.people:
            _add_person(stage, plan, group, person, by)
        for kind, value in plan.identifiers:
            identifiers.record(
                by=by,
                owner=group.owner,
                kind=kind,
                value=value,
                access_class_id=group.access_class_id,
                group=group,
                rationale=plan.grounds,
            )
        for doing in plan.doings:
            _add_activity(stage, plan, group, doing, by)
    stage.groups[plan.key] = _to_state(stage, plan, group)


def link_groups(stage: Stage, plan: LinkPlan) -> None:
    """Record a link between two groups."""
    with stage.acting(plan.author) as by:
        links.link_groups(
            by=by,
            a=stage.groups[plan.a],
            b=stage.groups[plan.b],
            kind=plan.kind,
            rationale=plan.why,
        )


def link_people(stage: Stage, plan: LinkPlan) -> None:
    """Record a link between two people."""
    with stage.acting(plan.author) as by:
        links.link_people(
            by=by,
            a=stage.people[plan.a],
            b=stage.people[plan.b],
            kind=plan.kind,
            rationale=plan.why,
        )


def _new_group(stage: Stage, plan: GroupPlan, by: Viewer) -> CrimeGroup:
    is_overdue = plan.review is not None and plan.review < 0
    review_on = None if plan.review is None else stage.before(-plan.review)
    group = groups.create(
        by=by,
        owner=stage.organisations[plan.owner],
        name=plan.name,
        sharing=plan.sharing,
        sharing_reason=plan.sharing_reason,
        compartments=stage.compartment(plan.compartment),
        summary=plan.summary,
        kind=plan.kind,
        tier=plan.tier,
        lead_officer=plan.lead,
        owner_reference=f"{REFERENCE_PREFIX}{plan.key.upper()}",
        s45_test=plan.s45,
        soc_test=plan.soc,
        review_on=None if is_overdue else review_on,
        predominant_threat=stage.threats[plan.threat] if plan.threat else None,
        rationale=plan.grounds,
    )
    group.refresh_from_db()
    if not is_overdue:
        return group
    # A review may not be set for the past; one that nobody did lies there all the same.
    return groups.edit(
        by=by,
        group=group,
        version=group.version,
        review_on=review_on,
        reason="Carried over from the paper file: this review was never done.",
    )


def _to_state(stage: Stage, plan: GroupPlan, group: CrimeGroup) -> CrimeGroup:
    """Submit, map or return the group, and let it rest, as its plan says."""
    if plan.state == RecordState.DRAFT:
        return group
    with stage.acting(plan.author) as by:
        group = groups.change_state(
            by=by,
            group=group,
            version=group.version,
            record_state=RecordState.SUBMITTED,
            reason="Three or more people, more than one report.",
        )
    if plan.state == RecordState.SUBMITTED:
        return group
    with stage.acting(plan.mapped_by) as by:
        group = groups.change_state(
            by=by,
            group=group,
            version=group.version,
            record_state=plan.state,
            reason=plan.returned_for or "Meets the test; mapped.",
        )
        if plan.activity_status != ActivityStatus.ACTIVE:
            group = groups.change_state(
                by=by,
                group=group,
                version=group.version,
                activity_status=plan.activity_status,
                reason="Nothing reported since; see the last report.",
            )
    return group


def _add_person(
    stage: Stage, plan: GroupPlan, group: CrimeGroup, person: Person, by: Viewer
) -> None:
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
            **_since(stage, person),
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


def _add_activity(
    stage: Stage, plan: GroupPlan, group: CrimeGroup, doing: Doing, by: Viewer
) -> None:
    activities.add(
        by=by,
        group=group,
        threat_type=stage.threats[doing.threat],
        offence=Offence.objects.get(code=doing.offence) if doing.offence else None,
        modus=doing.modus,
        places=[_place(stage, role, where) for role, where in doing.places],
        quantities=[
            QuantityDraft(
                commodity=one.commodity,
                unit=one.unit,
                low=Decimal(one.low),
                high=Decimal(one.high),
            )
            for one in doing.quantities
        ],
        rationale=plan.grounds,
    )


def _place(stage: Stage, role: str, where: str) -> PlaceDraft:
    """Return the place: the code of a force, of another country, or an outcode."""
    if where in stage.organisations:
        return PlaceDraft(role=role, area=stage.organisations[where])
    if len(where) == 2 and where.isalpha():
        return PlaceDraft(role=role, country=where)
    return PlaceDraft(role=role, outcode=where)


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


def _since(stage: Stage, person: Person) -> dict[str, Any]:
    if person.since is None:
        return {}
    return {"from_on": stage.before(person.since), "precision": Precision.CIRCA}
