"""What every page's template needs."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, Any]:
    """Return the viewer, the demonstration flag and the service's version."""
    return {
        "viewer": getattr(request, "viewer", None),
        "demonstration": settings.DEMONSTRATION,
        "version": settings.OCGMAP_VERSION,
    }
