"""Everything about a person is found under one's own rights, and nothing else is told."""

import datetime

import pytest

from accounts.actions.labels import intern, join_of
from accounts.exceptions import NotOwner
from accounts.models import Tag, TagHolder
from accounts.models.access_class import TagKind
from accounts.visibility import Label
from groups.actions import identifiers
from groups.models import CrimeGroup, Nominal
from intelligence.about_person import held_about
from intelligence.actions import reports, subject_findings
from intelligence.models import SubjectFinding
from ocgmap.common.errors import (
    NotFound,
)
from tests.cast import As, MakeUser
from tests.factories.groups import (
    CrimeGroupFactory,
    MembershipFactory,
    NominalFactory,
    organisation,
)
from tests.factories.intelligence import ReportFactory, a_draft
from tests.subjects import MANAGER, everything, kept, registered

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(acting: As) -> Nominal:
    with acting("owner_analyst") as by:
        return NominalFactory(by=by, given_names="Rowan", surname="Ashdown")


def test_finding_all_about_a_person(acting: As, person: Nominal) -> None:
    with acting("owner_analyst") as by:
        group = CrimeGroupFactory(by=by, summary="Rowan Ashdown runs the yard")
        member = MembershipFactory(by=by, group=group, nominal=person)
        # Found by the number alone.
        other = NominalFactory(by=by, given_names="Jo", surname="Birch")
        number = identifiers.record(
            by=by,
            owner=organisation(),
            kind="email",
            value="ra@post.example",
            sharing="force",
            nominal=other,
        )
        named = ReportFactory(text="Rowan Ashdown was at the yard.")
        mentioning, _ = reports.submit(
            by=by, draft=a_draft(text="Seen again.", nominals=(person,))
        )
        NominalFactory(by=by, given_names="Rowan", surname="Birchwood")
    request = registered(acting, identifiers="ra@post.example\n\n")
    with acting(MANAGER) as by:
        held = held_about(by, request)
    found = {kind: {one.pk for one in rows} for kind, rows in held.rows.items()}
    assert {person.pk, other.pk} <= found["nominal"]
    assert found["identifier"] == {number.pk}
    assert found["membership"] == {member.pk}
    assert {named.pk, mentioning.pk} <= found["report"]
    assert found["group"] == {group.pk}
    assert held.cut == []


def test_a_birth_date_finds_an_exact_surname_with_other_given_names(acting: As) -> None:
    born = datetime.date(1988, 5, 4)
    with acting("owner_analyst") as by:
        person = NominalFactory(
            by=by,
            given_names="Christopher",
            surname="Ashdown",
            born_from=born,
            born_to=born,
            born_precision="day",
        )
    request = registered(acting, given_names="Kit", born_on=born)
    with acting(MANAGER) as by:
        assert person in held_about(by, request).rows["nominal"]


@pytest.fixture
def cell(make_user: MakeUser) -> Tag:
    with everything():
        tag = Tag.objects.create(
            code="compartment:cell", name="Cell", kind=TagKind.COMPARTMENT
        )
        TagHolder.objects.create(tag=tag, user=make_user("owner_supervisor"))
    return tag


def test_what_one_may_not_see_is_neither_found_nor_told_of(
    acting: As, cell: Tag, person: Nominal, make_user: MakeUser
) -> None:
    with acting("owner_supervisor") as by:
        hidden = NominalFactory(
            by=by, given_names="Rowan", surname="Ashdown", compartments=[cell.pk]
        )
    request = registered(acting)
    with acting(MANAGER) as by:
        assert held_about(by, request).rows["nominal"] == [person]
        with pytest.raises(NotFound):
            subject_findings.keep(by=by, request=request, records=[hidden])
    # A colleague with the compartment finds it, and it stays theirs to know of.
    with everything():
        TagHolder.objects.create(tag=cell, user=make_user("manager_two", "durham"))
        colleague = make_user("manager_two")
        colleague.role = "records_manager"
        colleague.save()
    with acting("manager_two") as by:
        assert {hidden, person} == set(held_about(by, request).rows["nominal"])
        [kept_one] = subject_findings.keep(by=by, request=request, records=[hidden])
    with acting(MANAGER):
        assert not SubjectFinding.objects.exists()
    with everything():
        TagHolder.objects.filter(tag=cell, user=colleague).delete()
    with acting("manager_two") as by:
        assert not SubjectFinding.objects.exists()
        with pytest.raises(NotFound):
            subject_findings.decide(
                by=by, finding=kept_one, version=1, decision="disclose", reason="Theirs"
            )


def test_a_record_of_another_force_is_found_and_cannot_be_kept(acting: As) -> None:
    with acting("other_analyst") as by:
        theirs = NominalFactory(
            by=by,
            owner=organisation("west-yorkshire"),
            sharing="all_forces",
            given_names="Rowan",
            surname="Ashdown",
        )
    request = registered(acting)
    with acting(MANAGER) as by:
        assert theirs in held_about(by, request).rows["nominal"]
        with pytest.raises(NotOwner):
            subject_findings.keep(by=by, request=request, records=[theirs])


def test_a_record_that_is_raised_takes_its_finding_along(acting: As, cell: Tag) -> None:
    with acting("owner_analyst") as by:
        group = CrimeGroupFactory(by=by)
    kept(acting, registered(acting), group)
    with everything():
        in_cell = intern(Label(frozenset({cell.pk})))
        CrimeGroup.objects.filter(pk=group.pk).update(
            access_class_id=join_of([group.access_class_id, in_cell])
        )
    with acting(MANAGER):
        assert not SubjectFinding.objects.exists()
