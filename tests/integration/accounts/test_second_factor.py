"""Where a second factor is asked for, an account without one opens nothing else."""

import datetime
import re
import time
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY as METHODS
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.roles import Role
from accounts.step_up import FRESH_SECONDS
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import Scope, system
from scoring.demonstration.cast import APP_SECRET
from tests.audited import Audited
from tests.cast import CAST, PASSWORD, MakeUser
from tests.codes import SECRET, code_now, give_app
from tests.signed_in import BACKEND

ClientAs = Callable[[str], Client]
ENROL = "/accounts/2fa/"
EXPORT = "/search/paste/file/?q=x"  # asks who one is first
CHANGES = (
    "totp/activate/",
    "totp/deactivate/",
    "recovery-codes/",
    "recovery-codes/generate/",
    "recovery-codes/download/",
    "webauthn/add/",
    "webauthn/keys/1/remove/",
    "webauthn/keys/1/edit/",
)


@pytest.fixture
def _required(settings: object) -> None:
    settings.REQUIRE_MFA = True  # type: ignore[attr-defined]


@pytest.fixture
def late(monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    """Let what was proved count as long ago, or again as just now."""

    def turn(is_late: bool) -> None:
        seconds = -1 if is_late else FRESH_SECONDS
        monkeypatch.setattr("accounts.step_up.FRESH_SECONDS", seconds)

    return turn


def sign_in(client: Client, email: str) -> str:
    sent = {"login": email, "password": PASSWORD}
    return str(client.post("/accounts/login/", sent)["Location"])


@pytest.mark.usefixtures("_required")
@pytest.mark.parametrize("role", Role)
def test_every_role_is_led_to_set_one_up_and_nowhere_else(
    make_user: MakeUser, role: Role
) -> None:
    user, client = make_user(f"one_{role}", "durham", role), Client()
    assert sign_in(client, user.email) == "/"
    for path in ("/", "/groups/", "/shortcuts/", "/accounts/sessions/", "/nowhere/"):
        answer = client.get(path)
        assert (answer.status_code, answer["Location"]) == (302, ENROL), path
    assert client.post("/reports/new/", {"text": "x"})["Location"] == ENROL
    assert client.get("/api/v1/schema/").status_code == 401
    page = client.get(ENROL).content.decode()
    assert "Your account opens nothing yet" in page
    assert "hx-get" not in page  # what it would ask for leads back here
    assert client.get("/accounts/logout/").status_code == 200
    assert client.get("/status/").status_code in {200, 503}


@pytest.mark.usefixtures("_required")
def test_setting_one_up_opens_the_session_at_once(
    make_user: MakeUser,
    audited: Audited,
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:
    user, client = make_user("owner_analyst"), Client()
    sign_in(client, user.email)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        asked = client.get("/accounts/2fa/totp/activate/")
        client.post(asked["Location"], {"password": PASSWORD})
        page = client.get("/accounts/2fa/totp/activate/").content.decode()
        secret = re.findall(r"Secret: <code[^>]*>([A-Z2-7]+)<", page)[0]
        code = code_now(secret)
        done = client.post("/accounts/2fa/totp/activate/", {"code": code})
    assert done.status_code == 302, done.content.decode()
    assert client.get("/groups/").status_code == 200
    assert client.get("/api/v1/schema/").status_code == 200
    steps = [row.detail["step"] for row in audited(kind="alteration")]
    assert "second step added" in steps


@pytest.mark.usefixtures("_required")
def test_with_one_the_code_is_asked_for_and_opens(make_user: MakeUser) -> None:
    user, client = make_user("owner_analyst"), Client()
    give_app(user)
    assert sign_in(client, user.email) == "/accounts/2fa/authenticate/"
    assert client.get("/groups/")["Location"].startswith("/accounts/login/")
    code = code_now()
    assert client.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 302
    assert client.get("/groups/").status_code == 200
    # The same code opens no second session.
    other = Client()
    sign_in(other, user.email)
    assert other.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 200
    assert other.get("/groups/").status_code == 302


@pytest.mark.usefixtures("_required")
def test_the_last_one_stays(make_user: MakeUser) -> None:
    user, client = make_user("owner_analyst"), Client()
    give_app(user)
    sign_in(client, user.email)
    client.post("/accounts/2fa/authenticate/", {"code": code_now()})
    client.post("/accounts/confirm/", {"code": code_now()})
    client.post("/accounts/2fa/totp/deactivate/", {})
    with acting_as(system("test")):
        assert Authenticator.objects.filter(user=user, type="totp").exists()


def give_key(user: User) -> Authenticator:
    """Note a security key of ``user``; nobody has it in hand."""
    with acting_as(system("test")), transaction.atomic():
        return Authenticator.objects.create(
            user=user, type="webauthn", data={"name": "Key on a ring", "credential": {}}
        )


def this_period() -> datetime.datetime:
    """Return when the code that apps show now began to count."""
    return datetime.datetime.fromtimestamp(time.time() // 30 * 30, datetime.UTC)


def signed_in_with_code(user: User) -> Client:
    client = Client()
    sign_in(client, user.email)
    answer = client.post("/accounts/2fa/authenticate/", {"code": code_now()})
    assert answer.status_code == 302
    return client


@pytest.mark.usefixtures("_required")
@pytest.mark.parametrize("path", CHANGES)
def test_who_knows_the_password_alone_changes_no_second_factor(
    make_user: MakeUser, late: Callable[[bool], None], path: str
) -> None:
    user = make_user("owner_supervisor")
    give_app(user)
    client = signed_in_with_code(user)
    late(True)
    # What the library asks is met by the password alone.
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    asked = client.get(f"{ENROL}{path}")
    assert asked.status_code == 302
    assert asked["Location"].startswith("/accounts/confirm/?next=")
    page = client.get(asked["Location"]).content.decode()
    assert "Enter the code that your authenticator app shows now" in page
    assert client.post(f"{ENROL}{path}", {}).status_code == 401
    with acting_as(system("test")):
        kinds = Authenticator.objects.filter(user=user).values_list("type", flat=True)
        assert list(kinds) == ["totp"]


@pytest.mark.usefixtures("_required")
def test_a_code_opens_the_pages_that_change_them(
    make_user: MakeUser, late: Callable[[bool], None]
) -> None:
    user = make_user("owner_supervisor")
    give_app(user)
    client = signed_in_with_code(user)
    late(True)
    then = f"{ENROL}recovery-codes/generate/"
    assert client.get(then).status_code == 302
    answer = client.post("/accounts/confirm/", {"next": then, "code": code_now()})
    assert answer["Location"] == then
    late(False)
    assert client.post(then, {})["Location"] == f"{ENROL}recovery-codes/"
    with acting_as(system("test")):
        assert Authenticator.objects.filter(user=user, type="recovery_codes").exists()


@pytest.mark.usefixtures("_required")
def test_a_factor_just_set_up_opens_the_session_and_confirms_nothing(
    make_user: MakeUser,
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:
    user, client = make_user("owner_supervisor"), Client()
    sign_in(client, user.email)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        page = client.get("/accounts/2fa/totp/activate/").content.decode()
        secret = re.findall(r"Secret: <code[^>]*>([A-Z2-7]+)<", page)[0]
        sent = {"code": code_now(secret)}
        assert client.post("/accounts/2fa/totp/activate/", sent).status_code == 302
    assert client.get("/groups/").status_code == 200
    assert client.get(EXPORT)["Location"].startswith("/accounts/confirm/")
    assert client.get(f"{ENROL}webauthn/add/")["Location"].startswith(
        "/accounts/confirm/"
    )
    client.post("/accounts/confirm/", {"next": "/", "code": code_now(secret)})
    assert client.get(EXPORT).status_code == 400  # no list, but the question is over


@pytest.mark.usefixtures("_required")
def test_the_last_key_stays_and_another_goes(make_user: MakeUser) -> None:
    user, client = make_user("owner_analyst"), Client()
    key = give_key(user)
    proved = {"method": "mfa", "at": time.time(), "reauthenticated": True}
    with acting_as(Scope(role="web")), transaction.atomic():
        client.force_login(user, backend=BACKEND)
        session = client.session
        session[METHODS], session[f"{METHODS}_user"] = [proved], str(user.pk)
        session.save()
    remove = f"{ENROL}webauthn/keys/{key.pk}/remove/"
    with CaptureQueriesContext(connection) as asked:
        page = client.post(remove, {})
    assert page.status_code == 200
    assert "your last second factor" in page.content.decode()
    locks = [one["sql"] for one in asked if "FOR UPDATE" in one["sql"]]
    assert any('"accounts_user"' in one for one in locks)
    give_app(user)
    assert client.post(remove, {}).status_code == 302
    with acting_as(system("test")):
        kinds = Authenticator.objects.filter(user=user).values_list("type", flat=True)
        assert list(kinds) == ["totp"]


@pytest.mark.usefixtures("_required")
@pytest.mark.parametrize("seconds", [0, 31, 59])
def test_a_code_is_taken_once_by_all_processes(
    make_user: MakeUser, seconds: int
) -> None:
    user = make_user("owner_analyst")
    give_app(user)
    start = this_period()
    with time_machine.travel(start, tick=False):
        code = code_now()
        first = Client()
        sign_in(first, user.email)
        assert first.post(f"{ENROL}authenticate/", {"code": code}).status_code == 302
    cache.clear()  # as in another process, which has a cache of its own
    with time_machine.travel(start + datetime.timedelta(seconds=seconds), tick=False):
        second = Client()
        sign_in(second, user.email)
        again = second.post(f"{ENROL}authenticate/", {"code": code})
        assert again.status_code == 200
        assert "This code was used already" in again.content.decode()
        assert second.get("/groups/").status_code == 302


@pytest.mark.usefixtures("_required")
def test_a_used_code_is_no_try(make_user: MakeUser, settings: Any) -> None:
    """Whoever signs in twice within half a minute waits, and is not locked out."""
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "5/15m/key"}
    user = make_user("owner_analyst")
    give_app(user)
    start = this_period()
    with time_machine.travel(start, tick=False):
        code = code_now()
        clients = [Client(), Client()]
        for client in clients:
            sign_in(client, user.email)
        clients[0].post(f"{ENROL}authenticate/", {"code": code})
        for _ in range(7):
            page = clients[1].post(f"{ENROL}authenticate/", {"code": code})
            assert "This code was used already" in page.content.decode()
    with time_machine.travel(start + datetime.timedelta(seconds=30), tick=False):
        following = format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))
        answer = clients[1].post(f"{ENROL}authenticate/", {"code": following})
        assert answer.status_code == 302
        assert clients[1].get("/groups/").status_code == 200


@pytest.mark.parametrize("name", sorted(CAST)[:3])
def test_where_none_is_asked_for_a_password_opens(
    make_user: MakeUser, name: str
) -> None:
    client = Client()
    assert sign_in(client, make_user(name).email) == "/"
    assert client.get("/").status_code == 200


def test_the_secret_is_not_readable_in_the_database(make_user: MakeUser) -> None:
    kept = give_app(make_user("owner_analyst"))
    assert SECRET not in str(kept.data)
    with acting_as(system("test")):
        again = Authenticator.objects.get(pk=kept.pk)
    assert again.wrap().validate_code(code_now())


@pytest.mark.usefixtures("_required")
@pytest.mark.parametrize("is_demonstration", [True, False])
def test_only_a_demonstration_says_the_code(
    make_user: MakeUser, settings: object, *, is_demonstration: bool
) -> None:
    settings.DEMONSTRATION = is_demonstration  # type: ignore[attr-defined]
    user, client = make_user("owner_analyst"), Client()
    with acting_as(system("test")), transaction.atomic():
        TOTP.activate(user, APP_SECRET)
    sign_in(client, user.email)
    page = client.get("/accounts/2fa/authenticate/").content.decode()
    said = re.findall(r"shows <strong>(\d{6})</strong> now", page)
    assert bool(said) is is_demonstration
    if said:
        cache.clear()
        client.post("/accounts/2fa/authenticate/", {"code": said[0]})
        assert client.get("/groups/").status_code == 200
