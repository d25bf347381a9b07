"""Where a second factor is asked for, an account without one opens nothing else."""

import re
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from accounts.roles import Role
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from scoring.demonstration.cast import APP_SECRET
from tests.audited import Audited
from tests.cast import CAST, PASSWORD, MakeUser
from tests.codes import SECRET, code_now, give_app

ClientAs = Callable[[str], Client]
ENROL = "/accounts/2fa/"


@pytest.fixture
def _required(settings: object) -> None:
    settings.REQUIRE_MFA = True  # type: ignore[attr-defined]


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
