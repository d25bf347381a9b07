"""Nothing is open to the anonymous, and a lost session loses nothing typed."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts import gate
from intelligence.models import Report
from ocgmap.common import queues
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.cast import PASSWORD, MakeUser

ClientAs = Callable[[str], Client]
HERE = {"Origin": "http://testserver"}
CAME_FROM = {"Referer": "http://testserver/reports/new/"}
STORY = 'A long <story> of "two" lines,\r\nnever to be typed again.'
REPORT = {
    "owner": "durham",
    "idempotency_key": "k",
    "text": STORY,
    "received_on_day": "1",
    "received_on_month": "3",
    "received_on_year": "2026",
    "source_grade": "1",
    "assessment_grade": "A",
    "handling": "P",
    "sharing": "force",
    "groups": ["", ""],
    "claims-TOTAL_FORMS": "0",
    "claims-INITIAL_FORMS": "0",
}


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queues, "hint", lambda *_: None)


def hidden_fields(page: Any) -> list[tuple[str, str]]:
    body = page.content.decode()
    found = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', body)
    return [(unescape(name), unescape(value)) for name, value in found]


def kept_in(page: Any) -> str:
    return dict(hidden_fields(page))["kept"]


@pytest.mark.parametrize(
    "path", ["/", "/reports/", "/reports/new/?group=x", "/returns/", "/no-such-page/"]
)
def test_anonymous_get_leads_to_sign_in_and_back(db: None, path: str) -> None:
    answer = Client().get(path)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/?next=/")


@pytest.mark.parametrize("path", ["/accounts/login/", "/status/"])
def test_open_addresses_stay_open(db: None, path: str) -> None:
    assert Client().get(path).status_code in {200, 503}


def test_anonymous_post_without_a_mark_of_its_own_is_not_shown(db: None) -> None:
    for headers in (
        {},
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site", **HERE},
        {"Sec-Fetch-Site": "cross-site", **CAME_FROM},
        {"Origin": "null", **CAME_FROM},
        {"Referer": "https://evil.example/http://testserver/"},
        {"Referer": "http://testserver.evil.example/"},
    ):
        answer = Client().post("/reports/new/", REPORT, headers=headers)
        assert answer.status_code == 302
        assert STORY[:10] not in answer.content.decode()


@pytest.mark.parametrize(
    "headers", [HERE, {"Sec-Fetch-Site": "same-origin"}, CAME_FROM]
)
def test_lost_session_keeps_the_text_and_sends_it_after_sign_in(
    make_user: MakeUser, headers: dict[str, str]
) -> None:
    user, client = make_user("owner_analyst"), Client(enforce_csrf_checks=True)
    ended = client.post("/reports/new/", REPORT, headers=headers)
    assert ended.status_code == 401
    assert "Your session has ended" in ended.content.decode()

    tokens = dict(hidden_fields(ended))
    again = client.post(
        "/accounts/resume/sign-in/",
        {**tokens, "login": user.email, "password": PASSWORD},
        headers=headers,
    )
    assert again.status_code == 200
    assert "Send again" in again.content.decode()
    assert "never to be typed again" in again.content.decode()

    fields: dict[str, list[str]] = {}
    for name, value in hidden_fields(again):
        fields.setdefault(name, []).append(value)
    assert fields["text"] == [STORY]
    sent = client.post("/reports/new/", fields, headers=headers)
    assert sent.status_code == 302, sent.context and sent.context["form"].errors
    with acting_as(system("test")):
        assert Report.objects.get().text == STORY.replace("\r\n", "\n")


def test_wrong_password_keeps_the_text(make_user: MakeUser) -> None:
    user, client = make_user("owner_analyst"), Client()
    kept = kept_in(client.post("/reports/new/", REPORT, headers=HERE))
    page = client.post(
        "/accounts/resume/sign-in/",
        {"kept": kept, "login": user.email, "password": "wrong"},
        headers=HERE,
    )
    assert page.status_code == 401
    assert "There is a problem" in page.content.decode()
    back = gate.opened(kept_in(page))
    assert back is not None
    assert ("text", STORY) in back.fields


def test_signed_in_meanwhile_in_another_tab(client_as: ClientAs) -> None:
    kept = kept_in(Client().post("/reports/new/", REPORT, headers=HERE))
    client = client_as("owner_analyst")
    for path in ("/accounts/resume/", "/accounts/resume/sign-in/"):
        page = client.post(path, {"kept": kept}, headers=HERE)
        assert page.status_code == 200
        assert 'action="/reports/new/"' in page.content.decode()


def test_form_of_a_former_session_comes_back_with_a_new_ticket(
    make_user: MakeUser,
) -> None:
    """Signed in anew in another tab: the session is valid, the form's token is old."""
    user, client = make_user("owner_analyst"), Client(enforce_csrf_checks=True)
    tokens = dict(hidden_fields(client.get("/accounts/login/")))
    signed = client.post(
        "/accounts/login/",
        {**tokens, "login": user.email, "password": PASSWORD},
        headers=HERE,
    )
    assert signed.status_code == 302
    old = {**REPORT, "csrfmiddlewaretoken": "a" * 64}
    page = client.post("/reports/new/", old, headers=HERE)
    assert page.status_code == 403
    assert "never to be typed again" in page.content.decode()
    fields: dict[str, list[str]] = {}
    for name, value in hidden_fields(page):
        fields.setdefault(name, []).append(value)
    assert client.post("/reports/new/", fields, headers=HERE).status_code == 302

    strange = client.post(
        "/reports/new/", old, headers={"Origin": "https://evil.example"}
    )
    assert strange.status_code == 403
    assert "never to be typed again" not in strange.content.decode()


def test_second_step_comes_first(
    make_user: MakeUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The password was right, but allauth wants a code before it signs in."""
    user, client = make_user("owner_analyst"), Client()
    monkeypatch.setattr(
        "allauth.mfa.stages.AuthenticateStage._should_handle",
        lambda *_: True,
        raising=False,
    )
    monkeypatch.setattr(
        "allauth.mfa.stages.is_mfa_enabled", lambda *_args, **_kwargs: True
    )
    kept = kept_in(client.post("/reports/new/", REPORT, headers=HERE))
    page = client.post(
        "/accounts/resume/sign-in/",
        {"kept": kept, "login": user.email, "password": PASSWORD},
        headers=HERE,
    )
    assert page.status_code == 401
    assert "Enter your code" in page.content.decode()
    assert gate.opened(kept_in(page)) is not None
    still = client.post("/accounts/resume/", {"kept": kept}, headers=HERE)
    assert still.status_code == 401


def test_resume_without_a_session_asks_for_sign_in(db: None) -> None:
    kept = gate.Kept("/reports/new/", (("text", STORY),)).sealed()
    page = Client().post("/accounts/resume/", {"kept": kept}, headers=HERE)
    assert page.status_code == 401


def test_resume_refuses_other_sites_and_forged_text(client_as: ClientAs) -> None:
    client = client_as("owner_analyst")
    kept = gate.Kept("/reports/new/", (("text", STORY),)).sealed()
    assert client.post("/accounts/resume/", {"kept": kept}).status_code == 403
    forged = client.post("/accounts/resume/", {"kept": kept[:-2] + "xx"}, headers=HERE)
    assert forged.status_code == 400
    assert client.get("/accounts/resume/").status_code == 405
    assert client.get("/accounts/resume/sign-in/").status_code in {400, 403, 405}


def test_kept_text_is_old_after_a_day() -> None:
    with time_machine.travel("2026-03-01T12:00:00Z"):
        kept = gate.Kept("/reports/new/", ()).sealed()
    with time_machine.travel("2026-03-02T11:59:00Z"):
        assert gate.opened(kept) is not None
    with time_machine.travel("2026-03-02T12:01:00Z"):
        assert gate.opened(kept) is None


@pytest.mark.parametrize(
    "path", ["//evil.example/", "https://evil.example/", "/nowhere"]
)
def test_kept_text_leads_only_to_our_own_addresses(path: str) -> None:
    assert gate.opened(gate.Kept(path, ()).sealed()) is None


def test_passwords_and_tokens_are_never_kept(db: None) -> None:
    posted = {
        "text": STORY,
        "new_password": "secret words here",
        "csrfmiddlewaretoken": "token",
        "kept": "older",
    }
    page = Client().post("/reports/new/", posted, headers=HERE)
    back = gate.opened(kept_in(page))
    assert back is not None
    assert [name for name, _ in back.fields] == ["text"]


def test_too_long_a_text_can_be_copied(db: None) -> None:
    page = Client().post("/reports/new/", {"text": "word " * 100_001}, headers=HERE)
    body = page.content.decode()
    assert "too long to be kept" in body
    assert "<textarea" in body
    assert 'name="kept"' not in body
