"""Whatever a superuser does to the sealed audit is found, and the right batch named."""

import pytest

from tests.leak.options import Figure
from tests.leak.tampering import WAYS, run
from tests.sealed import Sealed

pytestmark = pytest.mark.leak


def test_an_audit_that_nobody_touched_is_sound(sealed: Sealed) -> None:
    sealed.batches(3)
    sealed.keep()
    sealed.put_back()
    found = sealed.verify()
    assert found.is_sound, found.faults
    assert found.batches > 3


def test_every_tampering_is_found(
    sealed: Sealed, pytestconfig: pytest.Config, is_leak_full: bool, figure: Figure
) -> None:
    asked = int(pytestconfig.getoption("--tamper-trials"))
    trials = asked or (504 if is_leak_full else 36)
    assert trials >= len(WAYS)
    missed = run(sealed, trials)
    figure("tamper", tamper_trials=trials, tamper_missed=len(missed))
    assert missed == []
