"""What the lines of a group should be, straight from the definition."""

import datetime
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from accounts.access import viewer_of
from accounts.models import User
from accounts.visibility import Label, Viewer, dominates, join
from groups.models import CrimeGroup, GroupThreat, Membership
from groups.models.participation import Standing
from intelligence.models import AttributeClaim
from intelligence.models.report import ReportState
from scoring.engine import (
    Claim,
    GroupFacts,
    JudgementFact,
    Level,
    Result,
    Scheme,
    next_change_on,
    score,
)
from scoring.models import BandDecision, Judgement, JudgementCitation

Evidence = tuple[Label, Any]


@dataclass(frozen=True, slots=True)
class Expected:
    """One line as it should be: field by field, and its assessment likewise."""

    label: Label
    line: dict[str, Any]
    assessment: dict[str, Any]
    turns_on: datetime.date | None


@dataclass(slots=True)
class Rows:
    """The rows of one group, each with its label."""

    group: CrimeGroup
    evidence: list[Evidence] = field(default_factory=list)

    def own_first(self, rows: Iterable[Any], kind: Any) -> list[Any]:
        """Return the rows of a kind; those of merged groups only where there are no own."""
        found = [row for row in rows if isinstance(row, kind)]
        own = [row for row in found if row.group_id == self.group.pk]
        return own or found

    def labels(self) -> frozenset[Label]:
        """Return the labels that stand on any of the rows."""
        return frozenset(label for label, _ in self.evidence)


def readers(day: datetime.date) -> list[Viewer]:
    """Return one viewer for each combination of tags and clearance in use."""
    found: dict[tuple[frozenset[int], int], Viewer] = {}
    for user in User.objects.filter(is_active=True).iterator():
        viewer = viewer_of(user, on=day)
        if viewer.can_view:
            found[viewer.tags, viewer.clearance] = viewer
    return list(found.values())


# A fact that has not ended and was not withdrawn.
_STANDING = {"to_on": None, "withdrawn_at": None}


def rows_of(groups: Sequence[CrimeGroup], day: datetime.date) -> dict[int, Rows]:
    """Return all evidence of these groups, by id; those merged away have none.

    What was recorded on a merged group is evidence of its survivor, but for decisions.
    """
    found = {group.pk: Rows(group) for group in groups if group.merged_into_id is None}
    for rows in found.values():
        rows.evidence.append((rows.group.access_class.label, rows.group))
    counts_in = {pk: pk for pk in found}
    for child in CrimeGroup.objects.filter(merged_into__in=found):
        counts_in[child.pk] = child.merged_into_id or 0
    for model, wanted in (
        (GroupThreat, {"is_predominant": True, **_STANDING}),
        (Membership, _STANDING),
        (AttributeClaim, {"report__state": ReportState.SUBMITTED}),
        (Judgement, {}),
        (BandDecision, {}),
    ):
        joined = ["access_class", *(["report"] if model is AttributeClaim else [])]
        groups_of = found if model is BandDecision else counts_in
        read: Any = model._default_manager.filter(group__in=groups_of, **wanted)  # noqa: SLF001
        for row in read.select_related(*joined).order_by("id"):
            if not (isinstance(row, BandDecision) and counts_no(row, day)):
                rows = found[counts_in[row.group_id]]
                rows.evidence.append((row.access_class.label, row))
    cited = JudgementCitation.objects.filter(judgement__group__in=counts_in)
    for row in cited.select_related("access_class", "judgement").order_by("id"):
        rows = found[counts_in[row.judgement.group_id]]
        rows.evidence.append((row.access_class.label, row))
    return found


def counts_no(decision: BandDecision, day: datetime.date) -> bool:
    """Return whether the decision has expired on ``day``, or was not approved."""
    has_expired = decision.expires_on is not None and decision.expires_on <= day
    return has_expired or not decision.is_settled


def sights(rows: Rows, viewers: Iterable[Viewer]) -> set[frozenset[Label]]:
    """Return each set of the group's labels that some reader of the group sees."""
    labels = rows.labels()
    own = rows.group.access_class.label
    return {
        frozenset(label for label in labels if dominates(viewer, label))
        for viewer in viewers
        if dominates(viewer, own)
    }


def expected_line(
    rows: Rows,
    seen: Collection[Label],
    scheme: Scheme,
    scheme_version_id: int,
    day: datetime.date,
) -> Expected:
    """Return the line of one group and scheme for readers of the labels ``seen``."""
    label = join(seen)
    visible = [row for on, row in rows.evidence if on in seen]
    facts = GroupFacts(
        group_id=rows.group.pk,
        at=day,
        claims=tuple(_claims(visible)),
        judgements=tuple(_judgements(rows, visible)),
    )
    result = score(facts, scheme)
    members = [row for row in visible if isinstance(row, Membership)]
    threats = rows.own_first(visible, GroupThreat)
    line = {
        "owner_id": rows.group.owner_id,
        "rank": label.rank,
        "predominant_threat_id": threats[-1].threat_type_id if threats else None,
        "computed_band": result.band or "",
        "confirmed_band": _confirmed(visible, scheme_version_id),
        "tier": rows.group.tier,
        "record_state": rows.group.record_state,
        "activity_status": rows.group.activity_status,
        "memberships": len(members),
        "principals": sum(row.standing == Standing.PRINCIPAL for row in members),
        "unknown_count": result.unknown_count,
        "attribute_count": result.attribute_count,
        "unjudged_count": result.unjudged_count,
        "review_due_on": rows.group.review_on,
    }
    return Expected(label, line, _assessment(result), next_change_on(facts, scheme))


def _assessment(result: Result) -> dict[str, Any]:
    return {
        "facts": result.reading.as_json(),
        "facts_digest": result.reading.digest(),
        "value": result.value,
        "low": result.low,
        "high": result.high,
        "unknown_count": result.unknown_count,
        "attribute_count": result.attribute_count,
        "unjudged_count": result.unjudged_count,
        "band": result.band or "",
        "points": {factor.attribute: factor.points for factor in result.factors()},
    }


def _claims(visible: Iterable[Any]) -> Iterator[Claim]:
    for row in visible:
        if isinstance(row, AttributeClaim):
            yield Claim(
                report_id=row.report_id,
                attribute=row.attribute,
                level=Level(row.level),
                source_grade=row.report.source_grade,
                assessment_grade=row.report.assessment_grade,
                on=row.report.received_on,
            )


def _judgements(rows: Rows, visible: Collection[Any]) -> Iterator[JudgementFact]:
    cited = [row for row in visible if isinstance(row, JudgementCitation)]
    judged: dict[str, list[Any]] = {}
    for row in visible:
        if isinstance(row, Judgement):
            judged.setdefault(row.attribute, []).append(row)
    for of_attribute in judged.values():
        for row in rows.own_first(of_attribute, Judgement):
            yield JudgementFact(
                judgement_id=row.pk,
                attribute=row.attribute,
                level=Level(row.level),
                on=timezone.localdate(row.decided_at),
                cites=tuple(
                    one.report_id for one in cited if one.judgement_id == row.pk
                ),
            )


def _confirmed(visible: Iterable[Any], scheme_version_id: int) -> str:
    decisions = sorted(
        (row.decided_at, row.pk, row.band)
        for row in visible
        if isinstance(row, BandDecision) and row.scheme_version_id == scheme_version_id
    )
    return decisions[-1][2] if decisions else ""
