"""A group is disposed of while a drain scores it: committed rows, real threads."""

import threading
from typing import Any

import pytest
from django.db import connection, transaction

from groups.models import CrimeGroup
from intelligence.actions import disposal
from intelligence.models import RetentionReview
from scoring.models import Outbox, OutboxDead, PictureLine, ScoreHead
from scoring.outbox import Drainer, rescoring
from scoring.reconciling import reconcile
from tests.cast import As, MakeUser
from tests.disposing import archived, proposed
from tests.factories.scoring import World, as_worker
from tests.integration.scoring.test_concurrency import WAIT_SECONDS, Drain, Gate

pytestmark = pytest.mark.django_db(transaction=True)


class Disposal(threading.Thread):
    """The second person's step, in a thread of its own with its own connection."""

    def __init__(self, acting: As, review: RetentionReview) -> None:
        super().__init__(daemon=True)
        self.acting, self.review = acting, review
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            with self.acting("owner_supervisor") as by, transaction.atomic():
                disposal.dispose(by=by, review=self.review, version=1, reason="Agreed")
        except BaseException as error:  # noqa: BLE001 - told to the test
            self.error = error
        finally:
            connection.close()

    def end(self) -> None:
        self.join(WAIT_SECONDS)
        assert not self.is_alive(), "the disposal hangs"
        if self.error:
            raise self.error


@pytest.mark.parametrize(
    ("place", "before"),
    [
        pytest.param("lock_heads", True, id="before the lock"),
        pytest.param("lock_heads", False, id="after the lock"),
        pytest.param("dossiers_for", False, id="after reading the facts"),
        pytest.param("write_lines", False, id="after writing the lines"),
    ],
)
def test_no_line_of_the_group_stays_open(
    acting: As,
    make_user: MakeUser,
    monkeypatch: pytest.MonkeyPatch,
    place: str,
    before: bool,
) -> None:
    for who in ("records_manager", "owner_supervisor"):
        make_user(who)
    with as_worker(), transaction.atomic():
        group = World().group(World().label())
    for _ in range(2):
        Drainer().once()
    review = proposed(acting, archived(group))
    gate = Gate(getattr(rescoring, place), before=before)
    monkeypatch.setattr(rescoring, place, gate)
    drain, eraser = Drain(), Disposal(acting, review)
    drain.start()
    assert gate.reached.wait(WAIT_SECONDS)
    eraser.start()
    eraser.join(1)
    gate.opened.set()
    drain.end()
    eraser.end()
    monkeypatch.undo()
    while Drainer().once().marks:
        pass
    with as_worker(), transaction.atomic():
        assert not CrimeGroup.objects.exists()
        _check_past(group.pk)
        assert not Outbox.objects.exists()
        assert not OutboxDead.objects.exists()
        assert not ScoreHead.objects.exists()
    assert reconcile().differences == []


def _check_past(group_id: Any) -> None:
    lines = PictureLine.objects.filter(group_id=group_id)
    assert lines.exists()
    assert not lines.filter(valid_to__isnull=True).exists()
    assert not lines.filter(is_disposed=False).exists()
