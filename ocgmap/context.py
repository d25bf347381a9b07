"""What every page's template needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from accounts.roles import Right
from accounts.session_limits import LIMITS, Limits
from accounts.visibility import Viewer
from scoring.demonstration.cast import code_now
from scoring.views.asking import own_scope

# The keys that lead to a part, one after the other.
KEYS: Mapping[str, str] = MappingProxyType(
    {
        "My work": "g h",
        "Groups": "g g",
        "Reports": "g r",
        "People": "g p",
        "Who is this number?": "g n",
        "Returns": "g t",
        "Dashboard": "g d",
        "Assurance": "g a",
        "Records": "g m",
    }
)


@dataclass(frozen=True, slots=True)
class Item:
    """One link of the main navigation; `current` marks the part one is in."""

    text: str
    url: str
    current: bool
    shortcut: str = ""


def page(request: HttpRequest) -> dict[str, Any]:
    """Return what the frame of a page shows; each part is worked out when it is used."""
    return {
        "viewer": getattr(request, "viewer", None),
        "demonstration": settings.DEMONSTRATION,
        "demonstration_code": SimpleLazyObject(_demonstration_code),
        "product_version": settings.OCGMAP_VERSION,
        "idle_seconds": SimpleLazyObject(lambda: _idle_seconds(request)),
        "may_search": SimpleLazyObject(lambda: _may_search(request)),
        "navigation": SimpleLazyObject(lambda: _navigation(request)),
        "signed_in_as": SimpleLazyObject(lambda: _signed_in_as(request)),
        "footer_links": SimpleLazyObject(lambda: _footer_links(request)),
        "shortcuts_off": SimpleLazyObject(lambda: _shortcuts_off(request)),
        "new_group_url": SimpleLazyObject(lambda: _new_group_url(request)),
        "sign_on": settings.OIDC_NAME if settings.OIDC_URL else "",
        "sign_on_provider": settings.OIDC_PROVIDER,
        "mfa_required": settings.REQUIRE_MFA,
        "request_id": getattr(request, "request_id", ""),
    }


def _demonstration_code() -> str:
    """Return the second step of the demo's accounts; empty outside a demonstration."""
    return code_now() if settings.DEMONSTRATION else ""


def _account(request: HttpRequest) -> User | None:
    """Return the account that asks; none where the session was not read yet."""
    if getattr(request, "viewer", None) is None:
        return None
    user: Any = getattr(request, "user", None)
    return user if isinstance(user, User) else None


def _limits(request: HttpRequest) -> Limits:
    """Return how long the session of this viewer lasts."""
    return LIMITS[request.viewer.role]  # type: ignore[attr-defined]


def _idle_seconds(request: HttpRequest) -> int:
    """Return after how long without activity the session ends; 0 where there is none."""
    return 0 if _account(request) is None else _limits(request).idle_seconds


def _may_search(request: HttpRequest) -> bool:
    """Return whether the account may look for records at all."""
    viewer = getattr(request, "viewer", None)
    return _account(request) is not None and bool(viewer and viewer.can_view)


def _navigation(request: HttpRequest) -> list[Item]:
    """Return the parts of the site that this account may open at all."""
    user = _account(request)
    if user is None:
        return []
    home = reverse("scoring:my_work")
    parts = [("My work", home)]
    if request.viewer.can_view:  # type: ignore[attr-defined]
        dashboard = reverse("scoring:dashboard", args=[own_scope(user)])
        parts += [
            ("Groups", reverse("scoring:groups")),
            ("Reports", reverse("intelligence:reports")),
            ("People", reverse("groups:people_list")),
            ("Who is this number?", reverse("groups:identifier_lookup")),
            ("Returns", reverse("intelligence:returns")),
            ("Dashboard", dashboard),
        ]
    parts += _own_parts(request.viewer)  # type: ignore[attr-defined]
    return [
        Item(text, url, _is_current(request.path, url, home), KEYS.get(text, ""))
        for text, url in parts
    ]


def _own_parts(viewer: Viewer) -> list[tuple[str, str]]:
    """Return the parts that only some roles have."""
    parts = []
    if viewer.has(Right.ASSURE):
        parts.append(("Assurance", reverse("intelligence:assurance_queue")))
    if viewer.has(Right.DISPOSE):
        parts.append(("Records", reverse("intelligence:review_list")))
    if viewer.has(Right.AUDIT):
        parts.append(("Audit", reverse("accounts:audit")))
    return parts


def _is_current(path: str, url: str, home: str) -> bool:
    if url == home:
        return path == home
    # Every scope's dashboard belongs to the one item that opens the reader's own.
    first = f"/{url.split('/')[1]}/"
    return path.startswith(first)


def _signed_in_as(request: HttpRequest) -> dict[str, str]:
    user = _account(request)
    if user is None:
        return {}
    return {"name": user.name, "organisation": user.organisation.short_name}


def _new_group_url(request: HttpRequest) -> str:
    """Return where a group is recorded; empty where the account may record none."""
    viewer = getattr(request, "viewer", None)
    may = viewer is not None and viewer.has(Right.CONTRIBUTE)
    return reverse("groups:create") if may else ""


def _footer_links(request: HttpRequest) -> list[dict[str, Any]]:
    links: list[dict[str, Any]] = [{"text": "Service status", "url": reverse("status")}]
    if _account(request) is not None:
        links += [
            {"text": "Change password", "url": reverse("account_change_password")},
            {"text": "Two-step sign-in", "url": reverse("mfa_index")},
            {
                "text": f"Your sessions (idle limit: {_limits(request).texts[0]})",
                "url": reverse("accounts:sessions"),
            },
            {
                "text": "Keyboard shortcuts",
                "url": reverse("accounts:shortcuts"),
                "is_shortcut_page": True,
            },
        ]
    if new_group := _new_group_url(request):
        links.append({"text": "Record a group", "url": new_group, "shortcut": "n"})
    return links


def _shortcuts_off(request: HttpRequest) -> bool:
    user = _account(request)
    return bool(user and user.shortcuts_off)
