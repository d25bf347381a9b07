"""Make the invented groups with their people, as the demo accounts would."""

import datetime
from decimal import Decimal

from accounts import audit
from accounts.models.audit_event import AuditKind
from accounts.visibility import Viewer
from groups.actions import activities, aliases, groups, identifiers, links, threats
from groups.actions.activities import PlaceDraft, QuantityDraft
from groups.models import CrimeGroup, Offence
from groups.models.crime_group import ActivityStatus, RecordState
from scoring.demonstration.peopling import add_person
from scoring.demonstration.plans import Doing, GroupPlan, LinkPlan
from scoring.demonstration.stage import Stage

REFERENCE_PREFIX = "DEMO-"


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
            add_person(stage, plan, group, person, by)
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
    if is_overdue:
        _let_review_pass(group, review_on)
    group.refresh_from_db()
    return group


def _let_review_pass(group: CrimeGroup, day: datetime.date | None) -> None:
    """Write a review day that has passed: the one thing that no action will take.

    A review becomes overdue by waiting, and the demonstration cannot wait.
    """
    CrimeGroup.objects.filter(pk=group.pk).update(review_on=day)
    audit.record(
        AuditKind.ALTERATION,
        "groups.CrimeGroup",
        [group.pk],
        reason="Demo records: a review that nobody did",
        detail={"fields": ["review_on"]},
    )


def _to_state(stage: Stage, plan: GroupPlan, group: CrimeGroup) -> CrimeGroup:
    """Submit, map or return the group, and let it rest, as its plan says."""
    if plan.state == RecordState.DRAFT:
        return group
    with stage.acting(plan.sent_by or plan.author) as by:
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
                review_on=group.review_on,
                reason="Nothing reported since; see the last report.",
            )
    return group


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
        **stage.since(plan),
    )


def _place(stage: Stage, role: str, where: str) -> PlaceDraft:
    """Return the place: the code of a force, of another country, or an outcode."""
    if where in stage.organisations:
        return PlaceDraft(role=role, area=stage.organisations[where])
    if len(where) == 2 and where.isalpha():
        return PlaceDraft(role=role, country=where)
    return PlaceDraft(role=role, outcode=where)
