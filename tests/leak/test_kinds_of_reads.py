"""Which address leaves which kinds of audit rows: the table, and that it is so.

Asked are all that answer a reader, by somebody who may, with nothing typed. What the
owner of a record reads over the API is a consultation, and what another organisation
reads there is a disclosure.
"""

import json
import os
from pathlib import Path

import pytest
from django.db.models import Max

from accounts.models import AuditEvent
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.leak.askers import READERS, Asker, Askers
from tests.leak.routes import ROUTES, Route
from tests.leak.test_routes import may, path_of, visible

pytestmark = pytest.mark.leak

FILE = Path(__file__).with_name("read_kinds.json")
IS_WRITING = os.environ.get("OCGMAP_WRITE_READ_KINDS") == "1"
READ = {
    name: route
    for name, route in ROUTES.items()
    if route.get == 200 and not route.is_open and not route.for_all
}
# Who alone is shown anything, beside the readers.
ALSO = {"holder": ("cell",), "approve": ("owner_supervisor",)}
# These show no record.
QUIET = {
    "an empty form": {
        *("groups:create", "groups:identifier_lookup", "groups:person_create"),
        *("intelligence:new", "intelligence:new_import", "intelligence:new_return"),
        *("scoring:bulk", "scoring:paste", "scoring:save_search"),
        *("accounts:sessions_of", "intelligence:ask_sight", "scoring:search_all"),
        "intelligence:register_subject",
    },
    "one's own requests; what was given is recorded of the record": {
        *("intelligence:sight", "intelligence:sight_requests"),
    },
    "code lists and organisations": {
        *("api:codes", "api:organisations-detail", "api:organisations-list"),
        *("api:root", "api:schemes"),
    },
    "rules of the service, open to all": {
        *("groups:moderation_rules", "groups:new_moderation_rule"),
        *("groups:review_policy", "groups:new_review_rule"),
        *("groups:step_rules", "groups:new_step_rule"),
        *("intelligence:assurance_rules", "intelligence:new_assurance_rule"),
        *("intelligence:import_template/csv", "intelligence:import_template/xlsx"),
        "scoring:pack",
    },
    "that something is new, not what": {
        *("scoring:newer", "scoring:newer_groups", "scoring:notices_count"),
    },
    "nothing of its kind is in the world": {
        "scoring:quality_list/unfounded-identifiers",
    },
}


def kinds_of(asker: Asker, path: str) -> tuple[list[str], object]:
    """Return the kinds of rows that one question leaves, and its answer."""
    with acting_as(system("test")):
        last = AuditEvent.objects.aggregate(last=Max("id"))["last"] or 0
    answer = asker.ask("get", path)
    with acting_as(system("test")):
        rows = AuditEvent.objects.filter(id__gt=last)
        return sorted(set(rows.values_list("kind", flat=True))), answer


def who_may(askers: Askers, route: Route) -> list[tuple[str, tuple[str, ...]]]:
    if route.needs == "audit":
        return [("auditor", ())]
    found = []
    for who in (*READERS, *ALSO.get(route.needs, ())):
        ids = visible(askers, who, route)
        if ids is not None and may(askers, who, route, ids):
            found.append((who, ids))
    return found


@pytest.fixture(scope="module")
def table() -> dict[str, list[str]]:
    return {} if IS_WRITING else json.loads(FILE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("lock", ["first"], indirect=True)  # it may read the audit
@pytest.mark.parametrize("name", READ)
def test_an_address_leaves_the_kinds_of_the_table(
    name: str, askers: Askers, table: dict[str, list[str]]
) -> None:
    route = READ[name]
    found: set[str] = set()
    for who, ids in who_may(askers, route):
        kinds, answer = kinds_of(askers[who], path_of(name, route, ids))
        assert answer.status_code == 200, (who, name)  # type: ignore[attr-defined]
        found |= set(kinds)
    if IS_WRITING:
        so_far = json.loads(FILE.read_text()) if FILE.exists() else {}
        so_far[name] = sorted(found)
        FILE.write_text(json.dumps(dict(sorted(so_far.items())), indent=2) + "\n")
        return
    assert sorted(found) == table[name], (
        f"{name} leaves {sorted(found)}: what is shown of records is a consultation "
        "(accounts.audit.consulted), what is taken out a disclosure, what is put "
        "together a combination"
    )


def test_the_table_is_whole_and_what_leaves_nothing_is_explained(
    table: dict[str, list[str]],
) -> None:
    if IS_WRITING:
        return
    assert table.keys() == READ.keys()
    explained = [name for names in QUIET.values() for name in names]
    assert sorted(explained) == sorted(
        name for name, found in table.items() if not found
    )


def test_own_records_over_the_api_are_consulted_and_others_disclosed(
    table: dict[str, list[str]],
) -> None:
    if IS_WRITING:
        return
    assert set(table["api:groups-list"]) == {"consultation", "disclosure"}
    assert table["groups:group_picture"] == ["combination", "disclosure"]
    assert "combination" in table["groups:group_network"]
