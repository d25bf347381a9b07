"""From a file to reports: checked first, written once, nothing half-written."""

import time

import pytest
from django.db import transaction

from accounts.access import acting_for
from intelligence.actions import import_work, imports
from intelligence.models import ImportJob, Report, Return
from intelligence.models.imports import ImportState
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.cast import As
from tests.factories.intelligence import ReturnFactory
from tests.factories.returns import csv_file, some_rows

pytestmark = pytest.mark.django_db


def test_speed(acting: As) -> None:
    with acting_as(system("test")):
        ret = ReturnFactory()
    with acting("owner_analyst") as by, transaction.atomic():
        job, is_new = imports.upload(by=by, ret=ret, name="x.csv", content=csv_file(*some_rows(1200)))
    assert is_new
    start = time.monotonic()
    while import_work.step():
        pass
    with acting_as(system("test")):
        job = ImportJob.objects.get(pk=job.pk)
        print(job.state, job.state_reason, job.failures, job.rows, job.accepted, job.refused)
    print("check", 1200 / (time.monotonic() - start))
    start = time.monotonic()
    with acting("owner_analyst") as by, transaction.atomic():
        job = ImportJob.objects.visible_to(by).select_related("owner", "returned_in").get()
        imports.confirm(by=by, job=job, version=job.version)
    while import_work.step():
        pass
    print("write", 1200 / (time.monotonic() - start))
    with acting_as(system("test")):
        job = ImportJob.objects.get(pk=job.pk)
        print(job.state, job.state_reason, job.failures, job.rows, job.accepted, job.refused)
        print(Report.objects.count(), Return.objects.get().counts)
    assert 0
