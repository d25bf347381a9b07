"""Imports while workers are killed and uploads are cut: nothing doubled, nothing half."""

import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction

from accounts.access import acting_for, viewer_of
from accounts.models import Organisation, User
from accounts.roles import Role
from accounts.visibility import Viewer
from intelligence.actions import import_work, imports, returns
from intelligence.forms.imports import WHOLE
from intelligence.models import ImportJob, Report, Return
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.factories.returns import csv_file, some_rows
from tests.inside import Inside, sign_in
from tests.site import LiveSite, MakeSite

pytestmark = pytest.mark.fault

EMAIL = "analyst@test.example"
# Parts of 200 rows: one more than the kills, or a good many.
ROWS_IN_SHORT, ROWS_IN_FULL = 1_000, 4_000
PATIENCE_SECONDS = 180.0


@contextmanager
def seeing(inside: Inside, site: LiveSite) -> Iterator[None]:
    """Look into the site's database, as the worker."""
    with (
        inside(site.database, "worker"),
        acting_as(system("test")),
        transaction.atomic(),
    ):
        yield


def made_ready(inside: Inside, site: LiveSite) -> Return:
    """Make an analyst of Durham and a return that is due."""
    with seeing(inside, site):
        durham = Organisation.objects.get(code="durham")
        User.objects.create(
            email=EMAIL, name="A", organisation=durham, role=Role.FORCE_ANALYST
        )
    return as_analyst(inside, site, _register)


def _register(by: Viewer) -> Return:
    return returns.register(
        by=by,
        owner=Organisation.objects.get(pk=by.organisation_id),
        from_on=date(2026, 3, 1),
        to_on=date(2026, 3, 31),
        due_on=date(2099, 4, 10),
    )


def as_analyst(inside: Inside, site: LiveSite, step: Callable[[Viewer], Any]) -> Any:
    with inside(site.database, "worker"):
        with acting_as(system("test")), transaction.atomic():
            viewer = viewer_of(User.objects.get(email=EMAIL))
        with acting_for(viewer, route="test"), transaction.atomic():
            return step(viewer)


def wait_until(
    inside: Inside, site: LiveSite, is_so: Callable[[ImportJob], bool]
) -> ImportJob:
    """Return the job once it is so.

    Raises:
        AssertionError: it did not get so far in time.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with seeing(inside, site):
            job = ImportJob.objects.get()
        if is_so(job):
            return job
        time.sleep(0.05)
    raise AssertionError(f"{job.state} {job.position}:\n{site.log('worker')}")


def test_a_killed_worker_doubles_nothing(
    make_site: MakeSite, inside: Inside, pytestconfig: pytest.Config
) -> None:
    is_full = pytestconfig.getoption("fault_full")
    rows = ROWS_IN_FULL if is_full else ROWS_IN_SHORT
    site = make_site(OCGMAP_DRAIN_EVERY_SECONDS="1")
    ret = made_ready(inside, site)
    as_analyst(
        inside,
        site,
        lambda by: imports.upload(
            by=by, ret=ret, name="x.csv", content=csv_file(*some_rows(rows))
        ),
    )
    site.start("worker", "beat")
    wait_until(inside, site, lambda job: job.state == "checking" and job.position > 1)
    site.restart("worker", signal.SIGKILL)
    wait_until(inside, site, lambda job: job.state == "checked")

    def confirm(by: Viewer) -> None:
        job = ImportJob.objects.select_related("owner", "returned_in").get()
        imports.confirm(by=by, job=job, version=job.version)

    as_analyst(inside, site, confirm)
    for _ in range(3):
        with seeing(inside, site):
            seen = ImportJob.objects.get().position
        wait_until(
            inside, site, lambda job, at=seen: job.position > at or job.state == "done"
        )
        site.kill("worker")
        with seeing(inside, site):
            job = ImportJob.objects.get()
            # What is counted is what is there, at whichever moment the worker died.
            assert Report.objects.count() == job.accepted
            assert job.accepted == job.position * import_work.PART_ROWS
            assert Return.objects.get().received_at is None or job.state == "done"
            assert job.accepted > 0
        site.start("worker")
    wait_until(inside, site, lambda job: job.state == "done")
    with seeing(inside, site):
        references = list(Report.objects.values_list("owner_reference", flat=True))
        assert len(references) == len(set(references)) == rows
        assert Return.objects.get().counts == {"reports": rows}


def body_of(ret: Return, content: bytes, token: str) -> bytes:
    """Return the form as a browser sends it, in the order in which the page has it."""
    parts = (
        ("csrfmiddlewaretoken", b"", token.encode()),
        ("returned_in", b"", str(ret.public_id).encode()),
        ("file", b'; filename="x.csv"\r\nContent-Type: text/csv', content),
        ("complete", b"", WHOLE.encode()),
    )
    lines = b"".join(
        b'--cut\r\nContent-Disposition: form-data; name="'
        + name.encode()
        + b'"'
        + more
        + b"\r\n\r\n"
        + value
        + b"\r\n"
        for name, more, value in parts
    )
    return lines + b"--cut--\r\n"


def posted(site: LiveSite, session: str, token: str, body: bytes, sent: int) -> bytes:
    """Send so many bytes of a form, close, and return the first line of the answer."""
    head = (
        f"POST /returns/imports/new/ HTTP/1.1\r\nHost: 127.0.0.1:{site.port}\r\n"
        f"Cookie: {settings.SESSION_COOKIE_NAME}={session}; "
        f"{settings.CSRF_COOKIE_NAME}={token}\r\n"
        "Content-Type: multipart/form-data; boundary=cut\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", site.port), timeout=30) as link:
        link.sendall(head.encode() + body[:sent])
        link.shutdown(socket.SHUT_WR)
        return link.recv(200).partition(b"\r\n")[0]


def test_an_upload_that_is_cut_leaves_nothing(
    make_site: MakeSite, inside: Inside
) -> None:
    site = make_site()
    ret = made_ready(inside, site)
    with inside(site.database, "web"):
        session = sign_in(EMAIL)
    site.start("web")
    site.wait_until_answers(well=False)
    token = "a" * 32
    body = body_of(ret, csv_file(*some_rows(2_000)), token)
    end = body.index(WHOLE.encode())
    for sent in (len(body) // 3, end - 60, end - 1, end + 2):
        answer = posted(site, session, token, body, sent)
        assert b" 302 " not in answer, sent
        with seeing(inside, site):
            assert not ImportJob.objects.exists(), f"{sent} of {len(body)} bytes"
    assert b" 302 " in posted(site, session, token, body, len(body))
    with seeing(inside, site):
        assert ImportJob.objects.count() == 1
