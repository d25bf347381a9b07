"""Rules of the house that a machine can see. Each says how to mend what it finds."""

import ast
from importlib import import_module
from pathlib import Path

import pytest
from celery import current_app
from django.apps import apps
from django.db import models

from ocgmap.common.queues import Queue
from ocgmap.common.records import ProtectedRecord

ROOT = Path(__file__).resolve().parents[2]
APPS = ("accounts", "groups", "intelligence", "scoring")
SOURCES = ("ocgmap", *APPS, "tests")


def files() -> list[Path]:
    return [path for top in SOURCES for path in (ROOT / top).rglob("*.py")]


def own_models() -> list[type[models.Model]]:
    return [model for app in APPS for model in apps.get_app_config(app).get_models()]


def test_no_file_is_longer_than_400_lines() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in files()
        if "migrations" not in path.parts
        and (lines := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert len(files()) > 100
    assert not long, f"split these by noun: {long}"


def test_no_module_with_a_name_for_anything() -> None:
    vague = {"utils", "helpers", "services", "managers", "selectors", "misc"}
    found = [str(path) for path in files() if vague & {path.stem, path.parent.name}]
    assert not found, "name the noun that the module is about"


def test_foreign_keys_to_a_lower_app_cannot_be_walked_back() -> None:
    checked = 0
    for model in own_models():
        for field in model._meta.fields:
            target = field.related_model
            if not isinstance(field, models.ForeignKey) or target is None:
                continue
            if target._meta.app_label == model._meta.app_label:
                continue
            if hasattr(model, "pgh_tracked_model"):
                continue
            checked += 1
            assert field.remote_field.hidden, (
                f'{model.__name__}.{field.name}: set related_name="+"'
            )
    assert checked > 20


def test_every_dependent_record_names_the_parents_of_its_label() -> None:
    checked = 0
    for model in own_models():
        if not issubclass(model, ProtectedRecord):
            continue
        parents = {
            field.name
            for field in model._meta.fields
            if isinstance(field, models.ForeignKey)
            and field.related_model is not model
            and isinstance(field.related_model, type)
            and issubclass(field.related_model, ProtectedRecord)
        }
        # A report belongs to a return but may be more open than its register entry.
        parents -= {"returned_in"}
        named = set(getattr(model, "label_parents", ()))
        assert parents <= named, f"{model.__name__}: add {parents - named}"
        checked += bool(parents)
    assert checked > 10


def test_every_protected_record_has_history_or_is_never_changed() -> None:
    tracked = {
        model.pgh_tracked_model
        for model in own_models()
        if hasattr(model, "pgh_tracked_model")
    }
    never_changed = {
        "Assurance",
        "DisposalCertificate",
        "EntryDraft",  # changes, and must stand in no history: it is no record
        "ImportFile",
        "ImportOutcome",
        "ImportPart",
        "JudgementCitation",
        "NoteCitation",
        "RequirementAnswer",
        "ReportOriginal",
        "SecondScoring",
    }
    for model in own_models():
        if issubclass(model, ProtectedRecord) and model.__name__ not in never_changed:
            assert model in tracked, f"{model.__name__}: add @pghistory.track()"
    assert len(tracked) > 15


def test_every_task_goes_to_a_named_queue() -> None:
    for app in ("accounts", "intelligence", "scoring"):
        import_module(f"{app}.tasks")
    own = {
        name: task
        for name, task in current_app.tasks.items()
        if name.split(".")[0] in APPS
    }
    assert own
    for name, task in own.items():
        queue = current_app.amqp.router.route({}, name)["queue"].name
        assert queue in set(Queue), f"{name}: add its app to task_routes"
        assert name.split(".")[0] + ".*" in current_app.conf.task_routes, name
        assert task.ignore_result, name
        assert task.acks_late, name


@pytest.mark.parametrize("word", ["ignore_conflicts", "update_conflicts"])
def test_no_write_that_pretends_to_have_written(word: str) -> None:
    """`bulk_create` with these returns hidden rows as if saved, or tells of them."""
    found = {
        str(path.relative_to(ROOT))
        for path in files()
        if path.parts[len(ROOT.parts)] not in {"tests", "accounts"}
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.keyword) and node.arg == word
    }
    assert not found, f"write the rows one statement at a time: {found}"


def test_no_django_admin() -> None:
    assert not [path for path in files() if path.name == "admin.py"]
