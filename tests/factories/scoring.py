"""Rows of a small world for the tests of scoring, written straight, as the worker.

Straight, so that any label may stand on any row: what actions offer is a small part of
what the drain must be right for.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from accounts.access import viewer_of
from accounts.actions import labels
from accounts.models import Organisation, Tag, TagHolder, User
from accounts.models.access_class import TagKind
from accounts.roles import Role
from accounts.visibility import Label, Viewer, join
from groups.models import (
    CrimeGroup,
    GroupThreat,
    IdentityCluster,
    Membership,
    Nominal,
    ThreatType,
)
from intelligence.models import AttributeClaim, Report
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from scoring.engine import PRIMARY
from scoring.models import BandDecision, Judgement, JudgementCitation, SchemeVersion

ATTRIBUTES = PRIMARY.attribute_keys()
DRUGS = "drug_activity"
DAY = datetime.timedelta(days=1)


def today() -> datetime.date:
    return timezone.localdate()


@dataclass
class World:
    """Makes rows with the labels that are asked for; remembers its tags by letter."""

    tags: dict[str, Tag] = field(default_factory=dict)
    made: int = 0

    def tag(self, letter: str) -> int:
        if letter not in self.tags:
            self.tags[letter], _ = Tag.objects.get_or_create(
                code=f"test:{letter}",
                defaults={"name": letter, "kind": TagKind.COMPARTMENT},
            )
        return self.tags[letter].pk

    def label(self, letters: str = "", marking: int = 1) -> Label:
        return Label(frozenset(self.tag(letter) for letter in letters), marking)

    def class_id(self, *parts: Label) -> int:
        return labels.intern(join(parts))

    def organisation(self, code: str = "durham") -> Organisation:
        return Organisation.objects.get(code=code)

    def reader(
        self,
        letters: str = "",
        *,
        clearance: int = 2,
        organisation: str = "cheshire",
        role: Role = Role.FORCE_ANALYST,
    ) -> User:
        """Make an account that holds these tags, and what its organisation holds."""
        self.made += 1
        user = User.objects.create(
            email=f"reader{self.made}@test.example",
            name="Reader",
            organisation=self.organisation(organisation),
            role=role,
            clearance=clearance,
        )
        for letter in letters:
            TagHolder.objects.create(tag_id=self.tag(letter), user=user)
        return user

    def viewer(self, letters: str = "", **more: Any) -> Viewer:
        return viewer_of(self.reader(letters, **more))

    def group(self, label: Label, owner: str = "durham", **more: Any) -> CrimeGroup:
        more = {"record_state": "mapped", "tier": "force", **more}
        return CrimeGroup.objects.create(
            name=more.pop("name", "Group"),
            owner=self.organisation(owner),
            access_class_id=self.class_id(label),
            **more,
        )

    def report(self, label: Label, **more: Any) -> Report:
        more = {
            "source_grade": 1,
            "assessment_grade": "A",
            "received_on": today() - datetime.timedelta(days=30),
            "text": "Text",
            **more,
        }
        return Report.objects.create(
            owner=self.organisation(),
            access_class_id=self.class_id(label),
            handling="P",
            **more,
        )

    def claim(
        self,
        group: CrimeGroup,
        label: Label,
        level: str = "high",
        attribute: str = DRUGS,
        report: Report | None = None,
        **more: Any,
    ) -> AttributeClaim:
        """Make a report under ``label`` (or take one), and its claim about a group."""
        report = report or self.report(label, **more)
        return AttributeClaim.objects.create(
            owner=self.organisation(),
            report=report,
            group=group,
            attribute=attribute,
            level=level,
            access_class_id=self._below(group, report, label),
        )

    def member(self, group: CrimeGroup, label: Label, **more: Any) -> Membership:
        owner, class_id = self.organisation(), self._below(group, label)
        nominal = Nominal.objects.create(
            owner=owner,
            access_class_id=self.class_id(label),
            cluster=IdentityCluster.objects.create(),
            surname="Person",
        )
        return Membership.objects.create(
            owner=owner,
            asserted_by=owner,
            group=group,
            nominal=nominal,
            access_class_id=class_id,
            rationale="Test",
            **{"dpa_category": "suspect", **more},
        )

    def threat(self, group: CrimeGroup, label: Label, code: str = "") -> GroupThreat:
        owner = self.organisation()
        kind = ThreatType.objects.filter(code__startswith=code).order_by("code").first()
        return GroupThreat.objects.create(
            owner=owner,
            asserted_by=owner,
            group=group,
            threat_type=kind,
            is_predominant=True,
            access_class_id=self._below(group, label),
            rationale="Test",
        )

    def judgement(
        self,
        group: CrimeGroup,
        label: Label,
        level: str = "low",
        attribute: str = DRUGS,
        cites: Iterable[Report] = (),
        **more: Any,
    ) -> Judgement:
        reports = list(cites)
        class_id = self._below(group, label, *reports)
        judgement = Judgement.objects.create(
            owner=group.owner,
            access_class_id=class_id,
            group=group,
            attribute=attribute,
            level=level,
            rationale="Test",
            **{"decided_at": timezone.now(), **more},
        )
        for report in reports:
            JudgementCitation.objects.create(
                owner=group.owner,
                access_class_id=class_id,
                judgement=judgement,
                report=report,
            )
        return judgement

    def decision(
        self, group: CrimeGroup, label: Label, band: str = "1a", **more: Any
    ) -> BandDecision:
        return BandDecision.objects.create(
            owner=group.owner,
            access_class_id=self._below(group, label),
            group=group,
            scheme_version=primary(),
            band=band,
            reason="Test",
            **{"computed_band": band, "decided_at": timezone.now(), **more},
        )

    def _below(self, *parents: Any) -> int:
        return self.class_id(
            *(
                one if isinstance(one, Label) else one.access_class.label
                for one in parents
            )
        )


def primary() -> SchemeVersion:
    return SchemeVersion.objects.get(is_primary=True)


def as_worker() -> Any:
    return acting_as(system("test"))
