"""`/metrics` is an unknown address to everyone but the operators' program."""

import re
from typing import Any

import pytest
from django.test import Client

from tests.leak.answers import masked
from tests.leak.askers import BLIND, READERS, Askers

pytestmark = pytest.mark.leak
SECRET = "only-for-tests-metrics-0123456789-abcdefgh"
UNKNOWN = "/metrixx"
HEADERS = (
    {},
    {"authorization": "Bearer wrong"},
    {"authorization": f"Basic {SECRET}"},
    {"authorization": f"bearer {SECRET}"},
    {"authorization": f"Bearer {SECRET}x"},
    {"authorization": f"Bearer {SECRET[:-1]}"},
    {"authorization": "Bearer "},
)


@pytest.mark.parametrize("lock", ["both"], indirect=True)
@pytest.mark.parametrize("secret", [SECRET, ""], ids=["on", "off"])
def test_it_answers_as_an_unknown_address_does(
    askers: Askers, settings: Any, secret: str
) -> None:
    settings.METRICS_TOKEN = secret
    checked = 0
    for who in ("owner_analyst", "nca_officer", *BLIND):
        asker = askers[who]
        for method in ("get", "post", "head", "put", "delete", "options"):
            for headers in HEADERS:
                found = asker.ask(method, "/metrics", **headers)
                unknown = asker.ask(method, UNKNOWN, **headers)
                assert found.status_code == unknown.status_code
                assert masked(found, "/metrics", "%2Fmetrics", "metrics") == masked(
                    unknown, UNKNOWN, "%2Fmetrixx", "metrixx"
                ), f"{who} can tell that {method} /metrics is there"
                checked += 1
    assert checked > 200


@pytest.mark.parametrize("path", ["/metrics/", "/metrics/x", "/api/v1/metrics"])
@pytest.mark.parametrize("lock", ["both"], indirect=True)
def test_no_other_address_gives_the_figures(
    askers: Askers, settings: Any, path: str
) -> None:
    settings.METRICS_TOKEN = SECRET
    bearer = {"authorization": f"Bearer {SECRET}"}
    for who in ("nca_officer", "stranger"):
        answer = askers[who].ask("get", path, **bearer)
        assert b"ocgmap_" not in answer.content


@pytest.mark.parametrize("lock", ["both"], indirect=True)
def test_it_tells_nothing_of_anyones_records(askers: Askers, settings: Any) -> None:
    settings.METRICS_TOKEN = SECRET
    for who in READERS:
        askers[who].ask("get", "/groups/")
        askers[who].ask("get", "/api/v1/groups/")
    answer = Client().get("/metrics", headers={"authorization": f"Bearer {SECRET}"})
    assert answer.status_code == 200
    text = answer.content.decode()
    assert 'route="scoring:groups"' in text
    # The names of routes are from the code, and tell of nobody.
    text = re.sub(r'route="[^"]*"', "", text)
    for word in ("durham", "northumbria", "nerocu", "nca", "organisation", "group_id"):
        assert word not in text, word
    for public_id in askers.manifest.groups.values():
        assert public_id not in text
