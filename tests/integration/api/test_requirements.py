"""Intelligence requirements over the API: what is asked, of whom, and how it stands."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Organisation
from accounts.visibility import Viewer
from groups.models import CrimeGroup
from scoring.actions import requirements
from scoring.models import Requirement
from tests.cast import As
from tests.integration.api.conftest import Caller, Shelf

pytestmark = pytest.mark.django_db


def ask(by: Viewer, shelf: Shelf) -> Requirement:
    group = CrimeGroup.objects.visible_to(by).get(pk=shelf.group.pk)
    return requirements.ask(
        by=by,
        group=group,
        attribute="expertise",
        question="Who advises the group?",
        asked_of=Organisation.objects.get(code="durham"),
        due_on=timezone.localdate() + timedelta(days=9),
    )


def test_a_question_and_its_answer(
    shelf_of: Callable[..., Shelf], call_as: Callable[..., Caller], acting: As
) -> None:
    shelf = shelf_of("owner_analyst", "durham")
    with acting("owner_analyst") as by:
        first, second = ask(by, shelf), ask(by, shelf)
        requirements.answer(
            by=by, requirement=second, report=shelf.report, text="A named lawyer."
        )
    caller = call_as("owner_analyst")
    rows: dict[str, Any] = {
        row["id"]: row for row in caller.json("/requirements/")["results"]
    }
    assert rows[str(first.public_id)]["standing"]["value"] == "open"
    answered = rows[str(second.public_id)]
    assert answered["standing"]["value"] == "answered"
    assert answered["asked_of"]["code"] == "durham"
    [said] = answered["answers"]
    assert (said["report"]["id"], said["text"]) == (
        str(shelf.report.public_id),
        "A named lawyer.",
    )
    for query, found in (
        ("standing=open&asked_of=durham", {first}),
        ("standing=answered", {second}),
        ("standing=overdue", set()),
        ("asked_region=yhrocu", set()),
        ("ordering=due_on", {first, second}),
    ):
        ids = {str(one.public_id) for one in found}
        assert caller.ids(f"/requirements/?{query}") == ids, query
    assert call_as("other_analyst").ids("/requirements/") == set()
    assert caller.get("/requirements/?standing=lost").status_code == 400
    other = call_as("owner_analyst", ["groups:read"])
    assert other.get("/requirements/").status_code == 403


def test_more_questions_need_no_more_queries(
    shelf_of: Callable[..., Shelf], call_as: Callable[..., Caller], acting: As
) -> None:
    shelf, counts = shelf_of("owner_analyst", "durham"), []
    caller = call_as("owner_analyst")
    for _ in range(2):
        with acting("owner_analyst") as by:
            for asked in [ask(by, shelf) for _ in range(2)]:
                requirements.answer(
                    by=by, requirement=asked, report=shelf.report, text="As reported."
                )
        caller.json("/requirements/")
        with CaptureQueriesContext(connection) as captured:
            caller.json("/requirements/")
        counts.append(len(captured))
    assert counts[0] == counts[1]
