"""Single sign-on: who is let in by it, how strong it is, and what is refused alike."""

import re
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.http import HttpResponse
from django.test import Client

from accounts import gate
from accounts.models import User
from accounts.step_up import FRESH_SECONDS
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.audited import Audited
from tests.cast import MakeUser
from tests.codes import code_now, give_app
from tests.identity_provider import CLIENT, IdentityProvider, provider

__all__ = ["provider"]
LOGIN = "/accounts/oidc/sign-on/login/"
CALLBACK = f"{LOGIN}callback/"
ENROL = "/accounts/2fa/"
HERE = {"Origin": "http://testserver"}


def come_by(client: Client, provider: IdentityProvider, then: str = "") -> Any:
    """Go to the provider and come back."""
    sent = client.get(LOGIN, {"next": then} if then else {})
    assert sent.status_code == 302, sent.content.decode()
    back = provider.authorize(sent["Location"])
    # The cookie is kept back on the way from another site, so the page asks itself.
    return client.get(CALLBACK, {**back, "_redir": "true"})


@pytest.fixture
def user(make_user: MakeUser, provider: IdentityProvider) -> User:
    provider.person["email"] = "Owner_Analyst@test.example"
    return make_user("owner_analyst")


def is_refused(answer: HttpResponse) -> bool:
    said = "did not lead to an open account" in answer.content.decode()
    return answer.status_code == 401 and said


def test_an_account_of_the_verified_address_is_signed_in(
    user: User, provider: IdentityProvider, audited: Audited
) -> None:
    client = Client()
    page = client.get("/accounts/login/?next=/groups/").content.decode()
    assert f'href="{LOGIN}?next=/groups/"' in page
    assert "Sign in with Test force" in page
    answer = come_by(client, provider, "/groups/")
    assert (answer.status_code, answer["Location"]) == (302, "/groups/")
    assert client.get("/groups/").status_code == 200
    assert provider.asked["prompt"] == "login"
    assert provider.asked["client_id"] == CLIENT
    assert provider.asked["code_challenge_method"] == "S256"
    rows = audited(kind="sign_in")
    assert [(row.actor_id, row.detail["step"]) for row in rows] == [(user.pk, "in")]
    with acting_as(system("test")):
        assert not SocialAccount.objects.exists()
        assert User.objects.get(pk=user.pk).has_usable_password()


@pytest.mark.parametrize(
    "said",
    [
        pytest.param({"email": "nobody@test.example"}, id="no account"),
        pytest.param({"email_verified": False}, id="not verified"),
        pytest.param({"email_verified": "true"}, id="verified in words"),
        pytest.param({"email": ""}, id="no address"),
    ],
)
def test_whoever_has_no_account_of_a_verified_address_is_refused(
    said: dict[str, Any], user: User, provider: IdentityProvider, audited: Audited
) -> None:
    provider.person |= said
    with acting_as(system("test")):
        before = User.objects.count()
    client = Client()
    assert is_refused(come_by(client, provider))
    assert client.get("/groups/").status_code == 302
    assert {"step": "refused by sign-on"} in [
        row.detail for row in audited(kind="refusal")
    ]
    with acting_as(system("test")):
        assert User.objects.count() == before


def test_a_closed_account_is_refused_alike(
    user: User, provider: IdentityProvider
) -> None:
    with acting_as(system("test")):
        User.objects.filter(pk=user.pk).update(is_active=False)
    assert is_refused(come_by(Client(), provider))


@pytest.mark.parametrize(
    "token",
    [
        pytest.param({"iss": "https://evil.example"}, id="issuer"),
        pytest.param({"aud": "another-client"}, id="audience"),
        pytest.param({"exp": 1}, id="expired"),
        pytest.param({"jti": "same"}, id="replayed"),
    ],
)
def test_a_token_that_is_not_right_is_refused(
    token: dict[str, Any], user: User, provider: IdentityProvider
) -> None:
    provider.token = token
    if "jti" in token:
        assert come_by(Client(), provider).status_code == 302
    assert is_refused(come_by(Client(), provider))


def test_a_token_of_another_key_is_refused(
    user: User, provider: IdentityProvider
) -> None:
    provider.key = rsa.generate_private_key(public_exponent=65_537, key_size=2048)
    assert is_refused(come_by(Client(), provider))


def test_a_code_is_for_the_session_that_asked_and_once(
    user: User, provider: IdentityProvider
) -> None:
    asked, other = Client(), Client()
    back = provider.authorize(asked.get(LOGIN)["Location"]) | {"_redir": "true"}
    assert is_refused(other.get(CALLBACK, back))
    assert is_refused(asked.get(CALLBACK, back | {"state": "forged"}))
    assert asked.get(CALLBACK, back).status_code == 302
    assert is_refused(other.get(CALLBACK, back))
    assert other.get("/groups/").status_code == 302


def test_the_way_back_from_another_site_asks_once_more(
    user: User, provider: IdentityProvider
) -> None:
    """The cookie is for this site's own links only, so the page follows one."""
    client = Client()
    back = provider.authorize(client.get(LOGIN)["Location"])
    page = Client().get(CALLBACK, back)
    body = page.content.decode()
    assert page.status_code == 200
    assert '<meta http-equiv="refresh"' in body
    assert back["state"] in body


@pytest.mark.parametrize(
    ("token", "is_enough"),
    [
        ({}, False),
        ({"amr": ["pwd"]}, False),
        ({"amr": "mfa"}, False),
        ({"amr": ["pwd", "mfa"]}, True),
        ({"acr": "silver"}, False),
        ({"acr": "gold"}, True),
    ],
)
def test_it_is_two_factors_only_where_the_token_says_so(
    token: dict[str, Any],
    is_enough: bool,
    user: User,
    provider: IdentityProvider,
    settings: Any,
) -> None:
    settings.REQUIRE_MFA, settings.OIDC_TWO_FACTOR_ACR = True, ["gold"]
    provider.token, client = token, Client()
    come_by(client, provider)
    answer = client.get("/groups/")
    assert answer.status_code == (200 if is_enough else 302)
    if not is_enough:
        assert answer["Location"] == ENROL


def test_who_has_a_second_step_here_takes_it(
    user: User, provider: IdentityProvider, settings: Any
) -> None:
    settings.REQUIRE_MFA = True
    give_app(user)
    client = Client()
    assert come_by(client, provider)["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/groups/").status_code == 302
    client.post("/accounts/2fa/authenticate/", {"code": code_now()})
    assert client.get("/groups/").status_code == 200


def test_step_up_of_an_account_without_a_password(
    user: User, provider: IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    with acting_as(system("test")):
        user.set_unusable_password()
        user.save()
    client = Client()
    come_by(client, provider)
    monkeypatch.setattr("accounts.step_up.FRESH_SECONDS", -1)
    page = client.get("/accounts/confirm/", {"next": "/groups/"}).content.decode()
    assert "Your account has no password here" in page
    monkeypatch.setattr("accounts.step_up.FRESH_SECONDS", FRESH_SECONDS)
    come_by(client, provider)
    answer = client.post("/accounts/confirm/", {"next": "/groups/", "password": ""})
    assert answer["Location"] == "/groups/"


@pytest.fixture
def vouched(user: User, provider: IdentityProvider, settings: Any) -> User:
    """An account without a password, for which the provider vouches by two factors."""
    settings.REQUIRE_MFA = True
    provider.token = {"amr": ["mfa"]}
    with acting_as(system("test")):
        user.set_unusable_password()
        user.save()
    return user


def test_coming_again_in_a_live_session_keeps_its_two_factors(
    vouched: User, provider: IdentityProvider, audited: Audited
) -> None:
    client = Client()
    come_by(client, provider)
    former = client.session.session_key
    assert come_by(client, provider, "/groups/")["Location"] == "/groups/"
    assert client.get("/groups/").status_code == 200
    assert client.session.session_key != former
    steps = [row.detail["step"] for row in audited(kind="sign_in")]
    assert steps == ["in", "out", "in"]


def test_a_form_goes_on_after_signing_on_again_in_another_tab(
    vouched: User, provider: IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client(enforce_csrf_checks=True)
    come_by(client, provider)
    sealed = gate.Kept("/shortcuts/", (("single_keys", "off"),)).sealed()
    monkeypatch.setattr("accounts.step_up.FRESH_SECONDS", -1)
    page = client.get("/accounts/confirm/", {"next": "/groups/"}).content.decode()
    assert "Your account has no password here" in page
    sent = {"csrfmiddlewaretoken": ticket_of(page), "kept": sealed, "password": ""}
    come_by(client, provider)
    late = client.post("/accounts/confirm/", sent, headers=HERE)
    assert late.status_code == 401  # its ticket is old, and the question stands
    assert 'name="kept"' in late.content.decode()
    monkeypatch.setattr("accounts.step_up.FRESH_SECONDS", FRESH_SECONDS)
    strange = client.post("/accounts/confirm/", sent, headers={"Origin": "https://e.x"})
    assert strange.status_code == 403
    again = client.post("/accounts/confirm/", sent, headers=HERE).content.decode()
    assert 'action="/shortcuts/"' in again
    form = {"csrfmiddlewaretoken": ticket_of(again), "single_keys": "off"}
    answer = client.post("/shortcuts/", form, headers=HERE)
    assert (answer.status_code, answer["Location"]) == (302, "/shortcuts/")


def ticket_of(page: str) -> str:
    return re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[-1]


def test_who_has_no_password_sets_up_a_factor_after_signing_on_anew(
    user: User, provider: IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    with acting_as(system("test")):
        user.set_unusable_password()
        user.save()
    client = Client()
    come_by(client, provider)
    monkeypatch.setattr("accounts.step_up.FRESH_SECONDS", -1)
    for path in ("totp/activate/", "webauthn/add/"):
        asked = client.get(f"{ENROL}{path}")
        assert asked["Location"].startswith("/accounts/confirm/?next=")
    monkeypatch.setattr("accounts.step_up.FRESH_SECONDS", FRESH_SECONDS)
    come_by(client, provider)
    assert client.get(f"{ENROL}totp/activate/").status_code == 200


def test_without_a_provider_there_is_none(db: None) -> None:
    assert "Sign in with" not in Client().get("/accounts/login/").content.decode()
    assert Client().get(LOGIN).status_code == 404
    assert Client().get(CALLBACK).status_code == 404


def test_nobody_links_an_account(user: User, provider: IdentityProvider) -> None:
    client = Client()
    come_by(client, provider)
    assert client.get(LOGIN, {"process": "connect"}).status_code == 404


def test_a_provider_that_does_not_answer_is_said_so(
    user: User, provider: IdentityProvider
) -> None:
    provider.server.shutdown()
    provider.server.server_close()
    assert is_refused(Client().get(LOGIN))
