"""Every address of the site."""

from allauth.account import views as account
from django.urls import URLPattern, URLResolver, include, path

from accounts import single_sign_on as sign_on
from ocgmap.views import health_json, status_page

# Nobody signs up and nobody resets a password by mail: administrators make accounts.
account_patterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("oidc/<slug:provider_id>/login/", sign_on.login, name="openid_connect_login"),
    path(
        "oidc/<slug:provider_id>/login/callback/",
        sign_on.callback,
        name="openid_connect_callback",
    ),
    path("2fa/", include("accounts.second_step_views")),
]

handler500 = "ocgmap.views.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/", health_json, name="health"),
    path("status/", status_page, name="status"),
    path("accounts/", include(account_patterns)),
    path("api/v1/", include("ocgmap.api")),
    path("", include("accounts.urls")),
    path("", include("groups.urls")),
    path("", include("intelligence.urls")),
    path("", include("scoring.urls")),
]

handler400 = "ocgmap.views.bad_request"
