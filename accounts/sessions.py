"""The store of sessions: beside what Django keeps, whose each is and when last seen."""

import datetime
import ipaddress
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.http import HttpRequest
from django.utils import timezone

from accounts.models.browser_session import BrowserSession

# In the session: when and from where it was opened.
OPENED = "opened"
# How they name themselves, the more telling first: Edge says that it is Chrome, too.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrom", "Chrome"),
    ("Safari/", "Safari"),
)


class SessionStore(DatabaseStore):
    """Sessions in the database, with the columns of `BrowserSession`."""

    seen: datetime.datetime | None = None

    @classmethod
    def get_model_class(cls) -> type[BrowserSession]:
        """Return our own table."""
        return BrowserSession

    def _get_session_from_db(self) -> Any:
        row = super()._get_session_from_db()  # type: ignore[misc]
        self.seen = row.seen_at if row else None
        return row

    def create_model_instance(self, data: dict[str, Any]) -> BrowserSession:
        """Return the row as it is to be saved; saving counts as being seen."""
        row: Any = super().create_model_instance(data)
        opened = data.get(OPENED)
        if SESSION_KEY in data and opened:
            row.user_id = int(data[SESSION_KEY])
            row.started_at = datetime.datetime.fromtimestamp(opened["at"], datetime.UTC)
            row.seen_at = timezone.now()
            row.network, row.browser = opened["network"], opened["browser"]
        kept: BrowserSession = row
        return kept


def opening(request: HttpRequest) -> dict[str, Any]:
    """Return when, and from which network and family of browser, a session is opened."""
    return {
        "at": timezone.now().timestamp(),
        "network": network_of(str(request.META.get("REMOTE_ADDR", ""))),
        "browser": browser_of(request.headers.get("User-Agent", "")),
    }


def network_of(address: str) -> str:
    """Return the network of an address: less than a person, enough to know one's own."""
    try:
        here = ipaddress.ip_address(address)
    except ValueError:
        return ""
    length = 24 if here.version == 4 else 48
    return str(ipaddress.ip_network(f"{here}/{length}", strict=False))


def browser_of(agent: str) -> str:
    """Return the family of a browser by what it says of itself; nothing else of it."""
    return next((name for mark, name in _BROWSERS if mark in agent), "")
