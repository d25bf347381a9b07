from pathlib import Path

import pytest

from groups.models.crime_group import ActivityStatus, RecordState
from groups.models.transfer import TransferState
from groups.transitions import (
    ACTIVITY_STATUSES,
    MACHINES,
    RECORD_STATES,
    TRANSFER_STATES,
    Table,
    Who,
    states_page,
    step_between,
)

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "states.md"


@pytest.mark.parametrize(
    ("table", "states"),
    [
        (RECORD_STATES, RecordState),
        (ACTIVITY_STATUSES, ActivityStatus),
        (TRANSFER_STATES, TransferState),
    ],
)
def test_every_state_has_a_line_and_every_step_leads_to_another(
    table: Table, states: type[RecordState]
) -> None:
    assert set(table) == set(states.values)
    for at, steps in table.items():
        leads = [step.to for step in steps]
        assert set(leads) <= set(table) - {at}
        assert len(leads) == len(set(leads))


@pytest.mark.parametrize("machine", MACHINES, ids=lambda one: one.start)
def test_every_state_is_reached_from_the_start(machine: object) -> None:
    reached, table = {machine.start}, machine.table  # type: ignore[attr-defined]
    for _ in table:
        reached |= {step.to for at in reached for step in table[at]}
    assert reached == set(table)


def test_archived_groups_come_back_only_by_a_supervisor() -> None:
    step = step_between(ACTIVITY_STATUSES, "archived", "active")
    assert step is not None
    assert step.who is Who.SUPERVISOR
    assert step_between(ACTIVITY_STATUSES, "archived", "dormant") is None
    assert step_between(ACTIVITY_STATUSES, "asleep", "active") is None


def test_a_transfer_is_decided_once() -> None:
    decided = [at for at, steps in TRANSFER_STATES.items() if not steps]
    assert sorted(decided) == ["accepted", "declined", "taken_back"]


def test_states_page_in_the_documents_is_current() -> None:
    page = states_page()
    for machine in MACHINES:
        for at, steps in machine.table.items():
            for step in steps:
                assert f"    {at} --> {step.to}: {step.verb}" in page
    assert PAGE.read_text(encoding="utf-8") == page, (
        "write it again: manage.py states > docs/reference/states.md"
    )
