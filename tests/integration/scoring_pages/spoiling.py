"""A group that misses nothing, and the ways to let it miss one thing."""

import datetime
import uuid
from typing import Any

from django.utils import timezone

from groups.models import (
    CrimeGroup,
    GroupAlias,
    Identifier,
    IdentifierUse,
    Membership,
    Nominal,
)
from intelligence.models import Mention
from scoring.outbox import drain_until_empty
from tests.factories.scoring import ATTRIBUTES, World, today

DAY = datetime.timedelta(days=1)


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


def overdue(world: World, group: CrimeGroup) -> None:
    CrimeGroup.objects.filter(pk=group.pk).update(review_on=today() - DAY)


def no_lead(world: World, group: CrimeGroup) -> None:
    CrimeGroup.objects.filter(pk=group.pk).update(lead_officer="")


def no_threat(world: World, group: CrimeGroup) -> None:
    group.threats.update(is_predominant=False)


def one_report(world: World, group: CrimeGroup) -> None:
    report = world.report(world.label())
    for attribute in ATTRIBUTES[:2]:
        world.claim(group, world.label(), attribute=attribute, report=report)


def too_few(world: World, group: CrimeGroup) -> None:
    [member, *_] = group.memberships.all()
    Membership.objects.filter(pk=member.pk).update(to_on=today())


def withdrawn_member(world: World, group: CrimeGroup) -> None:
    [member, *_] = group.memberships.all()
    who = world.reader()
    Membership.objects.filter(pk=member.pk).update(
        withdrawn_at=timezone.now(), withdrawn_by=who, withdrawn_reason="Not him"
    )


def old_draft(world: World, group: CrimeGroup) -> None:
    CrimeGroup.objects.create(
        name="Draft",
        owner=world.organisation(),
        access_class_id=world.class_id(world.label()),
        created_at=timezone.now() - 31 * DAY,
    )


def old_mention(world: World, group: CrimeGroup) -> None:
    [member, *_] = group.memberships.all()
    Mention.objects.filter(nominal=member.nominal).delete()
    mention(world, days=400, nominal=member.nominal)
    mention(world, nominal=member.nominal).report.__class__.objects.filter(
        received_on__gt=today() - 60 * DAY, mentions__nominal=member.nominal
    ).update(state="withdrawn")


def no_birth(world: World, group: CrimeGroup) -> None:
    [member, *_] = group.memberships.all()
    Nominal.objects.filter(pk=member.nominal_id).update(born_from=None, born_to=None)


def no_contact(world: World, group: CrimeGroup) -> None:
    Identifier.objects.update(kind="company")


def orphan(world: World, group: CrimeGroup) -> None:
    nominal = Nominal.objects.create(
        owner=world.organisation(),
        access_class_id=world.class_id(world.label()),
        surname="Nobody",
    )
    whole(world, nominal)


def no_reason(world: World, group: CrimeGroup) -> None:
    first, second, _ = group.memberships.all()
    Membership.objects.filter(pk__in=[first.pk, second.pk]).update(rationale="")
    mention(world, membership=second)


def no_reason_for_a_name(world: World, group: CrimeGroup) -> None:
    owner = world.organisation()
    GroupAlias.objects.create(
        owner=owner,
        asserted_by=owner,
        access_class_id=group.access_class_id,
        group=group,
        name="Elms",
    )


def stale(world: World, group: CrimeGroup) -> None:
    Mention.objects.filter(group=group).delete()


def namesake(world: World, group: CrimeGroup) -> None:
    complete(world, name=f"{group.name.upper()} ")


def shared_members(world: World, group: CrimeGroup) -> None:
    other = complete(world)
    for member in group.memberships.all():
        member.pk, member.public_id, member.group = None, uuid.uuid4(), other
        member.save()


def no_members(world: World, group: CrimeGroup) -> None:
    CrimeGroup.objects.filter(pk=group.pk).update(s45_test="unknown")
    group.memberships.update(to_on=today())


def all_nil(world: World, group: CrimeGroup) -> None:
    for attribute in ATTRIBUTES:
        world.judgement(group, world.label(), "nil", attribute)
    drain_until_empty()


def one_level(world: World, group: CrimeGroup) -> None:
    world.judgement(group, world.label(), "high", ATTRIBUTES[0])
    drain_until_empty()


def same_number(world: World, group: CrimeGroup) -> None:
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
