"""The register of returns: due, received, nil and late."""

from datetime import date
from unittest import mock

import pytest
import time_machine

from accounts import audit
from accounts.models import Organisation
from intelligence.actions import returns
from intelligence.models import Return
from ocgmap.common.acting import acting_as
from ocgmap.common.errors import AppError, InvalidTransition, NotFound, PermissionDenied
from ocgmap.common.scope import system
from tests.audited import Audited
from tests.cast import As
from tests.factories.intelligence import ReportFactory, ReturnFactory

JANUARY = {
    "from_on": date(2026, 1, 1),
    "to_on": date(2026, 1, 31),
    "due_on": date(2026, 2, 10),
}


def durham() -> Organisation:
    return Organisation.objects.get(code="durham")


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("owner_analyst", True),
        ("owner_supervisor", True),
        ("rocu_lead", True),
        ("region_analyst", False),
        ("other_analyst", False),
        ("nca_officer", False),
        ("auditor", False),
        ("administrator", False),
    ],
)
def test_register_by_the_cast(acting: As, name: str, allowed: bool) -> None:
    with acting(name) as by:
        if allowed:
            entry = returns.register(by=by, owner=durham(), **JANUARY)
            assert Return.objects.visible_to(by).get() == entry
        else:
            with pytest.raises(PermissionDenied):
                returns.register(by=by, owner=durham(), **JANUARY)


def test_register_is_seen_by_force_region_and_nation_only(acting: As) -> None:
    with acting("owner_analyst") as by:
        returns.register(by=by, owner=durham(), **JANUARY)
    for name, sees in (
        ("owner_supervisor", True),
        ("rocu_lead", True),
        ("nca_officer", True),
        ("other_analyst", False),
        ("administrator", False),
    ):
        with acting(name) as reader:
            assert Return.objects.visible_to(reader).exists() is sees, name


def test_register_the_same_period_again_is_refused(acting: As) -> None:
    with acting("owner_analyst") as by:
        returns.register(by=by, owner=durham(), **JANUARY)
        with pytest.raises(AppError) as caught:
            returns.register(by=by, owner=durham(), **JANUARY)
        assert caught.value.field == "from_on"
        assert Return.objects.visible_to(by).count() == 1


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("to_on", {"to_on": date(2025, 12, 31)}),
        ("due_on", {"due_on": date(2026, 1, 30)}),
    ],
)
def test_register_refuses(acting: As, field: str, changes: dict[str, date]) -> None:
    with acting("owner_analyst") as by:
        with pytest.raises(AppError) as caught:
            returns.register(by=by, owner=durham(), **{**JANUARY, **changes})
        assert caught.value.field == field


def test_register_for_an_agency_and_for_a_region(acting: As) -> None:
    with acting("nca_officer") as by:
        nca = Organisation.objects.get(code="nca")
        assert returns.register(by=by, owner=nca, **JANUARY).pk
    with acting("rocu_lead") as by:
        unit = Organisation.objects.get(code="nerocu")
        assert returns.register(by=by, owner=unit, **JANUARY).pk


@pytest.mark.parametrize(
    ("day", "nil", "standing"),
    [
        ("2026-02-10T12:00", False, "received"),
        ("2026-02-10T12:00", True, "nil"),
        ("2026-02-11T12:00", False, "late"),
        ("2026-02-11T12:00", True, "late"),
    ],
)
def test_receive_standing(
    acting: As, audited: Audited, day: str, nil: bool, standing: str
) -> None:
    with acting("owner_analyst") as by:
        entry = returns.register(by=by, owner=durham(), **JANUARY)
        with time_machine.travel(f"{day}:00+00:00", tick=False):
            back = returns.receive(by=by, ret=entry, is_nil=nil)
        assert back.standing_on(date(2026, 3, 1)) == standing
        assert back.is_nil is nil
        assert back.version == 2
    (row,) = audited(object_type="intelligence.Return", kind="alteration")
    assert row.detail["late"] is (standing == "late")


@pytest.mark.parametrize(
    ("day", "standing"),
    [(date(2026, 2, 10), "due"), (date(2026, 2, 11), "overdue")],
)
def test_not_received_is_due_then_overdue(acting: As, day: date, standing: str) -> None:
    with acting("owner_analyst") as by:
        entry = returns.register(by=by, owner=durham(), **JANUARY)
        assert entry.standing_on(day) == standing
        late = Return.objects.visible_to(by).overdue_on(day)
        assert late.exists() is (standing == "overdue")


def test_receive_twice_is_refused(acting: As) -> None:
    with acting("owner_analyst") as by:
        entry = returns.register(by=by, owner=durham(), **JANUARY)
        returns.receive(by=by, ret=entry, counts={"reports": 3})
        with pytest.raises(InvalidTransition):
            returns.receive(by=by, ret=entry, is_nil=True)
        assert Return.objects.visible_to(by).get().counts == {"reports": 3}


def test_receive_nil_with_something_in_it_is_refused(acting: As) -> None:
    with acting_as(system("test")):
        entry = ReturnFactory()
        ReportFactory(returned_in=entry)
    with acting("owner_analyst") as by:
        for counts in ({}, {"reports": 1}):
            with pytest.raises(AppError) as caught:
                returns.receive(by=by, ret=entry, is_nil=True, counts=counts)
            assert caught.value.field == "is_nil"


def test_receive_of_another_force_is_refused(acting: As) -> None:
    with acting_as(system("test")):
        entry = ReturnFactory()
    with acting("nca_officer") as by, pytest.raises(PermissionDenied):
        returns.receive(by=by, ret=entry)
    with acting("other_analyst") as by, pytest.raises(NotFound):
        returns.receive(by=by, ret=entry)


def test_receive_of_a_hidden_one_is_not_found(acting: As) -> None:
    with acting_as(system("test")):
        entry = ReturnFactory(sharing="organisation")
    with acting("rocu_lead") as by, pytest.raises(NotFound):
        returns.receive(by=by, ret=entry)


def test_nothing_stands_when_the_audit_fails(acting: As) -> None:
    with acting_as(system("test")):
        entry = ReturnFactory()
    with acting("owner_analyst") as by:
        with mock.patch.object(audit, "record", side_effect=RuntimeError):
            with pytest.raises(RuntimeError):
                returns.register(by=by, owner=durham(), **JANUARY)
            with pytest.raises(RuntimeError):
                returns.receive(by=by, ret=entry)
        assert Return.objects.visible_to(by).outstanding().get() == entry
