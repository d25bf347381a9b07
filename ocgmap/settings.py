"""The one settings module: twelve-factor, no secret and no unsafe default."""

import os
from pathlib import Path
from typing import Any

import pghistory
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from ocgmap import log_config
from ocgmap.env import (
    env_bool,
    env_choice,
    env_int,
    env_key,
    env_list,
    env_networks,
    env_secret,
    env_str,
)
from ocgmap.version import VERSION

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = Path(env_str("OCGMAP_VAR", str(BASE_DIR / "var")))
REAL_DATA = Path(env_str("OCGMAP_REAL_DATA", str(BASE_DIR.parent / "shared" / "data")))
OCGMAP_VERSION = VERSION

# `score` and `network` are pure: they run with no secret and no database at hand.
OFFLINE = env_bool("OCGMAP_OFFLINE")
DEBUG = env_bool("OCGMAP_DEBUG")
TESTING = env_bool("OCGMAP_TEST")
DEMONSTRATION = env_bool("OCGMAP_DEMONSTRATION")
SECRET_KEY = "offline" * 8 if OFFLINE else env_secret("SECRET_KEY")
TOKEN_PEPPER = "" if OFFLINE else env_secret("OCGMAP_TOKEN_PEPPER")
ALLOWED_HOSTS = env_list("OCGMAP_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env_list("OCGMAP_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "django_linear_migrations",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "csp",
    "django_filters",
    "drf_spectacular",
    "pghistory",
    "pgtrigger",
    "rest_framework",
    "accounts",
    "groups",
    "intelligence",
    "scoring",
    "ocgmap",
]

MIDDLEWARE = [
    "ocgmap.forwarded.trusted_proxies",
    "ocgmap.request_log.seen",
    "ocgmap.headers.guarded",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Before the transaction: an answer that no database could be had is held to it too.
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "accounts.middleware.scoped_transaction",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.viewer",
    "accounts.gate.default_deny",
    "accounts.middleware.ErrorPages",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "ocgmap.urls"
WSGI_APPLICATION = "ocgmap.wsgi.application"
ASGI_APPLICATION = "ocgmap.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "ocgmap.common.forms.GovukRenderer"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "libraries": {
                "charts": "ocgmap.common.templatetags.charts",
                "govuk": "ocgmap.common.templatetags.govuk",
            },
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ocgmap.context.page",
            ],
        },
    }
]


def _database(url: str) -> dict[str, Any]:
    """Return Django's settings for a PostgreSQL URL."""
    try:
        parts = conninfo_to_dict(url)
    except ProgrammingError:
        # What it says would quote the address, and the password in it.
        raise SystemExit(
            f"ocgmap settings: DATABASE_{PROCESS.upper()}_URL cannot be read as the "
            "address of a database."
        ) from None
    options: dict[str, Any] = {
        key: value
        for key, value in parts.items()
        if key not in {"dbname", "user", "password", "host", "port"}
    }
    options["options"] = "-c timezone=UTC"
    return {
        "ENGINE": "ocgmap.common.db",
        "NAME": parts.get("dbname", "ocgmap"),
        "USER": parts.get("user", ""),
        "PASSWORD": parts.get("password", ""),
        "HOST": parts.get("host", ""),
        "PORT": str(parts.get("port", "")),
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": env_int("OCGMAP_CONN_MAX_AGE", 60),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


# Which of the three logins this process uses: web, worker or owner.
PROCESS = env_choice("OCGMAP_PROCESS", "web", ("web", "worker", "owner"))
DATABASES: dict[str, dict[str, Any]] = (
    {}
    if OFFLINE
    else {"default": _database(env_secret(f"DATABASE_{PROCESS.upper()}_URL"))}
)

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if env_bool("OCGMAP_FAST_HASHER")
    else ["django.contrib.auth.hashers.Argon2PasswordHasher"]
)
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.GuessablePasswordValidator"},
]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapter.ClosedAccountAdapter"
ACCOUNT_FORMS = {"change_password": "accounts.forms.PasswordForm"}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"
NO_LOCKOUT = env_bool("OCGMAP_NO_LOCKOUT")
# django-axes counts passwords at sign-in; codes of the second step, and passwords that
# are asked for again, it never sees.
ACCOUNT_RATE_LIMITS = (
    False
    if NO_LOCKOUT
    else {
        "login": None,
        "login_failed": "5/15m/key",
        "reauthenticate": "10/15m/user",
        "change_password": "10/15m/user",
    }
)
# Whether an account must have a second factor before it opens anything.
REQUIRE_MFA = env_bool("OCGMAP_REQUIRE_MFA", default=not DEBUG)
MFA_ADAPTER = "accounts.adapter.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "accounts.forms.SignInCodeForm",
    "reauthenticate": "accounts.forms.ConfirmCodeForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = False  # a key is the second step, never the only one
MFA_TOTP_TOLERANCE = 1  # clocks of phones are up to half a minute off
MFA_TOTP_ISSUER = "ocgmap"
# Single sign-on at one provider; without its address there is none.
OIDC_PROVIDER = "sign-on"
OIDC_URL = env_str("OCGMAP_OIDC_URL", "")
OIDC_NAME = env_str("OCGMAP_OIDC_NAME", "your organisation")
OIDC_TWO_FACTOR_ACR = env_list("OCGMAP_OIDC_TWO_FACTOR_ACR")
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "APPS": [
            {
                "provider_id": OIDC_PROVIDER,
                "name": OIDC_NAME,
                "client_id": env_str("OCGMAP_OIDC_CLIENT", ""),
                "secret": env_secret("OCGMAP_OIDC_SECRET", ""),
                "settings": {"server_url": OIDC_URL, "oauth_pkce_enabled": True},
            }
        ],
        # Terminals are shared: the provider asks who sits there, each time.
        "AUTH_PARAMS": {"prompt": "login"},
    }
}
SOCIALACCOUNT_ADAPTER = "accounts.single_sign_on.SingleSignOnAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "login"
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_LOCKOUT_TEMPLATE = "account/locked_out.html"
ACCOUNT_SESSION_REMEMBER = False  # terminals are shared
AXES_VERBOSE = False
AXES_ENABLED = not NO_LOCKOUT
SILENCED_SYSTEM_CHECKS = ["axes.W003"]

SECURE = not env_bool("OCGMAP_INSECURE_HTTP")
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "ocgmap-session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "ocgmap-csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Strict"
SESSION_ENGINE = "accounts.sessions"
# At most; the limits of each role are shorter: accounts/session_limits.py.
SESSION_COOKIE_AGE = env_int("OCGMAP_SESSION_SECONDS", 12 * 60 * 60)
CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^health/$"]  # a probe beside the process speaks plain http
# Addresses that may say by X-Forwarded-For and -Proto for whom they ask, and how.
TRUSTED_PROXIES = env_networks("OCGMAP_TRUSTED_PROXIES")
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "same-origin"  # "no-referrer" makes browsers send Origin: null
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "ocgmap.views.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
UPLOAD_MOST_BYTES = 64 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "ocgmap.common.uploads.BoundedUploads",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True
STATIC_URL = "/static/"
# Where an operator collects the files for a front server; else finders serve them.
STATIC_ROOT = env_str("OCGMAP_STATIC_ROOT", "") or None
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True
LOGGING = log_config.configured(
    env_choice("OCGMAP_LOG_FORMAT", "json", ("json", "text")), debug=DEBUG
)
# Without it there is no `/metrics`.
METRICS_TOKEN = env_key("OCGMAP_METRICS_TOKEN", shortest=32)
# Whether and how the daily email goes out; it names no record. Django's own mails go the
# same way, and there are none.
MAIL = env_choice("OCGMAP_MAIL", "off", ("off", "console", "file", "smtp"))
_MAILER = {"off": "dummy", "file": "filebased"}.get(MAIL, MAIL)
EMAIL_BACKEND = f"django.core.mail.backends.{_MAILER}.EmailBackend"
EMAIL_FILE_PATH = str(VAR / "mail")
EMAIL_HOST = env_str("OCGMAP_MAIL_HOST", "localhost")
EMAIL_PORT = env_int("OCGMAP_MAIL_PORT", 587)
EMAIL_HOST_USER = env_str("OCGMAP_MAIL_USER", "")
EMAIL_HOST_PASSWORD = env_secret("OCGMAP_MAIL_PASSWORD", "")
EMAIL_USE_TLS = env_bool("OCGMAP_MAIL_TLS", default=True)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env_str("OCGMAP_MAIL_FROM", "ocgmap@localhost")
# Where readers find the site, as it stands in the daily email; '' leaves it out.
SITE_URL = env_str("OCGMAP_SITE_URL", "").rstrip("/")

# Who and why arrive in every event through our own transaction settings.
PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()
PGHISTORY_OBJ_FIELD = pghistory.ObjForeignKey(related_name="history")
PGHISTORY_DEFAULT_TRACKERS = (
    pghistory.UpdateEvent(row=pghistory.Old),
    pghistory.DeleteEvent(),
)
PGHISTORY_CREATED_AT_FUNCTION = "clock_timestamp()"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api.authentication.TokenAuthentication"
    ],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.api.authentication.HasScope"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["ocgmap.common.filters.StrictFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "ocgmap.common.pagination.KeysetPagination",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "accounts.api.errors.problem",
    "UNAUTHENTICATED_USER": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "ENUM_NAME_OVERRIDES": {
        "AnswerEnum": "groups.models.crime_group.Answer",
        "WatchedEnum": "scoring.api.watches.WATCHED",
        "NoticeEnum": "scoring.api.watches.NOTICED",
        "EventPrecisionEnum": "ocgmap.common.records.Precision",
        "AudienceEnum": "intelligence.api.bodies.SHARING",
    },
    "TITLE": "ocgmap",
    "VERSION": VERSION,
    "DESCRIPTION": "Organised crime group mapping. Decision support: people decide.",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "COMPONENT_SPLIT_PATCH": False,  # a change must name its version and reason too
}

# What seals the audit; only the sealer has it. Who verifies needs the public keys alone.
SEAL_KEY = env_key("OCGMAP_SEAL_KEY", shortest=32)
SEAL_PUBLIC_KEYS = env_list("OCGMAP_SEAL_PUBLIC_KEYS")
SEAL_COPY = Path(env_str("OCGMAP_SEAL_COPY", str(VAR / "audit" / "checkpoints.jsonl")))
SEAL_EVERY_SECONDS = env_int("OCGMAP_SEAL_EVERY_SECONDS", 1)
BROKER_URL = env_secret("REDIS_URL", "")
DRAIN_EVERY_SECONDS = env_int("OCGMAP_DRAIN_EVERY_SECONDS", 3)
# For how many months a decision on a band may hold at most.
LONGEST_DECISION_MONTHS = env_int("OCGMAP_LONGEST_DECISION_MONTHS", 12)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ocgmap.settings")
