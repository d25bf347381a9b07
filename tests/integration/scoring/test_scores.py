"""One group's score: stored or computed at read, with its reasons and evidence."""

from collections.abc import Callable

import pytest

from accounts.access import acting_for
from groups.models import CrimeGroup
from ocgmap.common.errors import NotFound
from scoring import picture, scores
from scoring.engine import INSUFFICIENT, PRIMARY, SLEIPNIR_2000
from scoring.models import Assessment, PictureLine, ScoreHead
from scoring.outbox import DrainResult
from scoring.picture import NATIONAL, PictureFilters
from scoring.reconciling import reconcile
from tests.factories.scoring import ATTRIBUTES, DAY, World, today
from tests.integration.scoring.conftest import Read, counted

pytestmark = pytest.mark.django_db

Drain = Callable[[], DrainResult]


@pytest.fixture
def few_labels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scoring.outbox.labels.MOST_LABELS", 1)
    monkeypatch.setattr("scoring.reconciling.checking.MOST_LABELS", 1)


def test_group_of_too_many_labels_is_scored_at_read(
    world: World, drain: Drain, read: Read, few_labels: None
) -> None:
    knows, knows_not = world.viewer("a"), world.viewer("")
    group = world.group(world.label())
    plain = world.group(world.label())
    for attribute in ATTRIBUTES[:9]:
        world.claim(group, world.label("a"), attribute=attribute)
    world.member(group, world.label("a"))
    drain()

    assert ScoreHead.objects.get(group=group).is_live
    assert not Assessment.objects.filter(group=group).exists()
    assert (read(knows).bands["1c"], read(knows).groups) == (1, 2)
    assert (read(knows_not).bands["1c"], read(knows_not).groups) == (0, 2)
    assert (read(knows).memberships, read(knows_not).memberships) == (1, 0)
    assert counted(knows, band="1c") == 1
    assert counted(knows, awaiting=True, threat="none", unjudged=True) == 1
    assert counted(knows_not, band=INSUFFICIENT) == 2
    assert read(knows, at=today() - DAY).not_recorded == 1
    with acting_for(knows, route="test"):
        [line] = picture.live_lines(knows, NATIONAL, PictureFilters(band="1c"))
        view = scores.score_of(knows, group, PRIMARY)
    assert (line.group_id, line.pk) == (group.pk, None)
    assert (view.computed_band, view.computed_at) == ("1c", None)
    assert not ScoreHead.objects.get(group=plain).is_live
    assert reconcile().differences == []


def test_group_of_few_labels_again_gets_lines(
    world: World, drain: Drain, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    knows = world.viewer("a")
    world.viewer("")
    group = world.group(world.label())
    world.claim(group, world.label("a"))
    with monkeypatch.context() as patch:
        patch.setattr("scoring.outbox.labels.MOST_LABELS", 1)
        drain()
    assert not PictureLine.objects.exists()

    CrimeGroup.objects.filter(pk=group.pk).update(summary="Touched")
    drain()

    assert not ScoreHead.objects.get(group=group).is_live
    assert PictureLine.objects.at(None).count() == 4
    assert read(knows).groups == 1


def test_score_names_every_reason_and_its_evidence(world: World, drain: Drain) -> None:
    knows, knows_not = world.viewer("a"), world.viewer("")
    group = world.group(world.label())
    claim = world.claim(group, world.label("a"), attribute="infiltration")
    judged = world.judgement(
        group, world.label(), "low", "expertise", cites=[world.report(world.label())]
    )
    drain()

    with acting_for(knows, route="test"):
        view = scores.score_of(knows, group, SLEIPNIR_2000)
    by_key = {one.factor.attribute: one for one in view.factors}
    assert len(view.factors) == 19
    assert by_key["infiltration"].reports == [claim.report]
    assert by_key["infiltration"].factor.unjudged
    assert by_key["expertise"].judgement == judged
    assert len(by_key["expertise"].reports) == 1
    assert view.floor == 16 + 4 * 17
    assert (view.computed_band, view.is_awaiting) == ("", False)
    with acting_for(knows_not, route="test"):
        view = scores.score_of(knows_not, group, SLEIPNIR_2000)
    assert {one.factor.attribute for one in view.factors if one.reports} == {
        "expertise"
    }
    assert view.floor == 16


def test_score_of_a_hidden_or_merged_group_is_not_found(
    world: World, drain: Drain
) -> None:
    viewer = world.viewer("")
    hidden, into = world.group(world.label("a")), world.group(world.label())
    merged = world.group(world.label(), merged_into=into)
    drain()
    for group in (hidden, merged):
        with acting_for(viewer, route="test"), pytest.raises(NotFound):
            scores.score_of(viewer, group, PRIMARY)


def test_score_before_the_first_drain_is_computed_at_read(world: World) -> None:
    viewer = world.viewer("")
    group = world.group(world.label())
    for attribute in ATTRIBUTES[:9]:
        world.claim(group, world.label(), attribute=attribute)
    with acting_for(viewer, route="test"):
        view = scores.score_of(viewer, group, PRIMARY)
    assert (view.computed_band, view.computed_at, view.is_awaiting) == (
        "1c",
        None,
        True,
    )


def test_score_shows_the_decision_that_stands(world: World, drain: Drain) -> None:
    viewer = world.viewer("")
    group = world.group(world.label())
    world.decision(group, world.label(), "2b")
    standing = world.decision(group, world.label(), INSUFFICIENT)
    world.decision(group, world.label("a"), "1a")
    drain()
    with acting_for(viewer, route="test"):
        view = scores.score_of(viewer, group, PRIMARY)
    assert view.confirmed == standing
    assert view.confirmed_band == INSUFFICIENT
    assert not view.is_awaiting
