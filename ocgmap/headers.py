"""What every answer forbids the browser, those that no view has made included.

Django and django-csp set the rest: content security policy, strict transport, opener
policy, referrer policy, no sniffing, no framing.
"""

from collections.abc import Callable
from types import MappingProxyType
from typing import Final

from django.http import HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]

# The features of browsers that this site has no use for; keys are for the second step.
_NONE: Final = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "clipboard-read",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "screen-wake-lock",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
_SELF: Final = ("publickey-credentials-create", "publickey-credentials-get")
HEADERS: Final = MappingProxyType(
    {
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cross-Origin-Embedder-Policy": "require-corp",
        "Permissions-Policy": ", ".join(
            [*(f"{name}=()" for name in _NONE), *(f"{name}=(self)" for name in _SELF)]
        ),
        # Static files say for themselves how long they are kept.
        "Cache-Control": "no-store",
        "X-Permitted-Cross-Domain-Policies": "none",
    }
)
SIGN_OUT = "/accounts/logout/"


def guarded(get_response: GetResponse) -> GetResponse:
    """Add the headers; after a sign-out have the browser forget what it holds of us."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in HEADERS.items():
            response.setdefault(name, value)
        if request.method == "POST" and request.path == SIGN_OUT:
            response["Clear-Site-Data"] = '"cache", "storage"'
        return response

    return middleware
