"""Fixtures of these tests."""

from tests.audited import audited
from tests.entries import by, desk, draft, durham
from tests.importing import confirm, ret, send

__all__ = ["audited", "by", "confirm", "desk", "draft", "durham", "ret", "send"]
