"""Pytest plugin: `--leak-full` and `--tamper-trials`, the long forms of two proofs."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("leak")
    group.addoption(
        "--leak-full",
        action="store_true",
        help="everyone asks through each lock alone, not only two who lack a record",
    )
    group.addoption(
        "--tamper-trials",
        type=int,
        default=36,
        help="so often a superuser tampers with the audit (default %(default)s)",
    )
