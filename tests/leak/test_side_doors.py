"""Hidden records behind references, searches, filters and keys answer as absent ones."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from ocgmap.common.identifiers import new_reference
from tests.leak.answers import UUID, masked
from tests.leak.askers import ABSENT, READERS, Asker, Askers
from tests.leak.conftest import Few
from tests.leak.test_routes import check_silent
from tests.typed import Typed, member_form, report_body, report_form

pytestmark = pytest.mark.leak
NONSENSE = "zqzzzzx"
# One question each, asked with something hidden and with something that is not there.
Door = Callable[[Asker, str], Any]


def org(asker: Asker) -> str:
    return {"owner_analyst": "durham", "other_analyst": "west-yorkshire"}.get(
        asker.name, {"rocu_lead": "nerocu"}.get(asker.name, "nca")
    )


def page(method: str, path: str, **typed: str) -> Door:
    """Ask a page, with what is sought in the fields whose value is `X`."""

    def ask(asker: Asker, sought: str) -> Any:
        given = {name: value.replace("X", sought) for name, value in typed.items()}
        response = asker.ask(method, path.replace("X", sought), given)
        return follow(asker, response)

    return ask


def follow(asker: Asker, response: Any) -> Any:
    """Go where the answer sends, so that a search shows what it found."""
    while response.status_code in {301, 302, 303}:
        response = asker.ask("get", response["Location"])
    return response


def submitted(field: str, *claims: Typed) -> Door:
    return lambda asker, sought: asker.ask(
        "post",
        "/reports/new/",
        report_form(
            org(asker),
            *({**claim, "group": sought} for claim in claims),
            idempotency_key="k",
            **({field: sought} if field else {}),
        ),
    )


def sent(**body: Any) -> Door:
    def fill(value: Any, sought: str) -> Any:
        if isinstance(value, list):
            return [fill(one, sought) for one in value]
        if isinstance(value, dict):
            return {name: fill(one, sought) for name, one in value.items()}
        return sought if value == "X" else value

    return lambda asker, sought: asker.ask(
        "post", "/api/v1/reports/", fill(report_body(**body), sought)
    )


def to_own_group(path: str, **typed: str) -> Door:
    """Send a form of a group of one's own that names something hidden."""

    def ask(asker: Asker, sought: str) -> Any:
        given = {name: value.replace("X", sought) for name, value in typed.items()}
        own = asker.own_group
        return asker.ask("post", f"/groups/{own}/{path}/", {**member_form(), **given})

    return ask


CLAIM = {"attribute": "expertise", "level": "high"}
IDS: dict[str, tuple[str, Door]] = {
    "report about a group": ("groups", sent(groups=["X"])),
    "claim about a group": ("groups", sent(claims=[{"group": "X", **CLAIM}])),
    "report naming a person": ("nominals", sent(nominals=["X"])),
    "report of a return": ("returns", sent(returned_in="X")),
    "form of a report of a return": ("returns", submitted("returned_in")),
    "form opened for a group": ("groups", page("get", "/reports/new/?group=X")),
    "filter reports by group": ("groups", page("get", "/reports/?group=X")),
    "filter reports by person": ("nominals", page("get", "/reports/?nominal=X")),
    "API reports by group": ("groups", page("get", "/api/v1/reports/?group=X")),
    "API nominals by group": ("groups", page("get", "/api/v1/nominals/?group=X")),
    "API groups by nominal": ("nominals", page("get", "/api/v1/groups/?nominal=X")),
    "API members by group": ("groups", page("get", "/api/v1/memberships/?group=X")),
    "API members by person": (
        "nominals",
        page("get", "/api/v1/memberships/?nominal=X"),
    ),
    "API involved by group": ("groups", page("get", "/api/v1/involvements/?group=X")),
}
REFERENCES: dict[str, tuple[str, str, Door]] = {
    "form of a report about a group": ("groups", "G", submitted("groups")),
    "form of a report naming a person": ("nominals", "N", submitted("nominals")),
    "form of a claim about a group": ("groups", "G", submitted("", CLAIM)),
    "member by reference": (
        "nominals",
        "N",
        to_own_group("members/add", person="X", surname="", given_names=""),
    ),
    "involved by reference": (
        "nominals",
        "N",
        to_own_group(
            "involvements/add",
            person="X",
            surname="",
            given_names="",
            kind="witness",
        ),
    ),
    "link by reference": (
        "groups",
        "G",
        to_own_group("links/add", other="X", kind="supply"),
    ),
    "search groups by reference": (
        "groups",
        "G",
        page("post", "/groups/search/", q="X"),
    ),
    "search everything by reference": (
        "groups",
        "G",
        page("post", "/search/", q="X"),
    ),
    "search people by reference": (
        "nominals",
        "N",
        page("post", "/people/search/", q="X"),
    ),
    "find a group by reference": (
        "groups",
        "G",
        page("post", "/reports/new/find/groups/", find_groups="X"),
    ),
}
WORDS: dict[str, Door] = {
    # A word may be like another that is seen; in quotation marks it may not.
    "search everything": page("post", "/search/", q='"X"'),
    "search groups": page("post", "/groups/search/", q="X"),
    "search people": page("post", "/people/search/", q="X"),
    "search reports": page("post", "/reports/search/", q="X"),
    "find groups for a report": page(
        "post", "/reports/new/find/groups/", find_groups="X"
    ),
    "find people for a report": page(
        "post", "/reports/new/find/people/", find_people="X"
    ),
    "who uses this address": page("post", "/identifiers/", value="X@post.example"),
    "who uses this handle": page("post", "/identifiers/", value="@X"),
    "API search groups": page("post", "/api/v1/groups/search/", text="X"),
    "API search people": page("post", "/api/v1/nominals/search/", text="X"),
    "API identifiers": page(
        "post", "/api/v1/identifiers/search/", value="X@post.example"
    ),
}


def noting(work: list[str]) -> Callable[..., Any]:
    """Return a wrapper that notes every statement of the database."""

    def note(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        work.append(str(sql))
        return execute(sql, params, many, context)

    return note


def without_new_ids(askers: Askers, text: str) -> str:
    """Mask ids that are no record's: those of searches, made anew each time."""
    known = askers.knowledge.every
    return UUID.sub(lambda one: one[0] if one[0] in known else "*", text)


def alike(askers: Askers, who: str, door: Door, sought: str, absent: str) -> None:
    """Assert that what is hidden gets the answer of what is absent, with as much work."""
    asker = askers[who]
    asker.own_group = askers.pick(who, "groups", visible=True)[1]  # type: ignore[index]
    answers, counts = [], []
    for one in (sought, absent):
        work: list[str] = []
        with transaction.atomic(), connection.execute_wrapper(noting(work)):
            response = door(asker, one)
            check_silent(askers, who, response, (sought,))
            status, headers, text = masked(response, one)
            answers.append((status, headers, without_new_ids(askers, text)))
            transaction.set_rollback(True)
        counts.append(len(work))
    assert answers[0] == answers[1], f"{who} can tell {sought} from {absent}"
    assert counts[0] == counts[1], f"{who}: {counts} queries"


@pytest.mark.parametrize("what", IDS)
def test_id_of_a_hidden_record(what: str, askers: Askers, few: Few) -> None:
    kind, door = IDS[what]
    for who in few(READERS):
        found = askers.pick(who, kind, visible=False)
        assert found, "extend the world"
        alike(askers, who, door, found[1], ABSENT)


@pytest.mark.parametrize("what", REFERENCES)
def test_reference_of_a_hidden_record(what: str, askers: Askers, few: Few) -> None:
    kind, prefix, door = REFERENCES[what]
    for who in few(READERS):
        found = askers.pick(who, kind, visible=False)
        assert found, "extend the world"
        reference = askers.manifest.references[found[0]]
        alike(askers, who, door, reference, new_reference(prefix))


@pytest.mark.parametrize("lock", ["both"], indirect=True)
@pytest.mark.parametrize("what", [*IDS, *REFERENCES])
def test_record_that_one_may_see_is_taken(what: str, askers: Askers) -> None:
    """Else the tests above would pass on doors that are shut for everyone."""
    asker = askers["other_analyst"]
    kind, *_, door = IDS.get(what) or REFERENCES[what]
    found = askers.pick("other_analyst", kind, visible=True)
    assert found
    asker.own_group = askers.manifest.groups["w_force"]
    if what.startswith("link"):
        found = ("w_own", askers.manifest.groups["w_own"])
    sought = found[1] if what in IDS else askers.manifest.references[found[0]]
    taken = masked(door(asker, sought), sought)
    absent = ABSENT if what in IDS else new_reference(REFERENCES[what][1])
    assert taken != masked(door(asker, absent), absent)
    assert taken[0] in {200, 201, 302}


@pytest.mark.parametrize("what", WORDS)
def test_words_of_hidden_records(what: str, askers: Askers, few: Few) -> None:
    """Not one of the hidden words finds anything; one of those seen does."""
    for who in few(READERS):
        hidden = sorted(
            word for word in askers.knowledge.hidden_from(who) if word.startswith("zq")
        )
        assert len(hidden) > 20
        for word in hidden[:: len(hidden) // 2]:
            alike(askers, who, WORDS[what], word, NONSENSE)


@pytest.mark.parametrize("lock", ["both"], indirect=True)
@pytest.mark.parametrize("what", WORDS)
def test_words_that_one_may_know_find_something(what: str, askers: Askers) -> None:
    """Else the test above would pass on a search that never finds anything."""
    asker = askers["owner_analyst"]
    nothing = without_new_ids(askers, masked(WORDS[what](asker, NONSENSE), NONSENSE)[2])
    seen = askers.knowledge.seen["owner_analyst"]
    for word in sorted(one for one in seen if one.startswith("zq")):
        found = masked(WORDS[what](asker, word), word)[2]
        if without_new_ids(askers, found) != nothing:
            return
    pytest.fail("no word found anything")
