"""What every answer tells the browser, at every address, over https as in production."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.cast import PASSWORD, MakeUser
from tests.leak.askers import ABSENT
from tests.leak.routes import ROUTES, Route

EXACT = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "X-Permitted-Cross-Domain-Policies": "none",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
}
YEAR = 31_536_000


@pytest.fixture(autouse=True)
def _as_in_production(settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = YEAR
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True


def path_of(name: str, route: Route) -> str:
    arguments = dict(route.more)
    if route.about:
        arguments[route.id_name] = ABSENT
    if route.row:
        arguments["row_id"] = ABSENT
    return reverse(name.partition("/")[0], kwargs=arguments)


def check(answer: Any, what: str) -> None:
    for name, value in EXACT.items():
        assert answer.headers.get(name) == value, f"{what}: {name}"
    policy = answer.headers["Content-Security-Policy"]
    rules = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["frame-ancestors"] == rules["base-uri"] == "'none'"
    assert rules["script-src"] == rules["form-action"] == "'self'"
    assert "unsafe" not in policy, what
    assert not re.search(r"https?:|\*|data:|blob:", policy), what
    allowed = answer.headers["Permissions-Policy"]
    assert "camera=()" in allowed
    assert "publickey-credentials-get=(self)" in allowed
    assert "no-store" in answer.headers["Cache-Control"], what


@pytest.mark.parametrize("who", ["owner_supervisor", ""])
def test_every_address(who: str, client_as: Callable[[str], Client]) -> None:
    client = client_as(who) if who else Client()
    for name, route in ROUTES.items():
        path = path_of(name, route)
        for method in ("get", "post"):
            if "logout" in path and method == "post":
                continue
            answer = getattr(client, method)(path, secure=True)
            if name != "api:schema":  # not of persons, yet kept by nobody either
                check(answer, f"{method} {name}")
    assert len(ROUTES) > 200


def test_what_is_absent_or_wrong_has_them_too(
    client_as: Callable[[str], Client],
) -> None:
    client = client_as("owner_supervisor")
    for path in ("/nowhere/", "/api/v1/nowhere/", "/groups/?band=nonsense"):
        check(client.get(path, secure=True), path)
    large = {"text": "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)}
    check(client.post("/reports/new/", large, secure=True), "too large")


def test_plain_http_is_sent_to_https_and_the_probe_is_not(db: None) -> None:
    answer = Client().get("/groups/?x=1")
    assert (answer.status_code, answer["Location"]) == (
        301,
        "https://testserver/groups/?x=1",
    )
    assert Client().get("/health/").status_code in {200, 503}


def test_signing_out_has_the_browser_forget(make_user: MakeUser) -> None:
    client, user = Client(), make_user("owner_analyst")
    sent = {"login": user.email, "password": PASSWORD}
    assert (
        "Clear-Site-Data"
        not in client.post("/accounts/login/", sent, secure=True).headers
    )
    out = client.post("/accounts/logout/", secure=True)
    assert out["Clear-Site-Data"] == '"cache", "storage"'


def test_the_cookies_are_strict_and_not_for_scripts(make_user: MakeUser) -> None:
    client, user = Client(), make_user("owner_analyst")
    client.get("/accounts/login/", secure=True)
    sent = {"login": user.email, "password": PASSWORD}
    client.post("/accounts/login/", sent, secure=True)
    for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME):
        cookie = client.cookies[name]
        assert cookie["httponly"], name
        assert cookie["samesite"] == "Strict", name
        assert (cookie["path"], cookie["domain"]) == ("/", ""), name
    assert client.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == ""


@pytest.mark.parametrize(("secure", "prefix"), [("0", "__Host-"), ("1", "ocgmap-")])
def test_their_names_bind_them_to_the_host(secure: str, prefix: str) -> None:

    text = (
        "from ocgmap import settings as s; print(s.SESSION_COOKIE_NAME, "
        "s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE)"
    )
    said = subprocess.run(
        [sys.executable, "-c", text],
        env={**os.environ, "OCGMAP_INSECURE_HTTP": secure},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert said[0].startswith(prefix)
    assert said[1].startswith(prefix)
    assert said[2:] == [str(secure == "0")] * 2
