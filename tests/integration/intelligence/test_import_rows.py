"""What becomes of the rows of a file: by the rules of one report each."""

from datetime import date

import pytest
from django.db import transaction

from accounts.models import AccessClass, Tag, TagHolder
from accounts.models.access_class import TagKind
from intelligence.actions import reports
from intelligence.models import (
    AttributeClaim,
    Mention,
    Report,
    Return,
)
from tests.cast import As, MakeUser
from tests.factories.intelligence import (
    a_draft,
    a_group,
    class_of,
)
from tests.factories.returns import a_row, csv_file, some_rows
from tests.importing import (
    Confirm,
    Send,
    count_reports,
    everything,
    problems_of,
    totals,
)

pytestmark = pytest.mark.django_db


def test_a_file_becomes_reports(
    send: Send, confirm: Confirm, ret: Return, make_user: MakeUser
) -> None:
    with everything():
        group = a_group()
    row = a_row(
        owner_reference="DUR-1",
        event="about 2026-02",
        handling="C",
        handling_condition="region",
        handling_condition_note="Ask first.",
        groups=group.reference,
        claims="violence=high",
        sharing="region",
    )
    job = send(
        row,
        a_row(legacy_grade="B21", source_grade="", assessment_grade="", handling="P"),
    )
    assert totals(job) == ("checked", 2, 2, 0, 0), problems_of(job)
    assert count_reports() == 0
    job = confirm(job)
    assert totals(job) == ("done", 2, 2, 0, 0)
    with everything():
        report = Report.objects.get(owner_reference="DUR-1")
        assert report.text == row["text"]
        assert report.event_precision == "circa"
        assert report.handling_condition == {
            "recipients": "region",
            "note": "Ask first.",
        }
        assert report.returned_in_id == ret.pk
        assert report.access_class_id == class_of(report.owner, "region")
        assert report.created_by_id == make_user("owner_analyst").pk
        assert Mention.objects.get(report=report).group_id == group.pk
        claim = AttributeClaim.objects.get(report=report)
        assert (claim.attribute, claim.level) == ("violence", "high")
        assert Report.objects.exclude(pk=report.pk).get().legacy_grade == "B21"
        ret.refresh_from_db()
        assert ret.received_at is not None
        assert ret.counts == {"reports": 2}
        assert ret.file_digest == job.digest
        assert not ret.is_nil


@pytest.mark.parametrize(
    ("changes", "column", "words"),
    [
        ({"received_on": "2099-01-01"}, "Date received", "in the future"),
        ({"event": "2026-03-10"}, "Event date", "cannot come after"),
        ({"handling": "C"}, "Handling recipients", "needs a condition"),
        (
            {
                "handling": "C",
                "handling_condition": "force_rocu_nca",
                "sharing": "region",
            },
            "Sharing",
            "wider than the handling condition",
        ),
        ({"sharing": "organisation"}, "Sharing reason", "reason"),
        ({"legacy_grade": "C21", "handling": ""}, "5x5x5 source choice", "Source C"),
        ({"legacy_grade": "B21", "source_grade": "3"}, "Source grade", "converts to"),
        ({"groups": "G-7K2M-9QX4-T"}, "Groups", "no such group"),
        ({"nominals": "N-7K2M-9QX4-T"}, "People", "no such person"),
        ({"owner_reference": "x" * 41}, "Own reference", "40 characters"),
        ({"text": "x" * 10_001}, "Sanitised text", "10,000 characters"),
        ({"source_grade": ""}, "Source grade", "needs a source grade"),
    ],
)
def test_every_rule_of_a_report_holds(
    send: Send, changes: dict[str, str], column: str, words: str
) -> None:
    job = send(*some_rows(1), a_row(**changes))
    assert totals(job) == ("checked", 2, 1, 0, 1)
    [(row, where, rule)] = problems_of(job)
    assert (row, where) == (3, column)
    assert words in rule


def test_hidden_and_absent_groups_are_the_same_problem(send: Send) -> None:
    with everything():
        hidden = a_group("northumbria", "organisation")
    job = send(a_row(groups=hidden.reference), a_row(groups="G-7K2M-9QX4-T"))
    of_hidden, of_absent = problems_of(job)
    assert of_hidden[1:] == of_absent[1:]


def test_rows_that_are_there_already(send: Send, confirm: Confirm, acting: As) -> None:
    rows = some_rows(3)
    with acting("owner_analyst") as by, transaction.atomic():
        draft = a_draft(
            text=rows[0]["text"],
            owner_reference="dur-000001",
            received_on=date(2026, 3, 9),
        )
        reports.submit(by=by, draft=draft)
        reports.submit(by=by, draft=a_draft(owner_reference="DUR-000002"))
    without = {**rows[0], "owner_reference": ""}
    job = send(*rows, rows[2], without)
    # Row 2 is that report; row 3 has the reference of another; row 5 repeats row 4;
    # row 6 is the report of row 2 without its reference.
    assert totals(job) == ("checked", 5, 1, 3, 1)
    [(row, column, rule)] = problems_of(job)
    assert (row, column) == (3, "Own reference")
    assert "already the reference of report" in rule
    job = confirm(job, leave_out=True)
    assert totals(job) == ("done", 5, 1, 3, 1)
    assert count_reports() == 3


def test_rows_that_share_a_reference(send: Send) -> None:
    first, second = some_rows(2)
    job = send(
        first,
        second,
        {**second, "text": "Something else.", "owner_reference": "dur-000001"},
    )
    assert totals(job) == ("checked", 3, 2, 0, 1)
    assert "Row 2 has the same reference" in problems_of(job)[0][2]


def test_a_file_of_the_same_rows_is_all_duplicates(
    send: Send, confirm: Confirm
) -> None:
    confirm(send(*some_rows(2)))
    job = send(content=csv_file(*some_rows(2), separator=";"))
    assert totals(job) == ("checked", 2, 0, 2, 0)


def test_a_check_writes_nothing(send: Send) -> None:
    def tables() -> dict[str, int]:
        with everything():
            return {
                model.__name__: model.objects.count()
                for model in (Report, Mention, AttributeClaim, AccessClass)
            }

    send(*some_rows(1))
    before = tables()
    send(a_row(sharing="all_forces"), a_row(sharing="region", source_grade="2"))
    assert tables() == before


def test_what_only_the_person_holds_takes_no_part(
    send: Send, make_user: MakeUser, acting: As
) -> None:
    with everything():
        tag = Tag.objects.create(
            code="compartment:x", name="X", kind=TagKind.COMPARTMENT
        )
        TagHolder.objects.create(tag=tag, user=make_user("owner_analyst"))
    with acting("owner_analyst") as by, transaction.atomic():
        reports.submit(
            by=by, draft=a_draft(compartments=[tag.pk], owner_reference="DUR-000001")
        )
    # Colleagues read what becomes of the file; they must not learn of that report.
    assert totals(send(*some_rows(1))) == ("checked", 1, 1, 0, 0)
