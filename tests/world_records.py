"""Make the records of `tests.world`, as the people who are in it would."""

import datetime
import json
import random
import sys
from collections.abc import Callable
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.access import acting_for, viewer_of
from accounts.models import Organisation, Tag, TagHolder, User
from accounts.models.access_class import TagKind
from accounts.models.api_token import TokenScope
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
from groups.models import (
    CrimeGroup,
    Identifier,
    Nominal,
    Offence,
    ThreatType,
)
from groups.models.crime_group import RecordState
from intelligence.actions import reports
from intelligence.actions.drafts import ClaimDraft, ReportDraft
from intelligence.grading import Condition, Recipients
from intelligence.models import Report
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from scoring.engine import PRIMARY
from scoring.outbox import drain_until_empty
from tests.cast import PASSWORD
from tests.former_tokens import former_token
from tests.world import CELL, PEOPLE, PLANS, Manifest, Plan
from tests.world_assurance import assure
from tests.world_decisions import confirm_as_computed, decide
from tests.world_imports import make_imports
from tests.world_laboratory import draw_some
from tests.world_life import live_on, pairs_of_one_owner, watch_everything
from tests.world_notes import note_and_ask
from tests.world_retention import retain_some
from tests.world_returns import make_returns
from tests.world_sharing import open_one, share_some
from tests.world_subjects import ask_some
from tests.world_versions import compare_versions
from tests.world_words import rows_by_parent, word


class Maker:
    """Makes the world; `made` tells what there is."""

    def __init__(self) -> None:
        self.made = Manifest()
        self.users: dict[str, User] = {}
        self.cell = 0
        self.random = random.Random(7)  # the same world every time

    def make(self) -> Manifest:
        """Make everything and drain it."""
        with acting_as(system("world")), transaction.atomic():
            self._people()
        for plan in PLANS:
            self.act(plan.author, self._group, plan)
            decide(self, plan)
        self._links()
        self._reports()
        note_and_ask(self)
        self._changes()
        live_on(self)
        make_returns(self)
        assure(self)
        make_imports(self)
        share_some(self)
        retain_some(self)
        ask_some(self)
        with acting_as(system("world")), transaction.atomic():
            draw_some(self.made)
        with acting_as(system("world")), transaction.atomic():
            self.made.rows = rows_by_parent()
            self.made.rows["groups/pairs"] = pairs_of_one_owner(self.made.groups)
            self.made.identifiers = {
                row.reference: str(row.public_id) for row in Identifier.objects.all()
            }
        drain_until_empty()
        self.act("owner_supervisor", confirm_as_computed, self)
        drain_until_empty()
        with acting_as(system("world")), transaction.atomic():
            watch_everything()
        compare_versions(self)
        return self.made

    def act(self, who: str, step: Callable[..., Any], *args: Any) -> Any:
        """Run a step in a transaction of its own, as one of the people."""
        with acting_as(system("world")), transaction.atomic():
            viewer = viewer_of(self.users[who])
        with acting_for(viewer, route="world"), transaction.atomic():
            return step(viewer, *args)

    def _people(self) -> None:
        organisations = {one.code: one for one in Organisation.objects.all()}
        for name, (code, role) in PEOPLE.items():
            user = User(
                email=f"{name}@test.example",
                name=name.replace("_", " ").title(),
                organisation=organisations[code],
                role=role,
            )
            user.set_password(PASSWORD)
            user.save()
            self.users[name] = user
            _, self.made.tokens[name] = former_token(user, scopes=list(TokenScope))
        owner = organisations["durham"]
        tag = Tag.objects.create(
            code=CELL, name=word(), kind=TagKind.COMPARTMENT, owner=owner
        )
        tag.refresh_from_db()
        self.made.compartments[CELL] = str(tag.public_id)
        TagHolder.objects.create(tag=tag, user=self.users["cell"])
        self.cell = tag.pk

    def _group(self, by: Viewer, plan: Plan) -> None:
        owner = Organisation.objects.get(pk=by.organisation_id)
        compartments = [self.cell] if plan.in_cell else []
        group = groups.create(
            by=by,
            owner=owner,
            name=f"Group {word()}",
            sharing=plan.sharing,
            sharing_reason=word() if plan.sharing == "organisation" else "",
            compartments=compartments,
            summary=f"Deals at the yard {word()}.",
            tier=plan.tier,
            lead_officer=f"DI {word()}",
            owner_reference=word(),
            predominant_threat=ThreatType.objects.get(code=plan.threat),
            rationale=word(),
            review_on=timezone.localdate() + datetime.timedelta(days=30),
            record_state=plan.state,
        )
        self.keep("groups", plan.name, group)
        if plan.state == RecordState.SUBMITTED:
            self.made.submitted[plan.name] = str(group.public_id)
        self.made.texts[f"{plan.name}/owner_reference"] = group.owner_reference
        for number in range(plan.members):
            self._member(by, group, f"{plan.name}/{number}")
        self._around(by, group, plan)

    def keep(self, kind: str, name: str, record: Any) -> None:
        getattr(self.made, kind)[name] = str(record.public_id)
        if hasattr(record, "reference"):
            self.made.references[name] = record.reference

    def _person(self, by: Viewer, group: CrimeGroup, name: str) -> Nominal:
        nominal = people.create_nominal(
            by=by,
            owner=group.owner,
            access_class_id=group.access_class_id,
            given_names=word(),
            surname=word(),
            designation=word(),
            born_from=datetime.date(1985, 3, 1),
            born_to=datetime.date(1985, 3, 31),
            born_precision="month",
        )
        self.keep("nominals", name, nominal)
        return nominal

    def _member(self, by: Viewer, group: CrimeGroup, name: str) -> None:
        nominal = self._person(by, group, name)
        standing = "principal" if name.endswith("/0") else "significant"
        membership = people.add_member(
            by=by,
            group=group,
            nominal=nominal,
            standing=standing,
            rationale=word(),
            dpa_category="suspect",
        )
        self.keep("memberships", name, membership)
        email = f"{word()}@post.example".lower()
        self._use(by, email, "email", nominal=nominal)
        self.made.texts[f"{name}/email"] = email

    def _use(self, by: Viewer, value: str, kind: str, **user: Any) -> None:
        [used_by] = user.values()
        identifiers.record(
            by=by,
            owner=used_by.owner,
            kind=kind,
            value=value,
            access_class_id=used_by.access_class_id,
            rationale=word(),
            **user,
        )

    def _around(self, by: Viewer, group: CrimeGroup, plan: Plan) -> None:
        """Add a victim, aliases, an activity, another threat and an identifier."""
        victim = self._person(by, group, f"{plan.name}/victim")
        involvement = people.add_involvement(
            by=by,
            group=group,
            nominal=victim,
            kind="victim",
            dpa_category="victim",
            rationale=word(),
        )
        self.keep("involvements", plan.name, involvement)
        witness = people.add_involvement(
            by=by,
            group=group,
            nominal=victim,
            kind="witness",
            dpa_category="witness",
            rationale=word(),
        )
        self.keep("involvements", f"{plan.name}/witness", witness)
        aliases.add(by=by, group=group, name=word(), rationale=word())
        aliases.add_to_person(by=by, nominal=victim, surname=word(), rationale=word())
        threats.add(
            by=by,
            group=group,
            threat_type=ThreatType.objects.get(
                code="child-sexual-exploitation-and-abuse"
            ),
            rationale=word(),
        )
        activities.add(
            by=by,
            group=group,
            threat_type=ThreatType.objects.get(code=plan.threat),
            offence=Offence.objects.order_by("pk").first(),
            modus=word(),
            rationale=word(),
            places=[activities.PlaceDraft(role="group", outcode="DH1")],
            quantities=[
                activities.QuantityDraft(
                    commodity="cocaine", unit="kg", amount=Decimal(2)
                )
            ],
        )
        self._use(by, f"@{word()}".lower(), "handle", group=group)

    def _links(self) -> None:
        def link(by: Viewer) -> None:
            a, b = (self.of(CrimeGroup, name) for name in ("d_all", "w_all"))
            links.link_groups(by=by, a=a, b=b, kind="supply", rationale=word())
            one, two = (self.of(Nominal, name) for name in ("d_all/0", "d_own/0"))
            links.link_people(by=by, a=one, b=two, kind="associate", rationale=word())
            own, far = (self.of(CrimeGroup, name) for name in ("d_own", "w_all"))
            links.link_groups(by=by, a=own, b=far, kind="conflict", rationale=word())

        self.act("owner_supervisor", link)

    def of(self, model: type[Any], name: str) -> Any:
        kind = {CrimeGroup: "groups", Nominal: "nominals", Report: "reports"}[model]
        return model.objects.get(public_id=getattr(self.made, kind)[name])

    def _reports(self) -> None:
        """Report on groups, some of it under stricter labels than the group's."""
        for who, name, sharing, group in (
            ("owner_analyst", "r_force", "force", "d_force"),
            ("owner_analyst", "r_force_2", "force", "d_force"),
            ("owner_supervisor", "r_own", "organisation", "d_force"),
            ("owner_supervisor", "r_own_on_all", "organisation", "d_all"),
            ("cell", "r_cell", "force", "d_force"),
            ("owner_analyst", "r_all", "all_forces", "d_all"),
            ("owner_analyst", "r_old", "force", "d_force"),
            ("owner_analyst", "r_false", "force", "d_force"),
            ("region_analyst", "r_n_region", "region", "d_region"),
            ("region_supervisor", "r_n_own", "organisation", "d_region"),
            ("region_analyst", "r_n_force", "force", "n_force"),
            ("other_analyst", "r_w_all", "all_forces", "w_all"),
            ("other_analyst", "r_w_force", "force", "w_force"),
            ("other_supervisor", "r_w_own", "organisation", "d_all"),
            ("rocu_lead", "r_rocu", "force", "d_region"),
        ):
            self.act(who, self.report, name, sharing, group)

    def draft(self, by: Viewer, name: str, sharing: str, group: str) -> ReportDraft:
        """Return the draft of a report on a group that claims two attributes."""
        about = self.of(CrimeGroup, group)
        keys = self.random.sample(PRIMARY.attribute_keys(), 2)
        strict = sharing == "organisation"
        condition = Condition(Recipients.ORIGINATOR_ONLY, word()) if strict else None
        return ReportDraft(
            owner=Organisation.objects.get(pk=by.organisation_id),
            text=f"Seen at the yard on three nights {word()}.",
            original_text=f"My neighbour said so {word()}.",
            received_on=timezone.localdate() - datetime.timedelta(days=3),
            sharing=sharing,
            sharing_reason=word() if strict else "",
            compartments=[self.cell] if "cell" in name else [],
            source_grade=1,
            assessment_grade="A",
            handling="C" if condition else "P",
            condition=condition,
            groups=[about],
            nominals=[self.of(Nominal, f"{group}/0")],
            claims=[
                ClaimDraft(group=about, attribute=key, level="high") for key in keys
            ],
            owner_reference=word(),
        )

    def report(self, by: Viewer, name: str, sharing: str, group: str) -> None:
        report, _ = reports.submit(by=by, draft=self.draft(by, name, sharing, group))
        self.keep("reports", name, report)
        self.made.texts[f"{name}/owner_reference"] = report.owner_reference

    def _changes(self) -> None:
        """Give some records a past: former names, other states, reviews overdue."""

        def change(by: Viewer) -> None:
            old = self.of(Report, "r_old")
            draft = self.draft(by, "r_new", "force", "d_force")
            new = reports.supersede(by=by, report=old, draft=draft, reason=word())
            self.keep("reports", "r_new", new)
            false = self.of(Report, "r_false")
            reports.withdraw(by=by, report=false, version=false.version, reason=word())

        self.act("owner_supervisor", change)
        open_one(self)
        past = timezone.localdate() - datetime.timedelta(days=10)
        with acting_as(system("world")), transaction.atomic():
            for plan in PLANS:
                if plan.overdue:
                    CrimeGroup.objects.filter(
                        public_id=self.made.groups[plan.name]
                    ).update(review_on=past)


def main() -> None:
    """Fill the database and print what there is as one line of JSON."""
    sys.stdout.write(json.dumps(asdict(Maker().make())) + "\n")
