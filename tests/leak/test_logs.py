"""No log line bears a word of a record, or a word that somebody typed."""

import io
import json
import logging.config
from collections.abc import Iterator
from typing import Any

import pytest

from ocgmap import log_config
from tests.leak.askers import Askers
from tests.leak.knowledge import WORD
from tests.leak.routes import ROUTES
from tests.leak.test_routes import ABSENT, path_of, visible

pytestmark = pytest.mark.leak
TYPED = "Zqtypedx"
FIELDS = ("name", "text", "q", "query", "term", "value", "title", "surname", "login")
BODY = dict.fromkeys(FIELDS, f"{TYPED} {TYPED}")


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """All that production would write to standard error."""
    sink = io.StringIO()
    config = log_config.configured("json")
    config["handlers"]["stderr"]["stream"] = sink
    config["root"]["level"] = "INFO"
    logging.config.dictConfig(config)
    yield sink
    logging.config.dictConfig(log_config.configured("json"))


@pytest.mark.parametrize("lock", ["both"], indirect=True)
@pytest.mark.parametrize("who", ["owner_analyst", "auditor", "stranger"])
def test_no_line_of_any_address_bears_a_word(
    askers: Askers, logged: io.StringIO, who: str
) -> None:
    asker, asked = askers[who], 0
    for name, route in ROUTES.items():
        if name == "account_logout":
            continue  # the rest is asked signed in
        ids = visible(askers, who, route) or (ABSENT, ABSENT)
        path = path_of(name, route, ids)
        for address in (path, f"{path}?q={TYPED}&name={TYPED}"):
            asker.ask("get", address)
        asker.ask("post", path, BODY)
        asked += 3
    for unknown in (f"/{TYPED}/", f"/people/{TYPED}/", f"/api/v1/{TYPED}/"):
        asker.ask("get", unknown, **{"x-request-id": TYPED, "user-agent": TYPED})
        asked += 1
    text = logged.getvalue()
    assert not WORD.findall(text)
    assert TYPED.lower() not in text.lower()
    told = [json.loads(line) for line in text.splitlines()]
    requests = [one for one in told if one["event"] == "request"]
    assert len(requests) == asked
    for one in requests:
        check_request(one, signed_in=who != "stranger")
    names = {one["route"] for one in requests}
    assert {"groups:detail", "unmatched", "api:groups-list"} <= names


def check_request(told: dict[str, Any], *, signed_in: bool) -> None:
    assert set(told) <= log_config.FIELDS
    assert {"request_id", "route", "method", "status", "milliseconds"} <= set(told)
    assert len(told["request_id"]) == 36
    assert told["actor_id"] is None or isinstance(told["actor_id"], int)
    if not signed_in:
        assert told["actor_id"] is None
        assert told["organisation"] is None
    if told["organisation"] is not None:
        assert told["organisation"] in {"durham", "nca"}
