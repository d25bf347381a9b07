"""Submitting a report again: a retry never doubles intelligence."""

from contextlib import AbstractContextManager
from typing import Any

import pytest

from intelligence.actions import attempts, reports
from intelligence.models import Report
from ocgmap.common.acting import acting_as
from ocgmap.common.errors import Unprocessable
from ocgmap.common.scope import system
from tests.audited import Audited
from tests.cast import As
from tests.factories.intelligence import a_draft


def seen_by_system() -> AbstractContextManager[Any]:
    return acting_as(system("test"))


class TestIdempotency:
    def test_same_key_and_body_is_one_report(
        self, acting: As, audited: Audited
    ) -> None:
        with acting("owner_analyst") as by:
            first, made = reports.submit(by=by, draft=a_draft(), idempotency_key="k1")
            again, remade = reports.submit(by=by, draft=a_draft(), idempotency_key="k1")
            assert (made, remade) == (True, False)
            assert first == again
            assert Report.objects.visible_to(by).count() == 1
        assert len(audited(kind="collection")) == 1

    def test_same_key_and_other_body_is_unprocessable(self, acting: As) -> None:
        with acting("owner_analyst") as by:
            reports.submit(by=by, draft=a_draft(), idempotency_key="k1")
            with pytest.raises(Unprocessable):
                reports.submit(
                    by=by, draft=a_draft(text="Other."), idempotency_key="k1"
                )

    def test_another_credential_may_use_the_same_key(self, acting: As) -> None:
        with acting("owner_analyst") as by:
            reports.submit(by=by, draft=a_draft(), idempotency_key="k1")
            _, made = reports.submit(
                by=by, draft=a_draft(), idempotency_key="k1", credential="token:a"
            )
            assert made
        with acting("owner_supervisor") as other:
            assert reports.submit(
                by=other, draft=a_draft(text="Another."), idempotency_key="k1"
            )[1]

    def test_no_key_is_a_new_report_each_time(self, acting: As) -> None:
        with acting("owner_analyst") as by:
            first, _ = reports.submit(by=by, draft=a_draft())
            second, made = reports.submit(by=by, draft=a_draft())
        assert made
        assert first != second

    def test_the_loser_of_a_race_gets_the_winners_report(
        self, acting: As, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Both looked before either wrote; the unique constraint decides."""
        with acting("owner_analyst") as by:
            winner, _ = reports.submit(by=by, draft=a_draft(), idempotency_key="k1")
            looks = iter([None])
            real = attempts.submitted_before
            monkeypatch.setattr(
                attempts,
                "submitted_before",
                lambda attempt, viewer: next(looks, real(attempt, viewer)),
            )
            found, made = reports.submit(by=by, draft=a_draft(), idempotency_key="k1")
            assert (found, made) == (winner, False)
            assert Report.objects.visible_to(by).count() == 1
