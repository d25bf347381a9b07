"""`manage.py import_reports`: JSON, exit codes, dry run, and the same file again."""

import io
import json
import threading
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from intelligence.actions import import_work
from intelligence.models import ImportJob, Report, Return
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.cast import MakeUser
from tests.factories.returns import a_row, csv_file, some_rows, xlsx_book, xlsx_file
from tests.importing import count_reports, everything

pytestmark = pytest.mark.django_db

PERIOD = ("--owner", "durham", "--from", "2026-03-01", "--to", "2026-03-31")


def run(path: Path, *words: str, period: tuple[str, ...] = PERIOD) -> tuple[Any, int]:
    """Return the JSON that was printed, and the exit code."""
    out = io.StringIO()
    code = 0
    try:
        call_command(
            "import_reports",
            str(path),
            *period,
            *words,
            stdout=out,
            stderr=io.StringIO(),
        )
    except CommandError as error:
        code = error.returncode
        printed = out.getvalue()
        return (json.loads(printed) if printed else str(error)), code
    return json.loads(out.getvalue()), code


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "april.csv"


def test_a_file_is_imported(file: Path) -> None:
    file.write_bytes(csv_file(*some_rows(3)))
    summary, code = run(file)
    assert code == 0
    assert (summary["state"], summary["rows"], summary["accepted"]) == ("done", 3, 3)
    with everything():
        assert Report.objects.count() == 3
        entry = Return.objects.get()
        assert entry.counts == {"reports": 3}
        assert entry.channel == "import"
        assert entry.due_on.isoformat() == "2026-04-14"
        assert entry.is_late


def test_a_workbook_in_the_name_of_a_person(
    tmp_path: Path, make_user: MakeUser
) -> None:
    user = make_user("owner_analyst")
    path = tmp_path / "april.xlsx"
    path.write_bytes(xlsx_file(xlsx_book(*some_rows(2))))
    summary, code = run(path, "--user", user.email)
    assert (summary["accepted"], code) == (2, 0)
    with everything():
        assert {one.created_by_id for one in Report.objects.all()} == {user.pk}


def test_a_dry_run_tells_what_would_happen_and_writes_nothing(file: Path) -> None:
    file.write_bytes(csv_file(*some_rows(2)))
    dry, code = run(file, "--dry-run")
    assert code == 0
    assert (dry["state"], dry["accepted"], dry["dry_run"]) == ("checked", 2, True)
    with everything():
        for model in (Report, Return, ImportJob):
            assert not model.objects.exists()
    real, _ = run(file)
    assert real["accepted"] == dry["accepted"]


def test_errors_mean_that_nothing_is_imported(file: Path) -> None:
    file.write_bytes(csv_file(*some_rows(2), a_row(handling="Q")))
    summary, code = run(file)
    assert code == 2
    assert summary["rows"] == 3
    assert (
        summary["accepted"] + summary["duplicates"] + summary["refused"]
        == summary["rows"]
    )
    [problem] = summary["problems"]
    assert problem["row"] == 4
    assert problem["column"] == "Handling"
    assert problem["value"] == "Q"
    assert "not on the scale" in problem["rule"]
    assert problem["cure"].startswith("Use one of")
    assert count_reports() == 0
    summary, code = run(file, "--leave-refused-out")
    assert (code, summary["accepted"], summary["sent_before"]) == (1, 2, True)
    assert count_reports() == 2


def test_the_same_file_again(file: Path) -> None:
    file.write_bytes(csv_file(*some_rows(2)))
    first, _ = run(file)
    again, code = run(file)
    assert (code, again["sent_before"], again["import"]) == (0, True, first["import"])
    assert count_reports() == 2


def test_a_command_that_was_interrupted_goes_on(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_work, "PART_ROWS", 1)
    monkeypatch.setattr(import_work, "WHOLE_ROWS", 2)
    file.write_bytes(csv_file(*some_rows(5)))
    step, count = import_work.step, 0

    def interrupted(job_id: int | None = None) -> bool:
        nonlocal count
        count += 1
        if count == 9:  # read, five parts checked, two written
            raise KeyboardInterrupt
        return step(job_id)

    monkeypatch.setattr(import_work, "step", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run(file)
    assert 0 < count_reports() < 5
    summary, code = run(file)
    assert (summary["state"], summary["accepted"], code) == ("done", 5, 0)
    assert count_reports() == 5


@pytest.mark.django_db(transaction=True)
def test_a_command_waits_while_a_worker_has_the_import(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_work, "PART_ROWS", 1)
    file.write_bytes(csv_file(*some_rows(3)))
    has_it, asked_again = threading.Event(), threading.Event()
    step = import_work.step

    def a_worker() -> None:
        try:
            with acting_as(system("test")), transaction.atomic():
                ImportJob.objects.select_for_update().get()
                has_it.set()
                assert asked_again.wait(30)
        finally:
            connection.close()

    worker = threading.Thread(target=a_worker, daemon=True)
    answers: list[bool] = []

    def stepped(job_id: int | None = None) -> bool:
        if not answers:
            worker.start()
            assert has_it.wait(30)
        answers.append(step(job_id))
        if len(answers) == 2:
            asked_again.set()
            worker.join(30)
        return answers[-1]

    monkeypatch.setattr(import_work, "step", stepped)
    summary, code = run(file)
    assert answers[:2] == [False, False]
    assert (summary["state"], summary["accepted"], code) == ("done", 3, 0)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "file: The file is empty."),
        (b"a,b\n1,2\n", None),
    ],
)
def test_files_that_are_refused(file: Path, content: bytes, words: str | None) -> None:
    file.write_bytes(content)
    said, code = run(file)
    assert code == 2
    if words:
        assert said.startswith(words)
    else:
        assert said["state"] == "refused"
        assert "The headers are not right" in said["reason"]


def test_words_that_cannot_be_meant(file: Path) -> None:
    for words, said in (
        ((*PERIOD, "--user", "nobody@test.example"), "no active account"),
        (("--owner", "atlantis", *PERIOD[2:]), "no organisation atlantis"),
    ):
        file.write_bytes(csv_file(a_row()))
        answer, code = run(file, period=words)
        assert code == 2
        assert said in answer
    answer, code = run(file.with_name("none.csv"))
    assert "cannot be read" in answer
    answer, code = run(
        file, period=("--owner", "durham", "--from", "2026-04-01", "--to", "2026-03-01")
    )
    assert "to_on: The period ends before it begins" in answer
    with everything():
        assert not ImportJob.objects.exists()
