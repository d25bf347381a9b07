"""Published networks become groups, by the command."""

import datetime
import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AuditEvent, User
from groups.models import CrimeGroup, Membership, Nominal, PersonLink
from intelligence.models import Mention, Report, Return
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.cast import MakeUser
from tests.real_data import real_data

pytestmark = pytest.mark.django_db

NODES = "id,name,Ethnicity\n1,12,a\n2,83,b\n3,Wolf,c\n"
EDGES = "source,target,weight\n1,2,4\n2,1,1\n2,3,9\n"


@pytest.fixture
def files(tmp_path: Path) -> Callable[..., tuple[str, str]]:
    def write(
        nodes: str | bytes = NODES, edges: str | bytes = EDGES
    ) -> tuple[str, str]:
        paths = []
        for name, content in (("nodes.csv", nodes), ("edges.csv", edges)):
            path = tmp_path / name
            path.write_bytes(
                content if isinstance(content, bytes) else content.encode()
            )
            paths.append(str(path))
        return paths[0], paths[1]

    return write


def run(*paths: str, **options: Any) -> tuple[dict[str, Any], str]:
    """Return what the command printed and what it told beside."""
    out, err = StringIO(), StringIO()
    chosen: dict[str, Any] = {
        "owner": "durham",
        "name": "Fictional network",
        "grade": "1A",
        "label": "force",
        **options,
    }
    words = [
        word
        for name, value in chosen.items()
        if value is not False
        for word in ([f"--{name}"] if value is True else [f"--{name}", value])
    ]
    try:
        call_command("import_network", *paths, *words, stdout=out, stderr=err)
    except CommandError as error:
        error.told = err.getvalue()  # type: ignore[attr-defined]
        error.printed = out.getvalue()  # type: ignore[attr-defined]
        raise
    return json.loads(out.getvalue()), err.getvalue()


def rows(model: Any) -> list[Any]:
    with acting_as(system("test")):
        return list(model.objects.all())


def test_network_becomes_a_group_with_people_links_and_one_report(
    files: Callable[..., tuple[str, str]],
) -> None:
    printed, told = run(*files())
    [group], [report] = rows(CrimeGroup), rows(Report)
    assert printed["group"] == group.reference
    assert printed["people"] == {"new": 3, "known": 0}
    assert printed["links"] == {"new": 2, "known": 0}
    assert printed["columns_not_taken"] == ["nodes.Ethnicity", "edges.weight"]
    assert "Columns not taken: nodes.Ethnicity, edges.weight" in told
    names = {row.designation for row in rows(Nominal)}
    assert names == {"Actor 12", "Actor 83", "Wolf"}
    assert not any(row.is_identified for row in rows(Nominal))
    facts = [*rows(Membership), *rows(PersonLink)]
    assert len(facts) == 5
    assert {row.basis for row in facts} == {"research"}
    assert all(report.reference in row.rationale for row in facts)
    assert (report.source_grade, report.assessment_grade, report.handling) == (
        1,
        "A",
        "P",
    )
    assert len(rows(Mention)) == 4
    assert rows(Return) == []
    assert "100%" in told


def test_import_runs_as_the_owners_service_and_leaves_audit_rows(
    files: Callable[..., tuple[str, str]],
) -> None:
    run(*files())
    [service] = rows(User)
    assert service.email == "import.durham@service.invalid"
    assert not service.has_usable_password()
    with acting_as(system("test")):
        made = AuditEvent.objects.filter(kind="collection", actor_id=service.pk)
        assert {row.object_type for row in made} == {
            "groups.CrimeGroup",
            "groups.Nominal",
            "groups.Membership",
            "groups.PersonLink",
            "intelligence.Report",
        }
        assert all(row.on_behalf_of for row in made)


def test_phases_meet_in_one_group_and_are_returns(
    files: Callable[..., tuple[str, str]],
) -> None:
    first, _ = run(*files(), **{"from": "1994-05-01", "to": "1994-06-30"})
    later = files("id,name\n1,83\n2,99\n", "source,target\n1,2\n")
    second, _ = run(
        *later, group=first["group"], **{"from": "1994-07-01", "to": "1994-08-31"}
    )
    assert second["group"] == first["group"]
    assert second["people"] == {"new": 1, "known": 1}
    assert len(rows(Membership)) == 4
    returns = sorted(rows(Return), key=lambda row: row.from_on)
    assert [(row.from_on, row.to_on) for row in returns] == [
        (datetime.date(1994, 5, 1), datetime.date(1994, 6, 30)),
        (datetime.date(1994, 7, 1), datetime.date(1994, 8, 31)),
    ]
    assert all(row.received_at and row.file_digest for row in returns)
    assert returns[0].counts["people"] == 3
    assert {row.returned_in_id for row in rows(Report)} == {row.pk for row in returns}
    with pytest.raises(CommandError, match="in the register already") as caught:
        run(*later, group=first["group"], **{"from": "1994-07-01", "to": "1994-08-31"})
    assert caught.value.returncode == 2
    assert len(rows(Report)) == 2


def test_bad_rows_are_named_and_left_out(files: Callable[..., tuple[str, str]]) -> None:
    nodes = "id,name\n1,12\n1,83\n2,Wolf\n3,\n4," + "x" * 121 + "\n"
    edges = "source,target\n1,2\n1,9\n2,2\n1,4\n"
    with pytest.raises(CommandError, match="6 rows were left out") as caught:
        run(*files(nodes, edges))
    assert caught.value.returncode == 1
    told = caught.value.told  # type: ignore[attr-defined]
    for words in (
        "nodes line 3, column id: Each id may stand once only; '1' stands twice.",
        "nodes line 5, column name: The cell must not be empty.",
        "edges line 3, column target: A link must join two ids of the nodes file; '9'",
        "edges line 4: A link must join two different people",
        "Designation must be 120 characters or fewer",
        "One of the two people was left out",
    ):
        assert words in told
    assert (len(rows(Nominal)), len(rows(PersonLink))) == (2, 1)


@pytest.mark.parametrize("late", [False, True])
def test_all_or_nothing_writes_nothing(
    files: Callable[..., tuple[str, str]], late: bool
) -> None:
    nodes = "id,name\n1,12\n2," + ("x" * 121 if late else "12") + "\n"
    with pytest.raises(CommandError) as caught:
        run(*files(nodes, "source,target\n1,2\n"), **{"all-or-nothing": True})
    assert caught.value.returncode == 2
    assert rows(CrimeGroup) == rows(Nominal) == rows(Report) == []


def test_dry_run_writes_nothing(files: Callable[..., tuple[str, str]]) -> None:
    printed, _ = run(*files(), **{"dry-run": True})
    assert printed["people"]["new"] == 3
    assert printed["dry_run"] is True
    assert rows(CrimeGroup) == rows(Nominal) == []


@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        ({}, {"owner": "atlantis"}, "there is no organisation atlantis"),
        ({}, {"user": "nobody@test.example"}, "there is no active account"),
        ({}, {"user": "auditor@test.example"}, "Your role does not allow this step"),
        ({}, {"user": "other_analyst@test.example"}, "belongs to Durham"),
        ({}, {"name": "x" * 121}, "Name must be 120 characters or fewer"),
        ({}, {"label": "organisation"}, "Enter why only your organisation"),
        ({}, {"group": "G-0000-0000-0"}, "there is no group"),
        ({}, {"from": "1994-05-01"}, "give both days or neither"),
        ({}, {"from": "1994-05-01", "to": "1994-04-01"}, "ends before it begins"),
        ({}, {"from": "2190-05-01", "to": "2190-06-01"}, "future"),
        ({"nodes": b"id,name\n1,\xff\n"}, {}, "must be UTF-8"),
        ({"nodes": "key,name\n1,12\n"}, {}, "id is missing"),
        ({"edges": ""}, {}, "begin with a header"),
    ],
)
def test_what_cannot_be_taken_is_refused_and_nothing_is_written(
    files: Callable[..., tuple[str, str]],
    make_user: MakeUser,
    content: dict[str, Any],
    options: dict[str, Any],
    message: str,
) -> None:
    make_user("auditor")
    make_user("other_analyst")
    with pytest.raises(CommandError, match=message) as caught:
        run(*files(**content), **options)
    assert caught.value.returncode == 2
    assert rows(CrimeGroup) == rows(Nominal) == rows(Return) == []


@pytest.mark.parametrize(
    "options", [{"grade": "4A"}, {"grade": "1F"}, {"label": "world"}, {"from": "May"}]
)
def test_word_off_its_scale_is_refused(
    files: Callable[..., tuple[str, str]], options: dict[str, str]
) -> None:
    with pytest.raises(CommandError, match="argument --"):
        run(*files(), **options)


def test_missing_file_is_named(files: Callable[..., tuple[str, str]]) -> None:
    nodes, _ = files()
    with pytest.raises(CommandError, match="cannot be read") as caught:
        run(nodes, "nowhere.csv")
    assert caught.value.returncode == 2


def test_handling_with_conditions_is_capped_by_the_label(
    files: Callable[..., tuple[str, str]],
) -> None:
    run(*files(), handling="C", label="region")
    [report] = rows(Report)
    assert report.handling_condition["recipients"] == "region"


def test_people_of_the_file_are_seen_as_the_label_says(
    files: Callable[..., tuple[str, str]], client_as: Any
) -> None:
    printed, _ = run(*files(), label="organisation", reason="Exhibit")
    address = f"/groups/{printed['group_id']}/people/"
    assert "Actor 12" in client_as("owner_analyst").get(address).text
    assert client_as("rocu_lead").get(address).status_code == 404


def test_real_network_is_taken_whole() -> None:
    nodes, edges = (
        real_data("networks", "caviar", f"caviar_full_{part}.csv")
        for part in ("nodes", "edges")
    )
    printed, _ = run(str(nodes), str(edges), name="CAVIAR")
    assert printed["people"]["new"] == 110
    assert printed["links"]["new"] == 205
    assert printed["rows_left_out"] == 0


def test_ethnicity_and_birthplace_of_a_real_network_are_not_taken() -> None:
    nodes, edges = (
        real_data("networks", "london_gang", f"{part}.csv")
        for part in ("nodes", "edges")
    )
    printed, told = run(str(nodes), str(edges), links="co_offending")
    assert printed["links"]["new"] == 315
    assert "nodes.Birthplace" in printed["columns_not_taken"]
    assert "nodes.Music" in told


def test_two_names_that_become_one_designation_are_told_by_row(
    files: Callable[..., tuple[str, str]],
) -> None:
    nodes = "id,name\na,1\nb,Actor 1\nc,Wolf\n"
    with pytest.raises(CommandError, match="1 rows were left out") as caught:
        run(*files(nodes, "source,target\na,c\n"))
    assert "nodes line 3, column name: Two people must not become one" in (
        caught.value.told  # type: ignore[attr-defined]
    )
    assert {row.designation for row in rows(Nominal)} == {"Actor 1", "Wolf"}


@pytest.mark.parametrize("category", ["suspect", "convicted", "other"])
def test_category_of_the_people_is_said(
    files: Callable[..., tuple[str, str]], category: str
) -> None:
    more = {} if category == "suspect" else {"dpa-category": category}
    printed, _ = run(*files(), **more)
    assert printed["dpa_category"] == category
    assert {row.dpa_category for row in rows(Membership)} == {category}


def test_nobody_is_imported_as_a_victim(files: Callable[..., tuple[str, str]]) -> None:
    with pytest.raises(CommandError, match="dpa-category"):
        run(*files(), **{"dpa-category": "victim"})
