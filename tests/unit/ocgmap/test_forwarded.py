"""Who asks, behind proxies: nobody sets it who is not trusted."""

import ipaddress
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from ocgmap.forwarded import client_of, trusted_proxies

NETWORKS = [ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("::1/128")]


@pytest.fixture(autouse=True)
def proxies(settings: Any) -> None:
    settings.TRUSTED_PROXIES = NETWORKS


def passed_on(peer: str, **headers: str) -> HttpRequest:
    seen: list[HttpRequest] = []

    def site(request: HttpRequest) -> HttpResponse:
        seen.append(request)
        return HttpResponse()

    trusted_proxies(site)(RequestFactory().get("/", headers=headers, REMOTE_ADDR=peer))
    return seen[0]


@pytest.mark.parametrize(
    ("peer", "hops", "expected"),
    [
        pytest.param("10.1.1.1", "203.0.113.9", "203.0.113.9", id="one proxy"),
        pytest.param("10.1.1.1", "203.0.113.9, 10.2.2.2", "203.0.113.9", id="two"),
        pytest.param("10.1.1.1", "1.2.3.4, 203.0.113.9", "203.0.113.9", id="forged"),
        pytest.param("10.1.1.1", "", "10.1.1.1", id="no header"),
        pytest.param("10.1.1.1", "Zqsmith", "10.1.1.1", id="no address"),
        pytest.param("10.1.1.1", "x, 10.3.3.3", "10.3.3.3", id="no address behind one"),
        pytest.param("10.1.1.1", "2001:db8::7", "2001:db8::7", id="version 6"),
        pytest.param("203.0.113.5", "10.1.1.1", "203.0.113.5", id="not trusted"),
        pytest.param("", "10.1.1.1", "", id="a unix socket"),
    ],
)
def test_address(peer: str, hops: str, expected: str) -> None:
    request = passed_on(peer, **{"x-forwarded-for": hops})
    assert request.META["REMOTE_ADDR"] == expected
    assert "X-Forwarded-For" not in request.headers


@pytest.mark.parametrize(
    ("peer", "proto", "secure"),
    [
        ("10.1.1.1", "https", True),
        ("10.1.1.1", "http", False),
        ("10.1.1.1", "gopher", False),
        ("203.0.113.5", "https", False),
    ],
)
def test_scheme(peer: str, proto: str, secure: bool) -> None:
    request = passed_on(peer, **{"x-forwarded-proto": proto})
    assert request.is_secure() is secure
    assert "X-Forwarded-Proto" not in request.headers


@given(
    st.lists(st.ip_addresses(v=4).map(str)),
    st.ip_addresses(v=4, network="192.0.2.0/24"),
)
def test_what_a_client_writes_before_its_own_address_changes_nothing(
    forged: list[str], client: ipaddress.IPv4Address
) -> None:
    hops = ", ".join([*forged, str(client), "10.9.9.9"])
    assert _client_of(hops) == str(client)


def _client_of(hops: str) -> str:
    from django.test import override_settings  # noqa: PLC0415 - Hypothesis: no fixture

    with override_settings(TRUSTED_PROXIES=NETWORKS):
        return client_of(hops, "10.1.1.1")
