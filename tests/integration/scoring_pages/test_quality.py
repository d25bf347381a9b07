"""Every gap is counted right, opens its list, and tells nothing of what is hidden."""

import datetime
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.access import acting_for
from accounts.visibility import Viewer
from groups.models import (
    CrimeGroup,
    GroupAlias,
    Identifier,
    IdentifierUse,
    Membership,
    Nominal,
    PersonLink,
)
from intelligence.models import Mention
from scoring.models import PictureLine
from scoring.outbox import drain_until_empty
from scoring.quality import GAPS, Ask, count_gaps
from tests.factories.scoring import ATTRIBUTES, World, as_worker, today
from tests.integration.scoring_pages.conftest import ClientAs, seen

pytestmark = pytest.mark.django_db

Find = Callable[[str], Viewer]
DAY = datetime.timedelta(days=1)
_SCOPES = ("national", "region:nerocu", "force:durham", "force:northumbria")


@pytest.fixture
def world(as_system: Any) -> World:
    return World()


def counted(viewer: Viewer, owners: list[int] | None = None) -> dict[str, int]:
    """Return the gaps that have any row."""
    with acting_for(viewer, route="test"):
        counts = count_gaps(Ask(viewer, owners, today()))
    return {one.gap.key: one.total for one in counts if one.total}


def complete(world: World, **more: Any) -> CrimeGroup:
    """Make a group that misses nothing, nor do its three members."""
    number = CrimeGroup.objects.count()
    group = world.group(
        world.label(),
        **{
            "name": f"Group {number}",
            "lead_officer": "DI Ash",
            "s45_test": "yes",
            **more,
        },
    )
    world.threat(group, world.label())
    mention(world, group=group)
    for _ in range(3):
        member = world.member(group, world.label())
        whole(world, member.nominal)
        mention(world, nominal=member.nominal)
    return group


def whole(world: World, nominal: Nominal) -> None:
    Nominal.objects.filter(pk=nominal.pk).update(
        given_names=f"Alex {nominal.pk}",
        gender="male",
        born_from=datetime.date(1985, 1, 1),
        born_to=datetime.date(1985, 1, 1),
    )
    owner = world.organisation()
    phone = Identifier.objects.create(
        owner=owner,
        access_class_id=nominal.access_class_id,
        kind="phone",
        value="07700 900123",
        normalised="447700900123",
    )
    IdentifierUse.objects.create(
        owner=owner,
        asserted_by=owner,
        access_class_id=nominal.access_class_id,
        identifier=phone,
        nominal=nominal,
        rationale="Bill",
    )


def mention(world: World, days: int = 30, letters: str = "", **target: Any) -> Mention:
    label = world.label(letters)
    report = world.report(label, received_on=today() - days * DAY)
    return Mention.objects.create(
        owner=world.organisation(),
        access_class_id=world.class_id(label),
        report=report,
        **target,
    )


def test_a_whole_record_has_no_gap(world: World, viewer: Find) -> None:
    complete(world)
    assert counted(viewer("owner_analyst")) == {}


def _overdue(world: World, group: CrimeGroup) -> None:
    CrimeGroup.objects.filter(pk=group.pk).update(review_on=today() - DAY)


def _no_lead(world: World, group: CrimeGroup) -> None:
    CrimeGroup.objects.filter(pk=group.pk).update(lead_officer="")


def _no_threat(world: World, group: CrimeGroup) -> None:
    group.threats.update(is_predominant=False)


def _one_report(world: World, group: CrimeGroup) -> None:
    report = world.report(world.label())
    for attribute in ATTRIBUTES[:2]:
        world.claim(group, world.label(), attribute=attribute, report=report)


def _too_few(world: World, group: CrimeGroup) -> None:
    [member, *_] = group.memberships.all()
    Membership.objects.filter(pk=member.pk).update(to_on=today())


def _withdrawn_member(world: World, group: CrimeGroup) -> None:
    [member, *_] = group.memberships.all()
    who = world.reader()
    Membership.objects.filter(pk=member.pk).update(
        withdrawn_at=timezone.now(), withdrawn_by=who, withdrawn_reason="Not him"
    )


def _old_draft(world: World, group: CrimeGroup) -> None:
    CrimeGroup.objects.create(
        name="Draft",
        owner=world.organisation(),
        access_class_id=world.class_id(world.label()),
        created_at=timezone.now() - 31 * DAY,
    )


def _old_mention(world: World, group: CrimeGroup) -> None:
    [member, *_] = group.memberships.all()
    Mention.objects.filter(nominal=member.nominal).delete()
    mention(world, days=400, nominal=member.nominal)
    mention(world, nominal=member.nominal).report.__class__.objects.filter(
        received_on__gt=today() - 60 * DAY, mentions__nominal=member.nominal
    ).update(state="withdrawn")


def _no_birth(world: World, group: CrimeGroup) -> None:
    [member, *_] = group.memberships.all()
    Nominal.objects.filter(pk=member.nominal_id).update(born_from=None, born_to=None)


def _no_contact(world: World, group: CrimeGroup) -> None:
    Identifier.objects.update(kind="company")


def _orphan(world: World, group: CrimeGroup) -> None:
    nominal = Nominal.objects.create(
        owner=world.organisation(),
        access_class_id=world.class_id(world.label()),
        surname="Nobody",
    )
    whole(world, nominal)


def _no_reason(world: World, group: CrimeGroup) -> None:
    first, second, _ = group.memberships.all()
    Membership.objects.filter(pk__in=[first.pk, second.pk]).update(rationale="")
    mention(world, membership=second)


def _no_reason_for_a_name(world: World, group: CrimeGroup) -> None:
    owner = world.organisation()
    GroupAlias.objects.create(
        owner=owner,
        asserted_by=owner,
        access_class_id=group.access_class_id,
        group=group,
        name="Elms",
    )


def _stale(world: World, group: CrimeGroup) -> None:
    Mention.objects.filter(group=group).delete()


def _namesake(world: World, group: CrimeGroup) -> None:
    complete(world, name=f"{group.name.upper()} ")


def _shared_members(world: World, group: CrimeGroup) -> None:
    other = complete(world)
    for member in group.memberships.all():
        member.pk, member.public_id, member.group = None, uuid.uuid4(), other
        member.save()


def _no_members(world: World, group: CrimeGroup) -> None:
    CrimeGroup.objects.filter(pk=group.pk).update(s45_test="unknown")
    group.memberships.update(to_on=today())


def _all_nil(world: World, group: CrimeGroup) -> None:
    for attribute in ATTRIBUTES:
        world.judgement(group, world.label(), "nil", attribute)
    drain_until_empty()


def _one_level(world: World, group: CrimeGroup) -> None:
    world.judgement(group, world.label(), "high", ATTRIBUTES[0])
    drain_until_empty()


def _same_number(world: World, group: CrimeGroup) -> None:
    one, other, _ = group.memberships.all()
    owner = world.organisation()
    for member in (one, other):
        number = Identifier.objects.create(
            owner=owner,
            access_class_id=group.access_class_id,
            kind="cro",
            value="12345/90A",
            normalised="12345/90A",
        )
        IdentifierUse.objects.create(
            owner=owner,
            asserted_by=owner,
            access_class_id=group.access_class_id,
            identifier=number,
            nominal=member.nominal,
            rationale="Record",
        )


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (_overdue, {"overdue": 1}),
        (_stale, {"stale": 1}),
        (_all_nil, {"at-zero": 1}),
        (_one_level, {"mostly-unknown": 1}),
        (_namesake, {"groups-alike": 2}),
        (_shared_members, {"groups-alike": 2}),
        (_same_number, {"people-alike": 2}),
        (_no_members, {"no-members": 1}),
        (_no_lead, {"no-lead-officer": 1}),
        (_no_threat, {"no-predominant-threat": 1}),
        (_one_report, {"single-report": 1}),
        (_too_few, {"too-few-members": 1}),
        (_withdrawn_member, {"too-few-members": 1, "people-in-nothing": 1}),
        (_old_draft, {"old-drafts": 1}),
        (_old_mention, {"not-mentioned": 1}),
        (_no_birth, {"incomplete-people": 1}),
        (_no_contact, {"incomplete-people": 3}),
        (_orphan, {"people-in-nothing": 1}),
        (_no_reason, {"unfounded-memberships": 1}),
        (_no_reason_for_a_name, {"unfounded-group-names": 1}),
    ],
)
def test_each_gap_is_found_alone(
    world: World,
    viewer: Find,
    spoil: Callable[[World, CrimeGroup], None],
    expected: dict[str, int],
) -> None:
    by = viewer("owner_analyst")
    spoil(world, complete(world))
    assert counted(by) == expected


def test_what_a_reader_may_not_see_supports_nothing(world: World) -> None:
    """A hidden mention, member or judgement must not show by a gap that is not there."""
    plain, cleared = world.viewer(""), world.viewer("a")
    group = complete(world)
    [member, *_] = group.memberships.all()
    Mention.objects.filter(nominal=member.nominal).delete()
    mention(world, letters="a", nominal=member.nominal)
    assert counted(plain) == {"not-mentioned": 1}
    assert counted(cleared) == {}
    world.member(world.group(world.label("a")), world.label("a"))
    assert counted(plain) == {"not-mentioned": 1}
    assert set(counted(cleared)) > {"no-lead-officer", "not-mentioned"}


def test_a_linked_person_is_in_something(world: World, viewer: Find) -> None:
    by = viewer("owner_analyst")
    group = complete(world)
    _orphan(world, group)
    one = Nominal.objects.get(surname="Nobody")
    [member, *_] = group.memberships.all()
    owner = world.organisation()
    PersonLink.objects.create(
        owner=owner,
        asserted_by=owner,
        access_class_id=one.access_class_id,
        a=member.nominal,
        b=one,
        kind="family",
        rationale="Certificate",
    )
    assert counted(by) == {}


def test_every_count_opens_its_list_in_every_place(
    world: World, viewer: Find, client_as: ClientAs
) -> None:
    viewer("owner_analyst")
    for spoil in (_no_lead, _old_mention, _no_birth, _orphan, _no_reason):
        spoil(world, complete(world))
    _no_lead(world, complete(world))
    world.group(world.label(), "northumbria")
    client = client_as("owner_analyst")
    followed = 0
    for scope in _SCOPES:
        page = seen(client, f"/quality/{scope}/")
        assert set(GAPS) <= set(page.figures)
        for key, (number, url) in page.figures.items():
            if number or followed < len(GAPS):
                assert seen(client, url).count == number, (scope, key)
                followed += 1
        parts = [key for key in page.figures if key.startswith("owners.")]
        assert bool(parts) == (not scope.startswith("force:"))
        if parts:
            told = [
                page.figures[one][0] for one in parts if one.endswith("no-lead-officer")
            ]
            assert sum(told) == page.figures["no-lead-officer"][0]
    assert followed > len(GAPS) + 10
    assert client.get("/quality/nowhere/").status_code == 400
    assert client.get("/quality/national/no-such-gap/").status_code == 404
    assert client.get("/quality/national/overdue/?cursor=x").status_code == 400


def test_lists_turn_their_pages_and_name_what_is_missing(
    world: World, viewer: Find, client_as: ClientAs
) -> None:
    viewer("owner_analyst")
    group = complete(world)
    for _ in range(55):
        world.member(group, world.label())
    client = client_as("owner_analyst")
    first = client.get("/quality/force:durham/incomplete-people/")
    assert first.context["count"] == 55
    assert len(first.context["rows"]) == 50
    assert "given names, date of birth, gender, a contact" in first.text
    second = client.get(
        f"/quality/force:durham/incomplete-people/{first.context['next_url']}"
    )
    assert len(second.context["rows"]) == 5


def test_more_records_and_owners_take_no_more_queries(
    world: World, viewer: Find, client_as: ClientAs
) -> None:
    viewer("owner_analyst")
    client = client_as("owner_analyst")
    _old_mention(world, complete(world))

    def queries(url: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(url).status_code == 200
        return len(caught)

    pages = ("/quality/national/", "/quality/national/not-mentioned/")
    before = [queries(url) for url in pages]
    for owner in ("northumbria", "cleveland", "west-yorkshire"):
        group = world.group(world.label(), owner)
        for _ in range(4):
            world.member(group, world.label())
    assert [queries(url) for url in pages] == before
    with as_worker():
        assert CrimeGroup.objects.count() == 4


def test_a_suspected_duplicate_names_the_other(
    world: World, viewer: Find, client_as: ClientAs
) -> None:
    viewer("owner_analyst")
    group = complete(world)
    _namesake(world, group)
    _same_number(world, group)
    client = client_as("owner_analyst")
    for gap, column in (("groups-alike", 3), ("people-alike", 3)):
        rows = client.get(f"/quality/force:durham/{gap}/").context["rows"]
        (first, *_), (second, *_) = rows
        assert [
            rows[0][column]["links"][0]["url"],
            rows[1][column]["links"][0]["url"],
        ] == [
            second["url"],
            first["url"],
        ]


def test_a_hidden_duplicate_is_nobodys(world: World) -> None:
    plain, cleared = world.viewer(""), world.viewer("a")
    group = complete(world)
    world.group(world.label("a"), name=group.name)
    assert counted(plain) == {}
    assert counted(cleared)["groups-alike"] == 2


def test_the_debt_of_former_months_is_what_the_dashboard_said(
    world: World, viewer: Find, client_as: ClientAs
) -> None:
    viewer("owner_analyst")
    _overdue(world, complete(world))
    claimed = complete(world)
    for _ in range(2):
        world.claim(claimed, world.label())
    drain_until_empty()
    ago = 200 * DAY
    with as_worker():
        PictureLine.objects.update(valid_from=F("valid_from") - ago)
    client = client_as("owner_analyst")
    board = seen(client, "/quality/force:durham/").figures
    days = {key.rpartition(".")[2] for key in board if key.startswith("trend.")}
    assert len(days) == 6
    for day in days:
        then = seen(client, f"/dashboard/force:durham/?at={day}").figures
        for key, figure in (
            ("groups", "groups"),
            ("overdue", "overdue"),
            ("unjudged", "unjudged"),
            ("awaiting", "awaiting_confirmation"),
        ):
            number, url = board[f"trend.{key}.{day}"]
            assert number == then[figure][0] == seen(client, url).count, (key, day)
        assert board[f"trend.groups.{day}"][0] == 2
        assert board[f"trend.awaiting.{day}"][0] == 2
        assert board[f"trend.unjudged.{day}"][0] == 1
