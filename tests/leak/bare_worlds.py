"""A world without what a reader may not see: a copy, hidden rows gone, figures anew."""

from collections.abc import Iterable
from typing import Any

import psycopg
from django.db import models, transaction
from psycopg import sql

from accounts.models import AccessClass
from accounts.visibility import Viewer, dominates
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from ocgmap.security import protected_models
from scoring.actions import what_if_work
from scoring.models import Outbox, WhatIf
from scoring.models.what_if import WhatIfState
from scoring.outbox import drain_until_empty, mark_all
from tests.inside import Inside
from tests.scratch import Databases, address_in

# Receipts stay: they tell what was submitted when, and nothing is worked out of them.
DERIVED = ("scoring_pictureline", "scoring_scorehead", "scoring_whatifresult")


def without_hidden(
    inside: Inside, databases: Databases, full: str, viewer: Viewer
) -> tuple[str, dict[str, int]]:
    """Return a copy of a world without what ``viewer`` may not see, derived anew.

    With it how many rows were hidden, by their table.
    """
    bare = databases.create(full)
    with inside(bare, "worker"), acting_as(system("test")), transaction.atomic():
        rows = AccessClass.objects.all()
        seen = [row.pk for row in rows if dominates(viewer, row.label)]
    removed = remove_hidden(bare, seen)
    derive_anew(inside, bare)
    return bare, removed


def derive_anew(inside: Inside, database: str) -> None:
    """Let the drain work out everything again, and every comparison of versions."""
    with inside(database, "worker"):
        with acting_as(system("test")), transaction.atomic():
            mark_all()
        drain_until_empty()
        with acting_as(system("test")), transaction.atomic():
            assert not Outbox.objects.exists()
            WhatIf.objects.update(state=WhatIfState.RUNNING, held="")
        what_if_work.work(seconds=60)


def remove_hidden(database: str, seen_classes: list[int]) -> dict[str, int]:
    """Delete what carries none of these classes, and all that is derived, as owner."""
    models_of = {model._meta.db_table: model for model in protected_models()}
    with psycopg.connect(
        address_in("DATABASE_OWNER_URL", database), autocommit=True
    ) as link:
        _triggers(link, models_of, "disable")
        empty_derived(link)
        removed = {
            table: link.execute(
                sql.SQL("delete from {} where not access_class_id = any(%s)").format(
                    sql.Identifier(table)
                ),
                (seen_classes,),
            ).rowcount
            for table in in_order_of_deletion(list(models_of.values()))
            if table not in DERIVED
        }
        link.execute("delete from scoring_assessment")
        _triggers(link, models_of, "enable")
    return {table: number for table, number in removed.items() if number > 0}


def empty_derived_of(database: str) -> None:
    """Delete what the drain works out in a world and may work out again, as owner."""
    models_of = {model._meta.db_table: model for model in protected_models()}
    with psycopg.connect(
        address_in("DATABASE_OWNER_URL", database), autocommit=True
    ) as link:
        _triggers(link, models_of, "disable")
        empty_derived(link)
        link.execute("delete from scoring_assessment")
        _triggers(link, models_of, "enable")


def empty_derived(link: psycopg.Connection[Any]) -> None:
    """Delete what the drain works out and may work out again."""
    for table in DERIVED:
        link.execute(sql.SQL("delete from {}").format(sql.Identifier(table)))


def _triggers(link: psycopg.Connection[Any], tables: Iterable[str], able: str) -> None:
    for table in tables:
        link.execute(
            sql.SQL("alter table {} {} trigger user").format(
                sql.Identifier(table), sql.SQL(able)
            )
        )


def in_order_of_deletion(found: list[type[models.Model]]) -> list[str]:
    """Return the tables with those that point at others before them."""
    left, ordered = set(found), []
    while left:
        pointed_at = {
            field.related_model
            for model in left
            for field in model._meta.fields
            if isinstance(field, models.ForeignKey) and field.related_model is not model
        }
        free = sorted(left - pointed_at, key=lambda model: model._meta.db_table)
        assert free, "tables point at each other in a circle"
        ordered += [model._meta.db_table for model in free]
        left -= set(free)
    return ordered
