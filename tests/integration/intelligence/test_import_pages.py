"""The pages of imports: sending a file, what would happen, progress, files to take."""

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from accounts.roles import Role
from intelligence.actions import import_work
from intelligence.forms.imports import WHOLE
from intelligence.models import ImportJob, Report, Return
from intelligence.return_files import COLUMNS, read
from intelligence.views import import_pages
from tests.audited import Audited
from tests.cast import MakeUser
from tests.factories.returns import a_row, csv_file, some_rows
from tests.importing import Confirm, Send, count_reports, everything, work_off

pytestmark = pytest.mark.django_db

ClientAs = Callable[[str], Client]
NEW = "/returns/imports/new/"


def posted(ret: Return | None, content: bytes, **more: Any) -> dict[str, Any]:
    return {
        "returned_in": str(ret.public_id) if ret else "new",
        "file": SimpleUploadedFile("april.csv", content),
        "complete": WHOLE,
        **more,
    }


def address(job: ImportJob, rest: str = "") -> str:
    return f"/returns/imports/{job.public_id}/{rest}"


def only_job() -> ImportJob:
    with everything():
        return ImportJob.objects.get()


def test_from_file_to_reports(client_as: ClientAs, ret: Return) -> None:
    client = client_as("owner_analyst")
    answer = client.post(NEW, posted(ret, csv_file(*some_rows(2))))
    job = only_job()
    assert answer["Location"] == address(job)
    page = client.get(address(job)).content.decode()
    assert 'hx-get="' in page
    assert "Waiting to be read" in page
    assert import_work.step()
    fragment = client.get(address(job, "state/")).content.decode()
    assert "0 of 2 rows" in fragment
    assert '<progress max="2" value="0"' in fragment
    work_off()
    fragment = client.get(address(job, "state/")).content.decode()
    assert "hx-get" not in fragment
    assert "Import 2 reports" in fragment
    assert count_reports() == 0
    job = only_job()
    answer = client.post(address(job, "import/"), {"version": job.version})
    assert answer["Location"] == address(job)
    work_off()
    assert count_reports() == 2
    page = client.get(address(job)).content.decode()
    assert "Imported" in page
    register = client.get("/returns/").context["returns"][0]
    assert register["counts"] == "2 reports"
    listed = client.get("/returns/imports/").content.decode()
    assert "april.csv" in listed


def test_a_new_period_is_entered_with_the_file(client_as: ClientAs) -> None:
    days = {
        f"{name}_{part}": value
        for name, day in (
            ("from_on", date(2026, 3, 1)),
            ("to_on", date(2026, 3, 31)),
            ("due_on", date(2026, 4, 10)),
        )
        for part, value in (("day", day.day), ("month", day.month), ("year", day.year))
    }
    client = client_as("owner_analyst")
    client.post(NEW, posted(None, csv_file(a_row()), **days))
    with everything():
        entry = Return.objects.get()
        assert (entry.from_on, entry.due_on) == (date(2026, 3, 1), date(2026, 4, 10))
        assert entry.channel == "import"
    page = client.post(NEW, posted(None, csv_file(a_row(text="Other.")), **days))
    assert "in the register already" in page.content.decode()
    with everything():
        assert ImportJob.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param({"file": ""}, "File is missing", id="no file"),
        pytest.param({"complete": ""}, "did not arrive whole", id="cut before the end"),
        pytest.param({"complete": "who"}, "did not arrive whole", id="cut in the end"),
        pytest.param({"returned_in": ""}, "Select an option for", id="no return"),
        pytest.param({"returned_in": "new"}, "must be filled in", id="no period"),
        pytest.param(
            {"file": SimpleUploadedFile("x.csv", b"")}, "file is empty", id="empty"
        ),
    ],
)
def test_forms_that_are_not_taken(
    client_as: ClientAs, ret: Return, changes: dict[str, Any], words: str
) -> None:
    fields = posted(ret, csv_file(a_row())) | changes
    if changes.get("returned_in") == "new":
        fields |= {"from_on_day": ""}
    page = client_as("owner_analyst").post(NEW, fields)
    assert page.status_code == 200
    assert words in page.content.decode()
    with everything():
        assert not ImportJob.objects.exists()


def test_a_file_that_is_too_large_is_not_kept(
    client_as: ClientAs, ret: Return, settings: Any
) -> None:
    settings.UPLOAD_MOST_BYTES = 1024
    content = csv_file(a_row(text="x" * 600_000))
    page = client_as("owner_analyst").post(NEW, posted(ret, content))
    text = page.content.decode()
    assert "The file has 0.6 MB; at most 64 MB are taken" in text
    assert "is missing" not in text
    with everything():
        assert not ImportJob.objects.exists()


def test_the_same_file_twice_shows_the_first(
    client_as: ClientAs, ret: Return, send: Send, confirm: Confirm
) -> None:
    job = confirm(send(*some_rows(2)))
    answer = client_as("owner_supervisor").post(
        NEW, posted(ret, csv_file(*some_rows(2))), follow=True
    )
    assert answer.redirect_chain == [(address(job), 302)]
    assert "This file was sent before" in answer.content.decode()
    work_off()
    assert count_reports() == 2


def test_a_same_file_enters_no_period(
    client_as: ClientAs, send: Send, ret: Return
) -> None:
    send(*some_rows(1))
    client_as("owner_analyst").post(NEW, posted(None, csv_file(*some_rows(1))))
    with everything():
        assert Return.objects.count() == 1


def test_problems_are_told_by_row_column_rule_and_cure(
    client_as: ClientAs, send: Send
) -> None:
    job = send(*some_rows(1), a_row(source_grade="7", text="<b>x</b>"))
    page = client_as("owner_analyst").get(address(job)).content.decode()
    assert "Source grade" in page
    assert "is not on the scale" in page
    assert "Use one of: 1 (Reliable)" in page
    assert "<b>x</b>" not in page
    assert "Import 1 row and leave 1 out" in page


def test_problems_come_in_pages(
    client_as: ClientAs, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_pages, "PROBLEMS_PAGE", 3)
    monkeypatch.setattr(import_work, "PART_ROWS", 2)
    job = send(*(a_row(source_grade="7", text=f"Row {n}") for n in range(7)))
    client = client_as("owner_analyst")
    rows = []
    for number in (1, 2, 3):
        page = client.get(address(job, f"?page={number}"))
        rows += [one[0]["text"] for one in page.context["problems"]]
        assert bool(page.context["next_url"]) is (number < 3)
        assert bool(page.context["previous_url"]) is (number > 1)
    assert rows == ["2", "3", "4", "5", "6", "7", "8"]
    for wrong in ("0", "x", "-1", "²"):
        assert client.get(address(job), {"page": wrong}).status_code == 400
    assert client.get(address(job), {"no": "1"}).status_code == 400


def test_files_to_take_away_are_harmless_and_can_be_sent_again(
    client_as: ClientAs, send: Send, audited: Audited
) -> None:
    job = send(
        *some_rows(1),
        a_row(text="=HYPERLINK(1)", owner_reference="-1", source_grade="@7"),
    )
    client = client_as("owner_analyst")
    answer = client.get(address(job, "problems.csv"))
    assert "attachment" in answer["Content-Disposition"]
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert lines[0] == ["Row", "Column", "Value", "What is wrong", "What to do"]
    assert lines[1][:3] == ["3", "Source grade", "'@7"]
    content = client.get(address(job, "refused.csv")).content
    assert b",=" not in content
    [row] = read(content)
    assert dict(row.values) == a_row(
        text="=HYPERLINK(1)", owner_reference="-1", source_grade="@7"
    )
    kinds = [(one.kind, one.detail["file"]) for one in audited(kind="disclosure")]
    assert kinds == [("disclosure", "problems"), ("disclosure", "refused")]


def test_templates(client_as: ClientAs) -> None:
    client = client_as("owner_analyst")
    headers = [column.header for column in COLUMNS]
    answer = client.get("/returns/imports/template.csv")
    assert answer.content.decode("utf-8-sig").strip() == ",".join(headers)
    book = load_workbook(
        io.BytesIO(client.get("/returns/imports/template.xlsx").content)
    )
    assert [one.value for one in book["Reports"][1]] == headers
    assert "violence" in [line[0].value for line in book["Notes"].iter_rows()]


def test_a_page_that_is_out_of_date_changes_nothing(
    client_as: ClientAs, send: Send
) -> None:
    job = send(*some_rows(1))
    client = client_as("owner_analyst")
    for data in ({}, {"version": "x"}, {"version": job.version - 1}):
        for step in ("import/", "discard/", "carry-on/"):
            answer = client.post(address(job, step), data)
            assert answer["Location"] == address(job)
    assert only_job().version == job.version


def test_refused_rows_need_their_own_button(client_as: ClientAs, send: Send) -> None:
    job = send(*some_rows(1), a_row(source_grade="7"))
    client = client_as("owner_analyst")
    client.post(address(job, "import/"), {"version": job.version})
    work_off()
    assert count_reports() == 0
    client.post(
        address(job, "import/"), {"version": job.version, "leave_refused_out": "yes"}
    )
    work_off()
    assert count_reports() == 1


def test_discarding(client_as: ClientAs, send: Send) -> None:
    job = send(*some_rows(1))
    client = client_as("owner_analyst")
    client.post(address(job, "discard/"), {"version": job.version})
    assert only_job().state == "discarded"
    assert "Discard the file" not in client.get(address(job)).content.decode()


def test_by_the_cast(client_as: ClientAs, send: Send, make_user: MakeUser) -> None:
    job = send(*some_rows(1))
    make_user("reader", "durham", Role.PARTNER_READER)
    for name, status in (
        ("owner_analyst", 200),
        ("owner_supervisor", 200),
        ("region_analyst", 404),
        ("rocu_lead", 404),
        ("nca_officer", 404),
        ("reader", 403),
        ("auditor", 403),
        ("administrator", 403),
    ):
        client = client_as(name)
        for rest in ("", "state/", "problems.csv", "refused.csv"):
            assert client.get(address(job, rest)).status_code == status, name
        for step in ("import/", "discard/", "carry-on/"):
            wanted = 302 if status == 200 else status
            answer = client.post(address(job, step), {"version": 0})
            assert answer.status_code == wanted, name
        listed = client.get("/returns/imports/")
        if status == 403:
            assert listed.status_code == 403, name
        else:
            assert len(listed.context["rows"]) == (status == 200), name


def test_reading_is_audited(client_as: ClientAs, send: Send, audited: Audited) -> None:
    job = send(*some_rows(1))
    client = client_as("owner_analyst")
    client.get(address(job))
    client.get("/returns/imports/")
    client.get(address(job, "state/"))
    rows = audited(kind="consultation", object_type="intelligence.ImportJob")
    assert [row.object_ids for row in rows] == [[job.pk]] * 3


def test_an_original_text_has_no_column() -> None:
    headers = {column.header.lower() for column in COLUMNS}
    assert not {header for header in headers if "original" in header}
    assert Report._meta.get_field("text")
