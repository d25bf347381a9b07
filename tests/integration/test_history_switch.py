"""History cannot be switched off by a setting, nor is it slowed by looking for one."""

import pytest
from django.db import connection, transaction

from groups.models import CrimeGroup
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.factories.scoring import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def group(as_system: None) -> CrimeGroup:
    world = World()
    return world.group(world.label())


def test_the_function_that_looks_for_the_setting_looks_no_more(as_system: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select l.lanname, p.provolatile, p.prosrc from pg_proc p join pg_language l "
            "on l.oid = p.prolang where p.proname = '_pgtrigger_should_ignore'"
        )
        assert cursor.fetchall() == [("sql", "i", " select false ")]


def test_a_change_under_the_setting_leaves_its_event(group: CrimeGroup) -> None:
    events = (
        f"select count(*) from groups_crimegroupevent where pgh_obj_id = {group.pk}"
    )
    with (
        acting_as(system("test")),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(events)
        [before] = cursor.fetchone()
        cursor.execute(
            "select set_config('pgtrigger.ignore', "
            "'{groups_crimegroup:update_update,update_update}', true)"
        )
        cursor.execute(
            "update groups_crimegroup set name = 'Renamed' where id = %s", [group.pk]
        )
        cursor.execute(events)
        [after] = cursor.fetchone()
        transaction.set_rollback(True)
    assert after == before + 1
