"""Every address × everyone × what they may see, may not see, and what is not there."""

from typing import Any

import pytest

from accounts.roles import Right
from tests.leak.answers import REFERENCE, UUID, masked, tokens_in
from tests.leak.askers import ABSENT, BLIND, READERS, Asker, Askers
from tests.leak.conftest import Few
from tests.leak.paths import path_of
from tests.leak.routes import ROUTES, Route, names

pytestmark = pytest.mark.leak
METHODS = ("get", "post")
# What an address needs, as the right without which nothing of it is answered.
RIGHTS_FOR = {
    "administer": Right.ADMINISTER_ACCOUNTS,
    "contribute": Right.CONTRIBUTE,
    "edit": Right.CONTRIBUTE,
    "take_back": Right.CONTRIBUTE,
    "draft": Right.CONTRIBUTE,
    "second": Right.CONTRIBUTE,
    "confirm": Right.CONFIRM,
    "original": Right.READ_ORIGINAL,
    "assure": Right.ASSURE,
    "moderate": Right.APPROVE,
    "retain": Right.DISPOSE,
    "answers": Right.ANSWER_SUBJECT_REQUESTS,
    "rule": Right.APPROVE,
    "second_person": Right.CONTRIBUTE,
    "approve": Right.APPROVE,
    "colleague": Right.EXPORT,
    "export": Right.EXPORT,
    "compare": Right.COMPARE,
    "audit": Right.AUDIT,
    "readers": Right.SEE_READERS,
}
# The work of those who have one of their own.
RIGHTS_APART = {"answers", "assure", "retain"}
APART = READERS[4:]
Ids = tuple[str, ...]


def test_every_address_is_in_the_table() -> None:
    known = {name.partition("/")[0] for name in ROUTES}
    found = dict(names())
    assert len(found) > 60
    missing = {name: text for name, text in found.items() if name not in known}
    assert not missing, f"add these to tests/leak/routes.py: {missing}"
    gone = known - found.keys()
    assert not gone, f"take these out of tests/leak/routes.py: {gone}"


def pairs(askers: Askers, who: str, route: Route, *, parent: bool, row: bool) -> Ids:
    """Return ids of a record and its fact, each visible to ``who`` or not."""
    sees = askers.knowledge.sees
    fit = [
        (parent_id, row_id)
        for row_id, parent_id in askers.manifest.rows[route.row]
        if sees(who, parent_id) is parent and sees(who, row_id) is row
    ]
    fit.sort(key=lambda one: _distance(askers, who, route, one[1]))
    return fit[0] if fit else ()


def _distance(askers: Askers, who: str, route: Route, row: str) -> tuple[bool, int]:
    """Return how far a fact is from whose step it is: what they may take comes first."""
    knowledge = askers.knowledge
    is_theirs = knowledge.receivers.get(row) == knowledge.viewers[who].organisation_id
    is_away = route.needs == "receive" and not is_theirs
    return is_away, -knowledge.nearness(who, row)


def visible(askers: Askers, who: str, route: Route) -> Ids | None:
    """Return the ids of what ``who`` may see; None where there is nothing such."""
    if not route.about:
        return ()
    if route.row:
        return pairs(askers, who, route, parent=True, row=True) or None
    found = askers.pick(who, route.about, visible=True)
    return (found[1],) if found else None


def hidden(askers: Askers, who: str, route: Route) -> list[tuple[Ids, Ids]]:
    """Return pairs of ids: of what ``who`` may not see, and of what is not there."""
    if not route.about:
        return []
    if not route.row:
        found = askers.pick(who, route.about, visible=False)
        return [((found[1],), (ABSENT,))] if found else []
    under_hidden = pairs(askers, who, route, parent=False, row=False)
    under_visible = pairs(askers, who, route, parent=True, row=False)
    found_pairs = [(under_hidden, (ABSENT, ABSENT))] if under_hidden else []
    if under_visible:
        found_pairs.append((under_visible, (under_visible[0], ABSENT)))
    return found_pairs


def check_silent(askers: Askers, who: str, response: Any, asked: Ids) -> None:
    """Assert that an answer holds nothing that ``who`` may not know."""
    told = tokens_in(response) & askers.knowledge.hidden_from(who)
    told -= {one.lower() for one in asked}
    assert not told, f"{who} was told {sorted(told)[:5]} by {response.request}"


def check_tells_no_word(askers: Askers, response: Any) -> None:
    """Assert that the audit tells ids and references of records, and no word of them."""
    told = tokens_in(response) & askers.knowledge.hidden_from("auditor")
    words = {
        one for one in told if not (UUID.fullmatch(one) or REFERENCE.fullmatch(one))
    }
    assert not words, f"the audit tells {sorted(words)[:5]}"


def may(askers: Askers, who: str, route: Route, ids: Ids) -> bool:
    """Return whether ``who`` may take the step that the address is for."""
    viewer, knowledge = askers.knowledge.viewers[who], askers.knowledge
    if lacks(askers, who, route):
        return False
    is_own = not ids or knowledge.may_edit(who, ids[-1])
    is_mine = not ids or knowledge.owners[ids[-1]] == viewer.organisation_id
    return {
        "view": True,
        "export": True,
        "compare": True,
        "author": knowledge.authors.get(ids[-1] if ids else "") == viewer.user_id,
        "draft": knowledge.authors.get(ids[-1] if ids else "") == viewer.user_id,
        "contribute": True,
        "edit": is_own,
        "take_back": not ids or knowledge.may_edit(who, ids[0]),
        "receive": viewer.has(Right.APPROVE)
        and knowledge.receivers.get(ids[-1] if ids else "") == viewer.organisation_id,
        "confirm": is_own,
        "second": not ids or knowledge.may_score_second(who, ids[0]),
        "mine": is_mine,
        "original": is_mine,
        "assure": is_mine or knowledge.is_led(who, ids[-1]),
        "moderate": is_own,
        "retain": is_mine,
        "answers": is_mine,
        "reviewer": is_mine
        and (viewer.has(Right.DISPOSE) or viewer.has(Right.APPROVE)),
        "audit": True,
        "readers": is_mine,
        "rule": who == "rocu_lead",
        "approve": True,
        "colleague": True,
        "holder": is_mine,
        "second_person": is_own
        and (not ids or knowledge.authors.get(ids[-1]) != viewer.user_id)
        and (viewer.has(Right.APPROVE) or viewer.has(Right.MODERATE)),
    }[route.needs]


def lacks(askers: Askers, who: str, route: Route) -> bool:
    """Return whether ``who`` lacks the right for a step, whatever it is about."""
    right = RIGHTS_FOR.get(route.needs, Right.VIEW)
    return not askers.knowledge.viewers[who].has(right)


def check_visible(askers: Askers, who: str, name: str, route: Route) -> None:
    ids = visible(askers, who, route)
    if ids is None:
        return
    asker = askers[who]
    for method in METHODS:
        expected = getattr(route, method)
        if expected != 405 and not may(askers, who, route, ids):
            is_secret = route.needs in {"mine", "original"}
            expected = 404 if is_secret and not lacks(askers, who, route) else 403
        response = asker.ask(method, path_of(name, route, ids))
        if name == "health" and response.status_code == 200:
            expected = 200  # well, if a drain has run within the last minute
        assert response.status_code == expected, (
            f"{who} {method} {name}: {response.status_code}, not {expected}"
        )
        check_silent(askers, who, response, ids)


def check_hidden(askers: Askers, who: str, name: str, route: Route) -> int:
    asker, checked = askers[who], 0
    for ids, absent in hidden(askers, who, route):
        for method in METHODS:
            of_hidden = asker.ask(method, path_of(name, route, ids))
            of_absent = asker.ask(method, path_of(name, route, absent))
            check_silent(askers, who, of_hidden, ids)
            expected = {405} if getattr(route, method) == 405 else {404}
            if lacks(askers, who, route):
                expected.add(403)
            assert of_absent.status_code in expected, f"{who} {method} {name}"
            assert masked(of_hidden, *ids) == masked(of_absent, *absent), (
                f"{who} can tell a hidden record from an absent one: {method} {name}"
            )
            checked += 1
    return checked


def lacking_first(askers: Askers, route: Route) -> list[str]:
    """Return everyone who asks, those first from whom such a record is hidden.

    Last those with work of their own where the address is not for that work.
    """

    def place(who: str) -> tuple[bool, bool]:
        is_apart = who in APART and route.needs not in RIGHTS_APART
        return is_apart, not hidden(askers, who, route)

    return sorted(READERS, key=place)


@pytest.mark.parametrize("name", ROUTES)
def test_address(name: str, askers: Askers, few: Few) -> None:
    route = ROUTES[name]
    checked = 0
    for who in few(lacking_first(askers, route)):
        check_visible(askers, who, name, route)
        checked += check_hidden(askers, who, name, route)
    assert checked or not route.about, "nobody lacks such a record: extend the world"


@pytest.mark.parametrize("lock", ["both"], indirect=True)
@pytest.mark.parametrize("name", ROUTES)
def test_address_for_those_who_may_see_nothing(name: str, askers: Askers) -> None:
    route = ROUTES[name]
    ids = visible(askers, "nca_officer", route) or (ABSENT, ABSENT)
    for who in BLIND:
        if who == "administrator" and route.needs == "administer":
            continue  # theirs, and about accounts alone
        for method in METHODS:
            response = askers[who].ask(method, path_of(name, route, ids))
            if route.needs == "audit" and who == "auditor":
                assert response.status_code == getattr(route, method)
                check_tells_no_word(askers, response)
                continue
            check_silent(askers, who, response, ids)
            if not (route.is_open or (route.for_all and who != "stranger")):
                check_refused(askers[who], response, f"{who} {method} {name}")


def check_refused(asker: Asker, response: Any, what: str) -> None:
    """Assert that someone without the right to view was turned away."""
    is_api = response.request["PATH_INFO"].startswith("/api/")
    if asker.token or is_api:
        expected = {401, 403, 404, 405} if is_api else {403, 404, 405}
    else:
        expected = {302}
        assert response["Location"].startswith("/accounts/login/"), what
    assert response.status_code in expected, f"{what}: {response.status_code}"
