"""What the tests of odd input share."""

from tests.audited import audited

__all__ = ["audited"]
