"""The page that submits a report: a condition beside a 5x5x5 grade."""

import pytest

from intelligence.models import Report
from tests.integration.intelligence.test_report_form import (
    NEW,
    ClientAs,
    everything,
    filled,
    hints,
)

__all__ = ["hints"]


@pytest.mark.parametrize(
    ("legacy", "recipients"), [("B22", "originator_only"), ("B25", "")]
)
def test_condition_beside_a_legacy_grade_caps_the_audience(
    client_as: ClientAs, legacy: str, recipients: str
) -> None:
    client = client_as("owner_analyst")
    typed = {
        "source_grade": "",
        "assessment_grade": "",
        "handling": "C" if recipients else "",
        "legacy_grade": legacy,
        "recipients": recipients,
        "condition_note": "Mine." if recipients else "",
    }
    page = client.post(NEW, filled(sharing="all_forces", **typed))
    assert page.status_code == 200
    [error] = page.context["form"].errors["sharing"]
    assert "handling condition" in error
    only_us = {"sharing": "organisation", "sharing_reason": "A live operation."}
    assert client.post(NEW, filled(**typed, **only_us)).status_code == 302
    with everything():
        condition = Report.objects.get().handling_condition
    assert condition is not None
    assert condition["recipients"] == "originator_only"
    assert condition["note"].endswith(typed["condition_note"])
