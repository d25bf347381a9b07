"""A group that cannot be rescored is set aside; the others go on."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from groups.models import CrimeGroup
from scoring.exceptions import SchemesNotLoaded
from scoring.models import (
    Attempt,
    Outbox,
    OutboxDead,
    PictureLine,
    Receipt,
    SchemeVersion,
)
from scoring.models.outbox import ReceiptState
from scoring.outbox import Drainer, DrainResult, poison, rescoring, sweep
from tests.factories.scoring import World, today

pytestmark = pytest.mark.django_db

Drain = Callable[[], DrainResult]


class Died(BaseException):
    """What a killed process leaves: no exception that anyone could catch."""


@pytest.fixture
def groups(world: World, drain: Drain) -> list[CrimeGroup]:
    world.reader()
    made = [world.group(world.label()) for _ in range(4)]
    drain()
    for group in made:
        world.claim(group, world.label())
    return made


@pytest.fixture
def poisoned(monkeypatch: pytest.MonkeyPatch) -> dict[int, BaseException]:
    """Errors by group id; empty it to repair them."""
    errors: dict[int, BaseException] = {}
    real = rescoring.stand

    def stand(dossier: Any, *args: Any) -> Any:
        if dossier.group.id in errors:
            raise errors[dossier.group.id]
        return real(dossier, *args)

    monkeypatch.setattr(rescoring, "stand", stand)
    return errors


def states() -> dict[int, str]:
    return dict(Receipt.objects.values_list("group_id", "state"))


def test_the_others_go_on(
    groups: list[CrimeGroup],
    poisoned: dict[int, BaseException],
    drain: Drain,
    caplog: pytest.LogCaptureFixture,
) -> None:
    bad, *good = groups
    poisoned[bad.pk] = ValueError("criminality: -1 points are below every cut")
    with caplog.at_level(logging.ERROR):
        result = drain()

    assert result.set_aside == (bad.pk,)
    told = PictureLine.objects.at(None).filter(unjudged_count=1)
    assert set(told.values_list("group_id", flat=True)) == {one.pk for one in good}
    [dead] = OutboxDead.objects.all()
    assert (dead.group_id, dead.tries) == (bad.pk, 1)
    assert dead.error == "ValueError: criminality: -1 points are below every cut"
    assert "alarm" in caplog.text
    assert states()[bad.pk] == ReceiptState.SET_ASIDE
    assert {states()[group.pk] for group in good} == {ReceiptState.INCLUDED}
    assert not Outbox.objects.exists()


def test_repaired_group_clears(
    groups: list[CrimeGroup], poisoned: dict[int, BaseException], drain: Drain
) -> None:
    bad = groups[0]
    poisoned[bad.pk] = ValueError("no")
    drain()
    sweep(today())
    drain()
    assert OutboxDead.objects.get().tries == 2

    poisoned.clear()
    sweep(today())
    drain()

    assert not OutboxDead.objects.exists()
    assert states()[bad.pk] == ReceiptState.INCLUDED


def test_given_up_after_many_retries_unless_asked(
    groups: list[CrimeGroup], poisoned: dict[int, BaseException], drain: Drain
) -> None:
    poisoned[groups[0].pk] = ValueError("no")
    drain()
    OutboxDead.objects.update(tries=poison.MOST_RETRIES_OF_DEAD)

    assert sweep(today()) == 0
    assert sweep(today(), all_dead=True) == 1


def test_a_group_that_kills_its_process_is_isolated_and_set_aside(
    groups: list[CrimeGroup], poisoned: dict[int, BaseException]
) -> None:
    killer = groups[2]
    poisoned[killer.pk] = Died()
    deaths = 0
    for _ in range(20):
        try:
            Drainer().once()  # a new process is careful
        except Died:
            deaths += 1
    Drainer().once()

    assert deaths == poison.MOST_TRIES
    assert OutboxDead.objects.get().group_id == killer.pk
    assert "died" in OutboxDead.objects.get().error
    told = PictureLine.objects.at(None).filter(unjudged_count=1)
    assert killer.pk not in told.values_list("group_id", flat=True)
    assert told.values("group_id").distinct().count() == 3
    assert not Attempt.objects.exists()
    assert not Outbox.objects.exists()


def test_attempts_of_unlucky_groups_are_forgotten(
    groups: list[CrimeGroup], poisoned: dict[int, BaseException]
) -> None:
    poisoned[groups[0].pk] = Died()
    for _ in range(3):
        with pytest.raises(Died):
            Drainer().once()
    assert Attempt.objects.filter(tries__gte=poison.ALONE_FROM_TRIES).exists()

    poisoned.clear()
    drainer = Drainer()
    for _ in range(6):
        drainer.once()

    assert not Attempt.objects.exists()
    assert not drainer.is_careful
    assert not OutboxDead.objects.exists()


def test_a_lost_connection_is_nobodys_poison(
    groups: list[CrimeGroup], poisoned: dict[int, BaseException]
) -> None:
    poisoned[groups[0].pk] = OperationalError("server closed the connection")
    drainer = Drainer(is_careful=False)
    with pytest.raises(OperationalError):
        drainer.once()

    assert drainer.is_careful
    assert not OutboxDead.objects.exists()
    assert Outbox.objects.exists()


def test_schemes_that_are_not_loaded_are_nobodys_poison(
    groups: list[CrimeGroup],
) -> None:
    SchemeVersion.objects.filter(is_primary=True).update(digest="edited")
    with pytest.raises(SchemesNotLoaded, match="load_schemes"):
        Drainer(is_careful=False).once()
    assert not OutboxDead.objects.exists()


def test_error_of_the_database_quotes_no_row(groups: list[CrimeGroup]) -> None:
    with (
        pytest.raises(IntegrityError) as caught,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("insert into groups_crimegroup select * from groups_crimegroup")
    assert poison.describe(caught.value) == (
        "IntegrityError 23505 groups_crimegroup groups_crimegroup_pkey"
    )
