"""Fixtures of these tests."""

from tests.audited import audited
from tests.importing import confirm, ret, send

__all__ = ["audited", "confirm", "ret", "send"]
