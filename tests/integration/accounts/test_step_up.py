"""What is highly sensitive asks who one is, and loses nothing that was typed."""

import re
import uuid
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.views import View

from accounts.gate import KEPT_CHARACTERS
from accounts.step_up import FRESH_SECONDS, StepUpRequired
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import Scope
from tests import signed_in
from tests.audited import Audited
from tests.cast import PASSWORD, MakeUser
from tests.codes import code_now, give_app

HERE = {"Origin": "http://testserver"}
FILE = "/search/paste/file/?q=x"
PROFILE = f"/groups/{uuid.UUID(int=1)}/profile/"
STORY = "Words of a reason that nobody types twice."


@pytest.fixture
def late(make_user: MakeUser) -> Client:
    """A supervisor who typed the password longer ago than a step-up holds."""
    client = Client()
    user = make_user("owner_supervisor")
    signed_in.sign_in(client, user, seconds_ago=FRESH_SECONDS + 1)
    return client


def hidden(page: Any) -> dict[str, str]:
    body = page.content.decode()
    found = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', body)
    return {unescape(name): unescape(value) for name, value in found}


@pytest.mark.parametrize(
    "path",
    [
        FILE,
        PROFILE,
        f"/groups/{uuid.UUID(int=1)}/network/picture.svg",
        f"/people/{uuid.UUID(int=1)}/network/picture.svg",
    ],
)
def test_what_takes_records_out_asks_first(late: Client, path: str) -> None:
    asked = late.get(path)
    assert asked.status_code == 302
    assert asked["Location"].startswith("/accounts/confirm/?next=")
    page = late.get(asked["Location"])
    assert "Enter your password again" in page.content.decode()


def test_right_answer_leads_on_and_holds(late: Client, audited: Audited) -> None:
    page = late.get("/accounts/confirm/", {"next": FILE})
    answer = late.post("/accounts/confirm/", {**hidden(page), "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, FILE)
    assert late.get(FILE).status_code == 400  # it is no list, but the question is over
    steps = [row.detail["step"] for row in audited(kind="sign_in")]
    assert steps == ["confirmed"]


def test_wrong_answer_is_asked_again_and_recorded(
    late: Client, audited: Audited
) -> None:
    page = late.post("/accounts/confirm/", {"next": FILE, "password": "wrong"})
    assert page.status_code == 200
    assert "There is a problem" in page.content.decode()
    assert hidden(page)["next"] == FILE
    assert {"code": "step_up"} in [row.detail for row in audited(kind="refusal")]
    assert late.get(FILE).status_code == 302


def test_form_that_comes_late_is_not_lost(late: Client) -> None:
    asked = late.post(PROFILE, {"reason": STORY}, headers=HERE)
    assert asked.status_code == 401
    kept = hidden(asked)["kept"]
    wrong = late.post(
        "/accounts/confirm/", {"kept": kept, "password": "wrong"}, headers=HERE
    )
    again = late.post(
        "/accounts/confirm/",
        {"kept": hidden(wrong)["kept"], "password": PASSWORD},
        headers=HERE,
    )
    body = again.content.decode()
    assert STORY in body
    assert f'action="{PROFILE}"' in body
    assert hidden(again)["reason"] == STORY
    sent = late.post(PROFILE, hidden(again), headers=HERE)
    assert sent.status_code == 404  # there is no such group, but the question is over


def test_too_long_a_text_can_be_copied(late: Client) -> None:
    asked = late.post(
        PROFILE, {"reason": "word " * (KEPT_CHARACTERS // 4)}, headers=HERE
    )
    assert "too long to be kept" in asked.content.decode()
    assert "kept" not in hidden(asked)


def test_who_has_a_second_factor_is_asked_for_it(
    late: Client, make_user: MakeUser
) -> None:
    give_app(make_user("owner_supervisor"))
    page = late.get("/accounts/confirm/", {"next": FILE})
    assert "Enter the code" in page.content.decode()
    sent = {"next": FILE, "password": PASSWORD}
    assert late.post("/accounts/confirm/", sent).status_code == 200
    assert late.get(FILE).status_code == 302
    answer = late.post("/accounts/confirm/", {"next": FILE, "code": code_now()})
    assert answer.status_code == 302
    assert late.get(FILE).status_code == 400


def test_a_password_just_typed_does_not_stand_for_the_second_factor(
    client_as: Callable[[str], Client], make_user: MakeUser
) -> None:
    client = client_as("owner_supervisor")
    assert client.get(FILE).status_code == 400
    give_app(make_user("owner_supervisor"))
    assert client.get(FILE).status_code == 302


@pytest.mark.parametrize(
    "then", ["https://evil.example/", "//evil.example/", "\\\\evil.example", "x:y", ""]
)
def test_confirmation_leads_nowhere_else(late: Client, then: str) -> None:
    answer = late.post("/accounts/confirm/", {"next": then, "password": PASSWORD})
    assert answer["Location"] == "/"


def test_confirmation_is_for_who_is_signed_in(db: None, late: Client) -> None:
    asked = Client().get("/accounts/confirm/", {"next": FILE})
    assert asked["Location"].startswith("/accounts/login/?next=/search/")
    kept = hidden(late.post(PROFILE, {"reason": STORY}, headers=HERE))["kept"]
    ended = Client().post("/accounts/confirm/", {"kept": kept}, headers=HERE)
    assert ended.status_code == 401
    assert "Your session has ended" in ended.content.decode()
    assert late.post("/accounts/confirm/", {"kept": kept}).status_code == 403


def test_a_view_of_a_class_asks_too(late: Client) -> None:
    class Sensitive(StepUpRequired, View):
        def get(self, request: HttpRequest) -> HttpResponse:
            return HttpResponse("secret")

    def ask(client: Client) -> HttpResponse:
        page = client.get("/accounts/confirm/")
        request = RequestFactory().get("/x/?a=b")
        request.user = page.wsgi_request.user
        with acting_as(Scope(role="web")), transaction.atomic():
            request.session = client.session
            return Sensitive.as_view()(request)

    asked = ask(late)
    assert asked.status_code == 302
    assert asked["Location"] == "/accounts/confirm/?next=%2Fx%2F%3Fa%3Db"
    late.post("/accounts/confirm/", {"password": PASSWORD})
    assert ask(late).content == b"secret"


@pytest.mark.parametrize(
    ("path", "is_of_one_moment"),
    [
        ("/accounts/confirm/", False),
        ("/accounts/2fa/webauthn/add/", False),
        ("/accounts/oidc/sign-on/login/callback/", False),
        ("/groups/", True),
        ("/sessions/", True),
    ],
)
def test_pages_that_write_into_the_session_do_not_clash(
    client_as: Callable[[str], Client],
    monkeypatch: pytest.MonkeyPatch,
    path: str,
    is_of_one_moment: bool,
) -> None:
    """A page that writes must not fail since another tab noted its use meanwhile."""
    opened = []

    def anonymous(**asked: bool) -> Scope:
        opened.append(asked["repeatable_read"])
        return Scope(role="web")

    client = client_as("owner_supervisor")
    monkeypatch.setattr("accounts.middleware.anonymous", anonymous)
    client.get(path)
    assert opened == [is_of_one_moment]
