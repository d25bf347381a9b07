"""Pytest plugin: `--leak-full` lets everyone ask through each lock alone."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    parser.getgroup("leak").addoption(
        "--leak-full",
        action="store_true",
        help="everyone asks through each lock alone, not only two who lack a record",
    )
