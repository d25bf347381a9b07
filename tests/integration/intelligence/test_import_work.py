"""From a file to reports: checked first, written once, nothing half-written."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from accounts.exceptions import RightMissing
from accounts.models import AuditEvent, User
from accounts.roles import Role
from intelligence.actions import import_rows, import_work, imports, reports, returns
from intelligence.exceptions import Refused
from intelligence.models import (
    ImportFile,
    ImportOutcome,
    ImportPart,
    Report,
    Return,
)
from intelligence.models.imports import ImportState
from ocgmap.common.errors import InvalidTransition, PermissionDenied
from tests.cast import As, MakeUser
from tests.factories.intelligence import (
    ReportFactory,
    ReturnFactory,
    a_group,
)
from tests.factories.returns import a_row, csv_file, some_rows
from tests.importing import (
    Confirm,
    Send,
    count_reports,
    everything,
    now,
    problems_of,
    totals,
    work_off,
)

pytestmark = pytest.mark.django_db


def test_errors_mean_that_nothing_is_imported(
    send: Send, acting: As, ret: Return
) -> None:
    job = send(*some_rows(2), a_row(source_grade="7", text=""))
    assert totals(job) == ("checked", 3, 2, 0, 1)
    assert [one[:2] for one in problems_of(job)] == [
        (4, "Sanitised text"),
        (4, "Source grade"),
    ]
    with (
        acting("owner_analyst") as by,
        transaction.atomic(),
        pytest.raises(Refused, match="1 of 3 rows are refused"),
    ):
        imports.confirm(by=by, job=job, version=job.version)
    work_off()
    assert count_reports() == 0
    with everything():
        ret.refresh_from_db()
        assert ret.received_at is None


def test_good_rows_can_be_taken_and_the_others_come_back(
    send: Send, confirm: Confirm
) -> None:
    job = confirm(send(*some_rows(2), a_row(source_grade="7")), leave_out=True)
    assert totals(job) == ("done", 3, 2, 0, 1)
    assert count_reports() == 2
    with everything():
        [refused] = ImportOutcome.objects.get(job=job, step="write").refused_rows
    assert refused[1]["source_grade"] == "7"


def test_the_same_file_twice_is_the_first_job(
    send: Send, confirm: Confirm, acting: As, ret: Return
) -> None:
    job = confirm(send(*some_rows(2)))
    with everything():
        other = ReturnFactory(
            from_on="2025-01-01", to_on="2025-01-31", due_on="2025-02-01"
        )
    with acting("owner_supervisor") as by, transaction.atomic():
        again, is_new = imports.upload(
            by=by, ret=other, name="other name.csv", content=csv_file(*some_rows(2))
        )
    assert not is_new
    assert again.pk == job.pk
    work_off()
    assert count_reports() == 2


def test_a_discarded_file_can_be_sent_anew(send: Send, acting: As) -> None:
    job = send(*some_rows(1))
    with acting("owner_analyst") as by, transaction.atomic():
        imports.discard(by=by, job=job, version=job.version)
    again = send(*some_rows(1))
    assert again.pk != job.pk
    assert again.state == ImportState.CHECKED


def test_wrong_files_are_refused_whole(send: Send) -> None:
    job = send(content=b"Text,Date\nSeen,2026-03-09\n")
    assert job.state == ImportState.REFUSED
    assert "Missing: “Own reference”, “Sanitised text”" in job.state_reason
    with everything():
        assert not ImportPart.objects.exists()


@pytest.mark.parametrize("is_whole", [True, False])
def test_a_row_refused_after_the_check(
    send: Send,
    confirm: Confirm,
    acting: As,
    monkeypatch: pytest.MonkeyPatch,
    *,
    is_whole: bool,
) -> None:
    monkeypatch.setattr(import_work, "PART_ROWS", 2)
    if not is_whole:
        monkeypatch.setattr(import_work, "WHOLE_ROWS", 3)
    job = send(*some_rows(6))
    with everything():  # meanwhile somebody takes the reference of row 6
        ReportFactory(owner_reference="DUR-000005")
    job = confirm(job)
    if is_whole:
        # Nothing was written, and the check was made anew.
        assert totals(job) == ("checked", 6, 5, 0, 1)
        assert problems_of(job)[0][:2] == (6, "Own reference")
        assert count_reports() == 1
        return
    # A large file is written in parts: it stops in front of the part, and says so.
    assert job.state == ImportState.STOPPED
    assert "Row 6 passed the check and is refused now" in job.state_reason
    assert (job.position, job.accepted) == (2, 4)
    assert count_reports() == 5
    with everything():
        assert job.returned_in.received_at is None
    with acting("owner_analyst") as by, transaction.atomic():
        with pytest.raises(InvalidTransition, match="imported already"):
            imports.discard(by=by, job=job, version=job.version)
        imports.carry_on(by=by, job=job, version=job.version)
    work_off()
    assert totals(now(job)) == ("done", 6, 5, 0, 1)
    assert count_reports() == 6


def test_the_account_is_judged_as_it_stands_when_it_runs(
    send: Send, acting: As, make_user: MakeUser
) -> None:
    job = send(*some_rows(2))
    with acting("owner_analyst") as by, transaction.atomic():
        imports.confirm(by=by, job=job, version=job.version)
    with everything():
        User.objects.filter(pk=make_user("owner_analyst").pk).update(is_active=False)
    work_off()
    job = now(job)
    assert job.state == ImportState.STOPPED
    assert "is disabled" in job.state_reason
    assert count_reports() == 0
    with acting("owner_supervisor") as by, transaction.atomic():
        imports.carry_on(by=by, job=job, version=job.version)
    work_off()
    assert totals(now(job)) == ("done", 2, 2, 0, 0)
    with everything():
        supervisor = make_user("owner_supervisor")
        assert {one.created_by_id for one in Report.objects.all()} == {supervisor.pk}


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"role": Role.PARTNER_READER}, id="right lost"),
        pytest.param({"organisation": "northumbria"}, id="moved to another force"),
    ],
)
def test_rights_lost_on_the_way(
    send: Send, acting: As, make_user: MakeUser, changes: dict[str, str]
) -> None:
    job = send(*some_rows(2))
    with acting("owner_analyst") as by, transaction.atomic():
        imports.confirm(by=by, job=job, version=job.version)
    with everything():
        user = make_user("owner_analyst")
        for name, value in changes.items():
            if name == "organisation":
                user.organisation = a_group(value).owner
            else:
                setattr(user, name, value)
        user.save()
    work_off()
    assert now(job).state == ImportState.STOPPED
    assert count_reports() == 0


@pytest.mark.parametrize(
    ("who", "error"),
    [
        ("region_analyst", PermissionDenied),
        ("rocu_lead", PermissionDenied),
        ("nca_officer", PermissionDenied),
        ("administrator", RightMissing),
    ],
)
def test_others_import_nothing(
    acting: As, ret: Return, who: str, error: type[Exception]
) -> None:
    with acting(who) as by, transaction.atomic(), pytest.raises(error):
        imports.upload(by=by, ret=ret, name="x.csv", content=csv_file(a_row()))


def test_a_nil_return_takes_no_file(acting: As, ret: Return, send: Send) -> None:
    job = send(*some_rows(1))
    with acting("owner_analyst") as by, transaction.atomic():
        returns.receive(by=by, ret=ret, is_nil=True)
    ret = now(job).returned_in
    with acting("owner_analyst") as by, transaction.atomic():
        with pytest.raises(Refused, match="as nil"):
            imports.confirm(by=by, job=now(job), version=job.version)
        with pytest.raises(Refused, match="as nil"):
            imports.upload(by=by, ret=ret, name="x", content=b"x")


def test_a_second_file_is_added_to_the_return(
    send: Send, confirm: Confirm, ret: Return
) -> None:
    confirm(send(*some_rows(2)))
    with everything():
        ret.refresh_from_db()
        received = ret.received_at
    confirm(
        send(
            a_row(text="One more."),
            a_row(sharing="organisation", sharing_reason="x", text="Own."),
        )
    )
    with everything():
        ret.refresh_from_db()
    # The one for the own organisation only is not told to those who read the register.
    assert ret.counts == {"reports": 3}
    assert ret.received_at == received


def test_files_go_when_the_job_has_ended(send: Send, confirm: Confirm) -> None:
    job = send(*some_rows(1), a_row(source_grade="9"))
    import_work.clear_ended()
    with everything():
        assert ImportFile.objects.exists()
    confirm(job, leave_out=True)
    import_work.clear_ended()
    with everything():
        assert not ImportFile.objects.exists()
        assert not ImportPart.objects.exists()
        assert ImportOutcome.objects.filter(step="write").exists()
        assert AuditEvent.objects.filter(
            kind="erasure", object_type="intelligence.ImportFile"
        ).exists()


def test_every_step_is_audited(send: Send, confirm: Confirm, ret: Return) -> None:
    job = confirm(send(*some_rows(2)))
    with everything():
        of_job = AuditEvent.objects.filter(
            object_type="intelligence.ImportJob", object_ids=[job.pk]
        ).order_by("id")
        kinds = [(one.kind, one.detail.get("state")) for one in of_job]
        assert kinds == [
            ("collection", None),
            ("alteration", "writing"),
            ("collection", None),
        ]
        assert of_job.last().detail["accepted"] == 2
        made = AuditEvent.objects.filter(
            kind="collection", object_type="intelligence.Report"
        )
        assert {one.route for one in made} == {f"import {job.public_id}"}
        assert made.count() == 2
        assert "Van 1" not in str([one.detail for one in AuditEvent.objects.all()])


def test_audit_that_fails_leaves_nothing(
    send: Send, confirm: Confirm, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = send(*some_rows(3))

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(reports.audit, "record", broken)
    failed = now(job)
    with pytest.raises(RuntimeError):
        confirm(failed)
    monkeypatch.undo()
    assert count_reports() == 0
    assert now(job).state == ImportState.CHECKED


def test_a_fault_of_the_program_stops_one_job_only(
    send: Send, confirm: Confirm, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = send(*some_rows(3))

    def broken(**_: object) -> Iterator[None]:
        raise ZeroDivisionError

    monkeypatch.setattr(import_rows, "write_rows", broken)
    job = confirm(job)
    assert job.state == ImportState.STOPPED
    assert job.failures == import_work.MOST_FAILURES
    assert "fault of this system" in job.state_reason
    assert count_reports() == 0
