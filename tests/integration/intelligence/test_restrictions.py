"""A person's record whose processing is restricted may be read, and no more."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import IntegrityError
from django.test import Client
from django.urls import reverse

from accounts.exceptions import NotOwner
from groups.actions import aliases, facts, identifiers, links, memberships, people
from groups.exceptions import (
    AlreadyRecorded,
    InvalidRecord,
    ProcessingRestricted,
)
from groups.models import Membership, Nominal, NominalAlias
from intelligence.actions import reports, restrictions, sharing
from intelligence.models import Mention, ProcessingRestriction
from ocgmap.common.errors import (
    AppError,
    InvalidTransition,
    NotFound,
    PermissionDenied,
    StaleVersion,
)
from tests.audited import Audited
from tests.cast import As
from tests.disposing import disposed
from tests.factories.groups import (
    CrimeGroupFactory,
    MembershipFactory,
    NominalFactory,
    organisation,
)
from tests.factories.intelligence import a_draft
from tests.subjects import MANAGER, everything, restricted

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]


@pytest.fixture
def person(acting: As) -> Nominal:
    with acting("owner_analyst") as by:
        made = NominalFactory(by=by, given_names="Rowan", surname="Ashdown")
        made.refresh_from_db()
        return made


def fresh(person: Nominal) -> Nominal:
    with everything():
        return Nominal.objects.get(pk=person.pk)


def lift(acting: As, one: Any, **more: Any) -> Any:
    with acting(MANAGER) as by:
        return restrictions.lift(
            **{"version": one.version, "reason": "The case is over", **more},
            by=by,
            restriction=one,
        )


def test_restricted_and_lifted_with_who_when_and_why(
    acting: As, person: Nominal, audited: Audited
) -> None:
    one = restricted(acting, person)
    assert fresh(person).restriction_ground == "s46_4"
    done = lift(acting, one)
    assert fresh(person).restriction_ground == ""
    assert (done.lifted_reason, done.lifted_by_id is not None) == (
        "The case is over",
        True,
    )
    with pytest.raises(InvalidTransition):
        lift(acting, done)
    rows = audited(object_type="groups.Nominal", kind="alteration")
    assert [(row.reason, row.detail) for row in rows] == [
        ("Evidence in R v Marlow", {"restricted": "s46_4"}),
        ("The case is over", {"restriction_lifted": "s46_4"}),
    ]
    restricted(acting, person, ground="s47_3")
    with everything():
        assert ProcessingRestriction.objects.filter(nominal=person).count() == 2


@pytest.mark.parametrize(
    ("more", "error"),
    [
        pytest.param({"ground": "s12"}, InvalidRecord, id="no such ground"),
        pytest.param({"reason": " "}, InvalidRecord, id="no reason"),
        pytest.param({"reason": "x" * 1001}, InvalidRecord, id="long"),
        pytest.param({"version": 99}, StaleVersion, id="stale"),
        pytest.param({"who": "owner_supervisor"}, PermissionDenied, id="supervisor"),
        pytest.param({"who": "owner_analyst"}, PermissionDenied, id="analyst"),
        pytest.param({"who": "other_records_manager"}, NotFound, id="of another"),
    ],
)
def test_what_is_not_restricted(
    acting: As, person: Nominal, more: dict[str, Any], error: type[AppError]
) -> None:
    with pytest.raises(error):
        restricted(acting, person, **more)
    assert fresh(person).restriction_ground == ""


def test_nobody_restricts_what_another_owns(acting: As) -> None:
    with acting("owner_analyst") as by:
        shared = NominalFactory(by=by, sharing="all_forces")
    with pytest.raises(NotOwner):
        restricted(acting, shared, who="other_records_manager")


def test_only_one_stands(acting: As, person: Nominal) -> None:
    restricted(acting, person)
    with pytest.raises(AlreadyRecorded):
        restricted(acting, person)


def steps(person: Nominal, other: Nominal, group: Any, member: Any) -> dict[str, Any]:
    """Return every step that records something on a person, or changes it."""
    said = {"rationale": "Seen together"}
    return {
        "edit": lambda by: people.edit_nominal(
            by=by, nominal=person, version=person.version, surname="Other"
        ),
        "alias": lambda by: aliases.add_to_person(by=by, nominal=person, surname="Ash"),
        "member": lambda by: people.add_member(
            by=by, group=group, nominal=person, dpa_category="suspect", **said
        ),
        "involvement": lambda by: people.add_involvement(
            by=by,
            group=group,
            nominal=person,
            kind="associate",
            dpa_category="other",
            **said,
        ),
        "link": lambda by: links.link_people(by=by, a=other, b=person, kind="family"),
        "identifier": lambda by: identifiers.record(
            by=by,
            owner=organisation(),
            kind="email",
            value="ra@post.example",
            sharing="force",
            nominal=person,
        ),
        "report": lambda by: reports.submit(
            by=by, draft=a_draft(text="Seen.", nominals=(person,))
        ),
        "correct": lambda by: memberships.edit_member(
            by=by, membership=member, version=member.version, standing="principal"
        ),
        "withdraw": lambda by: facts.withdraw(
            by=by, fact=member, version=member.version, reason="Another man"
        ),
        "sharing": lambda by: sharing.change(
            by=by,
            record=person,
            version=person.version,
            sharing="region",
            reason="All ask",
        ),
    }


STEPS = sorted(steps(*[None] * 4))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", STEPS)
def test_nothing_is_recorded_on_it_changed_or_shared(
    acting: As, person: Nominal, name: str
) -> None:
    with acting("owner_analyst") as by:
        other, group = NominalFactory(by=by), CrimeGroupFactory(by=by)
        member = MembershipFactory(by=by, nominal=person)
    restricted(acting, person)
    with everything():
        member = Membership.objects.get(pk=member.pk)
    taken = steps(fresh(person), other, group, member)[name]
    with acting("owner_supervisor") as by, pytest.raises(ProcessingRestricted) as no:
        taken(by)
    assert person.reference in no.value.message
    assert "Data Protection Act 2018" in no.value.message
    assert "lift the restriction" in no.value.message
    with everything():
        assert not Mention.objects.filter(nominal=person).exists()
        assert Membership.objects.filter(nominal=person).count() == 1


def test_the_database_refuses_too(acting: As, person: Nominal) -> None:
    with acting("owner_analyst") as by:
        group = CrimeGroupFactory(by=by)
        member = MembershipFactory(by=by, nominal=person)
    restricted(acting, person)
    label = {"owner_id": person.owner_id, "access_class_id": person.access_class_id}
    with everything():
        with pytest.raises(IntegrityError), transaction.atomic():
            Nominal.objects.filter(pk=person.pk).update(surname="Other")
        with pytest.raises(IntegrityError), transaction.atomic():
            Nominal.objects.filter(pk=person.pk).update(restriction_ground="")
        with pytest.raises(IntegrityError), transaction.atomic():
            NominalAlias.objects.create(
                nominal=person, surname="Ash", asserted_by_id=person.owner_id, **label
            )
        with pytest.raises(IntegrityError), transaction.atomic():
            Membership.objects.create(
                nominal=person,
                group=group,
                dpa_category="suspect",
                asserted_by_id=person.owner_id,
                **label,
            )
        # The database remembers what a page did not know yet.
        with pytest.raises(IntegrityError), transaction.atomic():
            Membership.objects.filter(pk=member.pk).update(standing="principal")
        # What keeps the record itself goes on.
        Nominal.objects.filter(pk=person.pk).update(legal_hold=True)


def test_nobody_writes_the_ground_by_hand(person: Nominal) -> None:
    with everything(), pytest.raises(IntegrityError), transaction.atomic():
        Nominal.objects.filter(pk=person.pk).update(restriction_ground="s47_3")


def test_it_can_be_disposed_of(acting: As, person: Nominal) -> None:
    restricted(acting, person)
    disposed(acting, fresh(person))
    with everything():
        assert not Nominal.objects.filter(pk=person.pk).exists()
        assert not ProcessingRestriction.objects.exists()


def test_its_page_says_so_and_offers_no_change(
    acting: As, person: Nominal, client_as: SignIn
) -> None:
    page = reverse("groups:person", args=[person.public_id])
    client = client_as("owner_supervisor")
    assert "Change the person" in client.get(page).content.decode()
    restricted(acting, person)
    text = client.get(page).content.decode()
    assert "Processing restricted" in text
    assert "section 46(4)" in text
    assert "app-kept-in" in text
    assert "Change the person" not in text
    assert "Add another name" not in text
    edit = client.get(reverse("groups:person_edit", args=[person.public_id]))
    assert edit.status_code == 403
    assert "lift the restriction" in edit.content.decode()


def test_lists_and_networks_mark_it(
    acting: As, person: Nominal, client_as: SignIn
) -> None:
    with acting("owner_analyst") as by:
        member = MembershipFactory(by=by, nominal=person)
    restricted(acting, person)
    client = client_as("owner_supervisor")
    group = member.group
    people_page = client.get(reverse("groups:people", args=[group.public_id]))
    assert "Rowan Ashdown (restricted)" in people_page.content.decode()
    chart = client.get(reverse("groups:group_network", args=[group.public_id]))
    assert "Processing restricted" in chart.content.decode()


def test_it_does_not_leave(acting: As, person: Nominal, client_as: SignIn) -> None:
    with acting("owner_analyst") as by:
        member = MembershipFactory(by=by, nominal=person)
        other = NominalFactory(by=by, given_names="Jo", surname="Birch")
        MembershipFactory(by=by, nominal=other, group=member.group)
    restricted(acting, person)
    client = client_as("owner_supervisor")
    here = [member.group.public_id]
    svg = client.get(reverse("groups:group_picture", args=here))
    assert svg.status_code == 403
    assert "Hide this person in the chart" in svg.content.decode()
    own = client.get(reverse("groups:person_picture", args=[person.public_id]))
    assert own.status_code == 403
    paper = client.post(
        reverse("scoring:profile", args=here),
        {"reason": "Briefing of the group", "copies": "1", "distribution": "First"},
    ).content.decode()
    assert "Birch" in paper
    assert "Ashdown" not in paper
    assert "left out" in paper
    pasted = client.post(
        reverse("scoring:paste"), {"lines": "Rowan Ashdown", "kind": "any"}
    )
    shown = client.get(pasted["Location"]).content.decode()
    assert person.reference in shown
    list_id = pasted["Location"].partition("q=")[2]
    sheet = client.get(f"{reverse('scoring:paste_file')}?q={list_id}")
    assert sheet.status_code == 200
    assert person.reference not in sheet.content.decode()
    assert "Processing restricted" in sheet.content.decode()


def test_the_pages_of_the_records_manager(person: Nominal, client_as: SignIn) -> None:
    client = client_as(MANAGER)
    here = [person.public_id]
    page = reverse("intelligence:restriction", args=here)
    assert "It never was restricted" in client.get(page).content.decode()
    restrict = reverse("intelligence:restrict_person", args=here)
    refused = client.post(restrict, {"version": person.version, "reason": "Case"})
    assert refused.status_code == 200
    assert "govuk-error-summary" in refused.content.decode()
    sent = {"version": person.version, "ground": "s47_2", "reason": "Case"}
    assert client.post(restrict, sent).status_code == 302
    text = client.get(page).content.decode()
    assert "section 47(2)" in text
    assert "Stands" in text
    lifting = reverse("intelligence:lift_restriction", args=here)
    done = client.post(lifting, {"version": 1, "reason": "Over"}, follow=True)
    assert "not restricted" in done.content.decode()
    assert client.get(lifting).status_code == 404
    for who, status in (("owner_supervisor", 403), ("other_records_manager", 404)):
        for url in (page, restrict, lifting):
            assert client_as(who).get(url).status_code == status, (who, url)
