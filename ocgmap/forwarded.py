"""Behind a proxy: who asks and by what scheme, told only by those that are trusted.

The address decides where a token may be used from and whose sign-in is locked, so a
header that anybody may send must not set it.
"""

from collections.abc import Callable
from ipaddress import ip_address
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]
_FOR: Final = "HTTP_X_FORWARDED_FOR"
_PROTO: Final = "HTTP_X_FORWARDED_PROTO"


def trusted_proxies(get_response: GetResponse) -> GetResponse:
    """Take address and scheme from a trusted proxy's headers; drop anyone else's."""

    def middleware(request: HttpRequest) -> HttpResponse:
        hops = str(request.META.pop(_FOR, ""))
        scheme = str(request.META.pop(_PROTO, "")).strip().lower()
        if is_trusted(str(request.META.get("REMOTE_ADDR", ""))):
            request.META["REMOTE_ADDR"] = client_of(
                hops, str(request.META.get("REMOTE_ADDR", ""))
            )
            if scheme in {"http", "https"}:
                request.META["wsgi.url_scheme"] = scheme
        return get_response(request)

    return middleware


def is_trusted(address: str) -> bool:
    """Return whether the address is that of a proxy named in the settings."""
    try:
        here = ip_address(address)
    except ValueError:
        return False
    return any(here in network for network in settings.TRUSTED_PROXIES)


def client_of(hops: str, nearest: str) -> str:
    """Return the last address in the chain that no trusted proxy has.

    What stands before it was written by that client and proves nothing. An entry that
    is no address ends the search at the hop that passed it on.
    """
    client = nearest
    for hop in reversed([part.strip() for part in hops.split(",") if part.strip()]):
        try:
            client = str(ip_address(hop))
        except ValueError:
            return client
        if not is_trusted(client):
            return client
    return client
