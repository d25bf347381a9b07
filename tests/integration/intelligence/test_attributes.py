"""The catalogue in the database is the engine's."""

import pytest
from django.db import IntegrityError, transaction

from intelligence.models import Attribute
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from scoring.engine import CATALOGUE
from tests.factories.intelligence import ClaimFactory, ReportFactory, a_group


def test_catalogue_is_the_engines(db: None) -> None:
    with acting_as(system("test")):
        rows = {row.key: (row.title, row.meaning) for row in Attribute.objects.all()}
        order = [row.key for row in Attribute.objects.all()]
    wanted = {key: (one.title, one.meaning) for key, one in CATALOGUE.items()}
    assert wanted, "the engine's catalogue is empty"
    assert rows == wanted, (
        "add a migration to intelligence that brings Attribute in step"
    )
    assert order == list(CATALOGUE)


def test_claim_about_anything_else_is_refused_by_the_database(db: None) -> None:
    with acting_as(system("test")):
        report, group = ReportFactory(), a_group()
        with (
            pytest.raises(IntegrityError, match="catalogue"),
            transaction.atomic(),
        ):
            ClaimFactory(report=report, group=group, attribute="charisma")
