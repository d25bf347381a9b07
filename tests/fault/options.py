"""Pytest plugin: `--fault-full` asks for the long form of the tests under fire."""

import os

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option, and the seed of a run."""
    group = parser.getgroup("fault")
    group.addoption(
        "--fault-full",
        action="store_true",
        default=os.environ.get("OCGMAP_FAULT_FULL") == "1",
        help="thousands of submissions, tens of kills, the broker away twice for 30 s",
    )
    group.addoption(
        "--fault-seed", type=int, default=20260101, help="seed of the plan of blows"
    )
