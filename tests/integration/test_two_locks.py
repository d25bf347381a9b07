"""The scope of a transaction, and each lock alone."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError, ProgrammingError
from django.test import TestCase

from accounts.actions import labels
from accounts.models import AccessClass, Organisation
from accounts.visibility import Label, Viewer
from groups.models import CrimeGroup, GroupAlias
from ocgmap.common.acting import acting_as
from ocgmap.common.errors import OutsideScope
from ocgmap.common.records import NotInScope, ProtectedQuerySet
from ocgmap.common.scope import Scope, system
from ocgmap.security import is_history, protected_models
from tests.cast import As

pytestmark = [pytest.mark.django_db, pytest.mark.leak]


@pytest.fixture
def secret(as_system: Any) -> CrimeGroup:
    """A group that only Durham may see."""
    durham = Organisation.objects.get(code="durham")
    [own] = [o for o in labels.options_for(durham) if o.code == "organisation"]
    return CrimeGroup.objects.create(
        name="Secret", owner=durham, access_class_id=labels.intern(own.label)
    )


@pytest.fixture
def without_first_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the first lock away: the second must hold alone."""
    monkeypatch.setattr(ProtectedQuerySet, "visible_to", lambda self, viewer: self)


def test_query_without_scope_raises() -> None:
    with pytest.raises(OutsideScope, match="no scope"):
        CrimeGroup.objects.count()


@pytest.mark.django_db(transaction=True)
def test_query_outside_transaction_raises() -> None:
    with acting_as(Scope(role="web")), pytest.raises(OutsideScope, match="outside"):
        CrimeGroup.objects.count()


def test_rows_for_another_viewer_than_the_one_acting_raise(
    secret: CrimeGroup, viewer: Callable[[str], Viewer], acting: As
) -> None:
    other = viewer("owner_analyst")
    with acting("other_analyst"), pytest.raises(NotInScope):
        CrimeGroup.objects.visible_to(other).count()


@pytest.mark.parametrize("lock", ["both", "second"])
@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("owner_analyst", 1),
        ("owner_supervisor", 1),
        ("region_analyst", 0),
        ("other_analyst", 0),
        ("rocu_lead", 0),
        ("nca_officer", 0),
        ("auditor", 0),
        ("administrator", 0),
    ],
)
def test_hidden_group(
    who: str,
    sees: int,
    lock: str,
    secret: CrimeGroup,
    acting: As,
    request: pytest.FixtureRequest,
) -> None:
    if lock == "second":
        request.getfixturevalue("without_first_lock")
    with acting(who) as viewer:
        assert CrimeGroup.objects.visible_to(viewer).count() == sees


def test_first_lock_alone(secret: CrimeGroup, viewer: Callable[[str], Viewer]) -> None:
    """As the worker, whose policy is true, `visible_to` still hides the row."""
    reader = viewer("other_analyst")
    scope = Scope(
        role="worker", tags=reader.tags, clearance=reader.clearance, can_view=True
    )
    with acting_as(scope):
        assert CrimeGroup.objects.count() == 1
        assert CrimeGroup.objects.visible_to(reader).count() == 0


def test_scope_is_restored_after_the_block(secret: CrimeGroup, acting: As) -> None:
    with acting("owner_analyst"):
        assert CrimeGroup.objects.count() == 1
        with acting("other_analyst"):
            assert CrimeGroup.objects.count() == 0
        assert CrimeGroup.objects.count() == 1


def test_scope_survives_a_failed_savepoint(secret: CrimeGroup, acting: As) -> None:
    with acting("owner_analyst"):
        with pytest.raises(ProgrammingError), transaction.atomic():
            CrimeGroup.objects.filter(pk=secret.pk).update(access_class_id=None)
        assert CrimeGroup.objects.count() == 1


def test_web_may_not_write_derived_rows(acting: As) -> None:
    with (
        acting("owner_analyst"),
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("delete from scoring_pictureline")


def test_web_may_not_read_the_outbox(acting: As) -> None:
    with (
        acting("owner_analyst"),
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("select * from scoring_outbox")


def test_child_may_not_be_less_strict(secret: CrimeGroup) -> None:
    open_class = labels.intern(Label())
    with pytest.raises(IntegrityError, match="less strict"), transaction.atomic():
        GroupAlias.objects.create(
            group=secret,
            name="Lads",
            owner=secret.owner,
            asserted_by=secret.owner,
            access_class_id=open_class,
        )


def test_raising_a_parent_raises_its_children(secret: CrimeGroup) -> None:
    alias = GroupAlias.objects.create(
        group=secret,
        name="Lads",
        owner=secret.owner,
        asserted_by=secret.owner,
        access_class=secret.access_class,
    )
    compartment = 10_000
    label = secret.access_class.label
    raised = labels.intern(Label(label.requires | {compartment}, label.marking))
    CrimeGroup.objects.filter(pk=secret.pk).update(access_class_id=raised)
    alias.refresh_from_db()
    assert alias.access_class_id == raised
    assert alias.version == 2


def test_lowering_a_parent_leaves_its_children(secret: CrimeGroup) -> None:
    alias = GroupAlias.objects.create(
        group=secret,
        name="Lads",
        owner=secret.owner,
        asserted_by=secret.owner,
        access_class=secret.access_class,
    )
    CrimeGroup.objects.filter(pk=secret.pk).update(
        access_class_id=labels.intern(Label())
    )
    before = alias.access_class_id
    alias.refresh_from_db()
    assert alias.access_class_id == before


def test_history_of_a_lowered_record_stays_hidden(
    secret: CrimeGroup, acting: As
) -> None:
    CrimeGroup.objects.filter(pk=secret.pk).update(
        name="Sanitised", access_class_id=labels.intern(Label())
    )
    events = CrimeGroup.history.rel.related_model
    with acting("other_analyst"):
        assert CrimeGroup.objects.get().name == "Sanitised"
        assert events.objects.count() == 0
    with acting("owner_analyst"):
        assert events.objects.get().name == "Secret"


def test_history_cannot_be_switched_off(secret: CrimeGroup, acting: As) -> None:
    with acting("owner_analyst"):
        with connection.cursor() as cursor:
            cursor.execute("select set_config('pgtrigger.ignore', '{}', true)")
            cursor.execute(
                "select set_config('pgtrigger.ignore', "
                "'{pgtrigger_update_update_49c84}', true)"
            )
        CrimeGroup.objects.filter(pk=secret.pk).update(name="Other")
        assert CrimeGroup.history.rel.related_model.objects.count() == 1


def test_no_op_update_keeps_the_version(secret: CrimeGroup) -> None:
    CrimeGroup.objects.filter(pk=secret.pk).update(name="Secret")
    secret.refresh_from_db()
    assert secret.version == 1


def test_a_new_class_is_visible_at_once(acting: As) -> None:
    with acting("owner_analyst") as viewer:
        tags = sorted(viewer.tags)[:2]
        label = Label(frozenset(tags), 1)
        durham = Organisation.objects.get(code="durham")
        group = CrimeGroup.objects.create(
            name="New", owner=durham, access_class_id=labels.intern(label)
        )
        assert CrimeGroup.objects.visible_to(viewer).get() == group


def test_every_protected_table_has_a_policy_for_each_command() -> None:
    with acting_as(system("test")), connection.cursor() as cursor:
        cursor.execute(
            "select tablename, cmd from pg_policies where 'ocgmap_web' = any(roles)"
        )
        laid = set(cursor.fetchall())
        cursor.execute(
            "select relname from pg_class where relrowsecurity and relforcerowsecurity"
        )
        forced = {row[0] for row in cursor.fetchall()}
    models = protected_models()
    assert len(models) > 30
    assert any(is_history(model) for model in models)
    for model in models:
        table = model._meta.db_table
        assert table in forced, f"{table}: add it to the policies (run migrate)"
        for command in ("SELECT", "INSERT", "UPDATE", "DELETE"):
            assert (table, command) in laid, f"{table} has no {command} policy"


def test_policies_use_the_hashed_form() -> None:
    with acting_as(system("test")), connection.cursor() as cursor:
        cursor.execute(
            "select qual from pg_policies where policyname = 'web_select' "
            "and tablename = 'groups_crimegroup'"
        )
        (rule,) = cursor.fetchone()
    assert "unnest" in rule


class UnscopedTestCase(TestCase):
    """Django's own TestCase gets no scope either."""

    def test_sees_nothing(self) -> None:
        with pytest.raises(OutsideScope):
            AccessClass.objects.count()
