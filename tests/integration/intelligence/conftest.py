"""Fixtures of these tests."""

from tests.audited import audited

__all__ = ["audited"]
