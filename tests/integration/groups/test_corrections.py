"""What was recorded wrongly is corrected or withdrawn, and kept in the history."""

import datetime
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.exceptions import NotOwner
from accounts.visibility import Viewer
from groups.actions import (
    activities,
    activity_corrections,
    aliases,
    facts,
    identifiers,
    links,
    people,
    threats,
)
from groups.actions.activities import PlaceDraft, QuantityDraft
from groups.actions.activity_corrections import PartChange, parts_version
from groups.exceptions import AlreadyRecorded, InvalidRecord
from groups.models import (
    Activity,
    ActivityPlace,
    ActivityQuantity,
    CrimeGroup,
    GroupAlias,
    GroupThreat,
    IdentifierUse,
    Membership,
    Nominal,
    ThreatType,
)
from groups.search import groups_matching
from ocgmap.common.acting import acting_as
from ocgmap.common.errors import NotFound, StaleVersion
from ocgmap.common.scope import system
from tests.cast import As
from tests.factories.groups import NominalFactory

pytestmark = pytest.mark.django_db

Audited = Callable[[str], list[tuple[str, list[int], str]]]
Find = Callable[[str], Viewer]


def kind(code: str) -> ThreatType:
    return ThreatType.objects.get(code=code)


@pytest.fixture
def alias(acting: As, by: Viewer, group: CrimeGroup) -> GroupAlias:
    with acting("owner_analyst"):
        made = aliases.add(by=by, group=group, name="Elms", rationale="Heard twice")
        made.refresh_from_db()
        return made


def test_withdrawn_fact_is_in_no_list_and_stays_in_history(
    acting: As, by: Viewer, group: CrimeGroup, alias: GroupAlias, audited: Audited
) -> None:
    with acting("owner_analyst"):
        assert groups_matching(by, "elms").count() == 1
        gone = facts.withdraw(by=by, fact=alias, version=1, reason=" Another group's ")
        assert (gone.withdrawn_by_id, gone.withdrawn_reason) == (
            by.user_id,
            "Another group's",
        )
        assert not GroupAlias.objects.visible_to(by).exists()
        assert GroupAlias.objects.ever_visible_to(by).get() == alias
        assert groups_matching(by, "elms").count() == 0
        assert aliases.add(by=by, group=group, name="Elms").pk != alias.pk
        with pytest.raises(NotFound):
            facts.withdraw(by=by, fact=gone, version=2, reason="Again")
        with pytest.raises(NotFound):
            aliases.correct(by=by, alias=gone, version=2, reason="No", name="Oaks")
    assert audited("groups.GroupAlias")[0] == (
        "alteration",
        [alias.pk],
        "Another group's",
    )


def test_withdrawal_needs_reason_version_and_right(
    acting: As, viewer: Find, by: Viewer, alias: GroupAlias
) -> None:
    with acting("owner_analyst"):
        with pytest.raises(InvalidRecord) as caught:
            facts.withdraw(by=by, fact=alias, version=1, reason=" ")
        assert caught.value.field == "reason"
        with pytest.raises(StaleVersion):
            facts.withdraw(by=by, fact=alias, version=7, reason="Wrong")
    nca = viewer("nca_officer")
    with acting("nca_officer"), pytest.raises(NotOwner):
        facts.withdraw(by=nca, fact=alias, version=1, reason="Wrong")
    stranger = viewer("other_analyst")
    with acting("other_analyst"), pytest.raises(NotFound):
        facts.withdraw(by=stranger, fact=alias, version=1, reason="Wrong")
    lead = viewer("rocu_lead")
    with acting("rocu_lead"):
        assert facts.withdraw(by=lead, fact=alias, version=1, reason="Wrong")


@pytest.mark.parametrize("step", ["withdraw", "correct"])
def test_without_the_audit_nothing_changes(
    acting: As,
    by: Viewer,
    alias: GroupAlias,
    broken_audit: Callable[[], None],
    step: str,
) -> None:
    broken_audit()
    with acting("owner_analyst"):
        take = {
            "withdraw": partial(facts.withdraw, fact=alias),
            "correct": partial(aliases.correct, alias=alias, name="Oaks"),
        }[step]
        with pytest.raises(RuntimeError), transaction.atomic():
            take(by=by, version=1, reason="Wrong")
        now = GroupAlias.objects.visible_to(by).get()
        assert (now.name, now.version) == ("Elms", 1)


def test_the_table_refuses_half_a_withdrawal(alias: GroupAlias) -> None:
    with acting_as(system("test")), transaction.atomic():
        rows = GroupAlias.objects.filter(pk=alias.pk)
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(withdrawn_reason="Nobody said so")


def test_alias_is_corrected_with_a_reason(
    acting: As, by: Viewer, group: CrimeGroup, alias: GroupAlias, audited: Audited
) -> None:
    with acting("owner_analyst"):
        aliases.add(by=by, group=group, name="Oaks")
        for values, field in [
            ({"name": " "}, "name"),
            ({"name": "oaks"}, "name"),
            ({"name": "Ash", "reason": ""}, "reason"),
            ({"to_on": datetime.date(2190, 1, 1)}, "to_on"),
        ]:
            with pytest.raises((InvalidRecord, AlreadyRecorded)) as caught:
                aliases.correct(
                    by=by, alias=alias, version=1, **{"reason": "Slip", **values}
                )
            assert caught.value.field == field
        now = aliases.correct(
            by=by, alias=alias, version=1, reason="Misheard", name=" The  Elm "
        )
        assert (now.name, now.version) == ("The Elm", 2)
        [former] = GroupAlias.history.rel.related_model.objects.filter(  # type: ignore[attr-defined]
            pgh_obj_id=alias.pk
        )
        assert former.name == "Elms"
        assert former.pgh_context["reason"] == "Misheard"
    assert audited("groups.GroupAlias")[-1] == ("alteration", [alias.pk], "Misheard")


def test_threat_corrected_to_predominant_stands_alone(
    acting: As, by: Viewer, group: CrimeGroup
) -> None:
    with acting("owner_analyst"):
        first = threats.add(
            by=by, group=group, threat_type=kind("cyber-crime"), is_predominant=True
        )
        other = threats.add(by=by, group=group, threat_type=kind("illegal-drugs"))
        with pytest.raises(AlreadyRecorded):
            threats.correct(
                by=by,
                threat=other,
                version=1,
                reason="Slip",
                threat_type=kind("cyber-crime"),
            )
        threats.correct(
            by=by, threat=other, version=1, reason="Slip", is_predominant=True
        )
        chiefs = GroupThreat.objects.visible_to(by).filter(is_predominant=True)
        assert chiefs.get() == other
        first.refresh_from_db()
        facts.withdraw(by=by, fact=first, version=first.version, reason="Never")
        again = threats.add(by=by, group=group, threat_type=kind("cyber-crime"))
        assert again.pk != first.pk


def test_predominant_threat_is_withdrawn_and_another_takes_its_place(
    acting: As, by: Viewer, group: CrimeGroup
) -> None:
    with acting("owner_analyst"):
        first = threats.add(
            by=by, group=group, threat_type=kind("cyber-crime"), is_predominant=True
        )
        facts.withdraw(by=by, fact=first, version=1, reason="Never")
        second = threats.add(
            by=by, group=group, threat_type=kind("illegal-drugs"), is_predominant=True
        )
        assert GroupThreat.objects.visible_to(by).open().get() == second


def test_withdrawn_member_may_be_recorded_again(
    acting: As, by: Viewer, group: CrimeGroup, nominal: Nominal
) -> None:
    with acting("owner_analyst"):
        member = people.add_member(
            by=by, group=group, nominal=nominal, dpa_category="suspect"
        )
        facts.withdraw(by=by, fact=member, version=1, reason="His brother")
        assert not Nominal.objects.visible_to(by).with_people_in(group.pk).exists()
        people.add_member(by=by, group=group, nominal=nominal, dpa_category="suspect")
        assert Membership.objects.visible_to(by).open().count() == 1


def test_use_link_and_name_of_a_person_are_corrected(
    acting: As, by: Viewer, nominal: Nominal
) -> None:
    with acting("owner_analyst"):
        other = NominalFactory(by=by)
        identifiers.record(
            by=by,
            owner=nominal.owner,
            kind="phone",
            value="07700 900123",
            access_class_id=nominal.access_class_id,
            nominal=nominal,
        )
        use = IdentifierUse.objects.visible_to(by).get()
        day = datetime.date(2024, 5, 1)
        use = identifiers.correct_use(
            by=by, use=use, version=1, reason="Bill", from_on=day
        )
        assert use.from_on == day
        link = links.link_people(by=by, a=nominal, b=other, kind="family")
        link = links.correct(by=by, link=link, version=1, reason="Slip", kind="other")
        assert link.kind == "other"
        name = aliases.add_to_person(by=by, nominal=nominal, surname="Red")
        with pytest.raises(InvalidRecord):
            aliases.correct_of_person(
                by=by, alias=name, version=1, reason="Slip", surname=" "
            )
        name = aliases.correct_of_person(
            by=by, alias=name, version=1, reason="Slip", surname="Rudd"
        )
        assert (name.surname, name.version) == ("Rudd", 2)


@pytest.fixture
def activity(acting: As, by: Viewer, group: CrimeGroup) -> Activity:
    with acting("owner_analyst"):
        made = activities.add(
            by=by,
            group=group,
            threat_type=kind("illegal-drugs"),
            modus="By lorry",
            places=[
                PlaceDraft("group", outcode="DH1"),
                PlaceDraft("transit", None, "", "NL"),
            ],
            quantities=[QuantityDraft("cocaine", "kg", Decimal(2))],
        )
        made.refresh_from_db()
        return made


def test_activity_is_corrected_with_its_parts(
    acting: As, by: Viewer, activity: Activity, audited: Audited
) -> None:
    with acting("owner_analyst"):
        first, second = ActivityPlace.objects.visible_to(by).order_by("pk")
        [amount] = ActivityQuantity.objects.visible_to(by)
        version = parts_version(by, activity)
        assert version == 4
        now = activity_corrections.correct(
            by=by,
            activity=activity,
            version=version,
            reason="The statement says so",
            modus="By van",
            places=[
                PartChange(PlaceDraft("harm", outcode="DH3"), first.public_id),
                PartChange(
                    PlaceDraft("transit", None, "", "NL"), second.public_id, True
                ),
                PartChange(PlaceDraft("transit", None, "", "BE")),
            ],
            quantities=[
                PartChange(QuantityDraft("cocaine", "kg", Decimal(3)), amount.public_id)
            ],
        )
        assert now.modus == "By van"
        places = ActivityPlace.objects.visible_to(by).order_by("pk")
        assert [(one.role, one.outcode, one.country) for one in places] == [
            ("harm", "DH3", "GB"),
            ("transit", "", "BE"),
        ]
        assert ActivityQuantity.objects.visible_to(by).get().amount == 3
        # Five rows changed or came: the activity, three places and a quantity.
        assert parts_version(by, now) == version + 5
        with pytest.raises(StaleVersion) as caught:
            activity_corrections.correct(
                by=by, activity=activity, version=version, reason="Late", modus="By car"
            )
        assert caught.value.details["current_version"] == version + 5
    kinds = [kind for kind, _, _ in audited("groups.ActivityPlace")]
    assert sorted(kinds) == ["alteration", "alteration", "collection"]


def test_a_wrong_part_leaves_the_activity_as_it_was(
    acting: As, by: Viewer, activity: Activity
) -> None:
    with acting("owner_analyst"):
        version = parts_version(by, activity)
        with pytest.raises(InvalidRecord) as caught:
            activity_corrections.correct(
                by=by,
                activity=activity,
                version=version,
                reason="Slip",
                modus="By van",
                quantities=[PartChange(QuantityDraft("cocaine", "kg"))],
            )
        assert (caught.value.field, caught.value.details["row"]) == ("amount", 0)
        assert parts_version(by, activity) == version
        assert Activity.objects.visible_to(by).get().modus == "By lorry"


def test_activity_is_withdrawn_with_its_parts(
    acting: As, by: Viewer, activity: Activity
) -> None:
    with acting("owner_analyst"):
        activity_corrections.withdraw(
            by=by, activity=activity, version=1, reason="Another group's"
        )
        for model in (Activity, ActivityPlace, ActivityQuantity):
            rows: Any = model.objects
            assert not rows.visible_to(by).exists()
            assert rows.ever_visible_to(by).exists()
