"""Pytest plugin: every client of a process shares one look at the static files.

Each of Django's test clients builds the middleware anew, and one part of it looks at every
static file: a tenth of the time of a test that asks a page once.
"""

from typing import Any

import pytest
from whitenoise.middleware import WhiteNoiseMiddleware

_find = WhiteNoiseMiddleware.add_files_from_finders
_found: dict[str, Any] = {}


def _found_once(self: WhiteNoiseMiddleware) -> None:
    if not _found:
        _find(self)
        _found.update(self.files)
    self.files.update(_found)


@pytest.hookimpl
def pytest_configure() -> None:
    """Put it in place."""
    WhiteNoiseMiddleware.add_files_from_finders = _found_once  # type: ignore[method-assign]
