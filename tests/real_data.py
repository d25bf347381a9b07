"""The published data sets that some tests read where they lie, when they are there."""

import os
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]


def real_data_folder() -> Path:
    """Return where the data sets are looked for; a relative path is the project's."""
    return PROJECT / os.environ.get("OCGMAP_REAL_DATA", "../shared/data")


def real_data(*parts: str) -> Path:
    """Return the path of a real file, or skip the test with the reason.

    With OCGMAP_REQUIRE_REAL_DATA=1 the test fails instead of being skipped. Where the
    folder is there but the file is not, it fails in any case.
    """
    folder = real_data_folder()
    if not folder.is_dir():
        reason = f"the folder of real data is absent: {folder} (OCGMAP_REAL_DATA)"
        if os.environ.get("OCGMAP_REQUIRE_REAL_DATA") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    path = folder.joinpath(*parts)
    if not path.is_file():
        pytest.fail(f"the folder of real data lacks {path.relative_to(folder)}")
    return path
