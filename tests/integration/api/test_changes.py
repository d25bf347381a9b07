"""Only what changed, and the lists that were pages before: returns and decisions."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.actions import labels
from groups.actions import aliases
from groups.models import CrimeGroup
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from scoring.actions import bands, judgements
from scoring.actions.reference import load_schemes
from tests.cast import As
from tests.factories.intelligence import ReturnFactory, class_of
from tests.integration.api.conftest import Caller, Shelf

pytestmark = pytest.mark.django_db


# Changes since


def since(moment: Any) -> str:
    return "updated_since=" + moment.isoformat().replace("+", "%2B")


@pytest.mark.parametrize(
    ("resource", "kind"),
    [
        ("groups", "group"),
        ("nominals", "nominal"),
        ("memberships", "membership"),
        ("involvements", "involvement"),
        ("reports", "report"),
    ],
)
def test_changed_since_is_inclusive(
    resource: str,
    kind: str,
    shelf_of: Callable[..., Shelf],
    call_as: Callable[..., Caller],
) -> None:
    row = getattr(shelf_of("owner_analyst", "durham"), kind)
    with acting_as(system("test")):
        row.refresh_from_db(fields=["changed_at"])
    caller = call_as("owner_analyst")
    later = row.changed_at + timedelta(microseconds=1)
    asked = f"/{resource}/?ordering=changed_at&"
    assert str(row.public_id) in caller.ids(asked + since(row.changed_at))
    assert str(row.public_id) not in caller.ids(asked + since(later))


def test_a_group_changes_with_its_threats_and_a_person_with_an_alias(
    shelf_of: Callable[..., Shelf], call_as: Callable[..., Caller], acting: As
) -> None:
    shelf = shelf_of("owner_analyst", "durham")
    other = shelf_of("owner_analyst", "durham")
    moment = timezone.now()
    with acting("owner_analyst") as by:
        aliases.add(by=by, group=shelf.group, name="The yard", rationale="Said so")
        aliases.add_to_person(
            by=by, nominal=shelf.nominal, surname="Yardman", rationale="Said so"
        )
    caller = call_as("owner_analyst")
    for resource, row, quiet in (
        ("groups", shelf.group, other.group),
        ("nominals", shelf.nominal, other.nominal),
    ):
        found = caller.ids(f"/{resource}/?{since(moment)}")
        assert found == {str(row.public_id)}, quiet


def test_a_part_that_is_hidden_changes_nothing(
    shelf_of: Callable[..., Shelf], call_as: Callable[..., Caller], acting: As
) -> None:
    shelf = shelf_of("owner_analyst", "durham", "region")
    moment = timezone.now()
    with acting("owner_analyst") as by:
        made = aliases.add(by=by, group=shelf.group, name="Yard", rationale="Said so")
    with acting_as(system("test")):
        own = class_of(made.owner, "organisation")
        made.access_class_id = labels.join_of([own, shelf.group.access_class_id])
        made.save()
    assert call_as("owner_analyst").ids(f"/groups/?{since(moment)}")
    assert not call_as("region_analyst").ids(f"/groups/?{since(moment)}")


# Returns and decisions


def test_returns_as_their_register_shows_them(call_as: Callable[..., Caller]) -> None:
    with acting_as(system("test")):
        due = ReturnFactory()
        late = ReturnFactory(
            from_on=date(2026, 1, 1), to_on=date(2026, 1, 31), due_on=date(2026, 2, 5)
        )
    caller = call_as("owner_analyst")
    rows = {row["id"]: row for row in caller.json("/returns/")["results"]}
    assert rows[str(due.public_id)]["standing"] == {"value": "due", "label": "Due"}
    assert rows[str(late.public_id)]["standing"]["value"] == "overdue"
    assert caller.ids("/returns/?standing=overdue") == {str(late.public_id)}
    assert caller.json(f"/returns/{due.public_id}/")["is_nil"] is False
    assert call_as("other_analyst").ids("/returns/") == set()
    for scopes in (["groups:read"], ["score:read"]):
        other = call_as("owner_analyst", scopes)
        assert other.get("/returns/").status_code == 403


def test_judgements_and_confirmed_bands(
    shelf_of: Callable[..., Shelf], call_as: Callable[..., Caller], acting: As
) -> None:
    shelf = shelf_of("owner_analyst", "durham")
    with acting_as(system("test")):
        load_schemes()
    with acting("owner_supervisor") as by:
        group = CrimeGroup.objects.visible_to(by).get(pk=shelf.group.pk)
        first, second = (
            judgements.judge(
                by=by,
                group=group,
                attribute="drug_activity",
                level=level,
                rationale="As reported",
                reports=[shelf.report],
            )
            for level in ("low", "high")
        )
        band = bands.confirm(
            by=by,
            group=group,
            band="1a",
            reason="Agreed",
            expires_on=timezone.localdate() + timedelta(days=9),
        )
    caller = call_as("owner_analyst")
    rows = {row["id"]: row for row in caller.json("/judgements/")["results"]}
    assert set(rows) == {str(first.public_id), str(second.public_id)}
    row = rows[str(second.public_id)]
    assert (row["level"]["value"], row["rationale"]) == ("high", "As reported")
    assert [one["id"] for one in row["reports"]] == [str(shelf.report.public_id)]
    assert row["group"]["id"] == str(shelf.group.public_id)
    assert caller.ids("/judgements/?current=true") == {str(second.public_id)}
    assert caller.ids("/judgements/?current=false") == {str(first.public_id)}
    [decided] = caller.json("/band-decisions/")["results"]
    assert (decided["id"], decided["band"]) == (str(band.public_id), "1a")
    assert decided["is_override"]
    assert not decided["is_settled"]
    other = call_as("other_analyst")
    for resource in ("judgements", "band-decisions"):
        assert other.ids(f"/{resource}/") == set()
        query = f"/{resource}/?group={shelf.group.public_id}"
        assert len(caller.ids(query)) == (2 if resource == "judgements" else 1)
