"""A legal hold keeps what hangs on its record: also from the disposal of another."""

from typing import Any
from unittest import mock

import pytest
from django.db import connection, transaction
from django.db.utils import Error

from groups.actions import identifiers, links
from groups.models import CrimeGroup, Identifier, Nominal
from intelligence.actions import disposal
from intelligence.exceptions import HeldWithAnother
from intelligence.models import Mention
from tests.cast import As
from tests.disposing import disposed, everything, proposed
from tests.factories.groups import CrimeGroupFactory, MembershipFactory, NominalFactory
from tests.factories.intelligence import ReportFactory
from tests.factories.scoring import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(acting: As) -> Nominal:
    with acting("owner_analyst") as by:
        return NominalFactory(by=by)


def shared_facts(acting: As, person: Nominal) -> list[Any]:
    """Return a group, another person, a report and an identifier, each with a fact."""
    with acting("owner_analyst") as by:
        group = CrimeGroupFactory(by=by, name="Fictional group")
        other = NominalFactory(by=by, surname="Marlow")
        MembershipFactory(by=by, group=group, nominal=person)
        links.link_people(by=by, a=person, b=other, kind="family", rationale="Seen")
        identifiers.record(
            by=by,
            owner=person.owner,
            nominal=person,
            kind="email",
            value="shared@mail.example",
            sharing="force",
            rationale="Seen on the card",
        )
    with everything(), transaction.atomic():
        report = ReportFactory(text="Seen at the yard with others, twice.")
        Mention.objects.create(
            report=report,
            owner=report.owner,
            access_class_id=report.access_class_id,
            nominal=person,
        )
        identifier = Identifier.objects.get()
    return [group, other, report, identifier]


def hold(record: Any, is_held: bool) -> None:
    with everything(), transaction.atomic():
        type(record).objects.filter(pk=record.pk).update(legal_hold=is_held)


@pytest.mark.parametrize("which", range(4), ids=["group", "other", "report", "number"])
def test_a_hold_keeps_what_hangs_on_its_record(
    acting: As, person: Nominal, which: int
) -> None:
    held = shared_facts(acting, person)[which]
    review = proposed(acting, person)
    hold(held, True)
    with pytest.raises(HeldWithAnother) as caught, acting("owner_supervisor") as by:
        disposal.dispose(by=by, review=review, version=1, reason="Agreed")
    assert held.reference not in caught.value.message
    with acting("owner_supervisor") as by:
        disposal.decline(by=by, review=review, version=1, reason="On hold")
    with pytest.raises(HeldWithAnother):
        proposed(acting, person)
    hold(held, False)
    disposed(acting, person)
    with everything():
        assert type(held).objects.filter(pk=held.pk).exists() is (which != 3)


def test_a_held_group_keeps_a_report_that_only_a_judgement_cites(acting: As) -> None:
    world = World()
    with everything(), transaction.atomic():
        report = ReportFactory()
        group = world.group(world.label())
        judgement = world.judgement(group, world.label(), cites=[report])
        CrimeGroup.objects.filter(pk=group.pk).update(legal_hold=True)
        assert judgement.pk
    with pytest.raises(HeldWithAnother):
        proposed(acting, report)
    hold(group, False)
    assert proposed(acting, report).pk


@pytest.mark.parametrize("who", ["owner_analyst", "other_records_manager"])
def test_who_may_not_dispose_is_told_nothing_of_holds(
    acting: As, person: Nominal, who: str
) -> None:
    [group, *_] = shared_facts(acting, person)
    hold(group, True)
    asked = "select intelligence_is_held_back('nominal', %s)"
    for by, is_told in (("records_manager", True), (who, False)):
        with acting(by), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(asked, [person.pk])
            assert cursor.fetchone() == (is_told,)


def test_the_database_asks_for_holds_itself(acting: As, person: Nominal) -> None:
    """A decision that was made true without the check erases nothing."""
    [group, *_] = shared_facts(acting, person)
    review = proposed(acting, person)
    hold(group, True)
    with (
        mock.patch.object(disposal, "_check_free"),
        pytest.raises(Error, match="not approved by two"),
        acting("owner_supervisor") as by,
    ):
        disposal.dispose(by=by, review=review, version=1, reason="Agreed")
    with everything():
        assert Nominal.objects.filter(pk=person.pk).exists()
