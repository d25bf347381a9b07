import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.exceptions import NotOwner
from accounts.roles import Role
from accounts.visibility import Viewer
from groups.actions import people
from groups.actions.people import add_member
from groups.exceptions import (
    AlreadyRecorded,
    ApprovalNeeded,
    CompartmentNotHeld,
    InvalidRecord,
    SafeguardingRoute,
)
from groups.models import CrimeGroup, Involvement, Membership, Nominal
from ocgmap.common.errors import AppError, NotFound
from tests.cast import As
from tests.factories.groups import CrimeGroupFactory, NominalFactory, organisation

pytestmark = pytest.mark.django_db

SUSPECT: dict[str, Any] = {"dpa_category": "suspect"}

Audited = Callable[[str], list[tuple[str, list[int], str]]]
Find = Callable[[str], Viewer]


def born(years_ago: int) -> dict[str, Any]:
    """The latest birthday at which someone is this old today."""
    today = datetime.date.today()  # noqa: DTZ011
    day = datetime.date(today.year - years_ago, today.month, min(today.day, 28))
    return {"born_from": day, "born_to": day, "born_precision": "day"}


def test_member_is_labelled_by_group_and_person(
    acting: As, by: Viewer, group: CrimeGroup, audited: Audited
) -> None:
    with acting("owner_analyst"):
        person = NominalFactory(by=by, sharing="organisation")
        member = add_member(
            by=by,
            group=group,
            nominal=person,
            standing="principal",
            rationale="Seen",
            **SUSPECT,
        )
    assert member.access_class_id not in {group.access_class_id}
    assert member.asserted_by_id == by.organisation_id
    assert audited("groups.Membership") == [("collection", [member.pk], "")]


def test_member_needs_group_and_person_to_be_visible(
    acting: As,
    by: Viewer,
    viewer: Find,
    group: CrimeGroup,
    hidden: CrimeGroup,
    nominal: Nominal,
    hidden_person: Nominal,
) -> None:
    with acting("owner_analyst"):
        for where, who in [(hidden, nominal), (group, hidden_person)]:
            with pytest.raises(NotFound):
                add_member(by=by, group=where, nominal=who, **SUSPECT)
    officer = viewer("nca_officer")
    with acting("nca_officer"), pytest.raises(NotOwner):
        add_member(by=officer, group=group, nominal=nominal, **SUSPECT)


def test_member_of_the_region_lead_belongs_to_the_force(
    acting: As, viewer: Find, group: CrimeGroup, nominal: Nominal
) -> None:
    lead = viewer("rocu_lead")
    with acting("rocu_lead"):
        member = add_member(by=lead, group=group, nominal=nominal, **SUSPECT)
    assert member.owner_id == group.owner_id
    assert member.asserted_by_id == lead.organisation_id


@pytest.mark.parametrize(
    ("values", "error", "field"),
    [
        ({"dpa_category": "victim"}, InvalidRecord, "dpa_category"),
        ({"dpa_category": "witness"}, InvalidRecord, "dpa_category"),
        ({"dpa_category": "guilty"}, InvalidRecord, "dpa_category"),
        ({"standing": "boss"}, InvalidRecord, "standing"),
        ({"from_on": datetime.date(2190, 1, 1)}, InvalidRecord, "from_on"),
        (
            {
                "from_on": datetime.date(2020, 1, 2),
                "to_on": datetime.date(2020, 1, 1),
            },
            InvalidRecord,
            "to_on",
        ),
        ({"basis": "rumour"}, InvalidRecord, "basis"),
        ({"compartments": [999_999]}, CompartmentNotHeld, "compartments"),
    ],
)
def test_member_with_a_wrong_value_is_not_written(
    acting: As,
    by: Viewer,
    group: CrimeGroup,
    nominal: Nominal,
    values: dict[str, Any],
    error: type[AppError],
    field: str,
) -> None:
    with acting("owner_analyst"):
        with pytest.raises(error) as caught:
            add_member(
                by=by,
                group=group,
                nominal=nominal,
                **{"dpa_category": "suspect", **values},
            )
        assert caught.value.field == field
        assert Membership.objects.visible_to(by).count() == 0


def test_no_row_is_written_without_a_category(
    acting: As, by: Viewer, group: CrimeGroup, nominal: Nominal
) -> None:
    columns: dict[str, Any] = {
        "group": group,
        "nominal": nominal,
        "owner": group.owner,
        "asserted_by": group.owner,
        "access_class_id": group.access_class_id,
    }
    rows = [Membership(**columns), Involvement(kind="associate", **columns)]
    with acting("owner_analyst"):
        for row in rows:
            with (
                pytest.raises(IntegrityError, match="category_is_said"),
                transaction.atomic(),
            ):
                row.save()
            row.dpa_category = "other"
            row.save()


def test_member_twice_is_refused_until_the_first_ended(
    acting: As, by: Viewer, group: CrimeGroup, nominal: Nominal
) -> None:
    with acting("owner_analyst"):
        first = add_member(by=by, group=group, nominal=nominal, **SUSPECT)
        with pytest.raises(AlreadyRecorded):
            add_member(by=by, group=group, nominal=nominal, **SUSPECT)
        ended = people.edit_member(
            by=by,
            membership=first,
            version=1,
            to_on=datetime.date(2020, 1, 1),
            reason="Left",
        )
        assert add_member(by=by, group=group, nominal=nominal, **SUSPECT).pk != first.pk
    assert ended.version == 2


def test_member_with_broken_audit_is_not_written(
    acting: As,
    by: Viewer,
    group: CrimeGroup,
    nominal: Nominal,
    broken_audit: Callable[[], None],
) -> None:
    broken_audit()
    with acting("owner_analyst"):
        with pytest.raises(RuntimeError, match="audit"):
            add_member(by=by, group=group, nominal=nominal, **SUSPECT)
        assert Membership.objects.visible_to(by).count() == 0


@pytest.mark.parametrize("years", [10, 17])
def test_child_as_member_needs_a_supervisor(
    acting: As, by: Viewer, viewer: Find, group: CrimeGroup, years: int
) -> None:
    with acting("owner_analyst"):
        child = NominalFactory(by=by, **born(years))
        with pytest.raises(ApprovalNeeded, match="supervisor"):
            add_member(by=by, group=group, nominal=child, **SUSPECT)
    supervisor = viewer("owner_supervisor")
    with acting("owner_supervisor"):
        assert add_member(by=supervisor, group=group, nominal=child, **SUSPECT).pk


def test_adult_at_eighteen_needs_nobody(
    acting: As, by: Viewer, group: CrimeGroup
) -> None:
    with acting("owner_analyst"):
        adult = NominalFactory(by=by, **born(18))
        assert add_member(by=by, group=group, nominal=adult, **SUSPECT).pk


def test_birth_known_to_the_year_counts_as_its_last_day(
    acting: As, by: Viewer, group: CrimeGroup
) -> None:
    year = datetime.date.today().year - 18  # noqa: DTZ011
    with acting("owner_analyst"):
        perhaps = NominalFactory(
            by=by,
            born_from=datetime.date(year, 1, 1),
            born_to=datetime.date(year, 12, 31),
            born_precision="year",
        )
        with pytest.raises(ApprovalNeeded):
            add_member(by=by, group=group, nominal=perhaps, **SUSPECT)


@pytest.mark.parametrize(
    ("force", "years", "refused"),
    [
        ("durham", 9, True),
        ("durham", 10, False),
        ("police-scotland", 11, True),
        ("police-scotland", 12, False),
    ],
)
def test_below_the_age_of_responsibility_is_never_a_member(
    acting: As,
    make_user: Any,
    viewer: Find,
    force: str,
    years: int,
    refused: bool,
) -> None:
    make_user("their_supervisor", force, Role.FORCE_SUPERVISOR)
    by = viewer("their_supervisor")
    with acting("their_supervisor"):
        owner = organisation(force)
        group = CrimeGroupFactory(by=by, owner=owner)
        child = NominalFactory(by=by, owner=owner, **born(years))
        if refused:
            with pytest.raises(SafeguardingRoute, match="safeguarding referral"):
                add_member(by=by, group=group, nominal=child, **SUSPECT)
        assert people.add_involvement(
            by=by,
            group=group,
            nominal=child,
            kind="exploited",
            dpa_category="victim",
            rationale="Found carrying",
        ).pk
        assert refused or add_member(by=by, group=group, nominal=child, **SUSPECT).pk


def test_member_since_childhood_is_refused_though_grown_up(
    acting: As, by: Viewer, group: CrimeGroup
) -> None:
    with acting("owner_analyst"):
        adult = NominalFactory(by=by, **born(30))
        start = datetime.date.today() - datetime.timedelta(days=22 * 366)  # noqa: DTZ011
        with pytest.raises(SafeguardingRoute):
            add_member(by=by, group=group, nominal=adult, from_on=start, **SUSPECT)


def add_involved(by: Viewer, group: CrimeGroup, nominal: Nominal, **values: Any) -> Any:
    told = {
        "kind": "associate",
        "dpa_category": "other",
        "rationale": "Shares a flat",
        **values,
    }
    return people.add_involvement(by=by, group=group, nominal=nominal, **told)


def test_associate_is_reviewed_within_a_year(
    acting: As, by: Viewer, group: CrimeGroup, nominal: Nominal, audited: Audited
) -> None:
    today = datetime.date.today()  # noqa: DTZ011
    with acting("owner_analyst"):
        for day in (today + datetime.timedelta(days=400), datetime.date(2020, 1, 1)):
            with pytest.raises(InvalidRecord) as caught:
                add_involved(by, group, nominal, review_on=day)
            assert caught.value.field == "review_on"
        row = add_involved(by, group, nominal)
        with pytest.raises(AlreadyRecorded):
            add_involved(by, group, nominal)
    assert row.review_on == today + datetime.timedelta(days=365)
    assert audited("groups.Involvement") == [("collection", [row.pk], "")]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"rationale": " "}, "rationale"),
        ({"kind": "victim"}, "dpa_category"),
        ({"kind": "exploited", "dpa_category": "suspect"}, "dpa_category"),
        ({"kind": "friend"}, "kind"),
    ],
)
def test_involvement_with_a_wrong_value_is_not_written(
    acting: As,
    by: Viewer,
    group: CrimeGroup,
    nominal: Nominal,
    values: dict[str, Any],
    field: str,
) -> None:
    with acting("owner_analyst"):
        with pytest.raises(InvalidRecord) as caught:
            add_involved(by, group, nominal, **values)
        assert caught.value.field == field
        assert Involvement.objects.visible_to(by).count() == 0


def test_victim_without_the_compartment_is_seen_by_the_own_organisation_only(
    acting: As, by: Viewer, viewer: Find, group: CrimeGroup, nominal: Nominal
) -> None:
    with acting("owner_analyst"):
        add_involved(by, group, nominal, kind="victim", dpa_category="victim")
    lead, supervisor = viewer("rocu_lead"), viewer("owner_supervisor")
    with acting("rocu_lead"):
        assert not Involvement.objects.visible_to(lead).exists()
    with acting("owner_supervisor"):
        assert Involvement.objects.visible_to(supervisor).exists()


def test_victim_recorded_by_the_region_is_seen_by_it_alone(
    acting: As, by: Viewer, viewer: Find, group: CrimeGroup, nominal: Nominal
) -> None:
    lead = viewer("rocu_lead")
    with acting("rocu_lead"):
        row = add_involved(lead, group, nominal, kind="victim", dpa_category="victim")
    assert row.owner_id == lead.organisation_id
    with acting("owner_analyst"):
        assert not Involvement.objects.visible_to(by).exists()


def test_victim_in_the_compartment_is_seen_by_its_holders(
    acting: As,
    viewer: Find,
    grant: Callable[[str, str], None],
    group: CrimeGroup,
    nominal: Nominal,
) -> None:
    grant("owner_analyst", "safeguarding")
    grant("rocu_lead", "safeguarding")
    by, lead, other = (
        viewer(n) for n in ("owner_analyst", "rocu_lead", "owner_supervisor")
    )
    with acting("owner_analyst"):
        add_involved(by, group, nominal, kind="exploited", dpa_category="victim")
    with acting("rocu_lead"):
        assert Involvement.objects.visible_to(lead).exists()
    with acting("owner_supervisor"):
        assert not Involvement.objects.visible_to(other).exists()


def test_public_official_is_for_a_holder_of_the_corruption_compartment(
    acting: As,
    by: Viewer,
    viewer: Find,
    grant: Callable[[str, str], None],
    group: CrimeGroup,
    nominal: Nominal,
) -> None:
    with acting("owner_analyst"), pytest.raises(CompartmentNotHeld, match="Ask"):
        add_involved(by, group, nominal, kind="public_official")
    grant("owner_supervisor", "corruption")
    holder = viewer("owner_supervisor")
    with acting("owner_supervisor"):
        add_involved(holder, group, nominal, kind="public_official")
    with acting("owner_analyst"):
        assert not Involvement.objects.visible_to(by).exists()


def test_child_as_associate_needs_a_supervisor(
    acting: As, by: Viewer, group: CrimeGroup
) -> None:
    with acting("owner_analyst"):
        child = NominalFactory(by=by, **born(15))
        with pytest.raises(ApprovalNeeded):
            add_involved(by, group, child)


def test_involvement_is_edited_within_the_rules(
    acting: As, by: Viewer, group: CrimeGroup, nominal: Nominal
) -> None:
    with acting("owner_analyst"):
        row = add_involved(by, group, nominal, kind="victim", dpa_category="victim")
        with pytest.raises(InvalidRecord):
            people.edit_involvement(by=by, involvement=row, version=1, **SUSPECT)
        edited = people.edit_involvement(
            by=by, involvement=row, version=1, rationale="Statement taken"
        )
    assert (edited.rationale, edited.version) == ("Statement taken", 2)
