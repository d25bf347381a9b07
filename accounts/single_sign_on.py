"""Single sign-on at one identity provider by OpenID Connect, where settings name one.

It makes no account and links none: whoever it vouches for must have an account with the
same address, which the provider must have verified. It counts as two factors only where
its token says so; else the account's own second step is asked for besides.
"""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.internal import jwtkit, statekit
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.oauth2.views import (
    OAuth2CallbackView,
    OAuth2LoginView,
)
from allauth.socialaccount.providers.openid_connect.views import (
    OpenIDConnectOAuth2Adapter,
)
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from requests import RequestException

from accounts import audit
from accounts.models import User
from accounts.models.audit_event import AuditKind

REFUSED = "accounts/sign_on_refused.html"


class SingleSignOnAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # untyped
    """Takes a person of the provider for the account of the same verified address."""

    def is_open_for_signup(
        self, request: HttpRequest, sociallogin: SocialLogin
    ) -> bool:
        """Return false: an administrator makes accounts."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Put the account in, with the strength of the sign-in; else refuse all alike.

        Raises:
            ImmediateHttpResponse: there is no open account of a verified address.
        """
        user = _account_of(sociallogin)
        if user is None:
            raise ImmediateHttpResponse(refusal(request))
        _leave(request, user)
        sociallogin.user = user
        token = sociallogin.account.extra_data.get("id_token", {})
        record_authentication(
            request, user, "provider", is_two_factor=is_two_factor(token) or None
        )

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, **more: Any
    ) -> None:
        """Refuse in the same words whatever went wrong; the log has the request's id.

        Raises:
            ImmediateHttpResponse: always.
        """
        raise ImmediateHttpResponse(refusal(request))


class _Adapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # untyped library
    """Checks the signature of the token even though it came straight from the provider."""

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        decoded: dict[str, Any] = jwtkit.verify_and_decode(
            credential=id_token,
            keys_url=self.openid_config["jwks_uri"],
            issuer=self.openid_config["issuer"],
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
        )
        return decoded


def _account_of(sociallogin: SocialLogin) -> User | None:
    verified = [
        one.email for one in sociallogin.email_addresses if one.verified is True
    ]
    if len(verified) != 1:
        return None
    return User.objects.filter(email__iexact=verified[0], is_active=True).first()


def _leave(request: HttpRequest, user: User) -> None:
    """End the session that the browser has, before anything is noted in the next one.

    The library would do so later, and take away what we note of the sign-in. Other
    sign-ins that the same person has begun go on, as there.
    """
    if not request.user.is_authenticated:
        return
    begun = dict(statekit.get_states(request)) if request.user == user else {}
    get_adapter(request).logout(request)
    if begun:
        request.session[statekit.STATES_SESSION_KEY] = begun


def is_two_factor(token: dict[str, Any]) -> bool:
    """Return whether the provider says that the person proved two factors.

    Source: RFC 8176 (`mfa` in `amr`); `acr` values are the provider's own, so which of
    them count is in the settings.
    """
    methods = token.get("amr")
    said = isinstance(methods, list) and "mfa" in methods
    return said or token.get("acr") in settings.OIDC_TWO_FACTOR_ACR


def refusal(request: HttpRequest) -> HttpResponse:
    """Return the one answer to whoever may not come in this way, and record it."""
    audit.record(
        AuditKind.REFUSAL, "accounts.User", [], detail={"step": "refused by sign-on"}
    )
    return render(request, REFUSED, status=401)


@require_safe
def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Send the browser to the provider."""
    if request.GET.get("process", "login") != "login":
        raise Http404
    return _view(OAuth2LoginView, request, provider_id)


@require_safe
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Take what the provider says, and sign in whom it is about."""
    return _view(OAuth2CallbackView, request, provider_id)


def _view(kind: Any, request: HttpRequest, provider_id: str) -> HttpResponse:
    if not settings.OIDC_URL or provider_id != settings.OIDC_PROVIDER:
        raise Http404
    try:
        answer: HttpResponse = kind.adapter_view(_Adapter(request, provider_id))(
            request
        )
    except RequestException:  # the provider does not answer
        return refusal(request)
    return answer
