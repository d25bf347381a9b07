"""The command refuses what it must, before anything is written."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings


def test_is_refused_outside_a_demonstration() -> None:
    with (
        override_settings(DEMONSTRATION=False),
        pytest.raises(CommandError, match="OCGMAP_DEMONSTRATION=1"),
    ):
        call_command("seed_nation")


@pytest.mark.parametrize("scale", ["-1", "21", "much", "nan"])
def test_a_scale_is_a_number_in_bounds(scale: str) -> None:
    with pytest.raises(CommandError, match="from 0 to 20"):
        call_command("seed_nation", "--scale", scale, stderr=StringIO())
