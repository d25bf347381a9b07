"""Every column is classed, so that a new one is thought about before it is filled."""

from collections import Counter

from django.apps import apps
from django.db import models

from tests.structure.columns import EVERYWHERE, OF_FACTS, OF_PARTS, Columns
from tests.structure.field_classes import FIELDS

APPS = ("accounts", "groups", "intelligence", "scoring")
SHARED = (EVERYWHERE, OF_FACTS, OF_PARTS)
HOW = (
    "Class it in tests/structure/field_classes.py. Does it tell of a person (also of an "
    "officer, also in free text)? Then it is personal: say in docs/dpia.md why it is "
    "needed, and how long. Is it of the work? Operational. May it be printed? Public."
)


def own_models() -> dict[str, type[models.Model]]:
    """Return our models by name; former states have the columns of their model."""
    return {
        model._meta.label: model
        for app in APPS
        for model in apps.get_app_config(app).get_models()
        if not hasattr(model, "pgh_tracked_model")
    }


def classed(*tables: Columns) -> Counter[str]:
    return Counter(word for table in tables for part in table for word in part.split())


def test_every_column_is_classed() -> None:
    found = own_models()
    assert len(found) > 30
    assert not found.keys() - FIELDS.keys(), HOW
    for name, model in found.items():
        columns = {field.name for field in model._meta.fields}
        missing = columns - classed(*FIELDS[name]).keys()
        assert not missing, f"{name}: {sorted(missing)} is not classed. {HOW}"


def test_no_column_is_classed_twice_or_gone() -> None:
    found = own_models()
    assert not FIELDS.keys() - found.keys(), "these models are gone: take them out"
    for name, tables in FIELDS.items():
        twice = [word for word, times in classed(*tables).items() if times > 1]
        assert not twice, f"{name}: {twice} is classed twice"
        own = [table for table in tables if table not in SHARED]
        gone = classed(*own).keys() - {f.name for f in found[name]._meta.fields}
        assert not gone, f"{name}: {sorted(gone)} is gone, take it out"


def test_what_names_people_is_personal() -> None:
    """The table itself is checked by the names that are never anything else."""
    telling = {"given_names", "surname", "email", "rationale", "created_by", "user"}
    checked = 0
    for name, tables in FIELDS.items():
        personal = {word for table in tables for word in table.personal.split()}
        columns = {field.name for field in own_models()[name]._meta.fields}
        assert telling & columns <= personal, f"{name}: {telling & columns - personal}"
        checked += len(telling & columns)
    assert checked > 20
