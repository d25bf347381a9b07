"""What recorded facts say stands beside the judgement, for each reader, and moves nothing."""

import pytest

from accounts.visibility import Label
from groups.models import (
    Activity,
    ActivityPlace,
    CrimeGroup,
    GroupThreat,
    Membership,
    ThreatType,
)
from scoring import outbox
from scoring.models import PictureLine
from tests.factories.scoring import World
from tests.integration.scoring_pages.conftest import OPEN, ClientAs, Nation, seen

FLAG = "Facts and level differ"


def score_url(group: CrimeGroup) -> str:
    return f"/groups/{group.public_id}/score/"


def threat(world: World, group: CrimeGroup, label: Label) -> None:
    GroupThreat.objects.create(
        owner=group.owner,
        asserted_by=group.owner,
        group=group,
        threat_type=ThreatType.objects.get(code="money-laundering"),
        access_class_id=world.class_id(label, group.access_class.label),
        rationale="Test",
    )


def activity(world: World, group: CrimeGroup, area: str, country: str = "GB") -> None:
    kind = ThreatType.objects.order_by("code")[5]
    shared = {
        "owner": group.owner,
        "access_class_id": world.class_id(OPEN, group.access_class.label),
    }
    made = Activity.objects.create(
        group=group,
        threat_type=kind,
        asserted_by=group.owner,
        rationale="Seen",
        **shared,
    )
    place = world.organisation(area) if area else None
    ActivityPlace.objects.create(
        activity=made, role="harm", area=place, country=country, **shared
    )


def lines() -> list[tuple[object, ...]]:
    outbox.drain_until_empty(seconds=60)
    rows = PictureLine.objects.at(None).order_by(
        "group_id", "scheme_version_id", "rank"
    )
    return list(rows.values_list("group_id", "computed_band", "assessment__value"))


def test_facts_stand_beside_the_level_and_are_flagged_where_they_differ(
    nation: Nation, client_as: ClientAs
) -> None:
    group = nation.confirmed  # a person judged every attribute medium
    client = client_as("owner_analyst")
    assert "Recorded facts say" not in seen(client, score_url(group)).text
    before = lines()
    activity(nation.world, group, "durham")
    text = seen(client, score_url(group)).text
    assert "Recorded facts say low: one area." in text
    assert FLAG in text
    judge = f"/groups/{group.public_id}/judge/geographical_scope/"
    told = seen(client, judge).text
    assert "Recorded facts say low: one area. They move no level: weigh them." in told
    assert "The last judgement differs." in told
    activity(nation.world, group, "cleveland")
    told = seen(client, judge).text
    assert "Recorded facts say medium: several areas of one region." in told
    assert "differs" not in told
    activity(nation.world, group, "west-yorkshire")
    assert "Recorded facts say high: several regions." in seen(client, judge).text
    activity(nation.world, group, "", "NL")
    assert "Recorded facts say high: abroad." in seen(client, judge).text
    # Never over the judgement, nor in any score.
    assert lines() == before


def test_threats_and_shared_members_are_counted(
    nation: Nation, client_as: ClientAs
) -> None:
    world, group = nation.world, nation.durham
    threat(world, group, OPEN)
    member = Membership.objects.filter(group=group).first()
    assert member is not None
    again = world.member(nation.leeds, OPEN)
    Membership.objects.filter(pk=again.pk).update(nominal=member.nominal)
    text = seen(client_as("owner_analyst"), score_url(group)).text
    assert "Recorded facts say medium: 2 kinds of threat or activity." in text
    assert "Recorded facts say low: 1 other group by a link or a shared member." in text


@pytest.mark.leak
def test_what_is_hidden_says_nothing(nation: Nation, client_as: ClientAs) -> None:
    world, group = nation.world, nation.durham
    client = client_as("owner_analyst")
    before = seen(client, score_url(group)).text
    threat(world, group, world.label("z"))
    member = Membership.objects.filter(group=group).first()
    assert member is not None
    hidden = world.member(nation.hidden, world.label("z"))
    Membership.objects.filter(pk=hidden.pk).update(nominal=member.nominal)
    assert seen(client, score_url(group)).text == before
