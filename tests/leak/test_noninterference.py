"""What one may not see changes nothing that one is shown.

The world is copied, every row that the reader may not see is removed, and what is
derived is worked out anew: each page must be the same, to the letter.
"""

import difflib
import json
import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
import time_machine
from django.apps import apps
from django.db import models, transaction
from django.test import Client
from django.utils import timezone
from psycopg import sql

from accounts.models import AccessClass
from accounts.visibility import dominates
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from ocgmap.security import is_history, protected_models
from scoring.actions import what_if_work
from scoring.models import Outbox, WhatIf
from scoring.models.what_if import WhatIfState
from scoring.outbox import drain_until_empty, mark_all
from tests.inside import Inside, with_session
from tests.leak.answers import masked
from tests.leak.askers import READERS
from tests.leak.knowledge import Knowledge
from tests.scratch import Databases, address_in
from tests.world import Manifest

pytestmark = pytest.mark.leak
# Receipts stay: they tell what was submitted when, and nothing is worked out of them.
DERIVED = ("scoring_pictureline", "scoring_scorehead", "scoring_whatifresult")
# When the drain wrote it: it ran again in the copy. Digests tell the same figures.
MOMENT = re.compile(
    r'datetime="[^"]*"|\d{1,2} \w+ \d{4},? (at )?\d{1,2}[:.]\d\d\s?([ap]m)?'
    r"|\d{4}-\d\d-\d\dT[\d:.]+(\+\d\d:\d\d|Z)|\d+ (second|minute)s? ago"
)


PARTS = ("movement", "compare", "known-now")


def without_moments(answer: tuple[Any, ...]) -> tuple[Any, ...]:
    status, headers, text = answer
    kept = [(name, value) for name, value in headers if name != "content-length"]
    if ("content-type", "application/json") in headers:
        text = json.dumps(json.loads(text), sort_keys=True, indent=1)
    return status, kept, MOMENT.sub("-", text)


def in_any_order(answer: tuple[Any, ...]) -> tuple[Any, ...]:
    status, headers, text = answer
    return status, headers, "\n".join(sorted(text.splitlines()))


def pages(manifest: Manifest, knowledge: Knowledge, who: str) -> Iterator[str]:
    """Yield the addresses of lists, figures and every record that ``who`` may see."""
    yield from ("/", "/groups/", "/reports/", "/people/", "/returns/", "/receipts/")
    yield from ("/notices/", "/notices/count/", "/watching/", "/digest/", "/searches/")
    yield from ("/analysis/", "/requirements/", "/requirements/?standing=open")
    yield from ("/dashboard/national/", "/dashboard/region:nerocu/")
    yield from ("/dashboard/force:durham/", "/dashboard/force:west-yorkshire/")
    for scope in ("national", "region:nerocu"):
        yield from (f"/dashboard/{scope}/{part}/" for part in PARTS)
        yield f"/dashboard/{scope}/involvements/"
    for name, public_id in manifest.groups.items():
        if knowledge.sees(who, public_id):
            own = f"/groups/{public_id}/"
            yield from (own, f"{own}people/", f"{own}activity/", f"{own}score/")
            yield from (
                f"{own}score/{part}/" for part in ("then", "change", "known-now")
            )
            yield f"{own}score/?source=1&assessment=AB&months=12&reports=2"
            yield from (f"{own}intelligence/", f"{own}history/")
            person = manifest.nominals[f"{name}/0"] if name != "d_opened" else ""
            if person and knowledge.sees(who, person):
                yield f"/people/{person}/"
    own = manifest.what_ifs.get(who)
    yield from (f"/what-if/{own}/", f"/what-if/{own}/groups/") if own else ()
    for public_id in manifest.reports.values():
        if knowledge.sees(who, public_id):
            yield f"/reports/{public_id}/"


def api_pages() -> Iterator[str]:
    for resource in ("groups", "reports", "nominals", "memberships", "involvements"):
        yield f"/api/v1/{resource}/"
    yield from ("/api/v1/assessments/", "/api/v1/receipts/", "/api/v1/picture/")
    yield from ("/api/v1/picture/movement/", "/api/v1/watches/", "/api/v1/notices/")
    yield "/api/v1/requirements/"


def remove_hidden(database: str, seen_classes: list[int]) -> int:
    """Delete what carries none of these classes, and all that is derived, as owner."""
    removed = 0
    models_of = {model._meta.db_table: model for model in protected_models()}
    with psycopg.connect(
        address_in("DATABASE_OWNER_URL", database), autocommit=True
    ) as link:
        for table in models_of:
            link.execute(
                sql.SQL("alter table {} disable trigger user").format(
                    sql.Identifier(table)
                )
            )
        for table in DERIVED:
            link.execute(sql.SQL("delete from {}").format(sql.Identifier(table)))
        for table in in_order_of_deletion(list(models_of.values())):
            if table in DERIVED:
                continue
            gone = link.execute(
                sql.SQL("delete from {} where not access_class_id = any(%s)").format(
                    sql.Identifier(table)
                ),
                (seen_classes,),
            )
            removed += gone.rowcount
        link.execute("delete from scoring_assessment")
        for table in models_of:
            link.execute(
                sql.SQL("alter table {} enable trigger user").format(
                    sql.Identifier(table)
                )
            )
    return removed


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


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Ask for the four of the matrix; with `--leak-full` for everyone who reads."""
    if "who" in metafunc.fixturenames:
        is_full = metafunc.config.getoption("leak_full")
        metafunc.parametrize("who", READERS if is_full else READERS[:4])


def test_what_is_hidden_changes_nothing(
    who: str,
    inside: Inside,
    databases: Databases,
    leak_database: str,
    sessions: dict[str, str],
    knowledge: Knowledge,
    manifest: Manifest,
) -> None:
    at = timezone.now()
    with time_machine.travel(at, tick=False):
        full = shown(who, inside, leak_database, sessions, knowledge, manifest)
    bare = databases.create(leak_database)
    with inside(bare, "worker"), acting_as(system("test")), transaction.atomic():
        classes = seen_classes(knowledge, who)
    assert remove_hidden(bare, classes) > 20
    with inside(bare, "worker"):
        with acting_as(system("test")), transaction.atomic():
            mark_all()
        drain_until_empty()
        with acting_as(system("test")), transaction.atomic():
            assert not Outbox.objects.exists()
            WhatIf.objects.update(state=WhatIfState.RUNNING, held="")
        what_if_work.work(seconds=60)
    with time_machine.travel(at, tick=False):  # a wait told in minutes is the same
        less = shown(who, inside, bare, sessions, knowledge, manifest)
    assert len(full) > 30
    for path, answer in full.items():
        assert answer == less[path], difference(path, answer, less[path])
    databases.drop(bare)


def difference(path: str, one: Any, other: Any) -> str:
    """Return the lines in which two answers differ."""
    lines = difflib.unified_diff(one[2].splitlines(), other[2].splitlines(), n=0)
    return f"{path}: {one[0]} {other[0]}\n" + "\n".join(list(lines)[:20])


def seen_classes(knowledge: Knowledge, who: str) -> list[int]:
    viewer = knowledge.viewers[who]
    rows = AccessClass.objects.all()
    return [row.pk for row in rows if dominates(viewer, row.label)]


def shown(
    who: str,
    inside: Inside,
    database: str,
    sessions: dict[str, str],
    knowledge: Knowledge,
    manifest: Manifest,
) -> dict[str, Any]:
    """Return everything that ``who`` is shown."""
    client, found = with_session(sessions[who]), {}
    token = {"authorization": f"Bearer {manifest.tokens[who]}"}
    with inside(database, "web"), transaction.atomic():
        for path in pages(manifest, knowledge, who):
            answer = without_moments(masked(client.get(path)))
            # Their order is that of the drain, which ran again.
            is_by_line = path == "/groups/" or path.endswith("/movement/")
            found[path] = in_any_order(answer) if is_by_line else answer
        for path in api_pages():
            answer = without_moments(masked(Client().get(path, headers=token)))
            found[path] = in_any_order(answer) if "movement" in path else answer
        transaction.set_rollback(True)
    return found


def test_the_copy_knows_every_derived_table() -> None:
    """A new derived table must be emptied above, or the test compares stale rows."""
    found = {
        model._meta.db_table
        for model in apps.get_app_config("scoring").get_models()
        if not is_history(model)
        and any(field.name == "access_class" for field in model._meta.fields)
    }
    decisions = {
        "scoring_judgement",
        "scoring_judgementcitation",
        "scoring_banddecision",
        "scoring_analyticnote",
        "scoring_notecitation",
        "scoring_requirement",
        "scoring_requirementanswer",
        "scoring_secondscoring",
        "scoring_secondscore",
    }
    assert found == decisions | {
        "scoring_receipt",
        "scoring_pictureline",
        "scoring_assessment",
        "scoring_whatifresult",
    }
