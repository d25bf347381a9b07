"""Whatever a superuser does to the sealed audit is found, and the right batch named."""

import json
from pathlib import Path

import pytest
from django.conf import settings

from tests.leak.tampering import FIGURES, WAYS, run
from tests.sealed import Sealed

pytestmark = pytest.mark.leak


def test_an_audit_that_nobody_touched_is_sound(sealed: Sealed) -> None:
    sealed.batches(3)
    sealed.keep()
    sealed.put_back()
    found = sealed.verify()
    assert found.is_sound, found.faults
    assert found.batches > 3


def test_every_tampering_is_found(sealed: Sealed, pytestconfig: pytest.Config) -> None:
    trials = int(pytestconfig.getoption("--tamper-trials"))
    assert trials >= len(WAYS)
    var = Path(settings.VAR)
    figures = run(sealed, trials, var)
    assert figures["missed"] == []
    assert json.loads((var / FIGURES).read_text()) == {
        "tamper_trials": trials,
        "tamper_missed": 0,
    }
