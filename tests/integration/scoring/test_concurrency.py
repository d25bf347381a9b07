"""Two drains at once, doubled wake-ups, lost connections: committed rows, real threads."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from groups.models import CrimeGroup
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from scoring.models import Assessment, Outbox, PictureLine, Receipt
from scoring.models.outbox import ReceiptState
from scoring.outbox import Drainer, claiming, rescoring
from scoring.reconciling import reconcile
from tests.factories.scoring import ATTRIBUTES, World, as_worker, primary

pytestmark = pytest.mark.django_db(transaction=True)

WAIT_SECONDS = 30


class Drain(threading.Thread):
    """One pass of a drain in a thread of its own, with its own connection."""

    def __init__(self, drainer: Drainer | None = None) -> None:
        super().__init__(daemon=True)
        self.drainer = drainer or Drainer(is_careful=False)
        self.error: BaseException | None = None
        self.pid = 0

    def run(self) -> None:
        try:
            with acting_as(system("test")), transaction.atomic():
                self.pid = connection.connection.info.backend_pid
            self.drainer.once()
        except BaseException as error:  # noqa: BLE001 - told to the test
            self.error = error
        finally:
            connection.close()

    def end(self) -> None:
        self.join(WAIT_SECONDS)
        assert not self.is_alive(), "the drain hangs"
        if self.error:
            raise self.error


class Gate:
    """Stops the first thread that comes to a function, before or after it ran."""

    def __init__(self, real: Callable[..., Any], *, before: bool) -> None:
        self.real, self.before = real, before
        self.reached, self.opened = threading.Event(), threading.Event()
        self.first = threading.Lock()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if not self.first.acquire(blocking=False):
            return self.real(*args, **kwargs)
        if self.before:
            self._stop()
        found = self.real(*args, **kwargs)
        if not self.before:
            self._stop()
        return found

    def _stop(self) -> None:
        self.reached.set()
        assert self.opened.wait(WAIT_SECONDS)


@pytest.fixture
def committed() -> tuple[World, CrimeGroup]:
    """A group with one reader, drained once."""
    with as_worker(), transaction.atomic():
        world = World()
        world.reader("")
        group = world.group(world.label())
    Drainer().once()
    Drainer().once()
    return world, group


def claim(world: World, group: CrimeGroup, attribute: str) -> None:
    with as_worker(), transaction.atomic():
        world.claim(group, world.label(), attribute=attribute)


def assert_right(receipts: int) -> None:
    assert reconcile().differences == []
    with as_worker(), transaction.atomic():
        assert not Outbox.objects.exists()
        states = set(Receipt.objects.values_list("state", flat=True))
        assert Receipt.objects.count() == receipts
        assert states <= {ReceiptState.INCLUDED}


@pytest.mark.parametrize(
    ("place", "before"),
    [
        pytest.param("lock_heads", True, id="before the lock"),
        pytest.param("lock_heads", False, id="after the lock"),
        pytest.param("dossiers_for", False, id="after reading the facts"),
        pytest.param("write_lines", False, id="after writing the lines"),
    ],
)
def test_two_drains_on_one_group(
    committed: tuple[World, CrimeGroup],
    monkeypatch: pytest.MonkeyPatch,
    place: str,
    before: bool,
) -> None:
    world, group = committed
    gate = Gate(getattr(rescoring, place), before=before)
    monkeypatch.setattr(rescoring, place, gate)
    claim(world, group, ATTRIBUTES[0])
    first = Drain()
    first.start()
    assert gate.reached.wait(WAIT_SECONDS)
    claim(world, group, ATTRIBUTES[1])
    second = Drain()
    second.start()
    second.join(0.3)
    gate.opened.set()
    first.end()
    second.end()

    assert_right(receipts=2)
    with as_worker(), transaction.atomic():
        [line] = PictureLine.objects.at(None).filter(scheme_version=primary())
        assert line.unjudged_count == 2
        spans = PictureLine.objects.filter(scheme_version=primary()).order_by("id")
        ends = [(one.valid_from, one.valid_to) for one in spans]
        assert [end for _, end in ends[:-1]] == [start for start, _ in ends[1:]]


def test_a_receipt_marked_again_meanwhile_stays_queued(
    committed: tuple[World, CrimeGroup], monkeypatch: pytest.MonkeyPatch
) -> None:
    world, group = committed
    claim(world, group, ATTRIBUTES[0])
    gate = Gate(rescoring.dossiers_for, before=False)
    monkeypatch.setattr(rescoring, "dossiers_for", gate)
    first = Drain()
    first.start()
    assert gate.reached.wait(WAIT_SECONDS)
    with as_worker(), transaction.atomic():
        Receipt.objects.get().report.claims.update(level="low")
    gate.opened.set()
    first.end()

    with as_worker(), transaction.atomic():
        assert Receipt.objects.get().state == ReceiptState.QUEUED
    Drainer(is_careful=False).once()
    assert_right(receipts=1)


def test_doubled_wake_ups_and_many_drains(committed: tuple[World, CrimeGroup]) -> None:
    world, group = committed
    with as_worker(), transaction.atomic():
        groups = [group, *(world.group(world.label()) for _ in range(9))]
    for attribute in ATTRIBUTES[:3]:
        for one in groups:
            claim(world, one, attribute)
        drains = [Drain(Drainer()) for _ in range(4)]
        for drain in drains:
            drain.start()
        for drain in drains:
            drain.end()
    while Drainer(is_careful=False).once().marks:
        pass

    assert_right(receipts=30)
    with as_worker(), transaction.atomic():
        scored = Assessment.objects.values_list(
            "group_id", "scheme_version_id", "facts_digest"
        )
        assert len(scored) == len(set(scored)), "the same facts were scored twice"


@pytest.mark.parametrize(
    "place", ["lock_heads", "dossiers_for", "write_lines", "write_heads"]
)
def test_terminated_backend_gives_everything_back(
    committed: tuple[World, CrimeGroup], monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    world, group = committed
    claim(world, group, ATTRIBUTES[0])
    gate = Gate(getattr(rescoring, place), before=False)
    monkeypatch.setattr(rescoring, place, gate)
    drain = Drain()
    drain.start()
    assert gate.reached.wait(WAIT_SECONDS)
    with as_worker(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select pg_terminate_backend(%s, 5000)", [drain.pid])
        assert cursor.fetchone() == (True,)
    gate.opened.set()
    drain.join(WAIT_SECONDS)

    assert isinstance(drain.error, OperationalError)
    assert drain.drainer.is_careful
    with as_worker(), transaction.atomic():
        assert Outbox.objects.filter(group_id=group.pk).exists()
        assert Receipt.objects.get().state == ReceiptState.QUEUED
    again = Drain(drain.drainer)
    again.start()
    again.end()
    assert_right(receipts=1)


def test_a_submitter_never_waits_for_a_drain(
    committed: tuple[World, CrimeGroup], monkeypatch: pytest.MonkeyPatch
) -> None:
    world, group = committed
    claim(world, group, ATTRIBUTES[0])
    gate = Gate(claiming.include, before=True)
    monkeypatch.setattr("scoring.outbox.draining.include", gate)
    drain = Drain()
    drain.start()
    assert gate.reached.wait(WAIT_SECONDS)
    with as_worker(), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("set local lock_timeout = '500ms'")
        CrimeGroup.objects.filter(pk=group.pk).update(summary="Edited meanwhile")
        world.claim(group, world.label(), attribute=ATTRIBUTES[1])
    gate.opened.set()
    drain.end()
    Drainer(is_careful=False).once()
    assert_right(receipts=2)


def test_relabelling_waits_for_the_drain_and_leaves_no_line_behind(
    committed: tuple[World, CrimeGroup], monkeypatch: pytest.MonkeyPatch
) -> None:
    world, group = committed
    claim(world, group, ATTRIBUTES[0])
    gate = Gate(rescoring.dossiers_for, before=False)
    monkeypatch.setattr(rescoring, "dossiers_for", gate)
    drain = Drain()
    drain.start()
    assert gate.reached.wait(WAIT_SECONDS)

    def relabel() -> None:
        with as_worker(), transaction.atomic():
            raised = world.class_id(world.label("z"))
            CrimeGroup.objects.filter(pk=group.pk).update(access_class_id=raised)
        connection.close()

    relabelling = threading.Thread(target=relabel, daemon=True)
    relabelling.start()
    relabelling.join(0.3)
    assert relabelling.is_alive(), "it must wait, or the drain's line slips past it"
    gate.opened.set()
    drain.end()
    relabelling.join(WAIT_SECONDS)

    with as_worker(), transaction.atomic():
        assert not PictureLine.objects.at(None).exists()
    Drainer(is_careful=False).once()
    assert_right(receipts=1)
